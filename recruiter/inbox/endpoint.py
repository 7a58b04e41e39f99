"""The address at which a mail server or provider hands over raw mail, with a secret of its own."""

import hmac

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import NotFound, Unauthorized, UnsupportedMediaType

from recruiter import config
from recruiter.accounts import auth
from recruiter.inbox import service
from recruiter.inbox.service import Incoming

blp = Blueprint("inbound", __name__)
blp.before_request(auth.public)


@blp.post("/inbound/mail")
def take_mail() -> ResponseReturnValue:
    """Keep one raw mail; 202 says that it is safe here, whatever it turns out to be.

    ``recipient`` and ``sender`` in the query are those of the envelope; an empty sender is the null sender.
    """
    _check()
    request.max_content_length = config.current().inbound_max_bytes
    sender = request.args.get("sender")
    recipients = tuple(request.args.getlist("recipient"))
    mail = Incoming(raw=request.get_data(cache=False), mailbox="http", sent_by=sender, recipients=recipients)
    return jsonify({"state": service.take_in(mail)}), 202


def _check() -> None:
    secret, authorization = config.current().inbound_secret, request.authorization
    if not secret:
        raise NotFound
    given = authorization.token if authorization and authorization.type == "bearer" else None
    if not hmac.compare_digest((given or "").encode(), secret.encode()):
        raise Unauthorized(
            "Send the secret of RECRUITER_INBOUND_SECRET: Authorization: Bearer SECRET.",
            www_authenticate=WWWAuthenticate("bearer"),
        )
    if request.mimetype != "message/rfc822":
        raise UnsupportedMediaType("Send the raw mail as message/rfc822.")
