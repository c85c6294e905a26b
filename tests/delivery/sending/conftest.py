"""A server that fails as it is told, and campaigns to send to it."""

from collections.abc import Iterator

import pytest

from tests.servers.faults import FaultServer, fault_server


@pytest.fixture
def faults() -> Iterator[FaultServer]:
    """An SMTP server at which everything may go wrong."""
    with fault_server() as server:
        yield server
