"""What a mail to the pool is made of: collected from the rows, frozen as plain values, filled with the leave link."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from recruiter.accounts.models import Firm, Member
from recruiter.candidates.models import Candidate
from recruiter.errors import RuleBroken
from recruiter.jobs.models import Job
from recruiter.policies.windows import first_humane_minute
from recruiter.talent_pool.models import Membership
from recruiter.texts import queries as texts
from recruiter.texts import rendering, variables
from recruiter.texts.models import TemplateVersion, TextKind
from recruiter.texts.queries import Want
from recruiter.texts.rendering import Mail


class NoTemplate(RuleBroken):
    """The firm has no published template for this mail."""

    code = "no_template"


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that one mail to the pool is about; ``months`` is for how long a yes is kept."""

    firm: Firm
    membership: Membership
    person: Candidate
    sender: Member
    months: int

    @property
    def language(self) -> str:
        """The language the person is written to in, or else the firm's."""
        return self.person.language or self.firm.language

    @property
    def zone(self) -> str:
        """The IANA zone that the person lives in, or else the firm's."""
        return self.person.time_zone or self.firm.time_zone

    def leaves_at(self, earliest: dt.datetime) -> dt.datetime:
        """Return the first humane moment where the person lives, at or after ``earliest``; both aware, in UTC."""
        return first_humane_minute(earliest, self.zone, self.person.country or self.firm.place)


@dataclass(frozen=True, slots=True)
class JobCase(Case):
    """Everything that one invitation is about."""

    job: Job


def template(session: Session, case: Case, kind: TextKind) -> TemplateVersion:
    """Return the words that such mails of this firm begin with, or raise ``NoTemplate``."""
    found = texts.find_published(session, case.firm.id, kind, Want(language=case.language))
    if found is None:
        what = "an invitation" if kind is TextKind.POOL_INVITATION else "a renewal"
        raise NoTemplate(f"There is no published template for {what}. Publish one under Templates.")
    return found


def freeze_invitation(case: JobCase, text: str, written_in: str) -> dict[str, Any]:
    """Return the facts of one invitation as ``freeze`` does; ``text`` is what its writer adds."""
    return freeze(case, written_in) | {
        "job": {"title": case.job.title},
        "client": variables.of_client(case.job.shown_client, written_in),
        "invitation": {"text": text},
    }


def freeze(case: Case, written_in: str) -> dict[str, Any]:
    """Return the facts of one mail as plain JSON values; no link is among them.

    ``written_in`` is the language of its template (BCP 47 tag), which may not be the person's.
    """
    return {
        "written_in": written_in,
        "candidate": variables.of_candidate(case.person.name or ""),
        "recruiter": variables.of_recruiter(case.sender, case.firm),
        "firm": variables.of_firm(case.firm),
        "pool": {
            "months": case.months,
            "joined_on": case.membership.starts_on.isoformat(),
            "ends_on": case.membership.ends_on.isoformat(),
        },
    }


def write(version: TemplateVersion, facts: Mapping[str, Any], leave_url: str) -> Mail:
    """Return the mail of these words and frozen facts, with this leave link; the same at every try."""
    return rendering.mail(version, {**facts, "pool": {**facts["pool"], "leave_url": leave_url}}, facts["written_in"])
