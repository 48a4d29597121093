"""Letters that answer proposals, and what a proposal knows of its rounds."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("proposal", sa.Column("rate_workdays", sa.Integer(), nullable=True))
    op.add_column("proposal", sa.Column("again_at", sa.DateTime(), nullable=True))
    op.create_table(
        "assignment_letter",
        sa.Column("assignment_id", _ascii(), nullable=False), sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False), sa.Column("signed_by", sa.String(), nullable=True),
        sa.Column("handler", sa.String(), nullable=True), sa.Column("phone", sa.String(), nullable=True),
        sa.Column("talked", sa.String(40), nullable=False), sa.Column("talked_on", sa.Date(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False), sa.Column("text", sa.String(), nullable=False),
        sa.Column("reply_class", sa.String(40), nullable=False), sa.Column("replied_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name="fk_assignment_letter_assignment_id"
        ),
        sa.PrimaryKeyConstraint("assignment_id", "seq", name="pk_assignment_letter"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("assignment_letter")
    with op.batch_alter_table("proposal") as table:
        table.drop_column("again_at")
        table.drop_column("rate_workdays")
