"""Every value a template may name, said once: for the help, for the check on saving and for the preview."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Value = str | int | bool | list[dict[str, str]]

_NOTICES = frozenset({"rejection", "update", "role_closed", "correction"})
_ALL = _NOTICES | {"answer", "pool_invitation"}
_JOB = _ALL - {"pool_invitation"}


@dataclass(frozen=True, slots=True)
class Variable:
    """One value: its name, what it means, an example, and the kinds of template that have it.

    A value that is empty or not known counts as false in ``{% if %}``; printing it is an error.
    """

    name: str
    meaning: str
    example: Value
    kinds: frozenset[str] = _ALL


POINT = {
    "criterion": "What the point is about",
    "moment": "When it was seen",
    "text": "What was seen",
    "effect": "What it did",
    "requirement": "What the role needs",
    "suggestion": "Something to try next",
}

_STRENGTH = {
    "criterion": "Payroll cycle",
    "moment": "in the late pay run question",
    "text": "You set out each step and who you told.",
    "effect": "The panel could see how you protect staff pay.",
    "requirement": "Runs a monthly payroll",
    "suggestion": "",
}
_GAP = {
    "criterion": "Pension rules",
    "moment": "in question three",
    "text": "You named two of the five steps.",
    "effect": "The role runs all five each month.",
    "requirement": "Runs auto-enrolment each month",
    "suggestion": "Write out the other three from the free guide.",
}

VARIABLES = (
    Variable("candidate.first_name", "The person's first name", "Maya"),
    Variable("candidate.full_name", "The person's whole name", "Maya Ferreira"),
    Variable("candidate.page_url", "The person's private page", "https://notices.example.com/f/example", _JOB),
    Variable("recruiter.full_name", "Who writes", "Priya Nair"),
    Variable("recruiter.first_name", "Who writes, by first name", "Priya"),
    Variable("recruiter.role", "What the writer does; may be empty", "Recruiter"),
    Variable("recruiter.phone", "The writer's telephone; may be empty", "+351 21 000 00 00"),
    Variable("recruiter.email", "The address that answers go to", "priya@agency.example.com"),
    Variable("firm.name", "The firm", "Harbour & Pine"),
    Variable("firm.phone", "The firm's telephone; may be empty", "+351 21 000 00 01"),
    Variable("firm.postal_address", "The firm's postal address; may be empty", "12 Quay Street, Lisbon"),
    Variable("job.title", "The job", "Data Engineer"),
    Variable("client.display_name", "The client, or “our client” while undisclosed", "Lumen Grid"),
    Variable("client.display_name_start", "The same, to begin a sentence", "Lumen Grid"),
    Variable("client.is_named", "Whether candidates may know the client", example=True),
    Variable("interview.date", "The last interview; may be missing", "2025-11-14", _NOTICES),
    Variable("stage.name", "How far the application came", "client_interview", _NOTICES),
    Variable("stage.interviewed", "Whether the client met the person", example=True, kinds=_NOTICES),
    Variable("decision.reason_text", "The reason in one sentence; may be empty", "The role needs streaming.", _NOTICES),
    Variable("status.reason_text", "Why there is no decision yet", "The client asked for one more week.", _NOTICES),
    Variable("next_update.date", "By when the person hears again; may be missing", "2025-12-04", _NOTICES),
    Variable("role.status", "What became of the role: filled, on_hold or closed", "closed", _NOTICES),
    Variable("policy.reasons_allowed", "Whether reasons may be given at all", example=True, kinds=_NOTICES),
    Variable("feedback.strengths", "What stood out: a list of points", [_STRENGTH], _NOTICES),
    Variable("feedback.gaps", "What would have made the difference: a list of points", [_GAP], _NOTICES),
    Variable("pool.offer", "Whether the page asks about the talent pool", example=True, kinds=_NOTICES),
    Variable("pool.months", "How long a place in the pool lasts", 12),
    Variable("page.open_until", "When the page closes", "2026-02-18", _JOB),
    Variable("pool.joined_on", "When the person said yes", "2025-05-20", frozenset({"pool_invitation"})),
    Variable("pool.ends_on", "When that yes ends", "2026-05-20", frozenset({"pool_invitation"})),
    Variable(
        "pool.leave_url",
        "The page on which the person leaves the pool",
        "https://notices.example.com/pool/example",
        frozenset({"pool_invitation"}),
    ),
    Variable(
        "invitation.text",
        "What the recruiter adds; may be empty",
        "The team works from Lisbon two days a week.",
        frozenset({"pool_invitation"}),
    ),
)


def of(kind: str) -> dict[str, Variable]:
    """Return the variables of one kind of template by name."""
    return {variable.name: variable for variable in VARIABLES if kind in variable.kinds}


def example(kind: str) -> dict[str, Any]:
    """Return example data for a preview, shaped like the real data."""
    data: dict[str, Any] = {}
    for name, variable in of(kind).items():
        group, _, field = name.partition(".")
        data.setdefault(group, {})[field] = variable.example
    return data


def without_options(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data with everything empty that may be: a template has to read well then too."""
    return {group: dict(_emptied(group, fields)) for group, fields in data.items()}


_OPTIONAL = {
    "candidate.first_name": "",
    "candidate.full_name": "",
    "recruiter.role": "",
    "recruiter.phone": "",
    "firm.phone": "",
    "firm.postal_address": "",
    "client.display_name": "our client",
    "client.display_name_start": "Our client",
    "client.is_named": False,
    "interview.date": None,
    "stage.interviewed": False,
    "decision.reason_text": "",
    "policy.reasons_allowed": False,
    "feedback.strengths": [],
    "feedback.gaps": [],
    "pool.offer": False,
    "invitation.text": "",
}


def _emptied(group: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for field, value in fields.items():
        yield field, _OPTIONAL.get(f"{group}.{field}", value)
