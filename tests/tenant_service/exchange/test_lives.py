"""New lives of an owner's database, readers that leave, readers that help."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from sync.contract.channels import log_of
from sync.log import epoch_number
from tenant_service.exchange.models import CopyRow, FollowedState, SalvagedRow
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring.recovering import Recovered, gone
from tenant_service.storage.columns import Row
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service.exchange.committees import (
    CITY,
    COUNTY,
    MECHANISM,
    PARTNER,
    PROVINCE,
    SISTER,
    Committee,
    World,
    carry,
    everywhere,
    opened,
)
from tests.tenant_service.restores import Backup, Restore

LOG = f"{COUNTY}/c"


# ── lives of the owner's database ──


def test_what_a_new_epoch_does_not_contain_vanishes_when_its_opening_is_whole(
    county: Committee, city: Committee
) -> None:
    kept, forgotten = sorted([county.new_id(), county.new_id()])
    county.publish(kept, 1, ["c"])
    county.publish(forgotten, 7, ["c"])
    carry(county, city)
    county.publish(forgotten, 8, [])
    county.own.begin_epoch("restored")
    page = county.page("c")
    first = page[0]._replace(proof=county.trust.sign(LOG, page[0].head()))
    city.inbox.take({LOG: [first]}, caught_up=True)
    assert city.shown().keys() == {kept, forgotten}
    city.inbox.take({LOG: page}, caught_up=True)
    assert city.shown().keys() == {kept}
    hidden = {row.record for row in city.rows(CopyRow) if row.swept_at}
    assert hidden == {forgotten}
    city.world.clock.on(days=89)
    city.inbox.drop_swept()
    assert {row.record for row in city.rows(CopyRow)} == {kept, forgotten}
    city.world.clock.on(days=2)
    city.inbox.drop_swept()
    assert {row.record for row in city.rows(CopyRow)} == {kept}


def test_a_tombstone_outlives_a_new_epoch_while_another_channel_lags(county: Committee, city: Committee) -> None:
    id = county.new_id()
    county.publish(id, 1, ["o", "c"])
    carry(county, city)
    county.erase(id, 2)
    city.inbox.take({LOG: county.page("c", 2)}, caught_up=True)
    county.own.begin_epoch("asked for")
    city.inbox.take({LOG: county.page("c")}, caught_up=True)
    assert city.shown() == {}


def test_a_lower_version_of_a_newer_life_counts(county: Committee, city: Committee) -> None:
    id = county.new_id()
    county.publish(id, 9, ["c"])
    carry(county, city)
    county.own.begin_epoch("restored")
    county.publish(id, 3, ["c"], mechanism_joint_ids={"new life": []})
    carry(county, city)
    assert city.shown()[id] == (3, "['new life']", "c")


def test_a_newer_life_counts_though_another_channel_still_tells_of_the_old(county: Committee, city: Committee) -> None:
    changed, undeleted = county.new_id(), county.new_id()
    for id in (changed, undeleted):
        county.publish(id, 1, ["o", "c"])
    county.publish(changed, 9, ["o", "c"])
    carry(county, city)
    county.erase(undeleted, 9)
    city.inbox.take({LOG: county.page("c", 4)}, caught_up=True)
    assert city.shown().keys() == {changed}
    county.own.begin_epoch("restored")
    for id in (changed, undeleted):
        county.publish(id, 3, ["o"])
    city.inbox.take({f"{COUNTY}/o": county.page("o")}, caught_up=True)
    assert {id: version for id, (version, *_) in city.shown().items()} == {changed: 3, undeleted: 3}


def test_what_was_forgotten_is_salvaged_once(county: Committee) -> None:
    county.publish(county.new_id(), 1, ["c"])
    page = county.page("c")
    assert county.own.salvage(LOG, page) == 2
    assert county.own.salvage(LOG, page) == 0
    assert [(row.log, row.seq) for row in county.rows(SalvagedRow)] == [(LOG, 1), (LOG, 2)]


def test_a_place_of_an_older_life_that_was_erased_in_this_one_keeps_nothing_from_coming_back(county: Committee) -> None:
    """Else the new epoch would never begin, and nothing would be published any more."""
    back, gone = county.new_id(), county.new_id()
    county.publish(back, 1, ["c"])
    county.publish(back, 2, [])
    county.own.begin_epoch("restored")
    county.publish(gone, 1, ["c"])
    county.publish(gone, 2, ["c"])
    county.erase(gone, 3)
    assert [each.seq for each in county.page("c") if each.hole] == [2, 3], "where the older life retracted the first"
    restore = Restore(county.units, county.trust, Backup(county.units, Row.metadata), recoveries=county.recoveries)
    county.publish(back, 3, ["c"])
    restore.lose()
    assert restore.come_back() == {back: Outcome.ANEW}
    assert restore.shared_now("c").keys() == {back}


def test_a_new_epoch_is_above_all_that_readers_gave_back_though_somebody_else_showed_an_older_one(
    county: Committee,
) -> None:
    """Or two lives had one number, and readers of the one with the greater tag would not follow the other."""
    county.publish(county.new_id(), 1, ["c"])
    given = [each._replace(epoch="000007-ffff") for each in county.page("c")]
    county.own.salvage(LOG, given)
    assert epoch_number(county.own.begin_epoch("restored", [(LOG, county.head("c"))])) == 8


def test_who_missed_a_delete_that_a_restored_owner_had_forgotten_hears_it(tmp_path: Path, world: World) -> None:
    def as_rooms_do(unit: Unit, told: Recovered) -> Outcome:
        return gone(unit, None, told)

    made = opened(tmp_path, world, COUNTY, CITY, PROVINCE, recoveries={"value": as_rooms_do})
    county, city, province = (made[each] for each in (COUNTY, CITY, PROVINCE))
    county.publish(county.new_id(), 1, ["p"])
    restore = Restore(county.units, county.trust, Backup(county.units, Row.metadata), recoveries=county.recoveries)
    id = county.new_id()
    county.publish(id, 1, ["p"], mechanism_joint_ids={"canary": []})
    carry(county, city, province)
    county.erase(id, 2)
    carry(county, province)
    restore.lose()
    assert restore.come_back() == {}, "no room has anything to take back"
    carry(county, city, province)
    city.world.clock.on(days=500)
    city.inbox.drop_swept()
    assert not any(b"canary" in each for each in everywhere(province.engine))
    assert not any(b"canary" in each for each in everywhere(city.engine))


def test_a_forgotten_delete_takes_nothing_away_that_its_room_still_shares(tmp_path: Path, world: World) -> None:
    """A kind that is counted anew has no room that takes a delete back: the record stands, and so do its copies."""
    made = opened(tmp_path, world, COUNTY, CITY, recoveries={})
    county, city = made[COUNTY], made[CITY]
    id, other = county.new_id(), county.new_id()
    county.publish(other, 1, ["c"])
    county.publish(id, 1, ["p"])
    restore = Restore(county.units, county.trust, Backup(county.units, Row.metadata), recoveries=county.recoveries)
    county.publish(id, 2, ["p", "c"])
    county.erase(id, 3)
    carry(county, city)
    assert id not in city.shown()
    restore.lose()
    restore.come_back()
    for _ in range(2):
        carry(county, city)
        assert city.shown() == {id: (1, "['joint']", "p"), other: (1, "['joint']", "c")}
        county.own.begin_epoch("restored again")


# ── leaving, and helping ──


@pytest.mark.parametrize("then", [FollowedState.FROZEN, FollowedState.REMOVED])
def test_who_leaves_keeps_frozen_copies_or_none_and_gets_nothing_more(
    county: Committee, partner: Committee, then: FollowedState
) -> None:
    id, other = county.new_id(), county.new_id()
    county.publish(id, 1, [MECHANISM])
    carry(county, partner)
    log = log_of(COUNTY, MECHANISM)
    partner.inbox.entitle([each for each in partner.trust.directory.follows(PARTNER) if each != log], then)
    county.publish_all([id, other], 2, [MECHANISM])
    page = county.page(MECHANISM, 2)
    assert partner.inbox.take({log: page}, caught_up=True) == []
    assert partner.shown() == ({id: (1, "['joint']", MECHANISM)} if then is FollowedState.FROZEN else {})
    partner.inbox.entitle(partner.trust.directory.follows(PARTNER))
    carry(county, partner)
    assert partner.shown().keys() == {id, other}


def test_what_was_frozen_is_removed_when_that_is_chosen_later(county: Committee, partner: Committee) -> None:
    county.publish(county.new_id(), 1, [MECHANISM], mechanism_joint_ids={"canary": []})
    carry(county, partner)
    left = [each for each in partner.trust.directory.follows(PARTNER) if each != log_of(COUNTY, MECHANISM)]
    partner.inbox.entitle(left)
    partner.inbox.entitle(left, FollowedState.FROZEN)
    assert len(partner.shown()) == 1
    partner.inbox.entitle(left, FollowedState.REMOVED)
    assert not any(b"canary" in each for each in everywhere(partner.engine))
    partner.inbox.entitle(left, FollowedState.FROZEN)
    assert partner.shown() == {}


def test_what_a_fellow_reader_hands_on_is_as_good_as_the_owners(committees: Mapping[str, Committee]) -> None:
    county, city, province = committees[COUNTY], committees[CITY], committees[PROVINCE]
    log = f"{COUNTY}/p"
    for version in range(1, 8):
        county.publish_all([county.new_id() for _ in range(40)], version, ["p"])
        carry(county, city)
    with city.inbox.view(log) as held:
        assert held is not None
        handed = held.page(0, room=20_000)
        assert 0 < len(handed) < 281
        assert handed[-1].proof
        while handed:
            province.inbox.take({log: handed}, caught_up=False)
            handed = held.page(handed[-1].seq)
    assert province.shown() == city.shown()
    assert province.inbox.reading(log).head == city.inbox.reading(log).head


def test_nothing_is_handed_on_of_a_log_that_is_not_followed(committees: Mapping[str, Committee]) -> None:
    with committees[SISTER].inbox.view(LOG) as held:
        assert held is None
