"""Rooms of venues have hours, and are booked."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None
_NEW = ("opens", "closes", "weekdays", "is_gone")


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("venue_space") as table:
        table.add_column(sa.Column("opens", _ascii(), nullable=True))
        table.add_column(sa.Column("closes", _ascii(), nullable=True))
        table.add_column(sa.Column("weekdays", _ascii(), nullable=False, server_default=""))
        table.add_column(sa.Column("is_gone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "booking",
        sa.Column("id", _ascii(), nullable=False), sa.Column("venue_id", _ascii(), nullable=False),
        sa.Column("space_id", _ascii(), nullable=False), sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False), sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False), sa.Column("begins_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False), sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=True), sa.Column("with_leaders", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=True), sa.Column("phone", sa.String(), nullable=True),
        sa.Column("group_name", sa.String(), nullable=True), sa.Column("origin", sa.String(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=True), sa.Column("person_id", _ascii(), nullable=True),
        sa.Column("code_digest", _ascii(), nullable=True), sa.Column("booked_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_booking_venue_id_venue"),
        sa.ForeignKeyConstraint(["space_id"], ["venue_space.id"], name="fk_booking_space_id_venue_space"),
        sa.PrimaryKeyConstraint("id", name="pk_booking"),
        sa.UniqueConstraint("code_digest", name="uq_booking_code_digest"),
    )  # fmt: skip
    op.create_index("booking_by_space", "booking", ["space_id", "begins_at"])
    op.create_index("booking_by_day", "booking", ["day", "begins_at", "id"])
    op.create_index("booking_by_state", "booking", ["state", "ends_at"])
    op.create_index("booking_by_phone", "booking", ["phone"])
    op.create_index("ix_booking_person_id", "booking", ["person_id"])
    op.create_index("ix_booking_changed_at", "booking", ["changed_at"])


def downgrade() -> None:
    op.drop_table("booking")
    with op.batch_alter_table("venue_space") as table:
        for each in _NEW:
            table.drop_column(each)
