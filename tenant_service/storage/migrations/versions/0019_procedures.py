"""Versions of procedures, ours and copies of others'."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def _told() -> list[sa.Column[object]]:
    lists = ("codes", "names", "stages", "workdays", "needs", "papers", "roles")
    steps: list[sa.Column[object]] = [sa.Column(f"step_{each}", sa.Text(), nullable=False) for each in lists]
    return [
        sa.Column("id", _ascii(), nullable=False), sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("code", _ascii(), nullable=False), sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False), sa.Column("use", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        *steps,
        sa.Column("note", sa.String(), nullable=True), sa.Column("origin_id", _ascii(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True), sa.Column("until", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False), sa.Column("changed_at", sa.DateTime(), nullable=False),
    ]  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "procedure", *_told(),
        sa.Column("shares", sa.Text(), nullable=False), sa.Column("drafted_by", _ascii(), nullable=False),
        sa.Column("signed_by", _ascii(), nullable=True), sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_procedure"),
        sa.UniqueConstraint("code", "version", name="uq_procedure_code"),
    )  # fmt: skip
    op.create_index("procedure_by_change", "procedure", ["changed_at", "committee_id", "id"])
    op.create_index("procedure_by_code", "procedure", ["code", "committee_id", "id"])
    op.create_index("procedure_by_use", "procedure", ["use", "state"])
    op.create_table(
        "seen_procedure", *_told(),
        sa.Column("channels", sa.Text(), nullable=False), sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seen_procedure"),
    )  # fmt: skip
    op.create_index("seen_procedure_by_change", "seen_procedure", ["changed_at", "committee_id", "id"])
    op.create_index("seen_procedure_by_code", "seen_procedure", ["code", "committee_id", "id"])
    op.create_index("ix_seen_procedure_committee_id", "seen_procedure", ["committee_id"])


def downgrade() -> None:
    op.drop_table("seen_procedure")
    op.drop_table("procedure")
