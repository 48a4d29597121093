"""Reports, ours and copies of others', with their authors; and what was sent up to us."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def _told() -> list[sa.Column[object]]:
    return [
        sa.Column("kind", sa.String(40), nullable=False), sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False), sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True), sa.Column("issue", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(), nullable=True), sa.Column("suggestions", sa.Integer(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True), sa.Column("sent_to", _ascii(), nullable=True),
        sa.Column("authors", sa.Text(), nullable=True), sa.Column("text", sa.String(), nullable=True),
        sa.Column("advice", sa.Text(), nullable=True), sa.Column("adopted_as", sa.String(), nullable=True),
        sa.Column("outcome_because", sa.String(), nullable=True), sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False), sa.Column("id", _ascii(), nullable=False),
        sa.Column("committee_id", _ascii(), nullable=False),
    ]  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "report", *_told(),
        sa.Column("shares", sa.Text(), nullable=False), sa.Column("approval", sa.String(40), nullable=False),
        sa.Column("drafted_by", _ascii(), nullable=False), sa.Column("signed_by", _ascii(), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True), sa.Column("returned_because", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
    )  # fmt: skip
    op.create_index("report_by_year", "report", ["year", "committee_id", "id"])
    op.create_index("report_by_change", "report", ["changed_at", "committee_id", "id"])
    op.create_index("report_by_state", "report", ["state", "changed_at"])
    op.create_index("report_by_day", "report", ["signed_on", "kind"])
    op.create_index("report_by_issue", "report", ["year", "issue"], unique=True)
    op.create_table(
        "seen_report", *_told(),
        sa.Column("channels", sa.Text(), nullable=False), sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seen_report"),
    )  # fmt: skip
    op.create_index("seen_report_by_year", "seen_report", ["year", "committee_id", "id"])
    op.create_index("seen_report_by_change", "seen_report", ["changed_at", "committee_id", "id"])
    op.create_index("seen_report_by_receiver", "seen_report", ["sent_to", "changed_at"])
    op.create_index("ix_seen_report_committee_id", "seen_report", ["committee_id"])
    op.create_table(
        "report_author",
        sa.Column("report_id", _ascii(), nullable=False), sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("person_id", _ascii(), nullable=True), sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_report_author_report_id"),
        sa.PrimaryKeyConstraint("report_id", "seq", name="pk_report_author"),
    )  # fmt: skip
    op.create_index("ix_report_author_person_id", "report_author", ["person_id"])
    op.create_table(
        "report_intake",
        sa.Column("id", _ascii(), nullable=False), sa.Column("report_id", _ascii(), nullable=False),
        sa.Column("from_id", _ascii(), nullable=False), sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(), nullable=False), sa.Column("state", sa.String(40), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False), sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("number", sa.String(), nullable=True), sa.Column("because", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_intake"),
        sa.UniqueConstraint("report_id", name="uq_report_intake_report_id"),
    )  # fmt: skip
    op.create_index("report_intake_by_state", "report_intake", ["state", "changed_at"])


def downgrade() -> None:
    op.drop_table("report_intake")
    op.drop_table("report_author")
    op.drop_table("seen_report")
    op.drop_table("report")
