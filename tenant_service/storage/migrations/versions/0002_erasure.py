"""Where each event of ours was said of which record, so that it can be erased."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ASCII = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")
SLICE = 1_000


def upgrade() -> None:
    # With a default, because the release before writes rows without it while this one is being rolled out.
    op.add_column("outbox", sa.Column("record", ASCII, nullable=False, server_default=""))
    op.create_index("outbox_by_record", "outbox", ["record", "channel"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("channel", ASCII, nullable=False),
        sa.Column("epoch", ASCII, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("record", ASCII, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("is_forgotten", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "epoch", "seq", name="pk_erasure"),
    )
    _name_records(op.get_bind())


def _name_records(connection: sa.Connection) -> None:
    """What is in the outbox already says itself what it is about."""
    outbox = sa.table("outbox", *map(sa.column, ("channel", "epoch", "seq", "body", "record")))
    place = (outbox.c.channel, outbox.c.epoch, outbox.c.seq)
    after = ("", "", 0)
    while True:
        wanted = sa.select(*place, outbox.c.body).where(sa.tuple_(*place) > after).order_by(*place).limit(SLICE)
        rows = connection.execute(wanted).all()
        if not rows:
            return
        for row in rows:
            here = sa.and_(*(column == value for column, value in zip(place, row[:3], strict=True)))
            record = json.loads(row.body).get("subject", "")
            connection.execute(sa.update(outbox).where(here).values(record=record))
        after = tuple(rows[-1][:3])


def downgrade() -> None:
    op.drop_table("erasure")
    op.drop_index("outbox_by_record", "outbox")
    op.drop_column("outbox", "record")
