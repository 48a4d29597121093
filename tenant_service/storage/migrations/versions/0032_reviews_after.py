"""事后审核: acts that left at once, and where their reviews stand."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "act_review",
        sa.Column("id", _ascii(), nullable=False), sa.Column("subject", _ascii(), nullable=False),
        sa.Column("act", sa.String(40), nullable=False), sa.Column("state", sa.String(40), nullable=False),
        sa.Column("did_by", _ascii(), nullable=False), sa.Column("did_at", sa.DateTime(), nullable=False),
        sa.Column("because", sa.String(), nullable=True), sa.PrimaryKeyConstraint("id", name="pk_act_review"),
    )  # fmt: skip
    op.create_index("ix_act_review_subject", "act_review", ["subject"])
    op.create_index("act_review_by_state", "act_review", ["state", "act"])
    op.create_index("act_review_by_who", "act_review", ["did_by", "state"])


def downgrade() -> None:
    op.drop_table("act_review")
