"""What the check asks to be considered is shown to whoever writes before it goes on, and then is theirs to keep."""

from collections.abc import Collection, Iterable, Sequence

from recruiter.checker.document import Finding, Severity
from recruiter.errors import RuleBroken


class ToConsider(RuleBroken):
    """The check asks about words that whoever writes has not been shown; ``findings`` are all that it asks."""

    code = "to_consider"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("Not sent yet: the check asks about something.")
        self.findings = findings


def asking(found: Iterable[Finding]) -> list[Finding]:
    """Return the findings that ask to be considered; what must be fixed asks nothing, nor does a hint."""
    return [each for each in found if each.severity is Severity.WARN]


def names(found: Iterable[Finding]) -> list[str]:
    """Return the names of the findings that ask to be considered: rule and words, wherever in the text they stand."""
    return [" ".join([each.rule, *each.words.split()]) for each in asking(found)]


def refuse_unshown(found: Iterable[Finding], shown: Collection[str] | None) -> None:
    """Raise ``ToConsider`` for a finding whose name is not among those ``shown``; None is for who is asked nothing."""
    found = asking(found)
    if shown is not None and not set(shown).issuperset(names(found)):
        raise ToConsider(found)
