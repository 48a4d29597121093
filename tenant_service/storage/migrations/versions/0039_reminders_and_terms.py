"""What bodies are urged and reminded of, and last days that others took the place of."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None
HANDOVERS = ("handover", "seen_handover")


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "assignment_term",
        sa.Column("id", _ascii(), nullable=False), sa.Column("assignment_id", _ascii(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False), sa.Column("until", sa.Date(), nullable=False),
        sa.Column("because", sa.String(), nullable=True), sa.Column("document", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name="fk_assignment_term_assignment_id_assignment"),
        sa.PrimaryKeyConstraint("id", name="pk_assignment_term"),
    )  # fmt: skip
    for column in ("assignment_id", "until"):
        op.create_index(f"ix_assignment_term_{column}", "assignment_term", [column])
    op.create_table(
        "assignment_reminder",
        sa.Column("assignment_id", _ascii(), nullable=False), sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False), sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("text", sa.String(), nullable=False), sa.Column("urged_by", _ascii(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_assignment_reminder_assignment_id_assignment"
        ),
        sa.PrimaryKeyConstraint("assignment_id", "kind", "day", name="pk_assignment_reminder"),
    )  # fmt: skip
    for table in HANDOVERS:
        op.add_column(table, sa.Column("urged_on", sa.Date(), nullable=True))
        op.add_column(table, sa.Column("urging", sa.String(), nullable=True))


def downgrade() -> None:
    for table in HANDOVERS:
        with op.batch_alter_table(table) as changed:
            changed.drop_column("urging")
            changed.drop_column("urged_on")
    op.drop_table("assignment_reminder")
    op.drop_table("assignment_term")
