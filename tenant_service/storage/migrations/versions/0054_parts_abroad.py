"""Parts of other committees' meetings are found by their meeting."""

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("seen_activity_by_parent", "seen_activity", ["parent_id"])


def downgrade() -> None:
    op.drop_index("seen_activity_by_parent", "seen_activity")
