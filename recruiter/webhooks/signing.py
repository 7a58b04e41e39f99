"""The secret of an endpoint and the headers that prove a call comes from us (Standard Webhooks 1.0)."""

import base64
import datetime as dt
import hmac
import uuid
from collections.abc import Sequence

from standardwebhooks import Webhook

from recruiter import config

PURPOSE = "webhook"


def secret(endpoint_id: uuid.UUID, version: int) -> str:
    """Return the endpoint's secret, ``whsec_…``; it is derived each time, so nothing at rest can sign for us."""
    digest = hmac.digest(config.current().key(PURPOSE), endpoint_id.bytes + version.to_bytes(4), "sha256")
    return f"whsec_{base64.b64encode(digest).decode()}"


def headers(keys: Sequence[str], event_id: uuid.UUID, at: dt.datetime, body: str) -> dict[str, str]:
    """Return the three headers for this body at this moment; the event's id stays the same on every retry.

    Each key signs: while a secret is being replaced, the receiver may know either.
    """
    signatures = (Webhook(key).sign(msg_id=str(event_id), timestamp=at, data=body) for key in keys)
    return {
        "webhook-id": str(event_id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
