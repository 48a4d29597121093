"""Members are in touch one to one, and questions about members are kept under a name."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("membership", sa.Column("with_person_id", _ascii(), nullable=True))
    op.create_index("ix_membership_with_person_id", "membership", ["with_person_id"])
    op.create_table(
        "member_segment",
        sa.Column("id", _ascii(), nullable=False), sa.Column("name", sa.String(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False), sa.Column("saved_by", _ascii(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_member_segment"),
        sa.UniqueConstraint("name", name="uq_member_segment_name"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("member_segment")
    op.drop_index("ix_membership_with_person_id", "membership")
    op.drop_column("membership", "with_person_id")
