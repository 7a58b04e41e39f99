"""The outcome codes a firm keeps for its records, and the sentence each one gives the candidate to read."""

import enum
from dataclasses import dataclass

from recruiter.translations import catalogues
from recruiter.translations.catalogues import later


class Group(enum.StrEnum):
    """Where the reason lies; members choose from the codes by group."""

    MATCH = "match"
    INTERVIEW = "interview"
    PLACE = "place"
    CHOICE = "choice"
    ROLE = "role"
    PROCESS = "process"
    CANDIDATE = "candidate"
    OTHER = "other"
    PRIVATE = "private"

    @property
    def words(self) -> str:
        """What stands above the codes of the group where a member chooses."""
        return {
            Group.MATCH: "The needs of the role",
            Group.INTERVIEW: "The interview",
            Group.PLACE: "Place, time and pay",
            Group.CHOICE: "Who was chosen",
            Group.ROLE: "The role",
            Group.PROCESS: "The process",
            Group.CANDIDATE: "They left",
            Group.OTHER: "Another role",
            Group.PRIVATE: "Never told to anybody",
        }[self]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One code, its label for members, and the candidate's sentence.

    An empty ``sentence`` means that nothing is told: the code is private, or true only with an approval of the
    client's that has to be put into words by hand.
    """

    code: str
    group: Group
    label: str
    sentence: str = ""

    @property
    def closes_role(self) -> bool:
        """Whether the role changed, so that the notice is about the role and not about the person."""
        return self.group is Group.ROLE


_TABLE: dict[Group, tuple[tuple[str, ...], ...]] = {
    Group.MATCH: (
        (
            "REQ-QUAL",
            "A qualification was not shown",
            later("The role needs a qualification that we did not see in your application."),
        ),
        (
            "REQ-SKILL",
            "More evidence of a skill was needed",
            later("The role needs a skill that we needed more evidence of."),
        ),
        (
            "REQ-EXP",
            "Experience of a task was not shown",
            later("The role needs experience of a task that we did not hear an example of."),
        ),
        ("REQ-SPEC", "Another main field", later("Your main field differs from the main field of this role.")),
        (
            "REQ-SCOPE",
            "The role has another scope",
            later("The scope of the role differs from the work you said you want."),
        ),
        (
            "REQ-LANG",
            "A language level was not shown",
            later("The role needs a language at a level that we did not see shown."),
        ),
        (
            "REQ-ELIG",
            "A proof could not be confirmed",
            later("The role needs a proof that we have not been able to confirm."),
        ),
    ),
    Group.INTERVIEW: (
        (
            "INT-COMP",
            "The interview left a need open",
            later("In the interview we needed more on one of the needs of the role."),
        ),
        ("INT-TASK", "The task left a need open", later("In the task, one of the needs of the role was not shown.")),
    ),
    Group.PLACE: (
        ("LOG-LOC", "The place did not match", later("The place of work did not match what you told us.")),
        ("LOG-TIME", "The start date did not match", later("The start date did not match what you told us.")),
        ("LOG-SHIFT", "The hours did not match", later("The hours of the role did not match what you told us.")),
        ("LOG-PAY", "The published pay range is lower", ""),
    ),
    Group.CHOICE: (
        (
            "CLO-OTHER",
            "Another candidate matched more needs",
            later("The person chosen matched the needs of the role more closely."),
        ),
        ("CLO-NEAR", "A close call, with approval of the client", ""),
        ("CLO-INTERNAL", "Filled from within, with approval of the client", ""),
    ),
    Group.ROLE: (
        ("ROLE-FILLED", "The role was filled", later("The role has been filled.")),
        ("ROLE-HOLD", "The role was put on hold", later("The role has been put on hold.")),
        ("ROLE-CANCEL", "The role was closed", later("The role has been closed and nobody will be hired for it.")),
        ("ROLE-CHANGED", "The role was changed", later("The role has been changed, and its needs are different now.")),
        ("ROLE-LIMIT", "The client takes no more CVs", later("The client has stopped taking CVs for this role.")),
    ),
    Group.PROCESS: (
        ("PROC-LATE", "It came after closing", later("Your application arrived after the role had closed.")),
        ("PROC-INCOMPLETE", "A part was missing", later("A part of your application was missing.")),
        ("PROC-NOCONTACT", "We could not reach the person", later("We tried to reach you and could not.")),
        ("PROC-NOSHOW", "We missed the person at the interview", later("We missed you at the interview.")),
        ("PROC-DUP", "Another agency was first", later("Another agency had already sent your CV to the client.")),
    ),
    Group.CANDIDATE: (
        ("WD-OFFER", "Took another offer", later("You chose to leave the process.")),
        ("WD-PAY", "Left because of pay", later("You chose to leave the process.")),
        ("WD-PLACE", "Left because of the place", later("You chose to leave the process.")),
        ("WD-ROLE", "Left because of the role", later("You chose to leave the process.")),
        ("WD-TIME", "Left because of the time", later("You chose to leave the process.")),
        ("WD-SLOW", "Left because it took too long", later("You chose to leave the process.")),
        ("WD-COUNTER", "Took a counter-offer", later("You chose to leave the process.")),
        ("WD-OWN", "Left for reasons of their own", later("You chose to leave the process.")),
    ),
    Group.OTHER: (("MOVED", "Considered for another role", later("We are considering you for another role.")),),
    Group.PRIVATE: (
        ("CHK-REF", "A reference check, never told here"),
        ("CHK-BACK", "A background check, never told here"),
        ("INT-DNU", "Not to be put forward again, never told"),
        ("INT-FRAUD", "Suspected fraud, never told"),
        ("INT-EEO", "Equal-opportunity record, never told"),
    ),
}

OUTCOMES: dict[str, Outcome] = {
    code: Outcome(code, group, label, *sentence) for group, rows in _TABLE.items() for code, label, *sentence in rows
}


def sentence_for(code: str | None, language: str = "en") -> str:
    """Return what the candidate reads for a code when nobody wrote a reason; empty for an unknown or private one.

    ``language`` (BCP 47) is that of the letter; where it has no words the sentence is empty too.
    The words that an ATS gave with its own reason are never used.
    """
    known = OUTCOMES.get(code or "")
    return catalogues.said(known.sentence, language) if known else ""


def label_for(code: str | None) -> str:
    """Return what members read for a code; empty for an unknown one."""
    known = OUTCOMES.get(code or "")
    return known.label if known else ""


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every code to choose from with its words, by group."""
    return [
        (group.words, [(each.code, f"{each.label} ({each.code})") for each in OUTCOMES.values() if each.group is group])
        for group in Group
    ]


def is_private(code: str | None) -> bool:
    """Whether the code is one that no candidate is ever told in any words."""
    return code in OUTCOMES and OUTCOMES[code].group is Group.PRIVATE
