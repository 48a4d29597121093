"""Steps of records, links between them, and days that a committee put right."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "step_taken",
        sa.Column("subject", _ascii(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("act", _ascii(), nullable=False),
        sa.Column("was", _ascii(), nullable=True),
        sa.Column("now", _ascii(), nullable=False),
        sa.Column("iss", _ascii(), nullable=False),
        sa.Column("sub", _ascii(), nullable=False),
        sa.Column("because", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("subject", "seq", name="pk_step_taken"),
    )
    op.create_index("ix_step_taken_sub", "step_taken", ["sub"])
    op.create_table(
        "relation",
        sa.Column("source", _ascii(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("target", _ascii(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("sub", _ascii(), nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", "target", name="pk_relation"),
    )
    op.create_index("ix_relation_target", "relation", ["target"])
    op.create_table(
        "workday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_workday"),
    )


def downgrade() -> None:
    for table in ("workday", "relation", "step_taken"):
        op.drop_table(table)
