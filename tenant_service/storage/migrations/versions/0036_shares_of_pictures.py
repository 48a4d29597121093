"""How many pictures of reporters came by one door, network and device in a day."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "topic_picture_share",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("came_by", _ascii(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "came_by", name="pk_topic_picture_share"),
    )


def downgrade() -> None:
    op.drop_table("topic_picture_share")
