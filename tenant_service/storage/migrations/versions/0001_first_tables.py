"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ASCII = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")
# The index of pairs, as it was when this was written.
SEARCH_PAIRS = {
    "sqlite": ("CREATE VIRTUAL TABLE search_pairs USING fts5(pairs, tokenize='unicode61')",),
    "postgresql": (
        "CREATE TABLE search_pairs (rowid INTEGER PRIMARY KEY, pairs TSVECTOR NOT NULL)",
        "CREATE INDEX search_pairs_by_pair ON search_pairs USING gin (pairs)",
    ),
}


# fmt: off
def upgrade() -> None:
    op.create_table("account",
    sa.Column("id", ASCII, nullable=False),
    sa.Column("username", ASCII, nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("roles", sa.Text(), nullable=False),
    sa.Column("person_id", ASCII, nullable=True),
    sa.Column("password_hash", sa.String(), nullable=False),
    sa.Column("must_change", sa.Boolean(), nullable=False),
    sa.Column("is_open", sa.Boolean(), nullable=False),
    sa.Column("tokens_from", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_account"),
    sa.UniqueConstraint("username", name="uq_account_username")
    )
    op.create_index("ix_account_person_id", "account", ["person_id"], unique=False)

    op.create_table("activity",
    sa.Column("held_on", sa.Date(), nullable=False),
    sa.Column("suggestion_count", sa.Integer(), nullable=False),
    sa.Column("approval", sa.String(40), nullable=False),
    sa.Column("drafted_by", ASCII, nullable=False),
    sa.Column("signed_by", ASCII, nullable=True),
    sa.Column("signed_at", sa.DateTime(), nullable=True),
    sa.Column("returned_because", sa.String(), nullable=True),
    sa.Column("contact_name", sa.String(), nullable=True),
    sa.Column("contact_phone", sa.String(), nullable=True),
    sa.Column("checked_in", sa.Integer(), nullable=True),
    sa.Column("ordinal_year", sa.Integer(), nullable=True),
    sa.Column("desk_secret", sa.String(), nullable=False),
    sa.Column("title", sa.String(), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("format", sa.String(40), nullable=False),
    sa.Column("state", sa.String(40), nullable=False),
    sa.Column("starts_at", sa.DateTime(), nullable=False),
    sa.Column("ends_at", sa.DateTime(), nullable=True),
    sa.Column("place", sa.String(), nullable=False),
    sa.Column("venue_id", ASCII, nullable=True),
    sa.Column("host_ids", sa.Text(), nullable=False),
    sa.Column("mechanism_id", ASCII, nullable=True),
    sa.Column("series", sa.String(), nullable=True),
    sa.Column("issue_no", sa.Integer(), nullable=True),
    sa.Column("ordinal", sa.Integer(), nullable=True),
    sa.Column("organizer", sa.String(), nullable=False),
    sa.Column("capacity", sa.Integer(), nullable=True),
    sa.Column("sign_up_until", sa.DateTime(), nullable=True),
    sa.Column("leader_present", sa.Boolean(), nullable=True),
    sa.Column("members_present", sa.Integer(), nullable=True),
    sa.Column("headcount", sa.Integer(), nullable=True),
    sa.Column("suggestions", sa.Text(), nullable=True),
    sa.Column("report", sa.String(), nullable=True),
    sa.Column("backfilled", sa.Boolean(), nullable=False),
    sa.Column("change_note", sa.String(), nullable=True),
    sa.Column("changed_at", sa.DateTime(), nullable=False),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("shares", sa.Text(), nullable=False),
    sa.Column("revision", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_activity")
    )
    op.create_index("activity_by_approval", "activity", ["approval", "changed_at"], unique=False)
    op.create_index("activity_by_change", "activity", ["changed_at", "committee_id", "id"], unique=False)
    op.create_index("activity_by_day", "activity", ["held_on", "state", "kind"], unique=False)
    op.create_index(
        "activity_by_ordinal", "activity", ["venue_id", "kind", "ordinal_year", "ordinal"], unique=True
    )
    op.create_index("activity_by_start", "activity", ["starts_at", "committee_id", "id"], unique=False)
    op.create_index("activity_by_venue", "activity", ["venue_id", "kind", "held_on"], unique=False)

    op.create_table("alarm",
    sa.Column("log", ASCII, nullable=False),
    sa.Column("code", ASCII, nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("times", sa.Integer(), nullable=False),
    sa.Column("first_at", sa.DateTime(), nullable=False),
    sa.Column("last_at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("log", "code", name="pk_alarm")
    )
    op.create_table("audit_end",
    sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("chain", sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_audit_end")
    )
    op.create_table("audit_entry",
    sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
    sa.Column("at", sa.DateTime(), nullable=False),
    sa.Column("iss", ASCII, nullable=False),
    sa.Column("sub", ASCII, nullable=False),
    sa.Column("act", ASCII, nullable=False),
    sa.Column("subject", ASCII, nullable=False),
    sa.Column("chain", sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint("seq", name="pk_audit_entry")
    )
    op.create_index("audit_by_subject", "audit_entry", ["subject", "seq"], unique=False)

    op.create_table("body",
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("sort_key", ASCII, nullable=False),
    sa.Column("until", sa.Date(), nullable=True),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("revision", sa.Integer(), nullable=False),
    sa.Column("changed_at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_body")
    )
    op.create_index("body_by_name", "body", ["sort_key", "committee_id", "id"], unique=False)

    op.create_table("copy",
    sa.Column("record", ASCII, nullable=False),
    sa.Column("channel", ASCII, nullable=False),
    sa.Column("log", ASCII, nullable=False),
    sa.Column("epoch", ASCII, nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("op", ASCII, nullable=False),
    sa.Column("schema", ASCII, nullable=False),
    sa.Column("state", ASCII, nullable=False),
    sa.Column("applied_at", sa.DateTime(), nullable=False),
    sa.Column("swept_at", sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint("record", "channel", name="pk_copy")
    )
    op.create_index("copy_by_log", "copy", ["log", "epoch"], unique=False)
    op.create_index("copy_by_state", "copy", ["state"], unique=False)

    op.create_table("dead_letter",
    sa.Column("log", ASCII, nullable=False),
    sa.Column("epoch", ASCII, nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("record", ASCII, nullable=False),
    sa.Column("error", sa.Text(), nullable=False),
    sa.Column("at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("log", "epoch", "seq", name="pk_dead_letter")
    )
    op.create_index("ix_dead_letter_record", "dead_letter", ["record"], unique=False)

    op.create_table("followed",
    sa.Column("log", ASCII, nullable=False),
    sa.Column("owner", ASCII, nullable=False),
    sa.Column("state", sa.String(40), nullable=False),
    sa.PrimaryKeyConstraint("log", name="pk_followed")
    )
    op.create_index("ix_followed_owner", "followed", ["owner"], unique=False)

    op.create_table("idempotency_key",
    sa.Column("iss", ASCII, nullable=False),
    sa.Column("sub", ASCII, nullable=False),
    sa.Column("key", ASCII, nullable=False),
    sa.Column("digest", ASCII, nullable=False),
    sa.Column("answer", sa.LargeBinary(), nullable=False),
    sa.Column("kept_until", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("iss", "sub", "key", name="pk_idempotency_key")
    )
    op.create_index("ix_idempotency_key_kept_until", "idempotency_key", ["kept_until"], unique=False)

    op.create_table("incoming_request",
    sa.Column("answer_id", ASCII, nullable=True),
    sa.Column("state", sa.String(40), nullable=False),
    sa.Column("code", ASCII, nullable=True),
    sa.Column("reason_zh", sa.String(), nullable=True),
    sa.Column("reason_en", sa.String(), nullable=True),
    sa.Column("result_id", ASCII, nullable=True),
    sa.Column("answered_at", sa.DateTime(), nullable=True),
    sa.Column("arrived_at", sa.DateTime(), nullable=False),
    sa.Column("tries", sa.Integer(), nullable=False),
    sa.Column("try_after", sa.DateTime(), nullable=True),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("to_id", ASCII, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("subject_id", ASCII, nullable=False),
    sa.Column("person_id", ASCII, nullable=True),
    sa.Column("person_name", sa.String(), nullable=True),
    sa.Column("text", sa.String(), nullable=True),
    sa.Column("detail", sa.String(), nullable=True),
    sa.Column("asked_at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_incoming_request")
    )
    op.create_index(
        "incoming_request_waiting", "incoming_request", ["state", "arrived_at", "asked_at", "id"], unique=False
    )
    op.create_index(
        "incoming_request_by_time", "incoming_request", ["asked_at", "committee_id", "id"], unique=False
    )

    op.create_table("left_epoch",
    sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
    sa.Column("epoch", ASCII, nullable=False),
    sa.Column("log", ASCII, nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("chain", sa.LargeBinary(), nullable=False),
    sa.Column("proof", sa.Text(), nullable=False),
    sa.Column("why", sa.Text(), nullable=False),
    sa.Column("at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_left_epoch")
    )
    op.create_table("org_unit",
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("sort_key", ASCII, nullable=False),
    sa.Column("sector", sa.String(40), nullable=True),
    sa.Column("parent_id", ASCII, nullable=True),
    sa.Column("since", sa.Date(), nullable=True),
    sa.Column("until", sa.Date(), nullable=True),
    sa.Column("merged_into_id", ASCII, nullable=True),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("shares", sa.Text(), nullable=False),
    sa.Column("revision", sa.Integer(), nullable=False),
    sa.Column("changed_at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_org_unit")
    )
    op.create_index("org_unit_by_kind", "org_unit", ["kind", "sort_key"], unique=False)
    op.create_index("org_unit_by_name", "org_unit", ["sort_key", "committee_id", "id"], unique=False)
    op.create_index("org_unit_by_parent", "org_unit", ["parent_id"], unique=False)

    op.create_table("outbox",
    sa.Column("channel", ASCII, nullable=False),
    sa.Column("epoch", ASCII, nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    sa.Column("chain", sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint("channel", "epoch", "seq", name="pk_outbox")
    )
    op.create_table("own_life",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("epoch", ASCII, nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_own_life")
    )
    op.create_table("own_log",
    sa.Column("channel", ASCII, nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("chain", sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint("channel", name="pk_own_log")
    )
    op.create_table("person",
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("sort_key", ASCII, nullable=False),
    sa.Column("tags", sa.Text(), nullable=False),
    sa.Column("gender", sa.String(40), nullable=True),
    sa.Column("birth_month", ASCII, nullable=True),
    sa.Column("work_phone", sa.String(), nullable=True),
    sa.Column("employer", sa.String(), nullable=True),
    sa.Column("roster_no", sa.String(), nullable=True),
    sa.Column("left_on", sa.Date(), nullable=True),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("revision", sa.Integer(), nullable=False),
    sa.Column("changed_at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_person"),
    sa.UniqueConstraint("roster_no", name="uq_person_roster_no")
    )
    op.create_index("person_by_name", "person", ["name", "birth_month"], unique=False)
    op.create_index("person_by_place", "person", ["sort_key", "committee_id", "id"], unique=False)

    op.create_table("reading",
    sa.Column("log", ASCII, nullable=False),
    sa.Column("owner", ASCII, nullable=False),
    sa.Column("epoch", ASCII, nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("chain", sa.LargeBinary(), nullable=False),
    sa.Column("proof", sa.Text(), nullable=False),
    sa.Column("trouble", ASCII, nullable=False),
    sa.Column("stashed", sa.Integer(), nullable=False),
    sa.Column("is_complete", sa.Boolean(), nullable=False),
    sa.Column("told_epoch", ASCII, nullable=False),
    sa.Column("told_seq", sa.Integer(), nullable=False),
    sa.Column("known_at", sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint("log", name="pk_reading")
    )
    op.create_index("ix_reading_owner", "reading", ["owner"], unique=False)

    op.create_table("received",
    sa.Column("log", ASCII, nullable=False),
    sa.Column("epoch", ASCII, nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    sa.Column("chain", sa.LargeBinary(), nullable=False),
    sa.Column("proof", sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint("log", "epoch", "seq", name="pk_received")
    )
    op.create_table("request",
    sa.Column("asked_by", ASCII, nullable=False),
    sa.Column("state", sa.String(40), nullable=False),
    sa.Column("code", ASCII, nullable=True),
    sa.Column("reason_zh", sa.String(), nullable=True),
    sa.Column("reason_en", sa.String(), nullable=True),
    sa.Column("result_id", ASCII, nullable=True),
    sa.Column("answered_at", sa.DateTime(), nullable=True),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("to_id", ASCII, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("subject_id", ASCII, nullable=False),
    sa.Column("person_id", ASCII, nullable=True),
    sa.Column("person_name", sa.String(), nullable=True),
    sa.Column("text", sa.String(), nullable=True),
    sa.Column("detail", sa.String(), nullable=True),
    sa.Column("asked_at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_request")
    )
    op.create_index("request_by_subject", "request", ["subject_id", "person_id", "kind"], unique=False)
    op.create_index("request_by_time", "request", ["asked_at", "committee_id", "id"], unique=False)

    op.create_table("roster_batch",
    sa.Column("id", ASCII, nullable=False),
    sa.Column("by", ASCII, nullable=False),
    sa.Column("at", sa.DateTime(), nullable=False),
    sa.Column("file_name", sa.String(), nullable=False),
    sa.Column("heads", sa.Text(), nullable=False),
    sa.Column("state", sa.String(40), nullable=False),
    sa.Column("digest", ASCII, nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_roster_batch")
    )
    op.create_index("ix_roster_batch_at", "roster_batch", ["at"], unique=False)

    op.create_table("salvaged",
    sa.Column("log", ASCII, nullable=False),
    sa.Column("epoch", ASCII, nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    sa.Column("proof", sa.Text(), nullable=False),
    sa.Column("at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("log", "epoch", "seq", name="pk_salvaged")
    )
    op.create_table("search_text",
    sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("kind", ASCII, nullable=False),
    sa.Column("text", sa.String(), nullable=False),
    sa.PrimaryKeyConstraint("seq", name="pk_search_text"),
    sa.UniqueConstraint("id", name="uq_search_text_id"),
    sqlite_autoincrement=True
    )
    op.create_index("ix_search_text_kind", "search_text", ["kind"], unique=False)

    op.create_table("seen_activity",
    sa.Column("title", sa.String(), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("format", sa.String(40), nullable=False),
    sa.Column("state", sa.String(40), nullable=False),
    sa.Column("starts_at", sa.DateTime(), nullable=False),
    sa.Column("ends_at", sa.DateTime(), nullable=True),
    sa.Column("place", sa.String(), nullable=False),
    sa.Column("venue_id", ASCII, nullable=True),
    sa.Column("host_ids", sa.Text(), nullable=False),
    sa.Column("mechanism_id", ASCII, nullable=True),
    sa.Column("series", sa.String(), nullable=True),
    sa.Column("issue_no", sa.Integer(), nullable=True),
    sa.Column("ordinal", sa.Integer(), nullable=True),
    sa.Column("organizer", sa.String(), nullable=False),
    sa.Column("capacity", sa.Integer(), nullable=True),
    sa.Column("sign_up_until", sa.DateTime(), nullable=True),
    sa.Column("leader_present", sa.Boolean(), nullable=True),
    sa.Column("members_present", sa.Integer(), nullable=True),
    sa.Column("headcount", sa.Integer(), nullable=True),
    sa.Column("suggestions", sa.Text(), nullable=True),
    sa.Column("report", sa.String(), nullable=True),
    sa.Column("backfilled", sa.Boolean(), nullable=False),
    sa.Column("change_note", sa.String(), nullable=True),
    sa.Column("revision", sa.Integer(), nullable=False),
    sa.Column("changed_at", sa.DateTime(), nullable=False),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("channels", sa.Text(), nullable=False),
    sa.Column("as_of", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_seen_activity")
    )
    op.create_index("ix_seen_activity_committee_id", "seen_activity", ["committee_id"], unique=False)
    op.create_index("seen_activity_by_change", "seen_activity", ["changed_at", "committee_id", "id"], unique=False)
    op.create_index("seen_activity_by_owner", "seen_activity", ["committee_id", "starts_at", "id"], unique=False)
    op.create_index("seen_activity_by_start", "seen_activity", ["starts_at", "committee_id", "id"], unique=False)

    op.create_table("seen_participation",
    sa.Column("activity_id", ASCII, nullable=False),
    sa.Column("person_id", ASCII, nullable=True),
    sa.Column("home_id", ASCII, nullable=True),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("state", sa.String(40), nullable=False),
    sa.Column("checked_in_at", sa.DateTime(), nullable=True),
    sa.Column("checked_out_at", sa.DateTime(), nullable=True),
    sa.Column("reason", sa.String(), nullable=True),
    sa.Column("revision", sa.Integer(), nullable=False),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("channels", sa.Text(), nullable=False),
    sa.Column("as_of", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_seen_participation")
    )
    op.create_index("ix_seen_participation_committee_id", "seen_participation", ["committee_id"], unique=False)
    op.create_index("seen_participation_by_person", "seen_participation", ["person_id", "activity_id"], unique=False)

    op.create_table("seen_unit",
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("sort_key", ASCII, nullable=False),
    sa.Column("sector", sa.String(40), nullable=True),
    sa.Column("parent_id", ASCII, nullable=True),
    sa.Column("since", sa.Date(), nullable=True),
    sa.Column("until", sa.Date(), nullable=True),
    sa.Column("merged_into_id", ASCII, nullable=True),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("channels", sa.Text(), nullable=False),
    sa.Column("as_of", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_seen_unit")
    )
    op.create_index("ix_seen_unit_committee_id", "seen_unit", ["committee_id"], unique=False)
    op.create_index("seen_unit_by_name", "seen_unit", ["sort_key", "committee_id", "id"], unique=False)

    op.create_table("seen_value",
    sa.Column("indicator", sa.String(40), nullable=False),
    sa.Column("month", ASCII, nullable=False),
    sa.Column("days", sa.Text(), nullable=False),
    sa.Column("joint_ids", sa.Text(), nullable=True),
    sa.Column("watermark", sa.BigInteger(), nullable=False),
    sa.Column("computed_at", sa.DateTime(), nullable=False),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("channels", sa.Text(), nullable=False),
    sa.Column("as_of", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_seen_value"),
    sa.UniqueConstraint("committee_id", "indicator", "month", name="uq_seen_value_committee_id_indicator_month")
    )
    op.create_index("ix_seen_value_committee_id", "seen_value", ["committee_id"], unique=False)

    op.create_table("seen_venue",
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("sort_key", ASCII, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("type", sa.String(40), nullable=True),
    sa.Column("brand", sa.String(), nullable=True),
    sa.Column("state", sa.String(40), nullable=False),
    sa.Column("area", sa.String(), nullable=True),
    sa.Column("area_id", ASCII, nullable=True),
    sa.Column("address", sa.String(), nullable=False),
    sa.Column("seats", sa.Integer(), nullable=True),
    sa.Column("opened_on", sa.Date(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("parent_id", ASCII, nullable=True),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("channels", sa.Text(), nullable=False),
    sa.Column("as_of", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_seen_venue")
    )
    op.create_index("ix_seen_venue_committee_id", "seen_venue", ["committee_id"], unique=False)
    op.create_index("seen_venue_by_name", "seen_venue", ["sort_key", "committee_id", "id"], unique=False)

    op.create_table("shared_out",
    sa.Column("record", ASCII, nullable=False),
    sa.Column("channel", ASCII, nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("is_shared", sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint("record", "channel", name="pk_shared_out")
    )
    op.create_table("sign_in_tries",
    sa.Column("digest", ASCII, nullable=False),
    sa.Column("failures", sa.Integer(), nullable=False),
    sa.Column("failed_at", sa.DateTime(), nullable=False),
    sa.Column("locked_until", sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint("digest", name="pk_sign_in_tries")
    )
    op.create_index("ix_sign_in_tries_failed_at", "sign_in_tries", ["failed_at"], unique=False)

    op.create_table("stash",
    sa.Column("log", ASCII, nullable=False),
    sa.Column("epoch", ASCII, nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    sa.Column("proof", sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint("log", "epoch", "seq", name="pk_stash")
    )
    op.create_table("used_code",
    sa.Column("jti", ASCII, nullable=False),
    sa.Column("activity_id", ASCII, nullable=False),
    sa.Column("at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("jti", "activity_id", name="pk_used_code")
    )
    op.create_table("value",
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("indicator", sa.String(40), nullable=False),
    sa.Column("month", ASCII, nullable=False),
    sa.Column("days", sa.Text(), nullable=False),
    sa.Column("joint_ids", sa.Text(), nullable=True),
    sa.Column("watermark", sa.BigInteger(), nullable=False),
    sa.Column("computed_at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_value"),
    sa.UniqueConstraint("indicator", "month", name="uq_value_indicator_month")
    )
    op.create_table("venue",
    sa.Column("contact_name", sa.String(), nullable=True),
    sa.Column("contact_phone", sa.String(), nullable=True),
    sa.Column("qr_token", ASCII, nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("sort_key", ASCII, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("type", sa.String(40), nullable=True),
    sa.Column("brand", sa.String(), nullable=True),
    sa.Column("state", sa.String(40), nullable=False),
    sa.Column("area", sa.String(), nullable=True),
    sa.Column("area_id", ASCII, nullable=True),
    sa.Column("address", sa.String(), nullable=False),
    sa.Column("seats", sa.Integer(), nullable=True),
    sa.Column("opened_on", sa.Date(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("parent_id", ASCII, nullable=True),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("shares", sa.Text(), nullable=False),
    sa.Column("revision", sa.Integer(), nullable=False),
    sa.Column("changed_at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_venue"),
    sa.UniqueConstraint("qr_token", name="uq_venue_qr_token")
    )
    op.create_index("venue_by_area", "venue", ["area_id", "kind", "state"], unique=False)
    op.create_index("venue_by_name", "venue", ["sort_key", "committee_id", "id"], unique=False)
    op.create_index("venue_by_seats", "venue", ["seats", "committee_id", "id"], unique=False)

    op.create_table("browser_session",
    sa.Column("digest", ASCII, nullable=False),
    sa.Column("account_id", ASCII, nullable=False),
    sa.Column("created_at", sa.DateTime(), nullable=False),
    sa.Column("seen_at", sa.DateTime(), nullable=False),
    sa.Column("csrf", sa.String(), nullable=False),
    sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_browser_session_account_id"),
    sa.PrimaryKeyConstraint("digest", name="pk_browser_session")
    )
    op.create_index("ix_browser_session_account_id", "browser_session", ["account_id"], unique=False)
    op.create_index("ix_browser_session_seen_at", "browser_session", ["seen_at"], unique=False)

    op.create_table("membership",
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("state", sa.String(40), nullable=False),
    sa.Column("person_id", ASCII, nullable=True),
    sa.Column("holder_unit_id", ASCII, nullable=True),
    sa.Column("unit_id", ASCII, nullable=True),
    sa.Column("body_id", ASCII, nullable=True),
    sa.Column("title", sa.String(), nullable=True),
    sa.Column("term", sa.Integer(), nullable=True),
    sa.Column("sector", sa.String(40), nullable=True),
    sa.Column("party", sa.String(40), nullable=True),
    sa.Column("since", sa.Date(), nullable=True),
    sa.Column("until", sa.Date(), nullable=True),
    sa.Column("entry", sa.String(40), nullable=True),
    sa.Column("decided_by", sa.String(), nullable=True),
    sa.Column("decided_on", sa.Date(), nullable=True),
    sa.Column("ending", sa.String(40), nullable=True),
    sa.Column("ended_by", sa.String(), nullable=True),
    sa.Column("ended_on", sa.Date(), nullable=True),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("revision", sa.Integer(), nullable=False),
    sa.Column("changed_at", sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(["body_id"], ["body.id"], name="fk_membership_body_id"),
    sa.ForeignKeyConstraint(["holder_unit_id"], ["org_unit.id"], name="fk_membership_holder_unit_id"),
    sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_membership_person_id"),
    sa.ForeignKeyConstraint(["unit_id"], ["org_unit.id"], name="fk_membership_unit_id"),
    sa.PrimaryKeyConstraint("id", name="pk_membership")
    )
    op.create_index("ix_membership_body_id", "membership", ["body_id"], unique=False)
    op.create_index("ix_membership_holder_unit_id", "membership", ["holder_unit_id"], unique=False)
    op.create_index("ix_membership_person_id", "membership", ["person_id"], unique=False)
    op.create_index("membership_by_seat", "membership", ["kind", "unit_id", "term", "sector", "person_id"], unique=False)
    op.create_index("membership_by_unit", "membership", ["unit_id", "kind", "person_id"], unique=False)

    op.create_table("participation",
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("activity_id", ASCII, nullable=False),
    sa.Column("participant", ASCII, nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("must_answer", sa.Boolean(), nullable=False),
    sa.Column("leave", sa.String(40), nullable=True),
    sa.Column("recorded_by", ASCII, nullable=False),
    sa.Column("changed_at", sa.DateTime(), nullable=False),
    sa.Column("queued_at", sa.DateTime(), nullable=False),
    sa.Column("person_id", ASCII, nullable=True),
    sa.Column("home_id", ASCII, nullable=True),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("state", sa.String(40), nullable=False),
    sa.Column("checked_in_at", sa.DateTime(), nullable=True),
    sa.Column("checked_out_at", sa.DateTime(), nullable=True),
    sa.Column("reason", sa.String(), nullable=True),
    sa.Column("revision", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name="fk_participation_activity_id"),
    sa.PrimaryKeyConstraint("id", name="pk_participation"),
    sa.UniqueConstraint("activity_id", "participant", name="uq_participation_activity_id_participant")
    )
    op.create_index("participation_by_person", "participation", ["person_id", "activity_id"], unique=False)
    op.create_index("participation_by_state", "participation", ["activity_id", "state", "queued_at"], unique=False)

    op.create_table("person_tag",
    sa.Column("tag", sa.String(), nullable=False),
    sa.Column("person_id", ASCII, nullable=False),
    sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_tag_person_id", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("tag", "person_id", name="pk_person_tag")
    )
    op.create_table("roster_line",
    sa.Column("batch_id", ASCII, nullable=False),
    sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("roster_no", sa.String(), nullable=True),
    sa.Column("birth_month", ASCII, nullable=True),
    sa.Column("verdict", sa.String(40), nullable=False),
    sa.Column("reason", sa.String(), nullable=True),
    sa.Column("cells", sa.Text(), nullable=False),
    sa.Column("plan", sa.LargeBinary(), nullable=False),
    sa.Column("person_id", ASCII, nullable=True),
    sa.Column("revision", sa.Integer(), nullable=True),
    sa.Column("before", sa.LargeBinary(), nullable=True),
    sa.Column("is_open", sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(["batch_id"], ["roster_batch.id"], name="fk_roster_line_batch_id", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("batch_id", "number", name="pk_roster_line")
    )
    op.create_index("roster_line_by_person", "roster_line", ["batch_id", "person_id"], unique=False)
    op.create_index("roster_line_open", "roster_line", ["batch_id", "is_open", "number"], unique=False)

    op.create_table("venue_space",
    sa.Column("id", ASCII, nullable=False),
    sa.Column("venue_id", ASCII, nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("capacity", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_venue_space_venue_id"),
    sa.PrimaryKeyConstraint("id", name="pk_venue_space")
    )
    op.create_index("ix_venue_space_venue_id", "venue_space", ["venue_id"], unique=False)

    op.create_table("gateway_code",
    sa.Column("digest", ASCII, nullable=False),
    sa.Column("session_digest", ASCII, nullable=False),
    sa.Column("gateway", ASCII, nullable=False),
    sa.Column("expires_at", sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(["session_digest"], ["browser_session.digest"], name="fk_gateway_code_session_digest", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("digest", name="pk_gateway_code")
    )
    op.create_index("ix_gateway_code_session_digest", "gateway_code", ["session_digest"], unique=False)

    op.create_table("gateway_grant",
    sa.Column("digest", ASCII, nullable=False),
    sa.Column("session_digest", ASCII, nullable=False),
    sa.Column("gateway", ASCII, nullable=False),
    sa.ForeignKeyConstraint(["session_digest"], ["browser_session.digest"], name="fk_gateway_grant_session_digest", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("digest", name="pk_gateway_grant")
    )
    op.create_index("ix_gateway_grant_session_digest", "gateway_grant", ["session_digest"], unique=False)
    for statement in SEARCH_PAIRS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE search_pairs")
    for table in (
        "gateway_grant",
        "gateway_code",
        "venue_space",
        "roster_line",
        "person_tag",
        "participation",
        "membership",
        "browser_session",
        "venue",
        "value",
        "used_code",
        "stash",
        "sign_in_tries",
        "shared_out",
        "seen_venue",
        "seen_value",
        "seen_unit",
        "seen_participation",
        "seen_activity",
        "search_text",
        "salvaged",
        "roster_batch",
        "request",
        "received",
        "reading",
        "person",
        "own_log",
        "own_life",
        "outbox",
        "org_unit",
        "left_epoch",
        "incoming_request",
        "idempotency_key",
        "followed",
        "dead_letter",
        "copy",
        "body",
        "audit_entry",
        "audit_end",
        "alarm",
        "activity",
        "account",
    ):
        op.drop_table(table)
