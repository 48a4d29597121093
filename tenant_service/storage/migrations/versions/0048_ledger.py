"""The ledger of what members did, and the years that are closed; lines for what was there before come at the start."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "ledger_line",
        sa.Column("id", _ascii(), nullable=False), sa.Column("person_id", _ascii(), nullable=False),
        sa.Column("subject", _ascii(), nullable=False), sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False), sa.Column("deed", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False), sa.Column("role", _ascii(), nullable=True),
        sa.Column("title", sa.String(), nullable=False), sa.Column("source", sa.String(40), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False), sa.Column("counters_id", _ascii(), nullable=True),
        sa.Column("note", sa.String(), nullable=True), sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("written_by", _ascii(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_line"),
        sa.UniqueConstraint("counters_id", name="uq_ledger_line_counters_id"),
        sa.UniqueConstraint("person_id", "subject", "seq", name="uq_ledger_line_person_id_subject_seq"),
    )  # fmt: skip
    op.create_index("ledger_line_by_person", "ledger_line", ["person_id", "day", "id"])
    op.create_index("ledger_line_by_subject", "ledger_line", ["subject", "person_id"])
    op.create_index("ledger_line_by_day", "ledger_line", ["day", "id"])
    op.create_table(
        "ledger_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=False), sa.Column("closed_by", _ascii(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_ledger_year"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("ledger_year")
    op.drop_table("ledger_line")
