"""Mail as machines and people really write it, about one message of ours."""

import textwrap
import uuid
from dataclasses import dataclass


def lines(text: str, **values: str) -> bytes:
    """A raw mail with the line ends of the wire."""
    return textwrap.dedent(text).lstrip("\n").format(**values).replace("\n", "\r\n").encode()


@dataclass(frozen=True)
class About:
    """A message that left: its Message-ID, its two addresses, and whom it went to."""

    message_id: str
    return_path: str
    reply_to: str
    recipient: str


def dsn(about: About, action="failed", status="5.1.1", said="550 5.1.1 User unknown", to=None, kind="delivery-status"):
    """What Postfix and its like send back (RFC 3464)."""
    return lines(
        """
        Return-Path: <>
        Received: by relay.example.net (Postfix) id 4Z1; Mon, 2 Mar 2026 10:00:01 +0000 (UTC)
        Date: Mon, 2 Mar 2026 10:00:01 +0000 (UTC)
        From: MAILER-DAEMON@relay.example.net (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: {to}
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="4Z1.1/relay"
        Message-ID: <{unique}@relay.example.net>

        --4Z1.1/relay
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered.

        --4Z1.1/relay
        Content-Description: Delivery report
        Content-Type: message/{kind}

        Reporting-MTA: dns; relay.example.net
        X-Postfix-Queue-ID: 4Z1
        Arrival-Date: Mon, 2 Mar 2026 10:00:00 +0000 (UTC)

        Final-Recipient: rfc822; {recipient}
        Original-Recipient: rfc822;{recipient}
        Action: {action}
        Status: {status}
        Remote-MTA: dns; mx.example.org
        Diagnostic-Code: smtp; {said} <{recipient}>

        --4Z1.1/relay
        Content-Description: Undelivered Message
        Content-Type: message/rfc822

        Return-Path: <{back}>
        From: Alice <recruiter@agency.example.com>
        To: {recipient}
        Message-ID: {message_id}
        Subject: Your application

        The letter.

        --4Z1.1/relay--
        """,
        to=about.return_path if to is None else to,
        unique=uuid.uuid4().hex,
        kind=kind,
        recipient=about.recipient,
        back=about.return_path,
        action=action,
        status=status,
        said=said,
        message_id=about.message_id,
    )


def prose_bounce(about: About):
    """What an old server sends back: no report, only words, as qmail writes them."""
    return lines(
        """
        Return-Path: <>
        From: MAILER-DAEMON@old.example.org
        To: {to}
        Subject: failure notice
        Date: Mon, 2 Mar 2026 10:00:01 +0000
        Message-ID: <{unique}@old.example.org>

        Hi. This is the qmail-send program at old.example.org.
        I'm afraid I wasn't able to deliver your message to the following addresses.
        This is a permanent error; I've given up. Sorry it didn't work out.

        <{recipient}>:
        Sorry, no mailbox here by that name. (#5.1.1)

        --- Below this line is a copy of the message.

        Message-ID: {message_id}
        """,
        to=about.return_path,
        unique=uuid.uuid4().hex,
        recipient=about.recipient,
        message_id=about.message_id,
    )


def complaint(about: About, kind="abuse", sender=None):
    """What a provider sends when somebody presses "spam" (RFC 5965)."""
    return lines(
        """
        From: <feedback@provider.example>
        Date: Mon, 2 Mar 2026 12:00:00 +0000
        Subject: FW: Your application
        To: <abuse@agency.example.com>
        Message-ID: <{unique}@provider.example>
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="part"

        --part
        Content-Type: text/plain; charset="US-ASCII"

        This is an email abuse report for an email message received from IP 192.0.2.1.

        --part
        Content-Type: message/feedback-report

        Feedback-Type: {kind}
        User-Agent: SomeGenerator/1.0
        Version: 1
        Original-Mail-From: <{sender}>
        Original-Rcpt-To: <{recipient}>

        --part
        Content-Type: message/rfc822
        Content-Disposition: inline

        From: Alice <recruiter@agency.example.com>
        To: <{recipient}>
        Message-ID: {message_id}
        Subject: Your application

        The letter.

        --part--
        """,
        unique=uuid.uuid4().hex,
        kind=kind,
        sender=about.return_path if sender is None else sender,
        recipient=about.recipient,
        message_id=about.message_id,
    )


def reply(about: About, text="Thank you for being so clear.", *, to=None, thread=None, headers="", **changes):
    """What a person writes: their words above what their program quotes."""
    values = {"sender": f"Maya Ferreira <{about.recipient}>", "subject": "Re: Your application"} | changes
    extra = "".join(f"{line}\n" for line in headers.splitlines())
    head = lines(
        """
        From: {sender}
        To: {to}
        Subject: {subject}
        Date: Mon, 2 Mar 2026 18:30:00 +0000
        Message-ID: <{unique}@phone.example.org>
        In-Reply-To: {thread}
        References: <first@elsewhere.example> {thread}
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        """,
        to=about.reply_to if to is None else to,
        unique=uuid.uuid4().hex,
        thread=about.message_id if thread is None else thread,
        **values,
    )
    quoted = "On Mon, 2 Mar 2026 at 10:00, Alice <recruiter@agency.example.com> wrote:\n> We will not be going on.\n"
    body = f"{text}\n\n{quoted}"
    return head + extra.replace("\n", "\r\n").encode() + b"\r\n" + body.replace("\n", "\r\n").encode()
