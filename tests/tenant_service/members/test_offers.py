"""承办范围: a body takes the assignments of those whom its own committee's office chose, and of nobody else."""

import datetime as dt

import msgspec
import pytest
from sqlalchemy import MetaData

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.shapes.members import BodyKind, BodyRecord
from sync.contract.trust.directory import Directory
from tenant_service.exchange.copies import Seen
from tenant_service.exchange.outcome import Outcome
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import body_service, offer_queries, offer_service, queries
from tenant_service.members.body_service import BodyDraft
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.members.office import idle
from tests.tenant_service.restores import Backup, Restore
from tests.tenant_service.told import told

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PARENT, DELTA = Share(Scope.PARENT), Share(Scope.MECHANISM, Id(places.DELTA))
TODAY = dt.date(2026, 4, 1)


@pytest.fixture
def body(units: Units, clerk: Actor) -> str:
    with units.write() as unit:
        return body_service.add_body(unit, clerk, BodyDraft("住建局", BodyKind.DEPARTMENT)).id


def offer(units: Units, actor: Actor, body: str, *shares: Share) -> None:
    with units.write() as unit:
        offer_service.offer(unit, actor, places.directory(), body, shares)


def takes_from(units: Units, body: str, *committees: str) -> list[str]:
    with units.read() as unit:
        return [
            each for each in committees if offer_queries.takes_from(unit.session, places.directory(), body, each)
        ]  # fmt: skip


ALL = (places.JIAXING, places.QINGPU, places.ZHEJIANG, places.HANGZHOU)


def test_a_body_is_told_to_those_whose_assignments_it_takes_and_to_nobody_else(
    units: Units, clerk: Actor, body: str
) -> None:
    assert (told(units), takes_from(units, body, *ALL)) == ([], [])
    offer(units, clerk, body, PARENT, DELTA)
    assert sorted(event.channel for event in told(units)) == ["c", f"m_{places.DELTA.rpartition('.')[2]}"]
    assert takes_from(units, body, *ALL) == [places.JIAXING, places.QINGPU]
    with units.write() as unit:
        body_service.change_body(unit, clerk, body, BodyDraft("住房和城乡建设局", BodyKind.DEPARTMENT))
    assert [event.data["name"] for event in told(units)] == ["住建局", "住房和城乡建设局"] * 2
    offer(units, clerk, body)
    assert [event.op for event in told(units)] == ["put", "put", "retract"] * 2
    assert takes_from(units, body, *ALL) == []


def test_what_goes_beyond_a_parent_partners_or_a_named_committee_is_refused(
    units: Units, clerk: Actor, body: str
) -> None:
    for who, shares, code in (
        (clerk, [Share(Scope.OPEN)], Code.BAD_VALUE), (clerk, [Share(Scope.SUBTREE)], Code.BAD_VALUE),
        (clerk, [Share(Scope.PARTNER, "330110")], Code.UNKNOWN_COMMITTEE),
        (places.staff(places.JIASHAN, Role.DEPARTMENT, body=body), [PARENT], Code.FORBIDDEN),
        (places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK), [PARENT], Code.FORBIDDEN),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refusal:
            offer(units, who, body, *shares)
        assert refusal.value.code is code
    with units.write() as unit:
        body_service.close_body(unit, clerk, body, TODAY, "机构改革", idle)
    with pytest.raises(Refusal) as refusal:
        offer(units, clerk, body, PARENT)
    assert refusal.value.code is Code.OUT_OF_TURN
    assert told(units) == []


def test_a_body_of_a_partner_is_offered_as_long_as_both_are_in_the_mechanism(
    units: Units, directory: Directory
) -> None:
    theirs = BodyRecord(
        id=Id(f"{places.QINGPU}.body.{'1' * 32}"), committee_id=Id(places.QINGPU), kind=BodyKind.DEPARTMENT,
        name="水务局", sort_key="a",
    )  # fmt: skip
    channel = f"m_{places.DELTA.rpartition('.')[2]}"
    with units.write() as unit:
        seen = Seen(places.QINGPU, theirs.id, "body", theirs, 1, unit.now, frozenset({channel}))
        offer_service.project(unit.session, seen)
    with units.read() as unit:
        assert offer_queries.offered(unit.session, directory, places.JIASHAN, TODAY) == [theirs]
        assert offer_queries.offered_one(unit.session, directory, places.JIASHAN, theirs.id) == theirs
    contents = places.directory().contents
    left = Directory(msgspec.structs.replace(contents, mechanisms=[]))
    with units.read() as unit:
        assert offer_queries.offered(unit.session, left, places.JIASHAN, TODAY) == []


def test_a_body_that_a_restored_backup_had_forgotten_comes_back_with_its_offer(
    units: Units, tables: MetaData, clerk: Actor
) -> None:
    restore = Restore(units, places.trust(places.JIASHAN), Backup(units, tables))
    with units.write() as unit:
        id = body_service.add_body(unit, clerk, BodyDraft("交通局", BodyKind.DEPARTMENT)).id
    offer(units, clerk, id, PARENT)
    restore.lose()
    assert restore.come_back() == {id: Outcome.ANEW}
    with units.read() as unit:
        found = queries.body(unit.session, id)
    assert found is not None
    assert (found.name, takes_from(units, id, *ALL)) == ("交通局", [places.JIAXING])
