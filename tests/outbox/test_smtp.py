"""The way out over SMTP, against a real server on loopback."""

import datetime as dt
import email
import socket
import threading
import uuid
from email import policy

import flask
import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from recruiter.outbox import mime
from recruiter.outbox.mime import Letter, Mailbox
from recruiter.outbox.replies import Phase, Verdict
from recruiter.outbox.transports import relay, smtp
from recruiter.outbox.transports.base import DeliveryError, Envelope
from tests.smtp_sink import SmtpSink, self_signed, silent_server

pytestmark = pytest.mark.once


def envelope(**changes):
    key = uuid.uuid4()
    letter = Letter(
        sender=Mailbox("Sam", "sam@northgate.example"),
        recipient=Mailbox("Maya", "maya@example.org"),
        reply_to=Mailbox("Sam", "sam@northgate.example"),
        subject="Your application",
        text=changes.pop("text", "Thank you.\n.\n..dots\n"),
        html="<p>Thank you.</p>",
        message_id=f"<{key.hex}@northgate.example>",
        date=dt.datetime(2026, 3, 4, tzinfo=dt.UTC),
    )
    values = {
        "message_id": key,
        "return_path": "recruiter@northgate.example",
        "recipient": "maya@example.org",
        "letter": letter,
        "raw": mime.build(letter),
    }
    return Envelope(**(values | changes))


def mail_for(url, timeout=5.0):
    app = flask.Flask(__name__)
    app.config |= relay.flask_mail_keys(relay.parse(url, sender="recruiter@northgate.example", timeout=timeout))
    return smtp.SafeMail(app)


@pytest.fixture
def transport():
    opened = []

    def make(url, **options):
        way_out = smtp.SmtpTransport(mail_for(url, **options).state)
        opened.append(way_out)
        return way_out

    yield make
    for way_out in opened:
        way_out.close()


def carry(way_out, letter=None):
    phases = []
    with way_out.line() as line:
        return line.carry(letter or envelope(), phases.append), phases


def refused(way_out, letter=None):
    with pytest.raises(DeliveryError) as caught:
        carry(way_out, letter)
    return caught.value


def test_the_mail_arrives_as_it_was_built_and_one_line_carries_many(transport):
    with SmtpSink() as sink:
        way_out = transport(sink.url)
        letters = [envelope() for _ in range(3)]
        for letter in letters:
            reply, phases = carry(way_out, letter)
            assert reply.startswith("250 2.0.0 queued as")
            assert phases == [Phase.DOT]

        assert sink.lines == 1
        assert sink.raw == [letter.raw for letter in letters]
        assert sink.envelopes[0] == ("recruiter@northgate.example", ["maya@example.org"])


def test_a_line_is_renewed_after_fifty_letters(transport):
    with SmtpSink() as sink:
        way_out = transport(sink.url)
        for _ in range(51):
            carry(way_out)

        assert sink.lines == 2


@pytest.mark.parametrize(
    ("step", "answer", "verdict", "phase"),
    [
        ("mail", "451 4.3.0 later", Verdict.TEMPORARY, Phase.MAIL),
        ("recipient", "451 4.7.1 come back in five minutes", Verdict.GREYLISTED, Phase.RECIPIENT),
        ("recipient", "550 5.1.1 no such mailbox", Verdict.NO_SUCH_ADDRESS, Phase.RECIPIENT),
        ("data", "452 4.2.2 mailbox full", Verdict.MAILBOX_FULL, Phase.DOT),
        ("data", "550 5.7.1 refused by policy", Verdict.SENDER_REFUSED, Phase.DOT),
        ("data", "554 5.6.7 needs SMTPUTF8", Verdict.UNSENDABLE, Phase.DOT),
    ],
)
def test_a_refusal_is_told_with_its_meaning_and_spares_the_next_message(transport, step, answer, verdict, phase):
    with SmtpSink() as sink:
        way_out = transport(sink.url)
        getattr(sink.faults, step).append(answer)

        error = refused(way_out)

        assert (error.verdict, error.phase, error.code, error.reason) == (verdict, phase, int(answer[:3]), answer)
        assert error.permanent is answer.startswith("5")
        carry(way_out)
        assert (sink.lines, len(sink.raw)) == (1, 1)


def test_what_a_relay_says_is_kept_on_one_line_and_not_for_ever(transport):
    with SmtpSink() as sink:
        sink.faults.data.append("250-2.0.0 first \x00 line\r\n250 " + "x" * 900)
        reply, _phases = carry(transport(sink.url))

    assert reply.startswith("250 2.0.0 first line xxx")
    assert len(reply) == len("250 ") + 500


def test_a_421_costs_the_line_and_not_the_message(transport):
    with SmtpSink() as sink:
        sink.faults.close_after = 2
        way_out = transport(sink.url)
        for _ in range(5):
            carry(way_out)

        assert (sink.lines, len(sink.raw)) == (3, 5)


def test_a_line_that_carried_its_share_is_left_for_another_within_a_round(transport):
    with SmtpSink() as sink:
        with transport(sink.url).line() as line:
            for _ in range(51):
                line.carry(envelope(), lambda _phase: None)

        assert (sink.lines, len(sink.raw)) == (2, 51)


def test_a_421_on_a_new_line_is_temporary(transport):
    with SmtpSink() as sink:
        sink.faults.mail.append("421 4.3.2 going down")
        error = refused(transport(sink.url))

        assert (error.verdict, error.permanent, error.code) == (Verdict.LINE_LOST, False, 421)


def test_a_line_that_was_cut_while_resting_is_replaced(transport):
    with SmtpSink() as sink:
        way_out = transport(sink.url)
        carry(way_out)
        sink.hang_up()
        carry(way_out)

        assert (sink.lines, len(sink.raw)) == (2, 2)


def test_a_relay_that_refuses_to_start_over_loses_the_line_and_not_the_next_message(transport):
    with SmtpSink() as sink:
        way_out = transport(sink.url)
        sink.faults.recipient.append("550 5.1.1 no such mailbox")
        sink.faults.reset.append("451 4.3.0 not now")
        refused(way_out)
        carry(way_out)

        assert (sink.lines, len(sink.raw)) == (2, 1)


def test_silence_after_the_final_dot_leaves_the_outcome_unknown(transport):
    with SmtpSink() as sink:
        sink.faults.data += ["drop", "silence"]
        way_out = transport(sink.url, timeout=0.5)
        for _ in range(2):
            error = refused(way_out)
            assert (error.verdict, error.phase, error.permanent) == (Verdict.UNKNOWN_OUTCOME, Phase.DOT, False)

        carry(way_out)


def test_a_server_that_never_speaks_is_left_after_the_time_limit(transport):
    with silent_server() as port:
        error = refused(transport(f"smtp://127.0.0.1:{port}", timeout=0.2))

    assert (error.verdict, error.phase) == (Verdict.LINE_LOST, Phase.CONNECT)


def test_nobody_listening_is_temporary(transport):
    with silent_server() as port:
        pass
    error = refused(transport(f"smtp://127.0.0.1:{port}"))

    assert (error.verdict, error.permanent) == (Verdict.LINE_LOST, False)


def test_a_mail_over_the_size_that_the_relay_names_is_not_said_at_all(transport):
    with SmtpSink(data_size_limit=2000) as sink:
        way_out = transport(sink.url)
        error = refused(way_out, envelope(text="long " * 2000))
        assert (error.verdict, error.permanent, error.code) == (Verdict.UNSENDABLE, True, None)
        carry(way_out)

        assert sink.lines == 1


class TestSeveralThingsInOneBreath:
    @pytest.fixture
    def sink(self):
        with SmtpSink(extensions=["PIPELINING"]) as sink:
            yield sink

    def test_the_mail_arrives_as_it_was_built(self, transport, sink):
        way_out, letter = transport(sink.url), envelope()
        carry(way_out, letter)
        carry(way_out)

        assert (sink.raw[0], sink.lines) == (letter.raw, 1)

    @pytest.mark.parametrize(
        ("step", "answer", "phase"),
        [
            ("mail", "451 4.3.0 later", Phase.MAIL),
            ("recipient", "550 5.1.1 no such mailbox", Phase.RECIPIENT),
            ("data", "552 5.3.4 too big", Phase.DOT),
        ],
    )
    def test_a_refusal_is_told_with_its_step_and_spares_the_next_message(self, transport, sink, step, answer, phase):
        getattr(sink.faults, step).append(answer)
        way_out = transport(sink.url)
        error = refused(way_out)
        carry(way_out)

        assert (error.phase, error.reason) == (phase, answer)
        assert (sink.lines, len(sink.raw)) == (1, 1)

    @pytest.mark.parametrize(("replies", "then", "code"), [
        (b"250 ok\r\n550 5.1.1 no such mailbox\r\n354 go on\r\n", [b".\r\n", b"rset\r\n"], 550),
        (b"250 ok\r\n550 5.1.1 no such mailbox\r\n", [], 550),
        (b"250 ok\r\n421 4.7.28 unusual rate\r\n", [], 421),
    ])  # fmt: skip
    def test_the_first_refusal_counts_whether_the_relay_goes_on_or_hangs_up(self, transport, replies, then, code):
        said = []

        def serve(listener):
            connection, _address = listener.accept()
            with connection, connection.makefile("rwb", buffering=0) as line:
                line.write(b"220 hello\r\n")
                line.readline()
                line.write(b"250-hello\r\n250 PIPELINING\r\n")
                said.extend(line.readline() for _ in range(3))
                line.write(replies)
                for _ in then:
                    said.append(line.readline())
                    line.write(b"250 ok\r\n")

        with socket.create_server(("127.0.0.1", 0)) as listener:
            serving = threading.Thread(target=serve, args=(listener,))
            serving.start()
            error = refused(transport(f"smtp://127.0.0.1:{listener.getsockname()[1]}"))
            serving.join(20)

        assert (error.phase, error.code, said[3:]) == (Phase.RECIPIENT, code, then)


@pytest.mark.parametrize("offered", ["250-DSN", "250-DSN\r\n250-PIPELINING"], ids=["in turn", "in one breath"])
def test_a_relay_that_reports_is_asked_to_and_told_what_to_name(transport, offered):
    """RFC 3461; a plus sign in an address is written so that it does not begin a code."""
    said, letter = [], envelope(recipient="maya+jobs@example.org")
    answers = {b"ehlo": f"250-hello\r\n{offered}\r\n250 SIZE".encode(), b"data": b"354 go on", b"quit": b"221 bye"}

    def serve(listener):
        connection, _address = listener.accept()
        with connection, connection.makefile("rwb", buffering=0) as line:
            line.write(b"220 hello\r\n")
            is_content = False
            for spoken in line:
                is_content = is_content and spoken != b".\r\n"
                if not is_content:
                    said.append(spoken.decode())
                    word = spoken[:4].lower()
                    is_content = word == b"data"
                    line.write(answers.get(word, b"250 ok") + b"\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = threading.Thread(target=serve, args=(listener,))
        serving.start()
        way_out = transport(f"smtp://127.0.0.1:{listener.getsockname()[1]}")
        carry(way_out, letter)
        way_out.close()
        serving.join(20)

    sender, recipient = said[1].split(), said[2].split()
    assert sender[2:] == [f"SIZE={len(letter.raw)}", "RET=HDRS", f"ENVID={letter.message_id.hex}"]
    assert recipient[2:] == ["NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;maya+2Bjobs@example.org"]


class TestProtection:
    @pytest.fixture
    def certificate(self, tmp_path):
        return self_signed(tmp_path)

    def test_a_certificate_that_nobody_vouches_for_gets_no_mail(self, transport, certificate):
        with SmtpSink(tls_context=certificate[0]) as sink:
            error = refused(transport(f"smtp://localhost:{sink.port}?tls=required"))

            assert "CERTIFICATE_VERIFY_FAILED" in error.reason
            assert (error.verdict, error.phase, sink.raw) == (Verdict.LINE_LOST, Phase.CONNECT, [])

    def test_a_trusted_certificate_for_another_name_gets_no_mail(self, transport, certificate, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", certificate[1])
        with SmtpSink(tls_context=certificate[0]) as sink:
            assert "127.0.0.1" in refused(transport(f"smtp://127.0.0.1:{sink.port}?tls=required")).reason

    def test_a_trusted_relay_gets_password_and_mail_inside_tls(self, transport, certificate, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", certificate[1])

        def authenticator(server, session, envelope, mechanism, data):
            is_right = session.ssl is not None and data == LoginPassword(b"sam", b"p@ss")
            return AuthResult(success=is_right, handled=False)

        with SmtpSink(tls_context=certificate[0], authenticator=authenticator, auth_required=True) as sink:
            carry(transport(f"smtp://sam:p%40ss@localhost:{sink.port}?tls=required"))
            error = refused(transport(f"smtp://sam:wrong@localhost:{sink.port}?tls=required"))

            assert (error.verdict, error.phase, error.code) == (Verdict.CREDENTIALS, Phase.LOGIN, 535)
            assert len(sink.raw) == 1

    def test_tls_from_the_first_octet(self, transport, certificate, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", certificate[1])
        with SmtpSink(ssl_context=certificate[0]) as sink:
            carry(transport(f"smtps://localhost:{sink.port}"))
            assert len(sink.raw) == 1

    def test_a_password_is_not_said_without_tls(self, transport):
        # To 0.0.0.0 the connection stays here, but the address is not one of loopback.
        with SmtpSink() as sink:
            error = refused(transport(f"smtp://sam:secret@0.0.0.0:{sink.port}?tls=opportunistic"))

            assert (error.verdict, error.phase, error.code) == (Verdict.CREDENTIALS, Phase.LOGIN, None)

    def test_a_relay_that_knows_no_login_gets_no_password(self, transport):
        with SmtpSink() as sink:
            error = refused(transport(f"smtp://sam:secret@127.0.0.1:{sink.port}"))

            assert (error.verdict, error.phase) == (Verdict.CREDENTIALS, Phase.LOGIN)

    def test_required_never_falls_back_to_plain(self, transport):
        with SmtpSink() as sink:
            error = refused(transport(f"smtp://localhost:{sink.port}?tls=required"))

            assert "STARTTLS" in error.reason
            assert (error.verdict, sink.raw) == (Verdict.LINE_LOST, [])

    def test_opportunistic_takes_what_there_is(self, transport, certificate):
        with SmtpSink() as plain, SmtpSink(tls_context=certificate[0], require_starttls=True) as protected:
            for sink in (plain, protected):
                carry(transport(f"smtp://localhost:{sink.port}?tls=opportunistic"))
                assert len(sink.raw) == 1


def test_the_recorder_of_flask_mail_sees_what_leaves():
    with SmtpSink() as sink:
        mail = mail_for(sink.url)
        with mail.record_messages() as recorded, mail.connect() as connection:
            connection.carry(envelope(), lambda _phase: None)
        mail.state.hang_up()

        assert [message.subject for message in recorded] == ["Your application"]
        assert recorded[0].as_bytes() == sink.raw[0]
        assert recorded[0].send_to == {"maya@example.org"}


def test_nothing_leaves_around_the_outbox():
    with SmtpSink() as sink:
        mail = mail_for(sink.url)
        with mail.connect() as connection, pytest.raises(TypeError):
            connection.send(object())
        mail.state.hang_up()


def test_a_suppressed_way_out_only_records(tmp_path):
    mail = mail_for(f"maildir://{tmp_path}")
    with mail.record_messages() as recorded, mail.connect() as connection:
        assert connection.carry(envelope(), lambda _phase: None) == ""

    assert len(recorded) == 1
    assert email.message_from_bytes(recorded[0].as_bytes(), policy=policy.default)["To"] == "Maya <maya@example.org>"
