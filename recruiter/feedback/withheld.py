"""What a reply may not say in a person's own case where policy keeps reasons, or points, out of writing."""

import re

from recruiter.checker.document import Finding, Severity
from recruiter.feedback.modes import Ruling

RULE = "MODE-REASON"  # no approver lifts it: the policy can be changed, with a reason

# What was seen of a person: their answers, or something they did or did not do.
_POINTS = (
    r"\byour (answers?|examples?|exercise|presentation|task|experience|skills?|knowledge|solution)\b",
    r"\byou (did|had|could|were|was) ?n[o.]t\b|\byou (lacked|named|gave|showed|explained|missed|struggled|scored)\b",
    r"\bIhren? (Antwort|Beispiel|Erfahrung|Kenntniss|Präsentation|Aufgabe|Lösung)\w*",
    r"\bSie (haben|hatten|konnten|waren)\b[^.!?]*\b(nicht|kein\w*|gezeigt|genannt|erklärt)\b",
    r"\b(votre|vos) (réponse|exemple|expérience|compétence|connaissance|présentation|exercice)s?\b",
    r"\bvous (n.avez|n.étiez|ne (saviez|pouviez)|avez (montré|expliqué|cité|manqué))\b",
)
# Why it was decided: what the role needed, what was looked for, who was chosen.
_REASONS = (
    r"\bbecause\b|\bthe (main )?reason (is|was|why)\b|\bdue to\b",
    r"\b(role|job|position|team|client|panel) (needs?|needed|asks?|asked|requires?|required|wants?|wanted|looked)\b",
    r"\bwe (needed|looked for|were looking for|missed|chose|preferred|did not (see|hear)|didn.t (see|hear))\b",
    r"\b(person|candidate|someone|somebody) (chosen|else|with|who)\b",
    r"\bweil\b|\bder (Haupt)?grund\b|\baufgrund\b|\b(Stelle|Kunde|Team) (verlangt|braucht|wollte|suchte?)\w*",
    r"\bwir (suchten|brauchten|haben .{0,40}(gesucht|gebraucht|vermisst|gewählt))\b|\buns (hat|haben) .{0,40}gefehlt\b",
    r"\bparce qu\w*|\bla raison\b|\ben raison d\w*|\b(poste|client|équipe) (demande|exige|voulait|cherchait)\w*",
    r"\bnous (cherchions|avions besoin|avons (choisi|préféré|retenu))\b|\bil nous a manqué\b",
)
_POINT = re.compile("|".join(_POINTS), re.IGNORECASE)
_REASON = re.compile("|".join((*_POINTS, *_REASONS)), re.IGNORECASE)


def findings(text: str, ruling: Ruling) -> list[Finding]:
    """Return a must-fix finding for the first words of a reply that policy keeps out of it, or nothing.

    Written patterns in English, German and French: they find the common ways to give a reason, not every one.
    """
    if ruling.writes_points:
        return []
    match = (_POINT if ruling.gives_reasons else _REASON).search(text)
    if match is None:
        return []
    says = (
        "tells a point, and points are told by call"
        if ruling.gives_reasons
        else "gives a reason, and policy gives none"
    )
    better = (
        "Offer a call, tell it there from the call script, and log the call."
        if ruling.gives_reasons
        else "Say that you cannot go into reasons, and that this is the same for every application of this kind."
    )
    message = f"“{match[0]}” {says}. {ruling.because}"
    return [Finding(RULE, Severity.BLOCK, "answer", *match.span(), match[0], message, better)]
