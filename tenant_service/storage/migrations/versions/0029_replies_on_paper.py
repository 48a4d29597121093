"""What bodies without an account said on paper, entered by the office."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    who = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")
    op.add_column("assignment", sa.Column("paper_on", sa.Date(), nullable=True))
    op.add_column("assignment", sa.Column("paper_number", sa.String(), nullable=True))
    op.add_column("assignment", sa.Column("paper_by", who, nullable=True))


def downgrade() -> None:
    for column in ("paper_by", "paper_number", "paper_on"):
        op.drop_column("assignment", column)
