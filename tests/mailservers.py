"""Postfix and Dovecot of the test run's own: child processes on loopback, in a folder that goes away."""

import functools
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

OURS, THEIRS = "mail.agency.example", "candidates.example"
PASSWORD = "a-password-of-the-mailbox"
OWNER = "nobody"  # of every Maildir; both servers act as root and become this user
_SBIN = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])

_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

_MAIN = """\
compatibility_level = 3.6
config_directory = {home}/etc
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file_prefixes = {home}
maillog_file = {home}/postfix.log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = relay.agency.example
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_reject_unlisted_recipient = no
smtputf8_enable = no
virtual_mailbox_domains = {theirs}, {ours}
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = regexp:{home}/etc/boxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
transport_maps = regexp:{home}/etc/ways
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""

_DOVECOT = """\
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{home}/mail/%n
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


@functools.cache
def binary(name: str) -> str | None:
    """The path of a server program, also where only root looks."""
    return shutil.which(name, path=_SBIN)


def require() -> None:
    """Skip when a server or the right to start it is missing; fail where ``RECRUITER_TEST_REQUIRE`` names ``mail``."""
    missing = [name for name in ("postfix", "dovecot") if binary(name) is None]
    missing += [] if os.geteuid() == 0 else ["root, as whom Postfix starts"]
    if missing and "mail" in os.environ.get("RECRUITER_TEST_REQUIRE", ""):
        pytest.fail(f"Missing: {', '.join(missing)}; and RECRUITER_TEST_REQUIRE names mail.")
    if missing:
        pytest.skip(f"Missing: {', '.join(missing)} (Debian: apt install postfix dovecot-imapd).")


@dataclass(frozen=True)
class MailServers:
    """A relay that also is the candidates' provider, and a mailbox ``answers`` that is read over IMAP."""

    home: Path
    smtp_port: int
    imap_port: int
    lmtp_port: int

    @property
    def relay_url(self) -> str:
        return f"smtp://127.0.0.1:{self.smtp_port}"

    @property
    def imap_url(self) -> str:
        return f"imap://answers:{PASSWORD}@127.0.0.1:{self.imap_port}/INBOX"

    def submit(self, sender: str, recipient: str, raw: bytes) -> None:
        """Send a mail as anybody on the internet would."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as smtp:
            smtp.sendmail(sender, [recipient], raw)

    def received(self, box: str) -> list[bytes]:
        """What is in a mailbox now."""
        return [path.read_bytes() for part in ("new", "cur") for path in (self.home / "mail" / box / part).glob("*")]

    def logs(self) -> str:
        """What the two servers said."""
        return "\n".join(path.read_text(errors="replace") for path in self.home.glob("*.log"))


@contextmanager
def running(home: Path) -> Iterator[MailServers]:
    """Start both servers below ``home``, which everybody may enter, and stop them with the block."""
    home.chmod(0o755)
    servers = MailServers(home, _free_port(), _free_port(), _free_port())
    user = pwd.getpwnam(OWNER)
    boxes = home / "mail"
    boxes.mkdir()
    os.chown(boxes, user.pw_uid, user.pw_gid)
    values = {"home": home, "uid": user.pw_uid, "gid": user.pw_gid, "ours": OURS, "theirs": THEIRS}
    with _postfix(servers, values), _dovecot(servers, values):
        yield servers


@contextmanager
def _postfix(servers: MailServers, values: dict[str, object]) -> Iterator[None]:
    etc = servers.home / "etc"
    etc.mkdir()
    (servers.home / "queue").mkdir()
    (servers.home / "data").mkdir()
    shutil.chown(servers.home / "data", "postfix")
    (etc / "main.cf").write_text(_MAIN.format(**values))
    (etc / "master.cf").write_text(_MASTER.format(port=servers.smtp_port))
    (etc / "boxes").write_text(
        f"/^(bounce|reply)(\\+.*)?@{OURS}$/ answers/\n/^maya[0-9]*(\\+.*)?@{THEIRS}$/ maya/\n".replace(".e", "\\.e")
    )
    (etc / "ways").write_text(f"/^bounce\\+.*@/ lmtp:inet:127.0.0.1:{servers.lmtp_port}\n")
    command = [binary("postfix") or "", "-c", str(etc)]
    subprocess.run([*command, "check"], check=True, capture_output=True, timeout=60)
    with _server([*command, "start-fg"], servers.smtp_port, [*command, "stop"]):
        yield


@contextmanager
def _dovecot(servers: MailServers, values: dict[str, object]) -> Iterator[None]:
    (servers.home / "run").mkdir()
    conf = servers.home / "dovecot.conf"
    conf.write_text(_DOVECOT.format(port=servers.imap_port, password=PASSWORD, **values))
    command = [binary("dovecot") or "", "-c", str(conf)]
    with _server([*command, "-F"], servers.imap_port, [*command, "stop"]):
        yield


@contextmanager
def _server(command: list[str], port: int, stop: list[str]) -> Iterator[None]:
    """Run a server until the block ends; each has a command that ends what it has started."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait_until_there(process, port)
        yield
    finally:
        subprocess.run(stop, check=False, capture_output=True, timeout=30)
        process.wait(20)


def _wait_until_there(process: "subprocess.Popen[bytes]", port: int) -> None:
    pause = threading.Event()
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            pause.wait(0.05)
        else:
            return
    raise RuntimeError(f"{process.args} did not listen on port {port}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
