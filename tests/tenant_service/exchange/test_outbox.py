import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from sync.contract.envelope import Envelope, decode
from sync.contract.errors import Code, Refusal
from sync.log import genesis, link
from tenant_service.exchange.models import OutboxRow, SharedOutRow
from tenant_service.exchange.sharing import reach
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service.exchange.committees import (
    CITY,
    COUNTY,
    MECHANISM,
    PARTNER,
    SPRING,
    Committee,
    World,
    everywhere,
    value,
)


def told(committee: Committee, channel: str) -> list[Envelope]:
    return [decode(event.body) for event in committee.page(channel) if not event.hole]


def ops(committee: Committee, channel: str) -> list[tuple[str, int]]:
    return [(each.op, each.version) for each in told(committee, channel)]


def test_a_record_is_one_event_on_each_channel_with_one_id(county: Committee) -> None:
    id = county.new_id()
    county.publish(id, 1, ["c", "p", MECHANISM])
    events = [told(county, channel)[-1] for channel in ("c", "p", MECHANISM)]
    assert len({each.id for each in events}) == 1
    assert {(each.subject, each.version, each.op, each.dataschema, each.owner) for each in events} == {
        (id, 1, "put", "value/1", COUNTY)
    }


def test_every_event_says_which_version_of_cloudevents_it_follows(county: Committee) -> None:
    id = county.new_id()
    county.publish(id, 1, ["c"])
    county.publish(id, 2, [])
    bodies = [msgspec.json.decode(event.body) for event in county.page("c")]
    assert [each["op"] for each in bodies] == ["complete", "put", "retract"]
    assert all(each["specversion"] == "1.0" and each["id"] and each["source"] and each["type"] for each in bodies)


def test_a_log_begins_by_saying_that_nothing_was_shared_before(county: Committee) -> None:
    county.publish(county.new_id(), 1, ["c"])
    assert ops(county, "c") == [("complete", 0), ("put", 1)]


def test_numbers_and_chain_are_unbroken_over_many_acts(county: Committee) -> None:
    for version in range(1, 20):
        county.publish_all([county.new_id() for _ in range(3)], version, ["c"])
    chain = genesis(f"{COUNTY}/c", county.head("c").epoch)
    for number, event in enumerate(county.page("c"), 1):
        assert (event.seq, event.prev) == (number, chain)
        chain = link(chain, event.body)
    assert county.head("c")[1:3] == (58, chain)


def test_who_is_no_longer_chosen_is_told_so_after_the_others_were_told(county: Committee) -> None:
    id = county.new_id()
    county.publish(id, 1, ["c", "o"])
    county.publish(id, 2, ["p", "o"])
    assert ops(county, "c") == [("complete", 0), ("put", 1), ("retract", 2)]
    assert ops(county, "p")[-1] == ("put", 2)
    assert ops(county, "o")[-1] == ("put", 2)


def test_a_record_that_nobody_was_told_of_leaves_nothing(county: Committee) -> None:
    county.publish(county.new_id(), 1, [])
    county.erase(county.new_id(), 2)
    assert county.rows(OutboxRow) == []


def test_the_gone_are_gone_on_every_channel_they_were_ever_on(county: Committee) -> None:
    id = county.new_id()
    county.publish(id, 1, ["c", "o"])
    county.publish(id, 2, ["o"])
    county.erase(id, 3)
    assert ops(county, "c")[-1] == ops(county, "o")[-1] == ("delete", 3)
    assert county.rows(SharedOutRow) == []


def test_each_circle_is_told_what_is_meant_for_it(county: Committee) -> None:
    county.publish(county.new_id(), 1, ["o", "d", "p", MECHANISM], mechanism_joint_ids={"canary": []})
    assert [("mechanism_joint_ids" in told(county, each)[-1].data) for each in ("o", "d", "p", MECHANISM)] == [
        False, False, True, True,
    ]  # fmt: skip


def test_a_partners_copy_is_sealed_to_the_partner(county: Committee, partner: Committee) -> None:
    county.publish(county.new_id(), 1, [f"x_{PARTNER}"], mechanism_joint_ids={"canary": []})
    body = county.page(f"x_{PARTNER}")[-1].body
    assert b"canary" not in body
    opened = msgspec.json.decode(partner.trust.unsealed(decode(body).data))
    assert opened["mechanism_joint_ids"] == {"canary": []}
    assert not any(b"canary" in each for each in everywhere(county.engine))


@pytest.mark.parametrize(
    ("channel", "code"),
    [
        ("x_310118", Code.PARTNER_HAS_NO_KEY),
        ("x_440300", Code.UNKNOWN_COMMITTEE),
        ("m_" + "0" * 32, Code.UNKNOWN_MECHANISM),
        ("everybody", Code.BAD_VALUE),
    ],
)
def test_a_channel_that_cannot_be_written_refuses_the_act_whole(
    county: Committee, world: World, channel: str, code: Code
) -> None:
    world.without_enc.add(PARTNER)
    county.again()
    with pytest.raises(Refusal) as refusal:
        county.publish(county.new_id(), 1, ["c", channel])
    assert refusal.value.code is code
    assert county.rows(OutboxRow) == county.rows(SharedOutRow) == []


@pytest.mark.parametrize("in_force", [{"exp": 0}, {"nbf": 1}], ids=["expired", "not yet"])
def test_nothing_is_sealed_to_a_key_that_is_not_in_force(
    county: Committee, world: World, in_force: dict[str, int]
) -> None:
    now = int(world.clock().timestamp())
    world.enc_in_force[PARTNER] = {name: now + more for name, more in in_force.items()}
    county.again()
    with pytest.raises(Refusal) as refusal:
        county.publish(county.new_id(), 1, [f"x_{PARTNER}"])
    assert refusal.value.code is Code.PARTNER_HAS_NO_KEY
    assert county.rows(OutboxRow) == county.rows(SharedOutRow) == []


def test_an_act_tells_by_the_directory_it_began_with(county: Committee, world: World) -> None:
    """What an act checks and what it then tells go by the same, whatever arrives meanwhile."""
    with county.units.write() as unit:
        began = unit.directory
        world.without_enc.add(PARTNER)
        county.trust.directory = world.directory()
        unit.publish(value(county.new_id(), 1), 1, {f"x_{PARTNER}"})
    assert unit.directory is began
    assert ops(county, f"x_{PARTNER}")[-1] == ("put", 1)


def test_anothers_record_cannot_be_published(county: Committee) -> None:
    with pytest.raises(Refusal) as refusal:
        county.publish(f"{CITY}.value.{'0' * 32}", 1, ["c"])
    assert refusal.value.code is Code.NOT_YOURS


def test_what_the_hub_would_not_carry_is_refused_at_once(county: Committee) -> None:
    with pytest.raises(Refusal) as refusal:
        county.publish(county.new_id(), 1, ["c"], days={each * 70_000: [1] for each in "xy"})
    assert refusal.value.code is Code.TOO_LARGE
    assert county.rows(OutboxRow) == []


def test_a_mechanism_that_was_left_keeps_no_act_from_being_done(county: Committee, world: World) -> None:
    id = county.new_id()
    county.publish(id, 1, ["c", MECHANISM, f"x_{PARTNER}"])
    world.members, world.without_enc = [PARTNER], {PARTNER}
    county.again()
    county.publish(id, 2, ["c", MECHANISM])
    assert ops(county, MECHANISM)[-1] == ("retract", 2)
    assert ops(county, "c")[-1] == ("put", 2)


def test_an_act_that_is_refused_says_nothing(county: Committee) -> None:
    def act() -> None:
        with county.units.write() as unit:
            unit.publish(value(county.new_id(), 1), 1, {"c"})
            raise Refusal(Code.NOT_FOUND)

    with pytest.raises(Refusal):
        act()
    assert county.rows(OutboxRow) == []


def test_what_a_savepoint_took_back_was_never_said(county: Committee) -> None:
    kept, lost, later = (county.new_id() for _ in range(3))

    def fails(unit: Unit) -> None:
        with unit.attempt():
            unit.publish(value(lost, 1), 1, {"c", "o"})
            raise ZeroDivisionError

    with county.units.write() as unit:
        unit.publish(value(kept, 1), 1, {"c"})
        with pytest.raises(ZeroDivisionError):
            fails(unit)
        unit.publish(value(later, 1), 1, {"c"})
    assert [each.subject for each in told(county, "c")] == ["", kept, later]
    assert told(county, "o") == []
    assert county.head("c").seq == 3


def test_a_new_epoch_says_again_what_is_shared_and_deleted_now_and_nothing_else(county: Committee) -> None:
    kept, changed, retracted, gone = (county.new_id() for _ in range(4))
    for id in (kept, changed, retracted, gone):
        county.publish(id, 1, ["c", f"x_{PARTNER}"])
    county.publish(changed, 2, ["c"], month="2026-04")
    county.publish(retracted, 2, [])
    county.erase(gone, 2)
    was = {each.subject: each for each in told(county, "c")}
    sealed = {each.subject: each.data for each in told(county, f"x_{PARTNER}")}
    epoch = county.own.begin_epoch("asked for")
    assert epoch.startswith("000002-")
    now = told(county, "c")
    assert [each.subject for each in now] == [gone, *sorted([kept, changed]), ""]
    assert [each.op for each in now] == ["delete", "put", "put", "complete"]
    for each in now[1:3]:
        before = was[each.subject]
        assert (each.id, each.version, each.time, each.data) == (before.id, before.version, before.time, before.data)
    sealed_now = told(county, f"x_{PARTNER}")
    assert [each.subject for each in sealed_now] == [gone, kept, ""]
    assert sealed_now[1].data == sealed[kept]
    county.publish(kept, 2, ["c"])
    assert ops(county, "c")[-1] == ("put", 2)


def test_a_new_epoch_is_above_all_that_were_ever_seen(county: Committee) -> None:
    county.publish(county.new_id(), 1, ["c"])
    seen = county.head("c")._replace(epoch="000007-" + "f" * 16)
    assert county.own.begin_epoch("restored", [(f"{COUNTY}/c", seen)]).startswith("000008-")
    assert county.own.begin_epoch("again").startswith("000009-")


def test_rooms_can_ask_which_records_reach_a_channel(county: Committee) -> None:
    wide, narrow, nowhere = (county.new_id() for _ in range(3))
    county.publish(wide, 1, ["c", "o"])
    county.publish(narrow, 1, ["c"])
    county.publish(nowhere, 1, ["c"])
    county.publish(nowhere, 2, [])
    with Session(county.engine) as session:
        records = sa.select(SharedOutRow.record).distinct()
        reached = {
            channels: set(session.scalars(records.where(reach.reaching(SharedOutRow.record, channels))))
            for channels in [("o",), ("c",), ("c", "o"), ("p",), ()]
        }
        assert reached == {
            ("o",): {wide}, ("c",): {wide, narrow}, ("c", "o"): {wide, narrow}, ("p",): set(), (): set(),
        }  # fmt: skip
        assert reach.channels_of(session, [wide, narrow, nowhere]) == {wide: {"c", "o"}, narrow: {"c"}}


def test_the_moment_of_an_event_is_the_acts(county: Committee) -> None:
    county.publish(county.new_id(), 1, ["c"])
    assert told(county, "c")[-1].time == SPRING.isoformat()
