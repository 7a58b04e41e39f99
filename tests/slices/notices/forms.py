"""The composer's form as a browser without a script posts it, and how to read a field of the answer."""

import re


def form(**fields):
    return {
        "kind": "rejection",
        "outcome_code": "CLO-OTHER",
        "coded": "CLO-OTHER",
        "template": "not-selected",
        "reason": "The person chosen matched two needs of this role more closely.",
        "timing": "now",
        "offer_pool": "yes",
        "offer_call": "yes",
        "points-0-kind": "strength",
        "points-0-criterion": "Data modelling",
        "points-0-text": "Your redesign cut the nightly job from 40 to 6 minutes.",
        "points-1-kind": "gap",
        "points-1-criterion": "Leading on-call",
        "points-1-text": "You told us about joining two incidents.",
        "points-1-requirement": "Leads on-call",
        "points-1-suggestion": "Lead one small incident review.",
    } | {name.replace("_", "-") if name.startswith("points") else name: value for name, value in fields.items()}


def open_composer(person, found, **query):
    return person.browser.get("/notices/new", query_string={"application": str(found.application.id)} | query)


def press(person, found, button, *, at="/notices/new", query=(), **fields):
    values = {"application": str(found.application.id)} | dict(query) if at == "/notices/new" else dict(query)
    return person.browser.post(at, query_string=values, data=form(do=button, **fields))


def value_of(page, field):
    """The value of an input, or the text of a textarea, or the chosen option."""
    found = re.search(rf'<textarea[^>]*name="{field}"[^>]*>\n?([^<]*)</textarea>', page.text)
    found = found or re.search(rf'<input[^>]*name="{field}"[^>]*value="([^"]*)"', page.text)
    if not found:
        chosen = re.search(rf'name="{field}".*?</select>', page.text, re.DOTALL)
        found = re.search(r'<option value="([^"]*)" selected', chosen[0]) if chosen else None
    return found[1] if found else None


def shown_in(page):
    """The names of what the check asks about and the form shows, as the form sends them back."""
    return re.findall(r'name="shown" value="([^"]+)"', page.text)
