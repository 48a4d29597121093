"""Whose assignments a body takes, and the bodies of other committees that take ours."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("body", sa.Column("shares", sa.Text(), nullable=False, server_default="[]"))
    op.create_table(
        "seen_body",
        sa.Column("id", _ascii(), nullable=False), sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False), sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_key", _ascii(), nullable=False), sa.Column("until", sa.Date(), nullable=True),
        sa.Column("channels", sa.Text(), nullable=False), sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seen_body"),
    )  # fmt: skip
    op.create_index("ix_seen_body_committee_id", "seen_body", ["committee_id"])


def downgrade() -> None:
    op.drop_table("seen_body")
    with op.batch_alter_table("body") as batch:
        batch.drop_column("shares")
