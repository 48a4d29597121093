"""What became of a campaign's findings: how many were put right, and how many findings alone were checked."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("campaign", "seen_campaign"):
        for name in ("fixed", "findings_done"):
            op.add_column(table, sa.Column(name, sa.Integer(), nullable=True))


def downgrade() -> None:
    for table in ("campaign", "seen_campaign"):
        for name in ("fixed", "findings_done"):
            op.drop_column(table, name)
