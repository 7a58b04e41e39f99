"""Looks whether the links of the library answer: claims in one transaction, asks in none, writes down in another."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from recruiter import clock
from recruiter.accounts import queries as accounts
from recruiter.audit import service as audit
from recruiter.audit.service import SYSTEM, Change
from recruiter.db.doors import Due, firms_with
from recruiter.db.session import transaction
from recruiter.errors import NotFound
from recruiter.resources import queries
from recruiter.resources.models import Resource
from recruiter.webhooks import connection
from recruiter.webhooks.connection import Result

WORK = "links"
AGAIN = dt.timedelta(days=1)
SOON = dt.timedelta(hours=1)  # after a look that failed
PATIENCE = 3  # looks that fail one after the other, for what may pass
AT_ONCE = 10
GONE = (404, 410)
REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 4


@dataclass(frozen=True, slots=True)
class Look:
    """One link to look at; ``check_at`` tells whether the entry was changed meanwhile."""

    firm_id: uuid.UUID
    resource_id: uuid.UUID
    url: str
    check_at: dt.datetime


def look() -> bool:
    """Look at some links of every firm that are due; return whether there may be more."""
    found = [each for firm_id in firms_with(Due.LINKS, clock.now()) for each in _claim(firm_id)]
    for each in found:
        _settle(each, _problem(_follow(each.url)))
    return bool(found)


def _claim(firm_id: uuid.UUID) -> list[Look]:
    """Take links that are due; those of the sample firm lead nowhere and are left alone for good."""
    now = clock.now()
    with transaction(firm_id) as session:
        is_sample = accounts.get_firm(session, firm_id).is_sample
        resources = queries.due(session, firm_id, now, AT_ONCE)
        for resource in resources:
            resource.check_at = now + AGAIN
        return [] if is_sample else [Look(firm_id, each.id, each.url, each.check_at) for each in resources]


def _follow(url: str) -> Result:
    """Ask for the page and go where it moved to, each step to addresses that were checked."""
    result = connection.get(url)
    for _ in range(MOST_REDIRECTS):
        if result.status not in REDIRECTS or not result.location:
            break
        try:
            url = urljoin(url, result.location)
        except ValueError:  # such as https://[
            return replace(result, status=None, error="It leads to something that is no address.")
        result = connection.get(url)
    return result


def _problem(result: Result) -> tuple[str, bool]:
    """Return what is wrong with a link, empty when it answers, and whether that is for good.

    Who asks for a password, or wants no machines to look, is there.
    """
    if result.status is None:
        return result.error or "", False
    if result.status in GONE:
        return "There is no such page any more.", True
    if result.status in REDIRECTS:
        return "It leads on and on, and never to a page.", False
    return ("The site has a fault.", False) if result.status >= 500 else ("", False)


def _settle(look: Look, found: tuple[str, bool]) -> None:
    problem, is_final = found
    with transaction(look.firm_id) as session:
        try:
            resource = queries.get(session, look.firm_id, look.resource_id)
        except NotFound:
            return
        if resource.check_at != look.check_at:
            return
        was_dead = resource.is_dead
        resource.checked_at, resource.problem = clock.now(), problem
        resource.failures = resource.failures + 1 if problem else 0
        resource.is_dead = bool(problem) and (is_final or was_dead or resource.failures >= PATIENCE)
        if problem and not resource.is_dead:
            resource.check_at = clock.now() + SOON
        if resource.is_dead != was_dead:
            change = Change(action=_action(resource), subject_id=resource.id)
            audit.record(session, look.firm_id, SYSTEM, change)


def _action(resource: Resource) -> str:
    return "resource.dead" if resource.is_dead else "resource.answers_again"
