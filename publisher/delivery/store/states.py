"""The states of things, and which of them are final."""

from enum import StrEnum


class SubscriberState(StrEnum):
    """PENDING waits for the reader's own click; only CONFIRMED is written to."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"


class CampaignState(StrEnum):
    """A campaign is READY once its recipients are frozen and its files made."""

    DRAFT = "draft"
    READY = "ready"
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"
    DONE_WITH_UNKNOWN = "done-with-unknown"


class DeliveryState(StrEnum):
    """What has become of one message.

    planned → ready → claimed → handoff → sent → bounced | complained
    A 4xx makes a claimed or handed-off one DEFERRED, which is due again at `next_at`; a 5xx FAILED.
    HANDOFF is committed before the message's text is sent and never claimed again by itself: when
    its worker is gone it becomes UNKNOWN, which evidence or a person resolves.
    """

    PLANNED = "planned"  # its files are not made yet
    READY = "ready"
    CLAIMED = "claimed"
    HANDOFF = "handoff"
    DEFERRED = "deferred"
    SENT = "sent"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


OPEN = frozenset({
    DeliveryState.PLANNED, DeliveryState.READY, DeliveryState.CLAIMED,
    DeliveryState.HANDOFF, DeliveryState.DEFERRED,
})  # fmt: skip
"""Deliveries on which work is left."""

FINAL = frozenset(DeliveryState) - OPEN
