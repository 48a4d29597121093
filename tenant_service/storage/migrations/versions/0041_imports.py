"""Files of lists that come in from spreadsheets."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "import_file",
        sa.Column("id", _ascii(), nullable=False), sa.Column("sheet", _ascii(), nullable=False),
        sa.Column("by", _ascii(), nullable=False), sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False), sa.Column("heads", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False), sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_file"),
    )  # fmt: skip
    op.create_index("ix_import_file_at", "import_file", ["at"])


def downgrade() -> None:
    op.drop_table("import_file")
