"""Keys are made once: that takes longer than a test."""

import pytest

from publisher.delivery.messages.signer import Signer
from tests.delivery.messages.letters import a_signer


@pytest.fixture(scope="session")
def signer() -> Signer:
    return a_signer()
