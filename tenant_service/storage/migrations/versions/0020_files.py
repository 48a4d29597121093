"""Files that are attached to records, and their bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "file_bytes",
        sa.Column("digest", _ascii(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_file_bytes"),
    )
    op.create_table(
        "file",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("subject", _ascii(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("digest", _ascii(), nullable=False),
        sa.Column("by_reporter", sa.Boolean(), nullable=False),
        sa.Column("sub", _ascii(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["file_bytes.digest"], name="fk_file_digest"),
        sa.PrimaryKeyConstraint("id", name="pk_file"),
    )
    op.create_index("file_by_subject", "file", ["subject", "added_at"])
    op.create_index("file_by_day", "file", ["added_on", "sub"])
    op.create_index("ix_file_digest", "file", ["digest"])


def downgrade() -> None:
    op.drop_table("file")
    op.drop_table("file_bytes")
