"""Any order of delivery, duplicates and restarts end in the same state: what the owner shares now."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, event
from sqlalchemy.pool import StaticPool

from sync.contract import records
from sync.contract.channels import log_of
from sync.contract.visibility import Visible, record, visible
from sync.log import Event
from tenant_service.exchange.models import OutboxRow
from tenant_service.storage.engine import _begin_sqlite, _prepare_sqlite
from tests.tenant_service.exchange.committees import CITY, COUNTY, Committee, World, everywhere

CHANNELS = ("c", "p", "o")
Act = tuple[str, int, frozenset[str]]

acts = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 4), st.frozensets(st.sampled_from(CHANNELS))),
        st.tuples(st.just("erase"), st.integers(0, 4), st.just(frozenset[str]())),
        st.tuples(st.just("epoch"), st.just(0), st.just(frozenset[str]())),
    ),
    max_size=25,
)  # fmt: skip


def in_memory(world: World, id: str) -> Committee:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Committee(world, id, engine)


def done(
    county: Committee, told: Sequence[Act], ids: Sequence[str]
) -> tuple[dict[str, tuple[int, set[str]]], list[Any]]:
    """Record → version and channels, as the owner shares it in the end; and every page that was ever sent."""
    now: dict[str, tuple[int, set[str]]] = {}
    pages: list[Any] = []
    for version, (what, which, channels) in enumerate(told, 1):
        id = ids[which]
        if what == "put":
            county.publish(id, version, channels)
            now[id] = (version, set(channels))
        elif what == "erase":
            county.erase(id, version)
            now.pop(id, None)
        else:
            county.own.begin_epoch("asked for")
        for channel in CHANNELS:
            pages += [(channel, county.page(channel, after, 1)) for after in _fresh(county, channel, pages)]
    return {id: told for id, told in now.items() if told[1]}, pages


def _fresh(county: Committee, channel: str, pages: Sequence[tuple[str, list[Event]]]) -> list[int]:
    head = county.head(channel)
    sent = {event.seq for of, page in pages for event in page if of == channel and event.epoch == head.epoch}
    return [seq - 1 for seq in range(1, head.seq + 1) if seq not in sent]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(acts, st.data())
def test_in_whatever_order_it_comes_and_however_often_the_end_is_the_same(told: list[Act], data: st.DataObject) -> None:
    world = _WORLD
    county, city = in_memory(world, COUNTY), in_memory(world, CITY)
    ids = [county.new_id() for _ in range(5)]
    now, pages = done(county, told, ids)
    order = data.draw(st.permutations(pages))
    again = data.draw(st.lists(st.sampled_from(pages), max_size=10)) if pages else []
    for channel, page in [*order, *again]:
        city.inbox.take({log_of(COUNTY, channel): page}, caught_up=False)
        if data.draw(st.booleans()):
            city.again()
    assert city.shown() == {
        id: (version, "['joint']" if channels & {"c", "p"} else "None", " ".join(sorted(channels)))
        for id, (version, channels) in now.items() if channels
    }  # fmt: skip
    if not any(what == "epoch" for what, _, _ in told):
        assert city.given_twice() == []
    for channel in CHANNELS:
        reading = city.inbox.reading(log_of(COUNTY, channel))
        assert reading.head[:3] == county.head(channel)[:3] or county.head(channel).seq == 0
    county.engine.dispose()
    city.engine.dispose()


_WORLD = World()


# ── canaries ──


@record
class _Canary:
    """Every circle has a field; the value says which."""

    id: str = visible(Visible.PUBLIC, "Id.")
    public: str | None = visible(Visible.PUBLIC, "…")
    federation: str | None = visible(Visible.FEDERATION, "…")
    mechanism: str | None = visible(Visible.MECHANISM, "…")
    parent: str | None = visible(Visible.PARENT, "…")
    tenant: str | None = visible(Visible.TENANT, "…")
    subject: str | None = visible(Visible.SUBJECT, "…")


REACH = {
    "o": {"public", "federation"}, "d": {"public", "federation"}, "c": {"public", "federation", "mechanism", "parent"},
    "p": {"public", "federation", "mechanism", "parent"}, "n": {"public", "federation", "mechanism", "parent"},
    "m_0192f0c1d2e34567890abcdef0123456": {"public", "federation", "mechanism"},
}  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.frozensets(st.sampled_from(sorted(REACH))), min_size=1, max_size=6), st.booleans())
def test_no_field_is_told_beyond_its_circle_and_a_tenants_own_never(rounds: list[frozenset[str]], anew: bool) -> None:
    county = in_memory(_WORLD, COUNTY)
    id = county.new_id()
    made = _Canary(id=id, **{each.name: f"canary-{each.name}" for each in fields(_Canary) if each.name != "id"})
    for version, channels in enumerate(rounds, 1):
        with county.units.write() as unit:
            unit.publish(made, version, set(channels))
    if anew:
        county.own.begin_epoch("asked for")
    for row in county.rows(OutboxRow):
        told = {each.name for each in fields(_Canary) if f"canary-{each.name}".encode() in row.body}
        assert told <= REACH[row.channel]
    held = b"".join(everywhere(county.engine))
    assert b"canary-tenant" not in held
    assert b"canary-subject" not in held
    county.engine.dispose()


@pytest.mark.parametrize("kind", sorted(records.RECORDS))
def test_no_kind_of_record_tells_a_tenants_own_fields_to_any_circle(kind: str) -> None:
    cls = records.RECORDS[kind]
    private = {each.name for each in fields(cls) if not each.metadata["visible"].within(Visible.PARENT)}
    for circle in (Visible.PUBLIC, Visible.FEDERATION, Visible.MECHANISM, Visible.PARENT):
        blank: Any = object.__new__(cls)
        blank.__dict__.update({each.name: None for each in fields(cls)})
        assert not private & set(records.written(blank, circle))
