"""A real HTTP receiver on loopback that keeps what it was told and answers what it is asked to."""

import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """``with Receiver() as receiver:`` listens on ``receiver.url``; ``statuses`` are used up from the front.

    It answers with ``headers`` and ``body``, a piece for each item of a list, once ``gate`` is open. With ``tls`` it
    speaks that, and keeps the name that was asked for in ``names``.
    """

    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: list[bytes] = field(default_factory=list)
    calls: list[tuple[dict[str, str], str]] = field(default_factory=list)
    path: str = "/hook"
    tls: ssl.SSLContext | None = None
    names: list[str | None] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self):
        self.gate.set()
        self._changed = threading.Condition()

    def __enter__(self):
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.do_POST()

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                receiver.take({name.lower(): value for name, value in self.headers.items()}, body)
                receiver.gate.wait(30)
                status = receiver.statuses.pop(0) if receiver.statuses else 204
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for piece in receiver.body:
                        self.wfile.write(piece)
                except OSError:
                    return  # the caller has heard enough

            def log_message(self, *_arguments):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_arguments: None  # a caller that hangs up is no fault of ours
        if self.tls:
            self.tls.sni_callback = lambda _socket, name, _context: self.names.append(name)
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self.gate.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    def take(self, headers: dict[str, str], body: str) -> None:
        with self._changed:
            self.calls.append((headers, body))
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        """Wait until so many calls have come in."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.calls) >= count, 20)
