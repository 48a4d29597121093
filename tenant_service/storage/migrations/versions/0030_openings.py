"""Totals from before the platform, the day it was taken into use, and what of a value was imported."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    for table in ("value", "seen_value"):
        op.add_column(table, sa.Column("imported", sa.Text(), nullable=True))
    op.create_table(
        "opening",
        sa.Column("id", _ascii(), nullable=False), sa.Column("indicator", sa.String(40), nullable=False),
        sa.Column("kind", _ascii(), nullable=False), sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False), sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False), sa.Column("corrects_id", _ascii(), nullable=True),
        sa.Column("because", sa.String(), nullable=True), sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_because", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False), sa.Column("approval", sa.String(40), nullable=False),
        sa.Column("drafted_by", _ascii(), nullable=False), sa.Column("signed_by", _ascii(), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True), sa.Column("returned_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["corrects_id"], ["opening.id"], name="fk_opening_corrects_id_opening"),
        sa.PrimaryKeyConstraint("id", name="pk_opening"),
    )  # fmt: skip
    op.create_index("opening_by_days", "opening", ["indicator", "since", "until"])
    op.create_index("opening_by_approval", "opening", ["approval", "changed_at"])
    op.create_index("opening_by_correction", "opening", ["corrects_id"])
    op.create_index("opening_by_change", "opening", ["changed_at"])
    op.create_table(
        "platform_start",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_platform_start"),
    )  # fmt: skip


def downgrade() -> None:
    for table in ("platform_start", "opening"):
        op.drop_table(table)
    for table in ("value", "seen_value"):
        op.drop_column(table, "imported")
