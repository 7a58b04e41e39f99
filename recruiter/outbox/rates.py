"""How fast mail may leave: a bucket for the relay, for each firm and each provider; who asks us to slow down is heeded.

Exact within one process; of several each keeps to its own. Every call takes the present as seconds of a clock that only
goes forward.
"""

import math
import re
import threading
import uuid
from collections import deque

from recruiter.outbox.replies import Phase, Verdict
from recruiter.outbox.transports.base import DeliveryError

# Addresses of one provider share its patience, whatever their domain. A domain that is not here is its own provider.
PROVIDERS = {
    domain: provider
    for provider, domains in {
        "google": "gmail.com googlemail.com",
        "microsoft": "outlook.com hotmail.com live.com msn.com hotmail.co.uk hotmail.fr hotmail.de live.co.uk",
        "yahoo": "yahoo.com ymail.com rocketmail.com aol.com yahoo.co.uk yahoo.fr yahoo.de yahoo.es yahoo.it",
        "apple": "icloud.com me.com mac.com",
        "gmx": "gmx.de gmx.net gmx.com gmx.at gmx.ch web.de",
        "proton": "proton.me protonmail.com pm.me",
        "orange": "orange.fr wanadoo.fr",
        "telekom": "t-online.de magenta.de",
        "sapo": "sapo.pt",
        "libero": "libero.it virgilio.it",
    }.items()
    for domain in domains.split()
}
SLOWEST = 0.1  # messages a second, however often we are asked to slow down
UNHURRIED = 2.0  # messages a second to a relay; who was slower and is asked to slow down was not too fast
ONCE = 1.0  # seconds in which several such answers are one: they are about the same burst
GROWTH = 0.05  # of the rate, for each message that is taken after a slowing down
FREE_FROM = 200.0  # messages a second from which a bucket without a limit of its own needs none
OBSERVED_FOR = 10.0  # seconds
MOST_IDLE = 1000  # providers that are remembered
_FOR_ITS_OWN_SAKE = re.compile(r"421 4\.[34]\.")
_ABOUT_THE_RELAY = {Phase.CONNECT, Phase.LOGIN, Phase.MAIL}


def provider(recipient: str) -> str:
    """Return whose patience mail to this address uses up."""
    domain = recipient.rpartition("@")[2].casefold()
    return PROVIDERS.get(domain, domain)


class Bucket:
    """Lets so many a second through, and as many at once as come together in a second; ``limit`` 0 lets everything."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._rate = limit or math.inf
        self._tokens = self._most
        self._filled_at = -math.inf
        self._slowed_at = -math.inf
        self._turn_at = -math.inf

    @property
    def rate(self) -> float:
        """Messages a second, at present; infinite without a limit."""
        return self._rate

    def room(self, now: float) -> float:
        """Return how many may leave now, a whole number or infinity."""
        if math.isinf(self._rate):
            return math.inf
        gained = (now - self._filled_at) * self._rate
        self._tokens, self._filled_at = min(self._most, self._tokens + gained), now
        return math.floor(self._tokens + 1e-9)

    def take(self, now: float) -> None:
        """Count one that leaves."""
        self.room(now)
        self._tokens -= 1

    def turn(self, now: float) -> float:
        """Return in how many seconds it is the turn of one that finds no room; each call asks for the next."""
        self._turn_at = max(self._turn_at, now) + 1 / self._rate
        return self._turn_at - now

    def slow_down(self, now: float, observed: float) -> None:
        """Halve the rate; one without a limit starts from what was ``observed``, in messages a second."""
        if now - self._slowed_at < ONCE:
            return
        self._slowed_at = now
        self._rate = max(min(self._rate, max(observed, SLOWEST)) / 2, SLOWEST)
        self._tokens, self._filled_at = 0.0, now

    def speed_up(self) -> None:
        """Give some of the rate back, up to the limit."""
        if not math.isinf(self._rate):
            faster = self._rate * (1 + GROWTH)
            self._rate = min(faster, self._limit) if self._limit else faster if faster < FREE_FROM else math.inf

    @property
    def _most(self) -> float:
        return max(1.0, self._rate)


def _asks_to_slow_down(error: DeliveryError) -> bool:
    """Whether it is about our speed; a host that closes for its own sake says so (RFC 3463 3.4, 3.5)."""
    closes = error.code == 421 and _FOR_ITS_OWN_SAKE.match(error.reason) is None
    return error.verdict is Verdict.THROTTLED or closes


class Pace:
    """Every bucket of one process. Limits are messages a second; 0 is none."""

    def __init__(self, *, relay: float = 0, firm: float = 0, provider: float = 0) -> None:
        self._firm_limit, self._provider_limit = firm, provider
        self._relay = Bucket(relay)
        self._firms: dict[uuid.UUID, Bucket] = {}
        self._providers: dict[str, Bucket] = {}
        self._taken: deque[float] = deque(maxlen=5000)
        self._lock = threading.Lock()

    def room(self, firm_id: uuid.UUID, most: int, now: float) -> int:
        """Return how many of ``most`` messages of the firm may be claimed now."""
        with self._lock:
            return int(min(most, self._relay.room(now), self._of_firm(firm_id).room(now)))

    def hold(self, firm_id: uuid.UUID, recipient: str, now: float) -> float:
        """Let a message through, which counts it, or return for how many seconds to hold it back."""
        with self._lock:
            bucket = self._of_provider(provider(recipient))
            if bucket is not None and bucket.room(now) < 1:
                return bucket.turn(now)
            for each in (self._relay, self._of_firm(firm_id), bucket):
                if each is not None:
                    each.take(now)
            self._taken.append(now)
            return 0.0

    def heard(self, recipient: str, error: DeliveryError | None, now: float) -> None:
        """Slow down or speed up by how an attempt ended: the relay's bucket, or that of the recipient's provider."""
        with self._lock:
            name = provider(recipient)
            if error is None:
                self._relay.speed_up()
                if name in self._providers:
                    self._providers[name].speed_up()
            elif _asks_to_slow_down(error):
                observed = self._observed(now)
                if error.phase in _ABOUT_THE_RELAY:
                    self._relay.slow_down(now, max(observed, UNHURRIED))
                else:
                    self._providers.setdefault(name, Bucket(self._provider_limit)).slow_down(now, observed)

    def _of_firm(self, firm_id: uuid.UUID) -> Bucket:
        return self._firms.setdefault(firm_id, Bucket(self._firm_limit))

    def _of_provider(self, name: str) -> Bucket | None:
        """Return the provider's bucket, or None while it needs none."""
        if name not in self._providers and self._provider_limit:
            if len(self._providers) >= MOST_IDLE:
                del self._providers[next(iter(self._providers))]
            self._providers[name] = Bucket(self._provider_limit)
        return self._providers.get(name)

    def _observed(self, now: float) -> float:
        """Messages a second of the last ten."""
        return sum(at > now - OBSERVED_FOR for at in self._taken) / OBSERVED_FOR
