"""What an operator's machines ask: alive, ready, metrics; and one log line a request, without personal data."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import sqlalchemy as sa
import structlog
from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from recruiter import clock, logs
from recruiter.db import figures
from recruiter.db.doors import Due, firms_with
from recruiter.db.migrate import is_at_head
from recruiter.db.session import reading

# Where the processes of one server keep their counts, when there are several; Prometheus' own name for it.
SHARED = "PROMETHEUS_MULTIPROC_DIR"

GAUGES = "recruiter.gauges"

STATES = ("queued", "leased", "sending", "doubtful")
WAITS = ("due", "for_the_relay", "for_a_person")
STOPS = ("paused", "refused")
FAULTS = ("lease_expired", "sending_old", "created_not_queued", "ended_not_told")

blueprint = Blueprint("operations", __name__)
log = structlog.get_logger()

REQUESTS = Counter("recruiter_requests", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram("recruiter_request_seconds", "Time until an answer was ready, in seconds.", ["route"])


class WaitingWork(Collector):
    """Reads, at each scrape, how many firms have work that is due and not yet done."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield one gauge, labelled by kind of work; it stays near zero while the worker keeps up."""
        gauge = GaugeMetricFamily("recruiter_firms_with_due_work", "Firms with work that is due.", labels=["work"])
        now = clock.now()
        for due in (Due.MESSAGES, Due.LEASES, Due.WEBHOOKS, Due.IMPORTS, Due.INBOUND):
            gauge.add_metric([due.name.lower()], len(firms_with(due, now)))
        yield gauge


class Delivery(Collector):
    """Reads, at each scrape, how delivery stands over all firms; counts alone, and nothing of any firm."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield messages by state and by what they wait for, what is stopped, and the checks that must stay at zero."""
        found = figures.read()
        yield _gauge("recruiter_messages", "Messages that have not ended, by state.", "state", found, STATES)
        yield _gauge("recruiter_messages_waiting", "Messages by what they wait for.", "on", found, WAITS)
        yield _gauge("recruiter_firms_stopped", "Firms whose mail is stopped, by why.", "why", found, STOPS)
        yield _gauge("recruiter_delivery_faults", "What must never be: more than 0 is a fault.", "of", found, FAULTS)
        yield GaugeMetricFamily(
            "recruiter_mail_paused", "1 while mail of all firms is paused.", found["paused_for_all"]
        )
        oldest = figures.oldest_due()
        age = (clock.now() - oldest).total_seconds() if oldest else 0
        yield GaugeMetricFamily("recruiter_oldest_due_message_seconds", "How late the latest message is.", age)


@blueprint.get("/healthz")
def live() -> ResponseReturnValue:
    """Answer while the process can answer; asks nothing of the database."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """Answer 200 when requests can be served, else 503 with what to do."""
    problems = list(_problems())
    return jsonify({"ready": not problems, "problems": problems}), 503 if problems else 200


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Answer in the Prometheus text format, for all processes of this server together."""
    counts = REGISTRY
    if folder := current_app.config.get(SHARED):
        counts = CollectorRegistry()
        MultiProcessCollector(counts, folder)  # type: ignore[no-untyped-call]
    texts = map(generate_latest, (counts, WaitingWork(), Delivery(), *current_app.extensions.get(GAUGES, ())))
    return Response(b"".join(texts), content_type=CONTENT_TYPE_LATEST)


def init_app(app: Flask) -> None:
    """Serve these routes; count, time and log every request. Other code may bind ids to structlog's context."""
    app.register_blueprint(blueprint)
    app.before_request(_begin)
    app.after_request(_end)


def add_gauges(app: Flask, gauges: Collector) -> None:
    """Ask ``gauges`` too at each scrape; for what is above this module."""
    app.extensions.setdefault(GAUGES, []).append(gauges)


def share_metrics(app: Flask, folder: Path) -> None:
    """Keep this process's counts in ``folder``, where its siblings keep theirs; before the first request."""
    app.config[SHARED] = str(folder)
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]


def _gauge(name: str, words: str, label: str, found: Mapping[str, int], names: Iterable[str]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, words, labels=[label])
    for each in names:
        gauge.add_metric([each], found[each])
    return gauge


def _problems() -> Iterable[str]:
    try:
        with reading(None) as session:
            if not is_at_head(session.connection()):
                yield "The database is not at this release's revision: run `recruiter db upgrade`."
    except sa.exc.SQLAlchemyError:
        yield "The database cannot be reached."


def _begin() -> None:
    logs.begin()
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "unmatched"
    seconds = time.perf_counter() - g.began
    REQUESTS.labels(route, request.method, response.status_code).inc()
    SECONDS.labels(route).observe(seconds)
    log.info("request", route=route, method=request.method, status=response.status_code, ms=round(seconds * 1000, 1))
    return response
