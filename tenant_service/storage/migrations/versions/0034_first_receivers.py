"""Who is responsible for a venue, and who receives first what is reported there."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "venue_keeper",
        sa.Column("venue_id", _ascii(), nullable=False),
        sa.Column("person_id", _ascii(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name="fk_venue_keeper_venue_id_venue"),
        sa.PrimaryKeyConstraint("venue_id", "person_id", name="pk_venue_keeper"),
    )
    op.create_index("ix_venue_keeper_person_id", "venue_keeper", ["person_id"])
    op.add_column("topic", sa.Column("receiver_id", _ascii(), nullable=True))


def downgrade() -> None:
    op.drop_column("topic", "receiver_id")
    op.drop_table("venue_keeper")
