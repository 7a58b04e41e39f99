"""What is wrong with the markup of a page, by the rules of HTML that a browser forgives and a reader does not."""

import re
from collections import Counter
from html.parser import HTMLParser

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "path", "rect", "circle", "use"}
)
MAY_STAY_OPEN = frozenset({"option"})
LISTS = frozenset({"dl", "ol", "table", "ul"})
HEADS = frozenset({"h1", "h2", "h3", "h4"})
BLOCKS = (
    LISTS
    | HEADS
    | {"aside", "blockquote", "details", "div", "fieldset", "footer", "form", "header", "main", "p", "pre"}
)
PRESSED = frozenset({"a", "button", "label", "select", "summary", "textarea"})
CHILDREN = {"ul": {"li"}, "ol": {"li"}, "tr": {"td", "th"}, "tbody": {"tr"}, "thead": {"tr"}, "dl": {"div", "dt", "dd"}}
UNNAMED = frozenset({"hidden", "submit"})


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.wrong: list[str] = []
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.fields: list[dict[str, str]] = []
        self.labelled: set[str] = set()
        self.named_by: set[str] = set()
        self.title = ""

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        self._place(tag)
        self._inline(tag, values)
        self.tags[tag] += 1
        if "id" in values:
            self.ids[values["id"]] += 1
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "list", "for"):
            self.named_by.update(values.get(name, "").split())
        self._field(tag, values)
        if len({name for name, _ in attrs}) < len(attrs):
            self._say(f"<{tag}> has an attribute twice")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        while self.open and self.open[-1] != tag and self.open[-1] in MAY_STAY_OPEN:
            self.open.pop()
        if not self.open or self.open[-1] != tag:
            self._say(f"</{tag}> closes {self.open[-1:] or 'nothing'}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open[-1:] == ["title"] and "svg" not in self.open:
            self.title += data
        if self.open[-1:] in (["style"], ["script"]) and data.strip():
            self._say(f"text inside <{self.open[-1]}>")

    def _place(self, tag):
        inside = self.open[-1] if self.open else ""
        if inside in MAY_STAY_OPEN and inside == tag:
            self.open.pop()
            inside = self.open[-1]
        if tag not in CHILDREN.get(inside, {tag}):
            self._say(f"<{tag}> right inside <{inside}>")
        if "p" in self.open and tag in BLOCKS:
            self._say(f"<{tag}> inside <p>")
        if tag in PRESSED - {"label"} and {"a", "button"} & set(self.open):
            self._say(f"<{tag}> inside a link or button")
        if tag == "form" and "form" in self.open:
            self._say("a form in a form")

    def _inline(self, tag, values):
        for name in values:
            if name == "style" or name.startswith(("on", "hx-on")):
                self._say(f"<{tag} {name}>")
        if tag == "style" or (tag == "script" and not values.get("src")):
            self._say(f"inline <{tag}>")

    def _field(self, tag, values):
        if tag == "label" and "for" in values:
            self.labelled.add(values["for"])
        is_shown = values.get("type") not in UNNAMED and "hidden" not in values
        if tag in {"input", "select", "textarea"} and is_shown:
            has_name = "label" in self.open or values.get("aria-label") or values.get("aria-labelledby")
            if not has_name:
                self.fields.append(values)

    def _say(self, what):
        self.wrong.append(f"line {self.getpos()[0]}: {what}")


def faults(html: str) -> list[str]:
    """Everything that is wrong with a whole page, in words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    wrong = [*reader.wrong, *(f"<{tag}> is never closed" for tag in reader.open)]
    wrong += [f"id {key} is there {count} times" for key, count in reader.ids.items() if count > 1]
    wrong += [f"nothing has the id {key}" for key in reader.named_by - set(reader.ids)]
    wrong += [f"no label for {field}" for field in reader.fields if field.get("id") not in reader.labelled]
    wrong += [f"{reader.tags[tag]} times <{tag}>" for tag in ("h1", "main") if reader.tags[tag] != 1]
    if not reader.title.strip():
        wrong.append("no title")
    if not re.match(r"<!doctype html>\s*<html [^>]*\blang=", html, re.IGNORECASE):
        wrong.append("no doctype with a language")
    return wrong
