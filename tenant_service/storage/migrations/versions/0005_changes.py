"""What changed is listed, for those who want to hear of it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ASCII = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    # The running release writes none of these rows: until it is replaced, what it changes is not told.
    op.create_table(
        "change",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark", ASCII, nullable=False),
        sa.Column("record", ASCII, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.Column("was_open", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_change"),
    )
    op.create_index("change_by_age", "change", ["at"])
    op.create_table(
        "change_end",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("mark", ASCII, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change_end"),
    )


def downgrade() -> None:
    op.drop_table("change_end")
    op.drop_index("change_by_age", "change")
    op.drop_table("change")
