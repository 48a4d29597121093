"""Readers confirm what they applied, what the hub holds is remembered, and what went wrong with a log is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ASCII = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("channel", ASCII, nullable=False),
        sa.Column("reader", ASCII, nullable=False),
        sa.Column("epoch", ASCII, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "reader", name="pk_receipt"),
    )
    op.create_table(
        "hub_end",
        sa.Column("channel", ASCII, nullable=False),
        sa.Column("epoch", ASCII, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_hub_end"),
    )
    # The running release knows none of these columns, so what it writes must do without them.
    op.add_column("reading", sa.Column("naks", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("reading", sa.Column("quarantined", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("reading", sa.Column("trouble_since", sa.DateTime(), nullable=True))
    op.add_column("followed", sa.Column("since", sa.DateTime(), nullable=True))
    op.add_column("alarm", sa.Column("known_at", sa.DateTime(), nullable=True))
    op.add_column("alarm", sa.Column("known_by", ASCII, nullable=True))


def downgrade() -> None:
    for name in ("known_by", "known_at"):
        op.drop_column("alarm", name)
    op.drop_column("followed", "since")
    for name in ("trouble_since", "quarantined", "naks"):
        op.drop_column("reading", name)
    for name in ("hub_end", "receipt"):
        op.drop_table(name)
