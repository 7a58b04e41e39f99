"""What came in, for an operator's machines: the numbers of the installation, of no firm and no person."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from recruiter.db.session import reading
from recruiter.inbox import queries


class Inbound(Collector):
    """Reads, at each scrape, what came in by which way."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield mails by way and by what became of them, and whether a mailbox cannot be read."""
        mails = GaugeMetricFamily("recruiter_inbound_mails", "Mails that came in.", labels=["way", "became"])
        broken = GaugeMetricFamily("recruiter_inbound_broken", "1 while a mailbox cannot be read.", labels=["way"])
        with reading(None) as session:
            boxes = queries.mailboxes(session)
        for box in boxes:
            way = box.name.partition(":")[0]  # the rest may name a person's mailbox
            mails.add_metric([way, "taken"], box.taken)
            mails.add_metric([way, "unplaced"], box.unplaced)
            mails.add_metric([way, "given_up"], box.given_up)
            broken.add_metric([way], int(box.problem is not None))
        yield mails
        yield broken
