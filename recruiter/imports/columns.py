"""Which column of a file is which field, by the words in its head."""

from collections.abc import Mapping, Sequence

from recruiter.db.folding import words

# The first name of a field is the one our own files use.
CANDIDATES: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "full name", "candidate", "candidate name"),
    "first_name": ("first name", "given name", "forename"),
    "last_name": ("last name", "family name", "surname"),
    "email": ("email", "e mail", "email address", "e mail address", "mail", "candidate email"),
    "emails": ("emails", "further emails", "further addresses", "other emails"),
    "external_id": ("external id", "ats id", "candidate id", "id"),
    "time_zone": ("time zone", "timezone"),
    "language": ("language", "preferred language"),
    "country": ("country", "country code"),
    "location": ("location", "place", "city", "town"),
    "phone": ("phone", "telephone", "phone number", "mobile"),
    "skills": ("skills", "skill", "tags"),
}
APPLICATIONS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "full name", "candidate", "candidate name"),
    "email": ("email", "e mail", "email address", "e mail address", "candidate email", "mail"),
    "candidate_external_id": ("candidate external id", "candidate ats id", "candidate id"),
    "job": ("job", "job title", "role", "title", "position"),
    "job_external_id": ("job external id", "job ats id", "job id", "requisition id"),
    "client": ("client", "company", "client name"),
    "stage": ("stage", "status"),
    "external_id": ("external id", "application id", "ats id", "id"),
    "owner": ("owner", "recruiter", "owner email"),
    "promised_on": ("promised on", "promised by", "promise"),
    "last_interview_at": ("last interview at", "last interview", "interviewed on", "last interviewed"),
    "decision": ("decision", "outcome"),
    "outcome_code": ("outcome code", "reason code"),
    "ats_reason": (
        "ats reason",
        "rejection reason",
        "reject reason",
        "disqualification reason",
        "archive reason",
        "reason",
    ),
    "decided_by": ("decided by",),
    "decided_at": ("decided at", "decided on", "decision date"),
}
SCORECARDS: Mapping[str, tuple[str, ...]] = {
    "email": ("email", "e mail", "email address", "e mail address", "candidate email", "mail"),
    "candidate_external_id": ("candidate external id", "candidate ats id", "candidate id"),
    "application_external_id": ("application external id", "application ats id", "application id"),
    "job": ("job", "job title", "title", "position"),
    "job_external_id": ("job external id", "job ats id", "job id", "requisition id"),
    "interviewer": ("interviewer", "interviewer name", "interviewed by"),
    "interviewer_role": ("interviewer role", "interviewer title"),
    "moment": ("moment", "interview", "round"),
    "interviewed_on": ("interviewed on", "interview date", "date"),
    "criterion": ("criterion", "competency", "attribute", "skill"),
    "rating": ("rating", "score"),
    "text": ("text", "observation", "note", "notes"),
    "effect": ("effect", "impact"),
    "shareable": ("shareable", "share", "may be shared"),
}


def matched(heads: Sequence[str], fields: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Return the place of each field's column, from 0; an earlier name of a field wins, then an earlier column."""
    folded = [" ".join(words(head.replace("_", " "))) for head in heads]
    return {
        field: next(folded.index(name) for name in names if name in folded)
        for field, names in fields.items()
        if any(name in folded for name in names)
    }


def ignored(heads: Sequence[str], places: Mapping[str, int]) -> list[str]:
    """Return the heads of the columns that nothing is read from."""
    used = set(places.values())
    return [head for place, head in enumerate(heads) if head and place not in used]
