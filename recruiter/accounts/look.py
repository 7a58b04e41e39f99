"""How a firm looks and speaks to candidates: its colour, and the language of who has none of their own."""

import uuid
from dataclasses import dataclass

from recruiter.accounts import branding, queries
from recruiter.accounts.models import Firm
from recruiter.audit import service as audit
from recruiter.audit.service import Actor, Change
from recruiter.db.session import transaction
from recruiter.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLook:
    """``colour`` is ``#1e5b49`` or empty for ours; ``language`` a BCP 47 tag."""

    firm_id: uuid.UUID
    actor: Actor
    colour: str
    language: str


class Unreadable(Invalid):
    """Text in the colour cannot be read on light pages; ``nearest`` is a darker one that can."""

    def __init__(self, colour: str) -> None:
        nearest = branding.palette(colour).light
        words = (
            f"Text in {colour} reaches {ratio(branding.on_light(colour))} on light pages and needs "
            f"{ratio(branding.NEEDED)}. The nearest that does is {nearest.brand}, {ratio(nearest.contrast)}."
        )
        super().__init__({"colour": [words]})
        self.nearest = nearest.brand


def change(command: ChangeLook) -> Firm:
    """Keep the firm's look and language; letters that were queued keep theirs.

    Raises ``Unreadable`` for a colour in which text does not reach a contrast of 4.5 on light pages. For dark pages a
    lighter one is made of it.
    """
    if command.colour and branding.on_light(command.colour) < branding.NEEDED:
        raise Unreadable(command.colour)
    with transaction(command.firm_id) as session:
        firm = queries.get_firm(session, command.firm_id)
        wanted = {"colour": command.colour, "language": command.language}
        changed = [name for name, value in wanted.items() if getattr(firm, name) != value]
        firm.colour, firm.language = command.colour, command.language
        if changed:
            entry = Change(action="firm.changed", subject_id=firm.id, details={"fields": changed})
            audit.record(session, firm.id, command.actor, entry)
    return firm


def ratio(contrast: float) -> str:
    """Return a contrast as people write it, ``4.5 : 1``; never more than it is."""
    return f"{int(contrast * 10) / 10} : 1"
