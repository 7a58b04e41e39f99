"""How the engine of many machines is doing, for a monitoring system."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from recruiter.config import Settings
from recruiter.db.session import reading
from recruiter.engine import storage


class Ticks(Collector):
    """Reads, at each scrape, the workers that gave a sign lately and the ticks by state; nothing until installed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield two gauges; stalled ticks return to zero by themselves while any worker is alive."""
        try:
            with reading(None) as session:
                found = storage.look(session.connection(), self._settings)
        except storage.NotInstalled:
            return
        yield GaugeMetricFamily("recruiter_engine_workers", "Workers that gave a sign lately.", found.workers)
        ticks = GaugeMetricFamily("recruiter_engine_ticks", "Ticks of the work engine.", labels=["state"])
        for state in ("waiting", "running", "stalled"):
            ticks.add_metric([state], getattr(found, state))
        yield ticks
