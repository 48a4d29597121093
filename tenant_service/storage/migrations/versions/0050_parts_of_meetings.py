"""A meeting has parts, groups and seats; members start meetings; some are held again and again."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    for table in ("activity", "seen_activity"):
        op.add_column(table, sa.Column("parent_id", _ascii(), nullable=True))
        op.add_column(table, sa.Column("part", sa.String(40), nullable=True))
        op.add_column(table, sa.Column("is_by_member", sa.Boolean(), nullable=False, server_default=sa.false()))
        op.add_column(table, sa.Column("recurrence", sa.String(), nullable=True))
    op.add_column("activity", sa.Column("initiated_by", _ascii(), nullable=True))
    op.add_column("activity", sa.Column("papers_open", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("activity", sa.Column("root_id", _ascii(), nullable=True))
    op.create_index("activity_by_parent", "activity", ["parent_id", "starts_at"])
    op.create_index("activity_by_root", "activity", ["root_id", "starts_at"])
    for column in ("group_name", "seat"):
        op.add_column("participation", sa.Column(column, sa.String(), nullable=True))


def downgrade() -> None:
    for column in ("group_name", "seat"):
        op.drop_column("participation", column)
    for index in ("activity_by_parent", "activity_by_root"):
        op.drop_index(index, "activity")
    for column in ("initiated_by", "papers_open", "root_id"):
        op.drop_column("activity", column)
    for table in ("activity", "seen_activity"):
        for column in ("parent_id", "part", "is_by_member", "recurrence"):
            op.drop_column(table, column)
