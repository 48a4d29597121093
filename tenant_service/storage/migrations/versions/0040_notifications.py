"""What people are told, by which ways it left the house, and how they wanted it."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "notification",
        sa.Column("id", _ascii(), nullable=False), sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("recipient", _ascii(), nullable=False), sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", _ascii(), nullable=False), sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
    )  # fmt: skip
    op.create_index("ix_notification_at", "notification", ["at"])
    op.create_index("notification_by_recipient", "notification", ["recipient", "read_at", "id"])
    op.create_index("notification_by_subject", "notification", ["subject", "kind"])
    op.create_table(
        "notification_delivery",
        sa.Column("id", _ascii(), nullable=False), sa.Column("notification_id", _ascii(), nullable=False),
        sa.Column("way", sa.String(40), nullable=False), sa.Column("state", sa.String(40), nullable=False),
        sa.Column("is_digest", sa.Boolean(), nullable=False), sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False), sa.Column("address", sa.String(), nullable=True),
        sa.Column("failure", sa.String(40), nullable=True), sa.Column("detail", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True), sa.Column("settled_by", _ascii(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notification.id"],
            name="fk_notification_delivery_notification_id_notification", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notification_delivery"),
        sa.UniqueConstraint("notification_id", "way", name="uq_notification_delivery_notification_id_way"),
    )  # fmt: skip
    op.create_index("notification_delivery_by_state", "notification_delivery", ["state", "due_at"])
    op.create_table(
        "notification_choice",
        sa.Column("recipient", _ascii(), nullable=False), sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("ways", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("recipient", "kind", name="pk_notification_choice"),
    )  # fmt: skip
    op.create_table(
        "notification_contact",
        sa.Column("recipient", _ascii(), nullable=False), sa.Column("mobile", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True), sa.Column("is_digest", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("recipient", name="pk_notification_contact"),
    )  # fmt: skip


def downgrade() -> None:
    for table in ("notification_contact", "notification_choice", "notification_delivery", "notification"):
        op.drop_table(table)
