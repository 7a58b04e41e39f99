"""What the check asks to be considered is shown to whoever sends before anything leaves, and then is theirs to keep."""

from collections.abc import Collection, Iterable

from recruiter.checker.document import Finding, Severity
from recruiter.errors import RuleBroken


class ToConsider(RuleBroken):
    """The check asks about words that whoever sends has not been shown."""

    code = "to_consider"


def names(found: Iterable[Finding]) -> list[str]:
    """Return the names of the findings that ask to be considered: rule and words, wherever in the text they stand."""
    return [" ".join([each.rule, *each.words.split()]) for each in found if each.severity is Severity.WARN]


def refuse_unshown(found: Iterable[Finding], shown: Collection[str] | None) -> None:
    """Raise ``ToConsider`` for a finding whose name is not among those ``shown``; None is for who is asked nothing."""
    if shown is not None and not set(shown).issuperset(names(found)):
        raise ToConsider("Not sent yet: the check asks about something.")
