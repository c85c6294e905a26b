"""How fast, how patiently and how often a campaign's messages are sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from publisher.delivery.breaker import Limits


@dataclass(frozen=True, slots=True)
class Rates:
    """Messages a second, for all workers together; None is without limit."""

    relay: float | None = None
    domain: float | None = None
    """For each domain that `domains` does not name."""
    domains: Mapping[str, float] = field(default_factory=dict)

    def of_domain(self, domain: str) -> float | None:
        """The rate of a domain (A-labels)."""
        return self.domains.get(domain, self.domain)

    @property
    def longest_wait(self) -> float:
        """Seconds between two messages at the lowest of the rates."""
        rates = [rate for rate in (self.relay, self.domain, *self.domains.values()) if rate]
        return 1 / min(rates) if rates else 0


@dataclass(frozen=True, slots=True)
class Pace:
    """What a worker goes by. Moments are the database's; `patience` and rests are in seconds."""

    connections: int = 24
    """To the relay, for each worker. Two workers stay below the 50 that Postfix allows a client."""
    per_connection: int = 100
    """Messages after which a connection is made anew."""
    idle: float = 30
    """After so long without a command, NOOP finds out whether a connection still stands."""
    lease: timedelta = timedelta(minutes=10)
    grace: timedelta = timedelta(minutes=15)
    """A handoff is unknown so long after its lease; more than all that DATA may take together."""
    patience: float = 60
    """A worker waits for what is due within this time, and leaves when all else is due later."""
    database_patience: float = 60
    """So long a worker waits for a database that has gone, or a disk that is full."""
    rest: float = 5
    """The first rest of a relay or domain that asks for one; each further one is twice as long."""
    longest_rest: float = 300
    backoff: tuple[float, ...] = (300, 900, 2700, 7200, 21600)
    """Seconds to the next attempt, by the number of attempts; then always the last. ±50 %."""
    crashes: int = 3
    """A message that has taken its worker down so often is set aside."""
    rates: Rates = field(default_factory=Rates)
    breaker: Limits = field(default_factory=Limits)
