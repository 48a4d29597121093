"""What was counted is told apart by mechanism."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = ("mechanism_days", "mechanism_joint_ids")


def upgrade() -> None:
    # Null until it is counted anew: then it differs from what was told, and is told once more.
    for table in ("value", "seen_value"):
        for column in COLUMNS:
            op.add_column(table, sa.Column(column, sa.Text(), nullable=True))


def downgrade() -> None:
    for table in ("value", "seen_value"):
        for column in COLUMNS:
            op.drop_column(table, column)
