"""What was told long ago is forgotten, and with it the keys of repeated requests whose time is over."""

import datetime as dt
import uuid

import sqlalchemy as sa

from recruiter import clock, config
from recruiter.db import receipts
from recruiter.db.doors import Due, firms_with
from recruiter.db.session import transaction
from recruiter.webhooks.models import DeliveryState, WebhookDelivery, WebhookEvent

WORK = "retention"
BATCH = 500


def forget() -> int:
    """Delete a batch of what is past its time in every firm; return how many rows there were.

    Events go with their deliveries and tries after the days of the settings, but for those that still wait.
    """
    now = clock.now()
    old = now - dt.timedelta(days=config.current().webhook_days)
    events = sum(_forget_events(firm_id, old) for firm_id in firms_with(Due.OLD_EVENTS, old))
    spent = now - receipts.KEPT
    return events + sum(receipts.forget(firm_id, spent, BATCH) for firm_id in firms_with(Due.OLD_RECEIPTS, spent))


def _forget_events(firm_id: uuid.UUID, before: dt.datetime) -> int:
    waits = sa.exists().where(
        WebhookDelivery.firm_id == firm_id,
        WebhookDelivery.event_id == WebhookEvent.id,
        WebhookDelivery.state == DeliveryState.PENDING,
    )
    old = sa.select(WebhookEvent.id).where(WebhookEvent.firm_id == firm_id, WebhookEvent.occurred_at <= before, ~waits)
    with transaction(firm_id) as session:
        ids = session.scalars(old.order_by(WebhookEvent.occurred_at).limit(BATCH)).all()
        mine = WebhookEvent.firm_id == firm_id
        session.execute(sa.delete(WebhookEvent).where(mine, WebhookEvent.id.in_(ids), ~waits))
    return len(ids)
