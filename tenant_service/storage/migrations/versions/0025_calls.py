"""Calls to departments, ours and copies of others', with what each body answered."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def _told() -> list[sa.Column[object]]:
    return [
        sa.Column("id", _ascii(), nullable=False), sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("caller", sa.String(), nullable=False), sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False), sa.Column("answer_by", sa.DateTime(), nullable=False),
        sa.Column("about_id", _ascii(), nullable=True), sa.Column("called", sa.Integer(), nullable=True),
        sa.Column("coming", sa.Integer(), nullable=True), sa.Column("declined", sa.Integer(), nullable=True),
        sa.Column("cancelled_because", sa.String(), nullable=True), sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
    ]  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "call", *_told(), sa.Column("shares", sa.Text(), nullable=False), sa.Column("place", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call"),
    )  # fmt: skip
    op.create_table(
        "seen_call", *_told(), sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=False), sa.PrimaryKeyConstraint("id", name="pk_seen_call"),
    )  # fmt: skip
    op.create_index("ix_seen_call_committee_id", "seen_call", ["committee_id"])
    for table in ("call", "seen_call"):
        op.create_index(f"{table}_by_change", table, ["changed_at", "committee_id", "id"])
        op.create_index(f"{table}_by_answer", table, ["answer_by", "committee_id", "id"])
    op.create_table(
        "call_answer",
        sa.Column("call_id", _ascii(), nullable=False), sa.Column("body_id", _ascii(), nullable=False),
        sa.Column("body", sa.String(), nullable=False), sa.Column("comes", sa.Boolean(), nullable=True),
        sa.Column("because", sa.String(), nullable=True), sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_answer_call_id_call"),
        sa.PrimaryKeyConstraint("call_id", "body_id", name="pk_call_answer"),
    )  # fmt: skip
    op.create_index("ix_call_answer_body_id", "call_answer", ["body_id"])


def downgrade() -> None:
    for table in ("call_answer", "seen_call", "call"):
        op.drop_table(table)
