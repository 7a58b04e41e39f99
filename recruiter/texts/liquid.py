"""Liquid as firms may write it: declared values, few tags and filters, and hard limits on what a template can cost."""

import bisect
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from typing import TextIO

from liquid import BoundTemplate, Environment, FalsyStrictUndefined, RenderContext
from liquid.builtin.expressions import FilteredExpression, LoopExpression, Path
from liquid.builtin.expressions.primitive import IntegerLiteral, RangeLiteral
from liquid.builtin.output import Output, OutputNode
from liquid.exceptions import (
    FilterArgumentError,
    LiquidError,
    LiquidSyntaxError,
    OutputStreamLimitError,
    UndefinedError,
)
from liquid.expression import Expression
from liquid.filter import liquid_filter, with_context
from liquid.static_analysis import Variable
from liquid.token import Token

from recruiter.texts import days
from recruiter.texts.values import Plain

MOST_CHARACTERS = 20_000
MOST_LINES = 400
MOST_WRITTEN = 200_000  # characters
MOST_IN_A_TAG = 500  # characters; what is read by recursion is short

_TAGS = frozenset(
    {"content", "output", "illegal", "if", "comment", "unless", "case", "for", "break", "continue", "assign", "#"}
)
_FILTERS = frozenset({"default", "size", "first", "last", "upcase", "downcase", "strip"})
_OPENING = re.compile(r"(\{\{|\{%)-?\s*(\w*)")
_CLOSING = {"{{": "}}", "{%": "%}"}
_UNREAD = frozenset({"raw", "doc"})  # which the library reads before it reads tags
_OF_A_LIST = frozenset({"size", "first", "last"})
_OF_A_LOOP = frozenset({"index", "index0", "rindex", "rindex0", "first", "last", "length"})

# Under these a template finds nothing that it could print.
_SPELL = " spell"
_LANGUAGE = " language"

Spell = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a template, and on which of its lines, counted from 1."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.message}"


class Unusable(ValueError):
    """A template cannot be used as it stands; ``problems`` say where."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Names:
    """What a template may name: whole names such as ``candidate.first_name``, and the fields of a list's items."""

    values: frozenset[str]
    fields: frozenset[str]


class _Missing(FalsyStrictUndefined):
    """A value that is not there: false in a condition, replaced by ``default``, an error when printed."""

    force_liquid_default = True


class _SaidNode(OutputNode):
    """Prints one value as the caller wants it spelled; lists, records and nothing are errors."""

    def __init__(self, token: Token, expression: Expression) -> None:
        super().__init__(token, expression)
        self._names = _names(expression)

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        value = self._named(context) or self.expression.evaluate(context)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise UndefinedError(f"'{self.expression}' has nothing to print", token=self.token)
        spell: Spell = context.globals[_SPELL]  # type: ignore[assignment]
        return buffer.write(spell(value) if isinstance(value, str) else str(value))

    def _named(self, context: RenderContext) -> object:
        """Return the text that the names lead to, record by record, in a third of the time; else None."""
        found: object = context.scope if self._names else None
        for name in self._names:
            try:
                found = found[name]  # type: ignore[index]
            except (KeyError, TypeError):
                return None
        return found if isinstance(found, str) else None


def _names(expression: Expression) -> tuple[str, ...]:
    """Return the names of which an expression consists, if it is nothing else."""
    if not isinstance(expression, FilteredExpression) or expression.filters or not isinstance(expression.left, Path):
        return ()
    names = tuple(name for name in expression.left.path if isinstance(name, str))
    return names if len(names) == len(expression.left.path) else ()


class _Said(Output):
    node_class = _SaidNode


class _Sheet(StringIO):
    """What a template writes, which has an end; the library's own encodes each piece to count it."""

    def write(self, text: str) -> int:
        written = super().write(text)
        if self.tell() > MOST_WRITTEN:
            raise OutputStreamLimitError("output stream limit reached", token=None)
        return written


class _Environment(Environment):
    loop_iteration_limit = 500
    local_namespace_limit = 20_000
    block_nesting_limit = 8
    context_depth_limit = 12

    def __init__(self) -> None:
        super().__init__(undefined=_Missing, strict_filters=True)

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        self.add_tag(_Said)
        self.tags = {name: tag for name, tag in self.tags.items() if name in _TAGS}
        self.filters = {name: function for name, function in self.filters.items() if name in _FILTERS}
        self.add_filter("date", _date)


@with_context
@liquid_filter
def _date(value: object, pattern: object = "%-d %B %Y", *, context: RenderContext) -> str:
    """Write an ISO date by a pattern, in the template's language, and never the present moment."""
    try:
        moment = dt.datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise FilterArgumentError("there is no date to write", token=None) from None
    if not days.is_pattern(str(pattern)):
        raise FilterArgumentError(f"a date can be written with {' '.join(days.SIGNS)}", token=None)
    return days.written(moment, str(pattern), str(context.globals[_LANGUAGE]))


def render(source: str, data: Plain, spell: Spell, language: str = "en") -> str:
    """Fill a template; ``spell`` writes each printed text, so that none is read as markup.

    ``language`` (BCP 47) is that of dates. Pure: the same arguments give the same text. Raises ``Unusable`` with the
    line for what is wrong or missing, and when a limit on loops, nesting, memory or length is reached.
    """
    sheet = _Sheet()
    try:
        template = _parsed(source)
        context = RenderContext(template, globals={**data, _SPELL: spell, _LANGUAGE: language})
        template.render_with_context(context, sheet)
    except LiquidError as error:
        raise Unusable([Problem(_line(source, error), _sentence(error))]) from error
    return sheet.getvalue()


def problems(source: str, names: Names) -> list[Problem]:
    """Return what is wrong with a template before it is ever filled: syntax, size, unknown names and filters."""
    if len(source) > MOST_CHARACTERS or source.count("\n") >= MOST_LINES:
        return [Problem(1, f"A template has at most {MOST_LINES} lines and {MOST_CHARACTERS} characters.")]
    unreadable = _unreadable(source)
    if unreadable is not None:
        return [unreadable]
    try:
        analysis = _parsed(source).analyze(include_partials=False)
    except LiquidError as error:
        return [Problem(_line(source, error), _sentence(error))]
    unknown = [
        Problem(_line_at(source, variable.span.index), f"There is no value called {variable}.")
        for root, variables in analysis.variables.items()
        for variable in variables
        if not _is_known(variable, names, is_local=root not in analysis.globals)
    ]
    unknown += [
        Problem(_line_at(source, span.index), f"There is no filter called {name}.")
        for name, spans in analysis.filters.items()
        for span in spans
        if name not in _FILTERS | {"date"}
    ]
    return sorted(set(unknown), key=lambda problem: (problem.line, problem.message))


def _unreadable(source: str) -> Problem | None:
    """Return the first tag that has no end near by: the library would look for each one to the end of the text."""
    end = 0
    while (tag := _OPENING.search(source, end)) is not None:
        closing = _CLOSING[tag[1]]
        found = source.find(closing, tag.start() + 2, tag.start() + MOST_IN_A_TAG)
        line = _line_at(source, tag.start())
        if found == -1:
            return Problem(line, f"This tag has no {closing} within {MOST_IN_A_TAG} characters.")
        if tag[1] == "{%" and tag[2] in _UNREAD:
            return Problem(line, f"Unexpected tag '{tag[2]}'.")
        end = found + 2
    return None


def named(source: str) -> frozenset[str]:
    """Return the names of the values that a template without problems prints or asks about."""
    found = _parsed(source).analyze(include_partials=False).globals
    return frozenset(".".join(map(str, each.segments[:2])) for variables in found.values() for each in variables)


def _is_known(variable: Variable, names: Names, *, is_local: bool) -> bool:
    segments = [str(part) for part in variable.segments if not isinstance(part, int)]
    if is_local:
        return set(segments[1:]) <= names.fields | _OF_A_LIST | _OF_A_LOOP
    return ".".join(segments[:2]) in names.values and set(segments[2:]) <= names.fields | _OF_A_LIST


_ENVIRONMENT = _Environment()


@lru_cache(maxsize=256)
def _parsed(source: str) -> BoundTemplate:
    template = _ENVIRONMENT.from_string(source)
    for expression in _expressions(template):
        fault = _too_much(expression)
        if fault:
            raise LiquidSyntaxError(fault, token=expression.token)
    return template


def _expressions(template: BoundTemplate) -> Iterator[Expression]:
    """Yield every expression, however deep in the template."""
    context = RenderContext(template)
    nodes = [*template.nodes]
    expressions: list[Expression] = []
    while nodes:
        node = nodes.pop()
        nodes += node.children(context, include_partials=False)
        expressions += node.expressions()
    while expressions:
        expression = expressions.pop()
        expressions += expression.children()
        yield expression


def _too_much(expression: Expression) -> str:
    """Return why no text needs this expression, which could cost any time or memory; else nothing."""
    if isinstance(expression, RangeLiteral):
        return "ranges of numbers cannot be used"
    if isinstance(expression, LoopExpression):
        bounds = [bound for bound in (expression.limit, expression.offset) if bound is not None]
        if not all(isinstance(bound, IntegerLiteral) and bound.value >= 0 for bound in bounds):
            return "limit and offset are numbers from 0"
    return ""


def _sentence(error: LiquidError) -> str:
    message = str(error.message)
    return f"{message[:1].upper()}{message[1:]}."


def _line(source: str, error: LiquidError) -> int:
    """Return the line an error names, else the first up to which the text alone has the same fault."""
    place = error.context()
    if place is not None:
        return place[0]
    lines, message = source.split("\n"), str(error.message)
    ends = range(1, len(lines))
    return 1 + bisect.bisect_left(ends, 1, key=lambda end: _fault("\n".join(lines[:end])) == message)


def _fault(source: str) -> str:
    try:
        _ENVIRONMENT.from_string(source)
    except LiquidError as error:
        return str(error.message)
    return ""


def _line_at(source: str, index: int) -> int:
    return source.count("\n", 0, index) + 1
