"""One JSON line an event on standard error, with ids as fields; never a name, an address, a link or a text."""

import logging
import sys
import traceback
import uuid
from contextvars import ContextVar
from pathlib import Path

import structlog
from structlog.typing import EventDict, WrappedLogger

from recruiter import clock

FRAMES = 15

_request_id: ContextVar[uuid.UUID | None] = ContextVar("recruiter.request_id", default=None)


class Forward(logging.Handler):
    """Takes the libraries' records without their arguments, which may hold an address or a link."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the record's message as it was written in the library's source."""
        log = structlog.get_logger(library=record.name)
        log.log(record.levelno, str(record.msg), exc_info=record.exc_info)


def configure(level: str) -> None:
    """Make this process log from ``level`` up; the libraries from WARNING up. Safe to call again."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _moment,
            _without_words,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    for handler in [handler for handler in root.handlers if isinstance(handler, Forward)]:
        root.removeHandler(handler)
    root.addHandler(Forward())
    logging.captureWarnings(capture=True)


def begin() -> None:
    """Let each line that is logged from here on carry an id: of this request, command or round of work alone."""
    request_id = uuid.uuid4()
    _request_id.set(request_id)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=str(request_id))


def request_id() -> uuid.UUID | None:
    """Return the id that began here, or None where nothing did."""
    return _request_id.get()


def _moment(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["at"] = clock.now().isoformat(timespec="milliseconds")
    return event


def _without_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Say where an error came from and what kind it is; its message may quote a person."""
    given = event.pop("exc_info", None)
    error = sys.exception() if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__qualname__
        event["where"] = [
            f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]
        ]
    return event
