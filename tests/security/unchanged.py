"""What must be as it was after an attack: every row of every table, and everything at the hub."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from tests.sync.hubs import Hub

Told = Mapping[str, Any]


def tables(engine: Engine, besides: Collection[str] = ()) -> dict[str, list[str]]:
    """Every row of every table but those `besides`, as text. What is published is among them: the outbox is a table."""
    with engine.connect() as connection:
        return {
            name: sorted(str(tuple(row)) for row in connection.execute(sa.text(f'SELECT * FROM "{name}"')))
            for name in sa.inspect(engine).get_table_names() if name not in besides
        }  # fmt: skip


async def streams(hub: Hub) -> dict[str, Any]:
    """Everything that was ever said at the hub, by subject, and the place of the last."""
    found = dict[str, Any]()
    for each in await hub.controller.streams():
        name = str(each.config.name)
        info = await hub.controller.jetstream.stream_info(name, subjects_filter=">")
        found[name] = info.state.last_seq, info.state.subjects
    return found


def differences(before: Told, after: Told) -> dict[str, Any]:
    """What is not as it was, by name: what is gone, and what is new."""
    found = dict[str, Any]()
    for name in before.keys() | after.keys():
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if isinstance(was, list) and isinstance(now, list):
            found[name] = [each for each in was if each not in now], [each for each in now if each not in was]
        else:
            found[name] = was, now
    return found


@asynccontextmanager
async def nothing_changes(
    engines: Iterable[Engine], hub: Hub | None = None, besides: Collection[str] = ()
) -> AsyncIterator[None]:
    """What is done inside moves no row of these databases but in the tables `besides`, and nothing at the hub."""
    watched = list(engines)

    async def all_of_it() -> list[Told]:
        found: list[Told] = [tables(each, besides) for each in watched]
        return [*found, await streams(hub)] if hub else found

    before = await all_of_it()
    yield
    assert [differences(was, now) for was, now in zip(before, await all_of_it(), strict=True)] == [{} for _ in before]
