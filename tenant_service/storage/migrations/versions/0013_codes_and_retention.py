"""Check-in codes that people were shown, and what each rule of retention last dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "issued_code",
        sa.Column("person_id", _ascii(), nullable=False),
        sa.Column("activity_id", _ascii(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "activity_id", "day", name="pk_issued_code"),
    )
    op.create_index("ix_issued_code_until", "issued_code", ["until"])
    op.create_table(
        "retention_run",
        sa.Column("rule", _ascii(), nullable=False),
        sa.Column("ran_at", sa.DateTime(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("emptied_at", sa.DateTime(), nullable=True),
        sa.Column("emptied", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rule", name="pk_retention_run"),
    )


def downgrade() -> None:
    op.drop_table("retention_run")
    op.drop_table("issued_code")
