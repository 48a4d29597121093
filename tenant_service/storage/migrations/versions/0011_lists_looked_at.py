"""Whose lists an account was shown on a day: a desk that is opened again counts nobody twice."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "personal_list_read",
        sa.Column("iss", _ascii(), nullable=False),
        sa.Column("sub", _ascii(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("list_id", _ascii(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("iss", "sub", "day", "list_id", name="pk_personal_list_read"),
    )


def downgrade() -> None:
    op.drop_table("personal_list_read")
