"""Files of bodies are files of lists like all others; what was previewed before is read again."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("body_batch")


def downgrade() -> None:
    ascii_ = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")
    op.create_table(
        "body_batch", sa.Column("id", ascii_, nullable=False), sa.Column("by", ascii_, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False), sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("heads", sa.Text(), nullable=False), sa.Column("state", sa.String(40), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False), sa.PrimaryKeyConstraint("id", name="pk_body_batch"),
    )  # fmt: skip
    op.create_index("ix_body_batch_at", "body_batch", ["at"])
