"""What other committees say to our programmes."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "programme_answer",
        sa.Column("programme_id", _ascii(), nullable=False),
        sa.Column("by_id", _ascii(), nullable=False),
        sa.Column("joining", sa.String(40), nullable=False),
        sa.Column("because", sa.String(), nullable=True),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_programme_answer_programme_id_programme"),
        sa.PrimaryKeyConstraint("programme_id", "by_id", name="pk_programme_answer"),
    )


def downgrade() -> None:
    op.drop_table("programme_answer")
