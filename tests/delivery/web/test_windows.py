"""Moving windows: what they let through, and that they never fill memory."""

import pytest

from publisher.delivery.web.guards import windows
from publisher.delivery.web.guards.rates import network_of
from publisher.delivery.web.guards.windows import Windows


class Clock:
    """Seconds that only a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(windows, "time", clock)
    return clock


def test_no_window_of_the_length_holds_more_than_the_limit(clock: Clock) -> None:
    counts, passed = Windows(), []
    for _ in range(400):
        clock.now += 0.7
        if counts.acquire_entry("k", 5, 10):
            passed.append(clock.now)
    assert all(later - first >= 10 for first, later in zip(passed, passed[5:]))  # noqa: B905  # pairs
    assert len(passed) >= 400 * 0.7 / 10 * 5 - 5


def test_a_refused_one_does_not_lengthen_the_wait(clock: Clock) -> None:
    counts = Windows()
    assert counts.acquire_entry("k", 1, 10)
    clock.now += 9
    assert not counts.acquire_entry("k", 1, 10)
    assert (1000.0, 1) == counts.get_moving_window("k", 1, 10)
    clock.now += 1
    assert counts.acquire_entry("k", 1, 10)


def test_the_keys_that_are_kept_are_bounded() -> None:
    counts = Windows(most_keys=100)
    for number in range(10_000):
        assert counts.acquire_entry(f"k{number}", 1, 60)
    assert 100 == len(counts.seen)
    assert not counts.acquire_entry("k9999", 1, 60)


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("'; DROP TABLE", "unknown"),
    ],
)
def test_the_network_of_an_address(host: str, network: str) -> None:
    assert network == network_of({"client": (host, 1)})


def test_a_request_without_an_address_has_a_network_as_well() -> None:
    assert "unknown" == network_of({"client": None}) == network_of({})
