"""What personal data was shown or taken out, and how much of it an account was shown in a day."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("iss", _ascii(), nullable=False),
        sa.Column("sub", _ascii(), nullable=False),
        sa.Column("act", _ascii(), nullable=False),
        sa.Column("subject", _ascii(), nullable=False),
        sa.Column("field", _ascii(), nullable=True),
        sa.Column("purpose", _ascii(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_disclosure"),
    )
    op.create_index("ix_disclosure_at", "disclosure", ["at"])
    op.create_index("ix_disclosure_subject", "disclosure", ["subject"])
    op.create_table(
        "personal_read",
        sa.Column("iss", _ascii(), nullable=False),
        sa.Column("sub", _ascii(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("iss", "sub", "day", name="pk_personal_read"),
    )


def downgrade() -> None:
    op.drop_table("personal_read")
    op.drop_table("disclosure")
