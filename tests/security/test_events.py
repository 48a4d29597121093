"""What arrives on a committee's log and is not what its owner signed there is not applied, and its readers are told.

Here the hub itself is the attacker: it delivers whatever it likes. What a member can do there, with its own credentials
and its own key, is in tests/federation/test_hostile_member.py and tests/sync/test_attacks.py.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from sync.bus.directory_copy import DirectoryCopy
from sync.bus.ports import Delivered
from sync.bus.subscriber import Subscriber
from sync.contract import jose
from sync.contract.channels import log_of
from sync.contract.shapes.committees import CommitteeState
from sync.contract.trust.directory import Contents, Directory
from sync.log import Event
from tests.directories import signed
from tests.security.table import Attack, Door, tries
from tests.security.unchanged import nothing_changes
from tests.sync.test_relay import run
from tests.tenant_service.exchange.committees import CITY, COUNTY, SISTER, Committee, World, carry, opened
from tests.tenant_service.exchange.test_garbage import Owner as Line

pytestmark = pytest.mark.asyncio
E = Door.EVENT
LOG = log_of(COUNTY, "c")
TOLD = ["reading", "stash", "alarm"]
"""The tables of what is wrong with a log, of what waits there without being applied, and of what people are told."""


@pytest.fixture
def committees(tmp_path: Path) -> Iterator[Mapping[str, Committee]]:
    """COUNTY has told two things that CITY has applied, and a third that CITY has not; SISTER has told one."""
    made = opened(tmp_path, World(), COUNTY, CITY, SISTER)
    for owner, channels in ((COUNTY, ["c"]), (COUNTY, ["c", "p"]), (SISTER, ["c"])):
        made[owner].publish(made[owner].new_id(), 1, channels)
    carry(made[COUNTY], made[CITY])
    made[COUNTY].publish(made[COUNTY].new_id(), 1, ["c"])
    yield made
    for each in made.values():
        each.engine.dispose()


def news(of: Committee) -> Event:
    return of.page("c")[-1]


def resigned(event: Event, by: Committee, log: str = LOG) -> Event:
    return event._replace(proof=by.trust.sign(log, event.head()))


def arrives(at: Committee, *events: Event, log: str = LOG) -> list[str]:
    """The codes of what people are told when the hub delivers these bytes."""
    told: list[str] = []
    subscriber = Subscriber(at.inbox, Line(), at.trust, run, lambda _log, code, _text: told.append(code))
    subscriber._take_in([Delivered(log, each.body, each.proof) for each in events], caught_up=True)
    trouble = str(at.inbox.reading(log).trouble)
    return sorted({*told, trouble} - {""})


async def refused(at: Committee, expected: str, *events: Event) -> None:
    before = at.inbox.reading(LOG).head
    async with nothing_changes([at.engine], besides=TOLD):
        assert arrives(at, *events) == ([expected] if expected else [])
    assert at.inbox.reading(LOG).head == before


def _by_a_stranger(told: Mapping[str, Committee]) -> Event:
    """Under the owner's name, that is the key id of its key."""
    event, forger = news(told[COUNTY]), told[SISTER].world.trust(COUNTY)
    key = jose.new_key().as_dict(private=True) | {"kid": str(forger.event.kid)}
    forger.event = type(forger.event).import_key(key)
    return event._replace(proof=forger.sign(LOG, event.head()))


def _changed(told: Mapping[str, Committee]) -> Event:
    event = news(told[COUNTY])
    assert b'"version":1' in event.body
    return event._replace(body=event.body.replace(b'"version":1', b'"version":9'))


def _of_another_channel(told: Mapping[str, Committee]) -> Event:
    return told[COUNTY].page("p")[-1]


def _of_a_neighbour(told: Mapping[str, Committee]) -> Event:
    return news(told[SISTER])


def _signed_by_a_neighbour(told: Mapping[str, Committee]) -> Event:
    return resigned(news(told[COUNTY]), told[SISTER])


def _signed_for_another_log(told: Mapping[str, Committee]) -> Event:
    return resigned(news(told[COUNTY]), told[COUNTY], log_of(COUNTY, "p"))


BAD: list[tuple[str, Attack, Callable[[Mapping[str, Committee]], Event], str]] = [
    ("signed by a stranger under the owner's name", Attack.FORGED, _by_a_stranger, "FORGED"),
    ("changed under its good signature", Attack.CHANGED_BODY, _changed, "FORGED"),
    ("the owner's own, of another channel", Attack.WRONG_AUDIENCE, _of_another_channel, "UNREADABLE"),
    ("signed by the owner for another log", Attack.WRONG_AUDIENCE, _signed_for_another_log, "FORGED"),
    ("a neighbour's own", Attack.ANOTHERS, _of_a_neighbour, "UNREADABLE"),
    ("the owner's own, signed by a neighbour", Attack.ANOTHERS, _signed_by_a_neighbour, "UNKNOWN_KEY"),
]


@pytest.mark.parametrize(
    ("make", "expected"),
    [pytest.param(make, code, id=name, marks=tries(E, attack)) for name, attack, make, code in BAD],
)
async def test_no_event_is_applied_that_is(
    committees: Mapping[str, Committee], make: Callable[[Mapping[str, Committee]], Event], expected: str
) -> None:
    await refused(committees[CITY], expected, make(committees))
    carry(committees[COUNTY], committees[CITY])
    assert committees[CITY].inbox.reading(LOG).head.seq == committees[COUNTY].head("c").seq, "the log gets well"


@tries(E, Attack.REPLAYED)
async def test_what_was_applied_and_comes_again_changes_nothing(committees: Mapping[str, Committee]) -> None:
    county, city = committees[COUNTY], committees[CITY]
    carry(county, city)
    pages = county.page("c")
    await refused(city, "", *pages, *reversed(pages))
    assert city.given_twice() == []


def _voided(of: Committee) -> tuple[Contents, Event]:
    """A directory in which the owner's key was replaced, and an event by the key that was stolen."""
    stolen = news(of)
    of.world.event[COUNTY] = [jose.new_key()]
    return of.world.contents(), stolen


@tries(E, Attack.STOLEN)
async def test_a_stolen_event_key_is_worth_nothing_after_it_was_replaced(committees: Mapping[str, Committee]) -> None:
    city = committees[CITY]
    contents, stolen = _voided(committees[COUNTY])
    city.trust.directory = Directory(contents)
    await refused(city, "UNKNOWN_KEY", stolen)


@tries(E, Attack.ROLLED_BACK)
async def test_an_event_key_that_was_replaced_stays_void_when_the_hub_hands_out_an_older_directory(
    committees: Mapping[str, Committee], tmp_path: Path
) -> None:
    county, city, root = committees[COUNTY], committees[CITY], jose.new_key()
    copy, older = DirectoryCopy(tmp_path / "directory.jws", root), signed(county.world.contents(), root)
    first = copy.take(older, None)
    contents, stolen = _voided(county)
    newer = copy.take(signed(contents, root), first)
    assert newer is not None
    city.trust.directory = newer
    with pytest.raises(jose.Untrusted):
        copy.take(older, city.trust.directory)
    assert copy.read().serial == newer.serial
    await refused(city, "UNKNOWN_KEY", stolen)


@tries(E, Attack.SUSPENDED)
async def test_what_a_suspended_committee_says_is_not_taken(committees: Mapping[str, Committee]) -> None:
    county, city = committees[COUNTY], committees[CITY]
    event, contents = news(county), county.world.contents()
    entries = [
        msgspec.structs.replace(each, state=CommitteeState.SUSPENDED) if each.id == COUNTY else each
        for each in contents.entries
    ]
    city.trust.directory = Directory(msgspec.structs.replace(contents, entries=entries))
    city.inbox.entitle(city.trust.directory.follows(CITY))
    await refused(city, "", event)
