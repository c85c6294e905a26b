"""The tables. SQLite and PostgreSQL hold the same; migrations in `migrations/` make them.

Every change of a state goes into `event` in the same transaction. No row of `event`, `attempt`,
`inbound` or `download` holds an address or a name, so that erasing a person leaves them whole.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from publisher.delivery.store.columns import UtcTime, state_column
from publisher.delivery.store.states import CampaignState, DeliveryState, SubscriberState

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

INSTANCE = Table(
    "instance", METADATA,
    Column("id", String(36), primary_key=True),
    Column("host_key", String(64), nullable=False),  # a restored copy on another host differs
    Column("created_at", UtcTime, nullable=False),
)  # fmt: skip
"""One row: which installation the ledger belongs to."""

SUBSCRIBER = Table(
    "subscriber", METADATA,
    Column("id", Integer, primary_key=True),
    Column("address", Text, nullable=False),  # as it is written to
    Column("address_key", Text, nullable=False, unique=True),  # what makes two addresses the same
    Column("token", String(32), nullable=False, unique=True),  # opaque; confirming signs it
    Column("name", Text),
    state_column("state", SubscriberState),
    Column("background", String(80)),
    Column("career", String(80)),
    Column("answers", JSON, nullable=False),  # the other fields of a Reader
    Column("consent_time", UtcTime),
    Column("consent_source", Text),
    Column("consent_text", String(80)),  # version of the text that was agreed to
    Column("asked_at", UtcTime),  # when a mail went out that asks for confirmation
    Column("confirmed_at", UtcTime),
    Column("unsubscribed_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,  # events of one who was erased are never another one's
)  # fmt: skip
"""People who may be written to. Erasing one deletes the row."""

SUPPRESSION = Table(
    "suppression", METADATA,
    Column("address_hash", String(64), primary_key=True),  # HMAC-SHA256 of the address key, hex
    Column("scope", String(80), primary_key=True),  # a list's slug, or "all"
    Column("cause", String(40), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("evidence", Text, nullable=False, server_default=""),  # never an address
)  # fmt: skip
"""Whom never to write to again; it survives erasure, since it keeps no address."""

SOFT_BOUNCE = Table(
    "soft_bounce", METADATA,
    Column("address_hash", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
)  # fmt: skip
"""Days on which an address answered "not now"."""

REQUEST = Table(
    "request", METADATA,
    Column("id", Integer, primary_key=True),
    Column("token", String(32), nullable=False, unique=True),  # opaque; confirming signs it
    Column("address", Text, nullable=False),
    Column("address_key", Text, nullable=False, index=True),
    Column("reader", JSON, nullable=False),  # a Reader without e-mail
    Column("title", Text, nullable=False),  # of the guide
    Column("news", Boolean, nullable=False),  # wants to hear of new editions
    Column("consent_text", String(80), nullable=False),  # version of the text beside the address
    Column("delivery_id", ForeignKey("delivery.id")),  # of the letter that asks
    Column("confirmed_at", UtcTime),
    Column("answered_at", UtcTime),  # when the letter with the guide was entered
    Column("created_at", UtcTime, nullable=False),
)  # fmt: skip
"""Guides that somebody asked for on a page. Rows are deleted within days."""

CAMPAIGN = Table(
    "campaign", METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("edition", String(20), nullable=False),  # see campaigns.campaign.Edition
    Column("career", String(80), nullable=False),
    Column("list", String(80), nullable=False),  # what one unsubscribes from
    Column("segment", JSON, nullable=False),  # how the recipients were chosen
    Column("attach", Boolean, nullable=False, default=False),
    state_column("state", CampaignState),
    Column("cause", Text, nullable=False, server_default=""),  # why it is paused
    Column("tripped_at", UtcTime),  # when the breaker paused it last; it counts anew from there
    Column("on_unknown", String(20), nullable=False, server_default="hold"),  # hold | assume-sent
    Column("not_before", UtcTime),
    Column("not_after", UtcTime),
    Column("edition_date", Date, nullable=False),
    Column("total", Integer, nullable=False, server_default="0"),  # recipients frozen
    Column("created_at", UtcTime, nullable=False),
    Column("frozen_at", UtcTime),
    Column("ended_at", UtcTime),
)  # fmt: skip

DELIVERY = Table(
    "delivery", METADATA,
    Column("id", Integer, primary_key=True),
    Column("campaign_id", ForeignKey("campaign.id"), nullable=False),
    Column("subscriber_id", ForeignKey("subscriber.id", ondelete="SET NULL")),
    Column("address", Text),  # as it was when frozen; None once erased
    Column("address_key", Text),
    Column("address_hash", String(64), nullable=False),
    Column("domain", String(255), nullable=False),  # A-label
    Column("reader", JSON),  # the Reader as frozen, without e-mail; None once erased
    Column("facts", JSON),  # what its letter says, once its files are made; None once erased
    state_column("state", DeliveryState),
    Column("cause", Text, nullable=False, server_default=""),
    Column("code", Integer),  # last SMTP reply
    Column("enhanced", String(12)),  # RFC 3463
    Column("text", Text, nullable=False, server_default=""),  # of the reply, address removed
    Column("attempts", Integer, nullable=False, server_default="0"),  # the fencing number
    Column("next_at", UtcTime),
    Column("owner", String(80)),
    Column("lease_until", UtcTime),
    Column("message_id", String(255), nullable=False, unique=True),  # without < >
    Column("token", String(32), nullable=False, unique=True),  # opaque; VERP and links
    Column("date", UtcTime),  # of the first attempt, and so of the message
    Column("message_sha256", String(64)),
    Column("changed_at", UtcTime, nullable=False),
    UniqueConstraint("campaign_id", "subscriber_id"),
    UniqueConstraint("campaign_id", "address_key"),
    Index("ix_delivery_due", "campaign_id", "state", "next_at"),
    Index("ix_delivery_address_hash", "address_hash"),  # for bounces that name nothing else
)  # fmt: skip
"""One row for each recipient of a campaign, made in one transaction when it is frozen."""

ATTEMPT = Table(
    "attempt", METADATA,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("delivery.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("phase", String(12), nullable=False),  # connect | mail | rcpt | data | done
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("relay", String(255), nullable=False),
    Column("code", Integer),
    Column("enhanced", String(12)),
    Column("text", Text, nullable=False, server_default=""),
    Column("queue_id", String(80)),
    UniqueConstraint("delivery_id", "number"),
)  # fmt: skip

BUCKET = Table(
    "bucket", METADATA,
    Column("key", String(255), primary_key=True),  # relay, or domain:example.org
    Column("tokens", Float, nullable=False),
    Column("at", UtcTime, nullable=False),
)  # fmt: skip
"""Rate limits as token buckets, shared by all workers."""

PAUSE = Table(
    "pause", METADATA,
    Column("key", String(255), primary_key=True),  # as in bucket
    Column("until", UtcTime, nullable=False),
    Column("times", Integer, nullable=False, server_default="0"),  # in a row; the next is longer
    Column("cause", Text, nullable=False),
)  # fmt: skip
"""Relays and domains that asked for a rest (421, 4.7.x)."""

INBOUND = Table(
    "inbound", METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),  # dsn | complaint | auto-reply | other
    Column("delivery_id", ForeignKey("delivery.id")),
    Column("verdict", String(40), nullable=False),
    Column("enhanced", String(12)),
    Column("at", UtcTime, nullable=False),
)  # fmt: skip
"""Mail that came back, once each."""

ARTIFACT = Table(
    "artifact", METADATA,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("delivery.id")),  # None: for everyone, as a handbook
    Column("campaign_id", ForeignKey("campaign.id")),
    Column("subscriber_id", ForeignKey("subscriber.id", ondelete="CASCADE")),
    Column("path", Text, nullable=False),  # in the folder of files; names nobody
    Column("filename", Text, nullable=False),  # as the reader saves it
    Column("media_type", String(80), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),  # bytes
)  # fmt: skip
"""Files that can be downloaded or attached."""

GRANT = Table(
    "grant", METADATA,
    Column("id", String(32), primary_key=True),  # opaque; the signed link holds it
    Column("delivery_id", ForeignKey("delivery.id")),
    Column("subscriber_id", ForeignKey("subscriber.id", ondelete="CASCADE")),
    Column("expires_at", UtcTime, nullable=False),
    Column("max_downloads", Integer, nullable=False),
    Column("downloads", Integer, nullable=False, server_default="0"),  # complete ones
    Column("revoked_at", UtcTime),
    Column("asked_at", UtcTime),  # when its reader last asked for a fresh link
    Column("answered_at", UtcTime),  # when the letter with that link was entered
    Column("created_at", UtcTime, nullable=False),
)  # fmt: skip
"""Leave to download the files of one delivery (those of its own, and those of its campaign)."""

DOWNLOAD = Table(
    "download", METADATA,
    Column("id", Integer, primary_key=True),
    Column("grant_id", ForeignKey("grant.id", ondelete="CASCADE"), nullable=False),
    Column("artifact_id", ForeignKey("artifact.id", ondelete="CASCADE"), nullable=False),
    Column("opened", String(32), nullable=False),  # one file address
    Column("served", LargeBinary, nullable=False),  # ranges of bytes that have gone out
    Column("complete", Boolean, nullable=False, default=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("grant_id", "artifact_id", "opened"),
)  # fmt: skip

EVENT = Table(
    "event", METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subscriber_id", Integer),
    Column("campaign_id", Integer),
    Column("delivery_id", Integer),
    Column("detail", JSON, nullable=False),
    CheckConstraint("kind <> ''", name="kind"),
)  # fmt: skip
"""What has happened, never changed."""
