"""Keys are made once: that takes longer than a test."""

import pytest

from publisher.delivery.messages.identity import Identity
from publisher.delivery.messages.signer import Signer
from tests.delivery.messages.letters import a_signer, an_identity


@pytest.fixture(scope="session")
def signer() -> Signer:
    return a_signer()


@pytest.fixture(scope="session")
def identity(signer: Signer) -> Identity:
    return an_identity(signer)
