"""Which topics a report stands as, each hand of a topic, phones as digits, one route of a category and area, indexes."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_INDEXES = (
    ("topic_by_in_charge", "topic", ["in_charge_id", "state"]), ("topic_by_tracked", "topic", ["tracked_until"]),
    ("ix_topic_reporter_phone", "topic_reporter", ["phone"]),
)  # fmt: skip


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "topic_standing",
        sa.Column("topic_id", _ascii(), nullable=False),
        sa.Column("stands_as_id", _ascii(), nullable=False),
        sa.PrimaryKeyConstraint("topic_id", "stands_as_id", name="pk_topic_standing"),
    )
    op.create_index("ix_topic_standing_stands_as_id", "topic_standing", ["stands_as_id"])
    op.create_table(
        "topic_hand",
        sa.Column("topic_id", _ascii(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("given_to", sa.String(), nullable=False),
        sa.Column("unit_id", _ascii(), nullable=True),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_topic_hand_topic_id_topic"),
        sa.PrimaryKeyConstraint("topic_id", "seq", name="pk_topic_hand"),
    )
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
    op.add_column("topic_route", sa.Column("covers", _ascii(), nullable=True))
    op.create_index("topic_route_covers", "topic_route", ["covers"], unique=True)
    connection = op.get_bind()
    _stand(connection)
    _phones(connection)
    _routes(connection)


def _stand(connection: sa.Connection) -> None:
    topics: dict[str, str] = dict(connection.execute(sa.text("SELECT id, state FROM topic")).all())
    onward: dict[str, list[str]] = {}
    for source, kind, target in connection.execute(sa.text("SELECT source, kind, target FROM relation")):
        if kind == "MERGED_INTO" and topics.get(source) == "MERGED":
            onward.setdefault(source, []).append(target)
        elif kind == "SPLIT_FROM" and topics.get(target) == "SPLIT":
            onward.setdefault(target, []).append(source)

    def ends(id: str) -> Iterator[str]:
        further = [each for each in onward.get(id, ()) if each in topics]
        if not further:
            yield id
        for each in further:
            yield from ends(each)

    rows = [{"topic": id, "as": end} for id in topics for end in sorted(set(ends(id)))]
    if rows:
        connection.execute(sa.text("INSERT INTO topic_standing (topic_id, stands_as_id) VALUES (:topic, :as)"), rows)


def _phones(connection: sa.Connection) -> None:
    left = connection.execute(sa.text("SELECT id, phone FROM topic_reporter WHERE phone IS NOT NULL")).all()
    for id, phone in left:
        bare = "".join(each for each in phone if each.isalnum())
        bare = bare.removeprefix("00") if bare.startswith("0086") else bare
        digits = bare.removeprefix("86") if bare.isdecimal() and len(bare) > len("13800005678") else bare
        connection.execute(sa.text("UPDATE topic_reporter SET phone = :to WHERE id = :id"), {"to": digits, "id": id})


def _routes(connection: sa.Connection) -> None:
    """Of two rules of one category and area the newer one stays."""
    rules = connection.execute(sa.text("SELECT id, category, area_id FROM topic_route ORDER BY changed_at DESC, id"))
    seen: set[str] = set()
    for id, category, area in rules.all():
        covers = f"{category or '*'}/{area or '*'}"
        act = "DELETE FROM topic_route" if covers in seen else "UPDATE topic_route SET covers = :covers"
        given = {"id": id} if covers in seen else {"id": id, "covers": covers}
        connection.execute(sa.text(f"{act} WHERE id = :id"), given)
        seen.add(covers)


def downgrade() -> None:
    op.drop_index("topic_route_covers", "topic_route")
    op.drop_column("topic_route", "covers")
    for name, table, _ in _INDEXES:
        op.drop_index(name, table)
    op.drop_table("topic_hand")
    op.drop_table("topic_standing")
