"""Where items and assignments stand, and when they were done and replied to, is found by an index."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_INDEXES = (
    ("item_by_state", "item", ["state"]), ("item_by_done", "item", ["done_at"]),
    ("assignment_by_state", "assignment", ["state", "due_on"]),
    ("assignment_by_reply", "assignment", ["replied_at"]),
)  # fmt: skip


def upgrade() -> None:
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _ in _INDEXES:
        op.drop_index(name, table)
