"""Rows of every sort to be listed, and random operations about them."""

import datetime as dt
from random import Random
from typing import Any

from graphql import GraphQLSchema
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.ids import record_id
from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityState
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.sectors import Sector
from sync.contract.shapes.venues import VenueKind, VenueState, VenueType
from tenant_service.activities.models import ActivityRow, SeenActivityRow
from tenant_service.exchange.models import SharedOutRow
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.members.models import UnitRow
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Units
from tenant_service.venues.models import SeenVenueRow, VenueRow
from tests.gateway.operations import Operation
from tests.tenant_service import places

HOME, OWNERS = places.JIASHAN, (places.QINGPU, places.WUJIANG)
MECHANISM = f"m_{places.DELTA.rpartition('.')[2]}"
CHANNELS = ("c", "d", "o", MECHANISM, f"x_{places.QINGPU}")
ASKERS = [
    places.staff(HOME, Role.CLERK), places.staff(HOME, Role.MEMBER), places.stranger(HOME, places.QINGPU, Role.CLERK),
    places.stranger(HOME, places.QINGPU, Role.MEMBER), places.stranger(HOME, places.JIAXING, Role.SECRETARY),
    places.stranger(HOME, places.YUHANG, Role.CLERK), nobody(HOME),
]  # fmt: skip


def filled(units: Units, luck: Random) -> None:
    """Our activities, venues and units, shared with some or none, and copies of what others shared with us."""
    with units.write() as unit:
        for number in range(30):
            _own(unit.session, luck, ActivityRow(
                **_activity(luck, HOME, number), shares=[], suggestion_count=0, held_on=places.SPRING.date(),
                approval=luck.choice(list(Approval)), drafted_by="canary-account", desk_secret="canary-secret",
                contact_phone="canary-phone",
            ))  # fmt: skip
            _own(unit.session, luck, VenueRow(
                **_venue(luck, HOME, number), shares=[], revision=1, changed_at=places.SPRING, qr_token=f"qr{number}",
                contact_phone="canary-phone",
            ))  # fmt: skip
            _own(unit.session, luck, UnitRow(**_unit(luck, number), shares=[], revision=1, changed_at=places.SPRING))
            told = {"channels": sorted(luck.sample(CHANNELS, luck.randint(0, 3))), "as_of": places.SPRING}
            owner = OWNERS[number % 2]
            unit.session.add(SeenActivityRow(**_activity(luck, owner, number), **told))
            unit.session.add(SeenVenueRow(**_venue(luck, owner, number), **told))


def asker(luck: Random) -> tuple[Actor, tuple[str, ...] | None]:
    """Somebody who asks, and for whose copies."""
    who = luck.choice(ASKERS)
    return who, OWNERS[: luck.randint(0, 2)] if luck.random() < 0.3 else None


def known(units: Units) -> dict[str, list[Any]]:
    """Records that lists may be continued after."""
    with units.read() as unit:
        models: dict[str, Any] = {"activities": ActivityRow, "venues": VenueRow}
        return {kind: [row.record() for row in unit.session.scalars(select(of))] for kind, of in models.items()}


class Listing(Operation):
    """Mostly lists of plain fields, with filters that a committee knows."""

    def __init__(self, luck: Random, schema: GraphQLSchema, rows: dict[str, list[Any]]) -> None:
        super().__init__(luck, schema, rows, [HOME, rows["activities"][0].id, rows["venues"][1].id])

    def _root(self) -> str:
        chance = self.luck.random()
        if chance < 0.1:
            return super()._root()
        kind = self.luck.choice(["activities"] * 4 + ["venues", "venues"])
        if chance < 0.25:
            kind = self.luck.choice(["units", "requests", "bodies", "memberships", "persons"])
        return self._connection(kind)

    def _connection(self, kind: str) -> str:
        arguments = self._page(kind) if kind in ("activities", "venues") else "first: 7"
        asked = f"({arguments})" if arguments else ""
        below = self._selection(self._type(kind), 2)
        return f"{self._keyed(kind, arguments) if asked else kind}{self._condition()} {{ {below} }}"

    def _type(self, kind: str) -> Any:
        return self.schema.query_type.fields[kind].type.of_type  # type: ignore[union-attr]

    def _where(self) -> str:
        match self.luck.randrange(4):
            case 0:
                return self._value("ActivityFilter", {"kinds": ["HALL_SESSION"], "text": "议事"}, literal=False)
            case 1:
                return f"{{kinds: [{self._value('ActivityKind!', 'INSPECTION', enum=True)}], states: CLOSED}}"
            case 2:
                return '{since: "2026-04-02T00:00:00"}'  # without an offset: refused
            case _:
                return "null"


def _own(session: Session, luck: Random, row: Any) -> None:
    session.add(row)
    for channel in luck.sample(CHANNELS, luck.randint(0, 3)):
        shared = SharedOutRow(record=row.id, channel=channel, seq=1, version=1, is_shared=luck.random() < 0.8)
        session.add(shared)


def _activity(luck: Random, owner: str, number: int) -> dict[str, Any]:
    start = places.SPRING + dt.timedelta(days=luck.randint(0, 9), microseconds=luck.choice([0, 0, 1, 999_999]))
    return {
        "id": record_id(owner, "activity", f"{number:032x}"), "committee_id": owner,
        "title": luck.choice(["第一期议事", '视察 \\"安全\\"', "Ünïcode \u200b", ""]),
        "kind": luck.choice([ActivityKind.HALL_SESSION, ActivityKind.INSPECTION]),
        "format": luck.choice(list(ActivityFormat)), "state": luck.choice(list(ActivityState)), "starts_at": start,
        "ends_at": luck.choice([None, start + dt.timedelta(hours=2)]), "place": "县政协",
        "venue_id": luck.choice([None, "", record_id(HOME, "venue", f"{number:032x}")]),
        "host_ids": luck.choice([[owner], [owner, HOME], []]), "mechanism_id": luck.choice([None, places.DELTA]),
        "series": luck.choice([None, "", "杭商荟"]), "issue_no": luck.choice([None, 0, 7]),
        "ordinal": luck.choice([None, 3]), "organizer": "社法委", "capacity": luck.choice([None, 40]),
        "sign_up_until": luck.choice([None, start]), "leader_present": luck.choice([None, True, False]),
        "members_present": luck.choice([None, 12]), "headcount": luck.choice([None, 2**31 - 1]),
        "suggestions": luck.choice([None, [], ["修路", "装灯"]]), "report": luck.choice([None, "报告"]),
        "backfilled": luck.random() < 0.5, "change_note": luck.choice([None, "改期"]), "revision": number + 1,
        "changed_at": start,
    }  # fmt: skip


def _venue(luck: Random, owner: str, number: int) -> dict[str, Any]:
    return {
        "id": record_id(owner, "venue", f"{number:032x}"), "committee_id": owner, "name": f"议事厅{number}",
        "sort_key": f"{number % 5:02}", "kind": luck.choice(list(VenueKind)),
        "type": luck.choice([None, *VenueType]), "brand": luck.choice([None, "民声"]),
        "state": luck.choice(list(VenueState)), "area": luck.choice([None, "镇"]), "area_id": luck.choice([None, ""]),
        "address": "路1号", "seats": luck.choice([None, 0, 60]), "opened_on": luck.choice([None, dt.date(2024, 1, 31)]),
        "closed_on": None, "parent_id": None,
    }  # fmt: skip


def _unit(luck: Random, number: int) -> dict[str, Any]:
    return {
        "id": record_id(HOME, "unit", f"{number:032x}"), "committee_id": HOME, "kind": luck.choice(list(UnitKind)),
        "name": f"单元{number}", "sort_key": f"{number % 4}", "sector": luck.choice([None, *Sector]),
        "parent_id": luck.choice([None, ""]), "since": luck.choice([None, dt.date(2020, 2, 29)]), "until": None,
        "merged_into_id": None,
    }  # fmt: skip
