"""What was recognised: instructions, adoptions, cases, ours and copies of others'."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def _told() -> list[sa.Column[object]]:
    return [
        sa.Column("kind", sa.String(40), nullable=False), sa.Column("level", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False), sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", sa.String(), nullable=False), sa.Column("subject_id", _ascii(), nullable=True),
        sa.Column("favourable", sa.Boolean(), nullable=True), sa.Column("document", sa.String(), nullable=True),
        sa.Column("side", sa.String(), nullable=True), sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False), sa.Column("id", _ascii(), nullable=False),
        sa.Column("committee_id", _ascii(), nullable=False),
    ]  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "recognition", *_told(),
        sa.Column("shares", sa.Text(), nullable=False), sa.Column("drafted_by", _ascii(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recognition"),
    )  # fmt: skip
    op.create_index("recognition_by_day", "recognition", ["day", "committee_id", "id"])
    op.create_index("recognition_by_change", "recognition", ["changed_at", "committee_id", "id"])
    op.create_index("recognition_by_state", "recognition", ["state", "day"])
    op.create_index("ix_recognition_subject_id", "recognition", ["subject_id"])
    op.create_table(
        "seen_recognition", *_told(),
        sa.Column("channels", sa.Text(), nullable=False), sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seen_recognition"),
    )  # fmt: skip
    op.create_index("seen_recognition_by_day", "seen_recognition", ["day", "committee_id", "id"])
    op.create_index("seen_recognition_by_change", "seen_recognition", ["changed_at", "committee_id", "id"])
    op.create_index("ix_seen_recognition_committee_id", "seen_recognition", ["committee_id"])
    op.create_index("ix_seen_recognition_subject_id", "seen_recognition", ["subject_id"])


def downgrade() -> None:
    op.drop_table("seen_recognition")
    op.drop_table("recognition")
