"""What the checker may know about a case, and what the firm decided about its own wording."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recruiter import config
from recruiter.accounts import queries as accounts
from recruiter.accounts.models import Firm, Member
from recruiter.applications.models import Application, Stage
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.candidates.models import Candidate
from recruiter.checker import service as checker
from recruiter.checker.document import Context, HousePhrase, Severity
from recruiter.checker.reading import fold, read
from recruiter.db.parameters import FIRM
from recruiter.db.session import transaction
from recruiter.errors import Invalid
from recruiter.jobs.models import Job

# Of a job with more, those who came furthest in time are the ones a letter might name.
_MOST_OTHERS = 100
_MOST_PHRASES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The firm's own phrases, and the hints that it turned off."""

    phrases: tuple[HousePhrase, ...] = ()
    hints_off: frozenset[str] = frozenset()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as the firm's row keeps them."""
        return {
            "phrases": [
                {"words": each.words, "advice": each.advice, "severity": each.severity} for each in self.phrases
            ],
            "hints_off": sorted(self.hints_off),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a text is about: who writes to whom, for which job, in which language. The first writer signs."""

    firm: Firm
    candidate: Candidate
    job: Job | None = None
    writers: Sequence[Member | None] = ()
    language: str = "en"


def of_firm(firm: Firm) -> Wording:
    """Return what a firm decided about its wording."""
    kept = firm.wording
    return Wording(
        phrases=tuple(
            HousePhrase(each["words"], each["advice"], Severity(each["severity"])) for each in kept.get("phrases", ())
        ),
        hints_off=frozenset(kept.get("hints_off", ())),
    )


def rules_version(firm: Firm) -> str:
    """Return the version of everything that must be fixed by: the checker's rules, and the firm's own phrases."""
    phrases = of_firm(firm).as_dict()["phrases"]
    if not phrases:
        return checker.rules_version()
    digest = hashlib.sha256(json.dumps(phrases, sort_keys=True).encode()).hexdigest()
    return f"{checker.rules_version()}-{digest[:12]}"


def context(session: Session, about: About) -> Context:
    """Return everything that the checker may know; nothing of it is kept with a text."""
    firm, job, own = about.firm, about.job, of_firm(about.firm)
    writers = [writer for writer in about.writers if writer is not None]
    first, *_ = (about.candidate.name or "").split() or [""]
    return Context(
        candidate=tuple(filter(None, (first, about.candidate.name))),
        recruiter=writers[0].name if writers else "",
        firm=firm.name,
        firm_domains=_domains(writers),
        job_title=job.title if job else "",
        client=(job.client.name,) if job and job.client else (),
        client_disclosed=job.client_disclosed if job else True,
        people=tuple(dict.fromkeys(writer.name for writer in writers)),
        other_candidates=_others(session, firm.id, job, about.candidate.id) if job else (),
        jurisdiction=(job.place if job else None) or about.candidate.country or firm.country or "",
        language=about.language,
        house=own.phrases,
        muted=own.hints_off,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWording:
    """What the firm decides anew about its wording: a phrase to add, one to take out, or the hints to turn off."""

    firm_id: uuid.UUID
    actor: Actor
    add: HousePhrase | None = None
    remove: str | None = None
    hints_off: frozenset[str] | None = None


def change(command: ChangeWording) -> Wording:
    """Keep what the firm decided; a phrase that is there already gets the new advice.

    Raises ``Invalid`` for a phrase without a word, and for one too many. What is no hint stays on whatever is asked.
    """
    with transaction(command.firm_id) as session:
        firm = accounts.lock_firm(session, command.firm_id)
        before = of_firm(firm)
        after = Wording(
            phrases=_phrases(before, command),
            hints_off=before.hints_off if command.hints_off is None else command.hints_off,
        )
        firm.wording = after.as_dict()
        change = Change(action="firm.changed", subject_id=firm.id, details={"fields": ["wording"]})
        audit.record(session, firm.id, command.actor, change)
    return after


def _phrases(before: Wording, command: ChangeWording) -> tuple[HousePhrase, ...]:
    gone = {fold(command.remove or "")}
    added: tuple[HousePhrase, ...] = ()
    if command.add is not None:
        if not read(command.add.words).words:
            raise Invalid({"words": ["Enter the words."]})
        gone.add(fold(command.add.words))
        added = (command.add,)
    phrases = (*(each for each in before.phrases if fold(each.words) not in gone), *added)
    if len(phrases) > _MOST_PHRASES:
        raise Invalid({"words": [f"A firm keeps at most {_MOST_PHRASES} phrases. Take one out first."]})
    return phrases


def _domains(writers: Sequence[Member]) -> tuple[str, ...]:
    """Return where the firm's own addresses are: those who write, the sender of all mail, and the product itself."""
    settings = config.current()
    mails = [writer.email for writer in writers] + [settings.mail_from]
    found = [mail.rpartition("@")[2].strip(">").lower() for mail in mails if mail]
    return tuple(dict.fromkeys(filter(None, [*found, urlsplit(settings.base_url).hostname])))


def _others(session: Session, firm_id: uuid.UUID, job: Job, candidate_id: uuid.UUID) -> tuple[str, ...]:
    """Return the names of the other people who got beyond applying for this job, the latest first."""
    asked = {"firm_id": firm_id, "job_id": job.id, "candidate_id": candidate_id}
    return tuple(name for name in session.scalars(_names_for_job(), asked) if name)


@cache
def _names_for_job() -> sa.Select[str | None]:
    return (
        sa.select(Candidate.name)
        .join(Application, sa.and_(Application.firm_id == FIRM, Application.candidate_id == Candidate.id))
        .where(
            Candidate.firm_id == FIRM,
            Candidate.id != sa.bindparam("candidate_id"),
            Candidate.name.is_not(None),
            Application.job_id == sa.bindparam("job_id"),
            Application.stage != Stage.APPLICATION,
        )
        .order_by(Application.stage_since.desc(), Candidate.id)
        .limit(_MOST_OTHERS)
    )
