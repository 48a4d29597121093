"""What the office entered for members, and what they say to it."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "entry",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("record_id", _ascii(), nullable=False),
        sa.Column("person_id", _ascii(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("entered_by", _ascii(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("because", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.UniqueConstraint("record_id", "person_id", "kind", name="uq_entry_record_id_person_id_kind"),
    )
    op.create_index("entry_by_state", "entry", ["state", "entered_at"])
    op.create_index("entry_by_person", "entry", ["person_id", "state"])


def downgrade() -> None:
    op.drop_table("entry")
