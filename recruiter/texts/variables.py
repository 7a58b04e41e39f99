"""Every value a template may name, said once: for the help, for the check on saving and for the preview."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from recruiter.accounts.models import Firm, Member
from recruiter.translations.catalogues import gettext, later, writing_to

Value = str | int | bool | list[dict[str, str]]
Data = dict[str, Any]

NOTICES = frozenset({"rejection", "update", "role_closed", "correction"})
_OUTCOMES = frozenset({"rejection", "role_closed"})
_POOL = frozenset({"pool_invitation", "pool_renewal"})
_ANSWER = frozenset({"answer"})
_PAGE = NOTICES | _ANSWER
_JOB = _PAGE | {"pool_invitation"}
_ALL = _PAGE | _POOL

# What stands for a client whom candidates may not know: inside a sentence, and where one begins.
OUR_CLIENT = {
    "en": ("our client", "Our client"),
    "de": ("unser Kunde", "Unser Kunde"),
    "fr": ("notre client", "Notre client"),
}


@dataclass(frozen=True, slots=True)
class Variable:
    """One value: its name, what it means, an example, and the kinds of template that have it.

    ``other`` is what else it may be, beginning with nothing where it may be empty. A value that is empty or not known
    counts as false in ``{% if %}``; printing it is an error. ``lost`` says what no longer happens to words that do not
    name it, where that is more than that they do not say it; the kinds in ``needed`` cannot do without it.
    """

    name: str
    meaning: str
    example: Value
    kinds: frozenset[str] = _ALL
    other: tuple[Value, ...] = ()
    lost: str = ""
    needed: frozenset[str] = frozenset()


POINT = {
    "criterion": "What the point is about",
    "moment": "When it was seen",
    "text": "What was seen",
    "effect": "What it did",
    "requirement": "What the role needs",
    "suggestion": "Something to try next",
    "aim": "A question about what the person was aiming for",
}

_STRENGTH = {
    "criterion": "Payroll cycle",
    "moment": "in the late pay run question",
    "text": "You set out each step and who you told.",
    "effect": "The panel could see how you protect staff pay.",
    "requirement": "Runs a monthly payroll",
    "suggestion": "",
    "aim": "",
}
_GAP = {
    "criterion": "Pension rules",
    "moment": "in question three",
    "text": "You named two of the five steps.",
    "effect": "The role runs all five each month.",
    "requirement": "Runs auto-enrolment each month",
    "suggestion": "Write out the other three from the free guide.",
    "aim": "Did somebody else in your team do the other steps?",
}

_REASON = "The role needs streaming."

# What a person would write is in the language of the letter.
_WRITTEN: dict[str, dict[str, Value]] = {
    "de": {
        "decision.reason_text": "Die Stelle verlangt Erfahrung mit Datenströmen.",
        "status.reason_text": "Der Kunde hat um eine weitere Woche gebeten.",
        "invitation.text": "Das Team arbeitet zwei Tage in der Woche in Lissabon.",
    },
    "fr": {
        "decision.reason_text": "Le poste demande une expérience des flux de données.",
        "status.reason_text": "Le client a demandé une semaine de plus.",
        "invitation.text": "Le travail se fait à Lisbonne deux jours par semaine.",
    },
}

# What no letter may say where policy allows no reasons.
_REASONS_WRITTEN = tuple(str(written["decision.reason_text"]) for written in _WRITTEN.values())
REASONS = tuple(filter(None, (_REASON, *_REASONS_WRITTEN, *_STRENGTH.values(), *_GAP.values())))

# What is said of a decision that no person made, in English until it is translated for the reader.
_AUTOMATED = later("A rule that is the same for everyone decided this. If you ask, a person will look at it again.")
_RARE = "decision.automated_notice"

_STAGES = ("application", "screening", "submitted", "final", "offer")
_UNSAID = "What recruiters write there is not said any more."

VARIABLES = (
    Variable("candidate.first_name", "The person's first name", "Maya", other=("",)),
    Variable("candidate.full_name", "The person's whole name", "Maya Ferreira", other=("",)),
    Variable(
        "candidate.page_url",
        "The person's private page",
        "https://notices.example.com/f/example",
        _PAGE,
        lost="Nobody is led to their page any more.",
        needed=_PAGE,
    ),
    Variable("recruiter.full_name", "Who writes", "Priya Nair", lost="Nobody signs with their name any more."),
    Variable("recruiter.first_name", "Who writes, by first name", "Priya"),
    Variable("recruiter.role", "What the writer does; may be empty", "Recruiter", other=("",)),
    Variable("recruiter.phone", "The writer's telephone; may be empty", "+351 21 000 00 00", other=("",)),
    Variable("recruiter.email", "The address that answers go to", "priya@agency.example.com"),
    Variable("firm.name", "The firm", "Harbour & Pine"),
    Variable("firm.phone", "The firm's telephone; may be empty", "+351 21 000 00 01", other=("",)),
    Variable("firm.postal_address", "The firm's postal address; may be empty", "12 Quay Street, Lisbon", other=("",)),
    Variable("job.title", "The job", "Data Engineer", _JOB),
    Variable("client.display_name", "The client, or “our client” while undisclosed", "Lumen Grid", _JOB),
    Variable("client.display_name_start", "The same, to begin a sentence", "Lumen Grid", _JOB),
    Variable("client.is_named", "Whether candidates may know the client", example=True, kinds=_JOB, other=(False,)),
    Variable("interview.date", "The last interview; may be missing", "2025-11-14", NOTICES, other=("",)),
    Variable("stage.name", "How far the application came", "client_interview", NOTICES, other=_STAGES),
    Variable("stage.interviewed", "Whether the client met the person", example=True, kinds=NOTICES, other=(False,)),
    Variable("decision.by_client", "Whether the client decided", example=True, kinds=NOTICES, other=(False,)),
    Variable("decision.reason_text", "The reason, one sentence; or empty", _REASON, NOTICES, other=("",), lost=_UNSAID),
    Variable(
        _RARE,
        "That a rule decided, and that a person looks again when asked; empty for what a person decided",
        _AUTOMATED,
        _OUTCOMES,
        other=("",),
        lost="People about whom a rule decided are not told so any more.",
    ),
    Variable(
        "status.reason_text",
        "Why there is no decision yet; may be empty",
        "The client asked for one more week.",
        NOTICES,
        other=("",),
        lost=_UNSAID,
    ),
    Variable("next_update.date", "By when the person hears again; may be missing", "2025-12-04", NOTICES, other=("",)),
    Variable(
        "role.status",
        "What became of the role: filled, on_hold or closed",
        "closed",
        NOTICES,
        other=("filled", "on_hold"),
        lost="It says the same whether the role was filled, put on hold or closed.",
    ),
    Variable(
        "policy.reasons_allowed",
        "Whether reasons may be given",
        example=True,
        kinds=NOTICES,
        other=(False,),
        lost="It reads the same where no reasons may be given.",
    ),
    Variable("feedback.strengths", "What stood out: a list of points", [_STRENGTH], NOTICES, other=([],)),
    Variable("feedback.gaps", "What would have made the difference: a list of points", [_GAP], NOTICES, other=([],)),
    Variable("call.offer", "Whether the page offers a call", example=True, kinds=NOTICES, other=(False,)),
    Variable("pool.offer", "Whether the page asks about the talent pool", example=True, kinds=NOTICES, other=(False,)),
    Variable("pool.months", "How long a place in the pool lasts", 12),
    Variable("page.open_until", "When the page closes", "2026-02-18", _PAGE),
    Variable(
        "reply.kind",
        "What the person sent: question, point, call or thanks",
        "point",
        _ANSWER,
        other=("question", "call", "thanks"),
    ),
    Variable(
        "reply.outcome",
        "What came of their side on a point: corrected, noted or kept; may be empty",
        "corrected",
        _ANSWER,
        other=("", "noted", "kept"),
    ),
    Variable("reply.decision_stands", "Whether the decision is the same", example=True, kinds=_ANSWER, other=(False,)),
    Variable("pool.joined_on", "When the person said yes", "2025-05-20", _POOL),
    Variable("pool.ends_on", "When that yes ends", "2026-05-20", _POOL),
    Variable(
        "pool.leave_url",
        "The page on which the person leaves the pool",
        "https://notices.example.com/pool/example",
        _POOL,
        lost="Nobody is led out of the pool any more.",
        needed=_POOL,
    ),
    Variable(
        "invitation.text",
        "What the recruiter adds; may be empty",
        "The team works from Lisbon two days a week.",
        frozenset({"pool_invitation"}),
        other=("",),
        lost=_UNSAID,
    ),
)


def of(kind: str) -> dict[str, Variable]:
    """Return the variables of one kind of template by name."""
    return {variable.name: variable for variable in VARIABLES if kind in variable.kinds}


def example(kind: str, language: str = "en") -> Data:
    """Return example data for a preview, shaped like the real data of a letter in a language (BCP 47)."""
    return _shaped(_usual(kind, language))


def without_reasons(kind: str, language: str = "en") -> Data:
    """Return the example of a letter for which policy allows no reasons; what was written is in it all the same."""
    return _shaped(_usual(kind, language) | {"policy.reasons_allowed": False})


def without_options(kind: str, language: str = "en") -> Data:
    """Return the example with everything empty that may be: a template has to read well then too."""
    values = {name: each.other[0] if each.other else each.example for name, each in of(kind).items()}
    return _shaped(values | _unnamed(kind, language))


def cases(kind: str, language: str) -> Iterator[Data]:
    """Yield example data as varied as the real: complete, without reasons, as empty as can be, each value by turns."""
    values = _examples(kind, language)
    yield _shaped(values)
    yield without_reasons(kind, language)
    yield without_options(kind, language)
    for name, variable in of(kind).items():
        for other in variable.other:
            unnamed = _unnamed(kind, language) if name == "client.is_named" else {}
            yield _shaped(values | unnamed | {name: other})


def of_client(name: str, language: str) -> dict[str, str | bool]:
    """Return what a text in this language (BCP 47) may say of the client; ``name`` is empty while undisclosed.

    What stands for the name then is empty in a language in which nobody wrote it.
    """
    inside, begins = (name, name) if name else OUR_CLIENT.get(language.partition("-")[0], ("", ""))
    return {"display_name": inside, "display_name_start": begins, "is_named": bool(name)}


def automated_notice(language: str) -> str:
    """Return what a text in this language (BCP 47) says of a decision that a rule made."""
    with writing_to(language):
        return gettext(_AUTOMATED)


def of_candidate(name: str) -> dict[str, str]:
    """Return what a text may say of the person that it is written to; ``name`` is empty for who was erased."""
    return {"first_name": first_name(name), "full_name": name}


def of_recruiter(member: Member, firm: Firm) -> dict[str, str]:
    """Return what a text may say of who writes; without a telephone of their own they are reached by the firm's."""
    return {
        "full_name": member.name,
        "first_name": first_name(member.name),
        "role": member.title,
        "phone": member.phone or firm.phone,
        "email": member.email,
    }


def of_firm(firm: Firm) -> dict[str, str]:
    """Return what a text may say of the firm."""
    return {"name": firm.name, "phone": firm.phone, "postal_address": firm.postal_address, "colour": firm.colour}


def first_name(name: str) -> str:
    """Return what a text calls a person by: the first word of the name, or an empty text."""
    return name.split(maxsplit=1)[0] if name.strip() else ""


def _examples(kind: str, language: str) -> dict[str, Value]:
    written = {_RARE: automated_notice(language), **_WRITTEN.get(language.partition("-")[0], {})}
    return {name: written.get(name, variable.example) for name, variable in of(kind).items()}


def _usual(kind: str, language: str) -> dict[str, Value]:
    """Return the examples of a letter like most: a person decided."""
    return {name: "" if name == _RARE else value for name, value in _examples(kind, language).items()}


def _unnamed(kind: str, language: str) -> dict[str, Value]:
    values = {f"client.{field}": value for field, value in of_client("", language).items()}
    return {name: value for name, value in values.items() if name in of(kind)}


def _shaped(values: Mapping[str, Value]) -> Data:
    data: Data = {}
    for name, value in values.items():
        group, _, field = name.partition(".")
        data.setdefault(group, {})[field] = value
    return data
