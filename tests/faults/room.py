"""What a committee of these runs keeps beside the exchange's own tables: its records, and what it shows of others'.

`applied` is filled by a trigger of the database, whatever our code does: it is how the checker sees that an event was
taken in twice, or out of order.
"""

import random
from secrets import token_hex

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tenant_service.exchange.copies import Seen
from tenant_service.storage.columns import Row
from tenant_service.storage.unit_of_work import Unit
from tests.faults.journal import Intent
from tests.tenant_service.exchange.committees import value

_TABLES = sa.MetaData()
mine = sa.Table(
    "mine", _TABLES,
    sa.Column("record", sa.String, primary_key=True), sa.Column("version", sa.Integer), sa.Column("canary", sa.String),
    sa.Column("deep", sa.String), sa.Column("channels", sa.String), sa.Column("is_gone", sa.Boolean),
)  # fmt: skip
"""Our own records as they are now; `channels` are separated by blanks."""
theirs = sa.Table(
    "theirs", _TABLES,
    sa.Column("record", sa.String, primary_key=True), sa.Column("owner", sa.String), sa.Column("version", sa.Integer),
    sa.Column("canary", sa.String), sa.Column("deep", sa.String), sa.Column("channels", sa.String),
)  # fmt: skip
"""Records of others as this committee shows them now."""
sa.Table(
    "applied", _TABLES,
    sa.Column("n", sa.Integer, primary_key=True), sa.Column("log", sa.String), sa.Column("epoch", sa.String),
    sa.Column("seq", sa.Integer),
)  # fmt: skip
_NOTED = "INSERT INTO applied (log, epoch, seq) VALUES (NEW.log, NEW.epoch, NEW.seq)"
_TRIGGERS = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS noted AFTER INSERT ON received BEGIN {_NOTED}; END",
        f"CREATE TRIGGER IF NOT EXISTS noted_again AFTER UPDATE OF chain ON received BEGIN {_NOTED}; END",
    ],
    "postgresql": [
        f"CREATE OR REPLACE FUNCTION noted() RETURNS trigger AS $$ BEGIN {_NOTED}; RETURN NEW; END $$ LANGUAGE plpgsql",
        "CREATE OR REPLACE TRIGGER noted AFTER INSERT OR UPDATE OF chain ON received FOR ROW EXECUTE FUNCTION noted()",
    ],
}
ACTS = {"create": 30, "keep": 8, "change": 30, "widen": 12, "narrow": 10, "retract": 5, "delete": 5}
"""What people do, and how often; `keep` creates a record that is shared with nobody."""


def furnish(engine: Engine) -> None:
    """All tables and triggers are there."""
    Row.metadata.create_all(engine)
    _TABLES.create_all(engine)
    with engine.begin() as connection:
        for statement in _TRIGGERS[engine.dialect.name]:
            connection.execute(sa.text(statement))


def show(session: Session, seen: Seen) -> None:
    """A `Projections` entry."""
    session.execute(sa.delete(theirs).where(theirs.c.record == seen.id))
    if seen.record is not None:
        session.execute(
            sa.insert(theirs).values(
                record=seen.id, owner=seen.owner, version=seen.version, canary=next(iter(seen.record.days)),
                deep=" ".join(seen.record.mechanism_joint_ids or ()), channels=" ".join(sorted(seen.channels)),
            )
        )  # fmt: skip


def planned(unit: Unit, draw: random.Random, channels: list[str]) -> Intent:
    """What somebody does next: to a record there is, or a new one."""
    act = draw.choices(list(ACTS), list(ACTS.values()))[0]
    row = None if act in ("create", "keep") else _any(unit.session, draw)
    if row is None:
        act = "keep" if act == "keep" else "create"
        id, version, had = str(unit.new_id("value")), 0, set[str]()
    else:
        id, version, had = row[0], row[1], set(row[2].split()) & set(channels)
    some = set(draw.sample(channels, draw.randint(1, min(3, len(channels)))))
    shared = {"create": some, "change": had, "widen": had | some, "narrow": set(sorted(had)[1:])}.get(act, set())
    drawn = token_hex(8)
    return Intent(
        number=0, at=0, record=id, op="delete" if act == "delete" else "put", version=version + 1,
        canary=f"canary-{unit.committee}-{drawn}", deep=f"hidden-{unit.committee}-{drawn}",
        channels=sorted(shared), wall=unit.now.timestamp(),
    )  # fmt: skip


def carry_out(unit: Unit, told: Intent) -> None:
    record = value(told.record, told.version, days={told.canary: [1]}, mechanism_joint_ids={told.deep: []})
    if told.op == "delete":
        unit.erase(record, told.version)
    else:
        unit.publish(record, told.version, set(told.channels))
    unit.session.execute(sa.delete(mine).where(mine.c.record == told.record))
    unit.session.execute(
        sa.insert(mine).values(
            record=told.record, version=told.version, canary=told.canary, deep=told.deep,
            channels=" ".join(told.channels), is_gone=told.op == "delete",
        )
    )  # fmt: skip


def _any(session: Session, draw: random.Random) -> tuple[str, int, str] | None:
    living = sa.select(mine.c.record, mine.c.version, mine.c.channels).where(~mine.c.is_gone).order_by(mine.c.record)
    count = session.scalar(sa.select(sa.func.count()).select_from(living.subquery())) or 0
    if not count:
        return None
    record, version, channels = session.execute(living.limit(1).offset(draw.randrange(count))).one()
    return record, version, channels
