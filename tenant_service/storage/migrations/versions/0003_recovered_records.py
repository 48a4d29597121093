"""What came back after a restored backup, and which salvaged events were re-applied when."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ASCII = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


# fmt: off
def upgrade() -> None:
    op.create_table("restoration",
    sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
    sa.Column("at", sa.DateTime(), nullable=False),
    sa.Column("left_epoch", ASCII, nullable=False),
    sa.Column("known_until", sa.DateTime(), nullable=True),
    sa.Column("shared_until", sa.DateTime(), nullable=True),
    sa.Column("salvaged", sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_restoration")
    )
    op.create_table("recovered",
    sa.Column("record", ASCII, nullable=False),
    sa.Column("restoration_id", sa.Integer(), nullable=False),
    sa.Column("kind", ASCII, nullable=False),
    sa.Column("outcome", sa.String(40), nullable=False),
    sa.Column("epoch", ASCII, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("channels", sa.Text(), nullable=False),
    sa.Column("said_at", sa.DateTime(), nullable=False),
    sa.Column("error", sa.Text(), nullable=True),
    sa.Column("checked_at", sa.DateTime(), nullable=True),
    sa.Column("checked_by", ASCII, nullable=True),
    sa.ForeignKeyConstraint(["restoration_id"], ["restoration.id"], name="fk_recovered_restoration_id_restoration"),
    sa.PrimaryKeyConstraint("record", name="pk_recovered")
    )
    op.create_index("recovered_by_time", "recovered", ["restoration_id", "kind", "record"], unique=False)
    op.create_table("early_answer",
    sa.Column("request_id", ASCII, nullable=False),
    sa.Column("id", ASCII, nullable=False),
    sa.Column("committee_id", ASCII, nullable=False),
    sa.Column("state", sa.String(40), nullable=False),
    sa.Column("code", ASCII, nullable=True),
    sa.Column("reason_zh", sa.String(), nullable=True),
    sa.Column("reason_en", sa.String(), nullable=True),
    sa.Column("result_id", ASCII, nullable=True),
    sa.Column("answered_at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("request_id", name="pk_early_answer")
    )
    op.add_column("salvaged", sa.Column("restoration_id", sa.Integer(), nullable=True))
    op.create_index("ix_salvaged_restoration_id", "salvaged", ["restoration_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_salvaged_restoration_id", "salvaged")
    op.drop_column("salvaged", "restoration_id")
    for table in ("early_answer", "recovered", "restoration"):
        op.drop_table(table)
