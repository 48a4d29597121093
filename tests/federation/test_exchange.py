"""What one committee shares, the others show: over a real hub, whatever happens to it."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from sync.bus.streams import subject_of
from sync.bus.subscriber import Pace
from sync.log import Event, epoch_number
from tenant_service.exchange.copies import Seen
from tenant_service.exchange.models import FollowedState
from tenant_service.exchange.watching import freshness as shared
from tests.federation.exchanges import JOINT, QUICK, Federation, Look, alarmed, federation
from tests.sync.hubs import said
from tests.tenant_service.exchange.committees import (
    CITY,
    COUNTY,
    MECHANISM,
    PARTNER,
    PROVINCE,
    SISTER,
    World,
    everywhere,
    show,
)
from tests.waiting import eventually

pytestmark = [pytest.mark.federation, pytest.mark.asyncio]

NEVER_ASKS = Pace(look=1.0, check=1e9, first=1e9, fetch=1.0)


async def test_three_committees_show_what_is_shared_with_them_and_nothing_else(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, PARTNER, CITY, SISTER) as fed:
        county, partner = fed[COUNTY], fed[PARTNER]
        ours, theirs, private, up = county.new_id(), partner.new_id(), county.new_id(), county.new_id()
        county.publish(ours, 1, [MECHANISM])
        partner.publish(theirs, 1, [MECHANISM])
        county.publish(private, 1, [], mechanism_joint_ids={"canary": []})
        county.publish(up, 1, ["c"])
        await fed.converged()
        assert partner.shown() == {ours: (1, JOINT, MECHANISM)}
        assert county.shown() == {theirs: (1, JOINT, MECHANISM)}
        assert fed[CITY].shown() == {up: (1, JOINT, "c")}
        assert fed[SISTER].shown() == {}
        for other in (PARTNER, CITY, SISTER):
            assert not any(b"canary" in each for each in everywhere(fed[other].engine))


async def test_a_change_a_retract_and_a_delete_arrive(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY, PARTNER) as fed:
        county = fed[COUNTY]
        changed, retracted, gone = (county.new_id() for _ in range(3))
        for id in (changed, retracted, gone):
            county.publish(id, 1, ["c", MECHANISM])
        await fed.converged()
        county.publish(changed, 2, ["c", MECHANISM], mechanism_joint_ids={"new": []})
        county.publish(retracted, 2, ["c"])
        county.erase(gone, 2)
        await fed.converged()
        assert fed[CITY].shown() == {changed: (2, "['new']", "c"), retracted: (2, JOINT, "c")}
        assert fed[PARTNER].shown() == {changed: (2, "['new']", MECHANISM)}


async def test_a_record_shared_more_widely_never_vanishes_meanwhile(tmp_path: Path) -> None:
    """The city reads both channels; the copy on the wide one stands before the narrow one falls."""
    async with federation(tmp_path, World(), COUNTY, CITY, PROVINCE) as fed:
        county, city = fed[COUNTY], fed[CITY]
        vanished = list[Seen]()

        def watch(session: Session, seen: Seen) -> None:
            show(session, seen)
            if seen.record is None:
                vanished.append(seen)

        await city.stop()
        city.projections, city.pace = (
            {"value": watch},
            NEVER_ASKS,
        )  # an answer may overtake what the hub brings in order
        await city.start()
        ids = [county.new_id() for _ in range(20)]
        county.publish_all(ids, 1, ["c"])
        await fed.converged()
        for id in ids:
            county.publish(id, 2, ["p"])
            await eventually(_shows(fed, CITY, id, 2))
        await fed.converged()
        assert vanished == []
        assert set(fed[PROVINCE].shown()) == set(city.shown()) == set(ids)


def _shows(fed: Federation, reader: str, id: str, version: int) -> Look:
    async def look() -> bool:
        return fed[reader].shown().get(id, (0,))[0] == version

    return look


async def test_a_late_joiner_gets_what_the_hub_has_kept_though_nobody_can_be_asked(tmp_path: Path) -> None:
    world = World()
    world.members = [COUNTY, SISTER]
    async with federation(tmp_path, world, COUNTY, SISTER) as fed:
        county, sister = fed[COUNTY], fed[SISTER]
        for start in range(0, 600, 100):
            county.publish_all([county.new_id() for _ in range(100)], 1, [MECHANISM, f"x_{SISTER}"])
            sister.publish_all([sister.new_id() for _ in range(start // 10)], 1, [MECHANISM])
        await fed.converged()
        # The partner reads something of this stream already, so the new filter alone would miss the past.
        partner = await fed.add(PARTNER, NEVER_ASKS)
        world.members = [COUNTY, SISTER, PARTNER]
        await sister.stop()
        await fed.learn()
        county.publish_all([county.new_id() for _ in range(100)], 1, [MECHANISM])
        await fed.converged(PARTNER)

        async def all_there() -> bool:
            return len(partner.shown()) == 700 + 150

        await eventually(all_there)
        assert partner.given_twice() == []


async def test_a_committee_admitted_later_gets_everything_from_the_beginning(tmp_path: Path) -> None:
    world = World()
    world.not_yet = {CITY}
    async with federation(tmp_path, world, COUNTY) as fed:
        county = fed[COUNTY]
        ids = [county.new_id() for _ in range(200)]
        county.publish_all(ids, 1, ["c"])
        world.not_yet = set()
        await fed.learn()
        city = await fed.add(CITY)
        await fed.converged()
        assert set(city.shown()) == set(ids)


@pytest.mark.parametrize("owner_is_there", [True, False])
async def test_what_the_hub_no_longer_has_comes_from_the_owner_or_a_fellow_reader(
    tmp_path: Path, owner_is_there: bool
) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY) as fed:
        county = fed[COUNTY]
        ids = [county.new_id() for _ in range(700)]
        county.publish_all(ids, 1, ["p"])
        county.publish_all(ids[:50], 2, ["p"])
        await fed.converged()
        await fed.forget("SH_33", 700)
        if not owner_is_there:
            await county.stop()
        province = await fed.add(PROVINCE)

        async def all_there() -> bool:
            return province.shown() == fed[CITY].shown()

        await eventually(all_there)
        assert province.given_twice() == []


async def test_acts_go_on_while_the_hub_is_away_and_arrive_when_it_is_back(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY) as fed:
        county = fed[COUNTY]
        ids = [county.new_id() for _ in range(50)]
        county.publish_all(ids, 1, ["c"])
        await fed.converged()
        fed.hub.server.kill()
        for version in range(2, 22):
            for id in ids[:5]:
                county.publish(id, version, ["c"])
        assert county.head("c").seq == 151
        await fed.hub.server.start()
        await fed.converged()
        assert {fed[CITY].shown()[id][0] for id in ids[:5]} == {21}
        assert fed[CITY].given_twice() == []


async def test_a_hub_that_lost_everything_is_filled_again_though_nobody_writes(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY) as fed:
        county = fed[COUNTY]
        county.publish_all([county.new_id() for _ in range(30)], 1, ["c", "p"])
        await fed.converged()
        await fed.lose_hub()

        async def filled() -> bool:
            return await fed.hub.stored("SH_33") == 62

        await eventually(filled)
        assert epoch_number(county.head("c").epoch) == 1


async def test_a_committee_without_a_hub_starts_and_works(tmp_path: Path) -> None:
    async with federation(tmp_path, World(), CITY) as fed:
        fed.hub.server.kill()
        county = await fed.add(COUNTY)
        id = county.new_id()
        county.publish(id, 1, ["c"])
        await fed.hub.server.start()
        await fed.converged()
        assert set(fed[CITY].shown()) == {id}


@pytest.mark.parametrize("kind", ["unsigned", "forked", "unreadable", "other owner"])
async def test_hostile_bytes_on_a_log_are_never_applied_and_are_told_of(tmp_path: Path, kind: str) -> None:
    """Somebody with the hub's own rights writes on the county's subject."""
    async with federation(tmp_path, World(), COUNTY, SISTER, CITY) as fed:
        county, city = fed[COUNTY], fed[CITY]
        id, later = county.new_id(), county.new_id()
        county.publish(id, 1, ["c"])
        await fed.converged()
        log, mine = f"{COUNTY}/c", county.head("c")
        [bad] = said(log, 1, mine)
        if kind == "forked":
            [bad] = said(log, 1, mine._replace(chain=b"\1" * 32))
            bad = bad._replace(proof=county.trust.sign(log, bad.head()))
        if kind == "unreadable":
            bad = bad._replace(body=b'{"canary": 1')
        if kind == "other owner":
            fed[SISTER].publish(fed[SISTER].new_id(), 1, ["c"])
            bad = fed[SISTER].page("c")[-1]
        await _put_on_hub(fed, log, bad)
        assert county.online
        await eventually(alarmed(fed, COUNTY, "RESTORED" if kind == "forked" else "STRANGER"))
        county.publish(later, 1, ["c"])
        await fed.converged()
        assert {each for each in city.shown() if each.startswith(COUNTY)} == {id, later}
        assert not any(b"canary" in each for each in everywhere(city.engine))


async def _put_on_hub(fed: Federation, log: str, event: Event) -> None:
    headers = {"Proof": event.proof} if event.proof else None
    await fed.hub.controller.jetstream.publish(subject_of(log), event.body, headers=headers)


async def test_it_is_known_as_of_when_a_committee_is_known(tmp_path: Path) -> None:
    world = World()
    async with federation(tmp_path, world, COUNTY, CITY) as fed:
        city, county = fed[CITY], fed[COUNTY]
        county.publish(county.new_id(), 1, ["c"])

        async def known() -> bool:
            with city.units.read() as unit:
                logs = [each.as_of for each in shared.status(unit.session, world.clock()) if each.owner == COUNTY]
                told = shared.as_of(unit.session, [COUNTY])
            return {*logs, told[COUNTY]} == {world.clock.now}

        await eventually(known, what="every log of the county is known to its end")
        world.clock.on(hours=1)
        await eventually(known, what="the owner is asked again about each")
        await county.stop()
        was = world.clock.now
        world.clock.on(hours=1)
        with city.units.read() as unit:
            assert shared.as_of(unit.session, [COUNTY]) == {COUNTY: was}
            assert shared.as_of(unit.session, [PROVINCE]).get(PROVINCE) is None
            assert COUNTY in shared.followed_owners(unit.session)
            [row] = [
                each
                for each in shared.status(unit.session, world.clock())
                if (each.owner, each.channel) == (COUNTY, "c")
            ]
        assert (row.applied_seq, row.head_seq, row.lag_seconds, row.as_of) == (2, 2, 0, was)
        assert (row.chain_ok, row.trouble, row.dead_letters) == (True, "", 0)


class Faulty:
    """Raises while it stands in place of something, and tells that it did."""

    def __init__(self) -> None:
        self.was_met = asyncio.Event()
        self.loop = asyncio.get_running_loop()

    def __call__(self, *_args: object, **_more: object) -> None:
        self.loop.call_soon_threadsafe(self.was_met.set)
        raise OSError("disk full")


async def test_a_relay_that_broke_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY, pace=NEVER_ASKS) as fed:
        county, fault = fed[COUNTY], Faulty()
        with monkeypatch.context() as patch:
            patch.setattr(county.exchange.own, "heads", fault)
            county.publish(county.new_id(), 1, ["c"])
            await asyncio.wait_for(fault.was_met.wait(), 80)
        await fed.converged()
        assert len(fed[CITY].shown()) == 1


async def test_a_page_that_could_not_be_stored_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with federation(tmp_path, World(), COUNTY, CITY, pace=replace(QUICK, check=60)) as fed:
        county, city, fault = fed[COUNTY], fed[CITY], Faulty()

        async def nothing_is_asked() -> bool:
            with city.units.read() as unit:
                return not any(log.startswith(COUNTY) for log in shared.never_known(unit.session))

        await eventually(nothing_is_asked, what="the next check is a minute away")
        with monkeypatch.context() as patch:
            patch.setattr(city.exchange.inbox, "take", fault)
            county.publish(county.new_id(), 1, ["c"])
            await asyncio.wait_for(fault.was_met.wait(), 80)
        await fed.converged()
        assert len(city.shown()) == 1


async def test_who_leaves_a_mechanism_keeps_no_copy_where_that_was_chosen(tmp_path: Path) -> None:
    world = World()
    async with federation(tmp_path, world, COUNTY, PARTNER) as fed:
        county, partner = fed[COUNTY], fed[PARTNER]
        partner.exchange.left = FollowedState.REMOVED
        id = county.new_id()
        county.publish(id, 1, [MECHANISM])
        await fed.converged()
        assert partner.shown()
        world.members = [COUNTY]
        await fed.learn()
        assert partner.shown() == {}
        world.members = [COUNTY, PARTNER]
        await fed.learn()

        async def back() -> bool:
            return set(partner.shown()) == {id}

        await eventually(back, what="who is entitled again has everything again")
