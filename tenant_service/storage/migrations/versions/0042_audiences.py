"""Who is told what becomes of a record: at first, whoever is on the list of an activity."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None
TOLD = ("INVITED", "REGISTERED", "WAITLISTED", "LEAVE_ASKED", "ON_LEAVE", "PRESENT")


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    audience = op.create_table(
        "notification_audience",
        sa.Column("subject", _ascii(), nullable=False), sa.Column("recipient", _ascii(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "recipient", name="pk_notification_audience"),
    )  # fmt: skip
    listed = sa.table("participation", sa.column("activity_id"), sa.column("participant"), sa.column("state"))
    on_list = sa.select(listed.c.activity_id, listed.c.participant).where(listed.c.state.in_(TOLD))
    op.execute(sa.insert(audience).from_select(["subject", "recipient"], on_list))


def downgrade() -> None:
    op.drop_table("notification_audience")
