"""An owner knows how far each reader has come: from receipts that only the reader can have signed, and only forward."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sync.bus import receipts, wire
from sync.bus.confirming import RECEIPT_COSTS, Confirmer, Reporter
from sync.bus.directory_copy import DirectoryCopy
from sync.bus.holder import Budget
from sync.bus.ports import Unreachable
from sync.bus.subscriber import Pace
from sync.contract import jose
from sync.contract.channels import log_of
from sync.contract.shapes.committees import CommitteeState
from sync.contract.trust.directory import Directory
from sync.log import Head
from tenant_service.exchange.models import ReceiptRow
from tenant_service.exchange.watching import confirmed
from tenant_service.exchange.watching.confirmed import HubEnds, KeptReceipts, ReaderStatus, ToldStatus
from tests.directories import signed
from tests.security.table import Attack, Door, tries
from tests.security.unchanged import differences, tables
from tests.tenant_service.exchange.committees import CITY, COUNTY, MECHANISM, PARTNER, PROVINCE, Committee, carry

AT = 1_775_000_000
R = Door.RECEIPT


@contextmanager
def nothing_changes(county: Committee) -> Iterator[None]:
    """No row of any table at the owner is another, and with it nothing is told to anybody."""
    before = tables(county.engine)
    yield
    assert differences(before, tables(county.engine)) == {}


async def at_once(act: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """A domain thread that is this one."""
    return act(*args, **kwargs)


class Owner:
    """The county as it takes receipts, and what it was shown of a forgotten life."""

    def __init__(self, county: Committee, budget: Budget | None = None) -> None:
        self.county, self.witnessed = county, dict[str, Head]()
        self.confirmer = Confirmer(
            county.own, KeptReceipts(county.units), county.trust, at_once, self.witnessed.__setitem__, budget
        )

    def told(self, who: str, text: str) -> wire.Confirmed:
        return asyncio.run(self.confirmer.confirm(who, wire.Receipt(text)))

    def of(self, channel: str) -> ToldStatus:
        with self.county.units.read() as unit:
            found = confirmed.told(unit.session, COUNTY, self.county.trust.directory)
        return next(each for each in found if each.channel == channel)

    def seen_of(self, channel: str, reader: str) -> ReaderStatus:
        return next(each for each in self.of(channel).readers if each.committee_id == reader)


@pytest.fixture
def owner(county: Committee) -> Owner:
    county.publish(county.new_id(), 1, ["c"])
    return Owner(county)


def heads(reader: Committee, *channels: str) -> dict[str, Head]:
    return {
        log: head for log, head in reader.inbox.heads().items() if log in {log_of(COUNTY, each) for each in channels}
    }


def receipt(reader: Committee, told: dict[str, Head], *, of: str = "", to: str = COUNTY) -> str:
    return receipts.signed(of or reader.id, to, told, AT, reader.trust.event)


def test_a_reader_that_never_confirmed_is_named_and_so_is_how_much_it_lacks(owner: Owner, city: Committee) -> None:
    assert owner.of("c").readers == [ReaderStatus(CITY, 0, 2, None)]
    assert owner.of("c").hub_seq is None
    assert owner.of("c").confirmed == 0


def test_what_a_reader_applied_and_signed_is_confirmed(owner: Owner, county: Committee, city: Committee) -> None:
    carry(county, city)
    assert owner.told(CITY, receipt(city, heads(city, "c"))) == wire.Confirmed([log_of(COUNTY, "c")])
    assert owner.of("c").readers == [ReaderStatus(CITY, 2, 0, county.world.clock.now)]
    county.world.clock.on(hours=1)
    county.publish(county.new_id(), 1, ["c"])
    assert owner.seen_of("c", CITY) == ReaderStatus(CITY, 2, 1, county.world.clock.now.replace(hour=0))


def test_a_receipt_can_be_shown_to_others_as_its_readers(owner: Owner, county: Committee, city: Committee) -> None:
    carry(county, city)
    owner.told(CITY, receipt(city, heads(city, "c")))
    [row] = county.rows(ReceiptRow)
    assert receipts.opened(row.proof, CITY, COUNTY, county.trust.directory)[log_of(COUNTY, "c")].chain == row.chain


def _forged(county: Committee, city: Committee) -> str:
    told = heads(city, "c")
    return receipts.signed(CITY, COUNTY, told, AT, jose.new_key())


def _altered(county: Committee, city: Committee) -> str:
    first, payload, last = receipt(city, heads(city, "c")).split(".")
    return ".".join([first, payload[:-4] + ("AAAA" if payload[-4:] != "AAAA" else "BBBB"), last])


def _of_another_kind(county: Committee, city: Committee) -> str:
    """What the city's key signed for another purpose."""
    text = receipt(city, heads(city, "c"))
    return jose.sign("liandong-head+jws", jose.payload_of(text), city.trust.event)


def _of_another_algorithm(county: Committee, city: Committee) -> str:
    _, payload, _ = receipt(city, heads(city, "c")).split(".")
    return f"eyJhbGciOiJub25lIn0.{payload}."


def _for_somebody_else(county: Committee, city: Committee) -> str:
    return receipt(city, heads(city, "c"), to=PARTNER)


def _in_anothers_name(county: Committee, city: Committee) -> str:
    return receipt(city, heads(city, "c"), of=PROVINCE)


def _of_no_place(county: Committee, city: Committee) -> str:
    return receipt(city, {log_of(COUNTY, "c"): Head("1", -1, b"short")})


def _of_too_many(county: Committee, city: Committee) -> str:
    head = heads(city, "c")[log_of(COUNTY, "c")]
    return receipt(city, {f"{COUNTY}/m_{at:032x}": head for at in range(receipts.MOST_LOGS + 1)})


def _nothing(_county: Committee, _city: Committee) -> str:
    return ""


def _noise(_county: Committee, _city: Committee) -> str:
    return "x" * 300_000


BAD = [
    ("signed with a key that the directory does not show", Attack.FORGED, _forged),
    ("signed for another purpose", Attack.FORGED, _of_another_kind),
    ("not signed", Attack.FORGED, _of_another_algorithm),
    ("of no place", Attack.FORGED, _of_no_place),
    ("of too many logs", Attack.FORGED, _of_too_many),
    ("empty", Attack.FORGED, _nothing),
    ("noise", Attack.FORGED, _noise),
    ("changed", Attack.CHANGED_BODY, _altered),
    ("for another owner", Attack.WRONG_AUDIENCE, _for_somebody_else),
    ("in another reader's name", Attack.ANOTHERS, _in_anothers_name),
]


@pytest.mark.parametrize("made", [pytest.param(made, id=name, marks=tries(R, attack)) for name, attack, made in BAD])
def test_a_receipt_that_its_teller_did_not_sign_for_me_leaves_no_trace(
    owner: Owner, county: Committee, city: Committee, made: Callable[[Committee, Committee], str]
) -> None:
    carry(county, city)
    with nothing_changes(county):
        assert owner.told(CITY, made(county, city)) == wire.Confirmed(refused="NOT_SIGNED")
    assert county.rows(ReceiptRow) == []
    assert owner.witnessed == {}


@tries(R, Attack.STOLEN)
def test_anothers_receipt_confirms_nothing_for_who_repeats_it(owner: Owner, county: Committee, city: Committee) -> None:
    carry(county, city)
    with nothing_changes(county):
        assert owner.told(PROVINCE, receipt(city, heads(city, "c"))).refused == "NOT_SIGNED"


@tries(R, Attack.SUSPENDED)
def test_a_suspended_readers_receipt_confirms_nothing(owner: Owner, county: Committee, city: Committee) -> None:
    carry(county, city)
    told, contents = receipt(city, heads(city, "c")), county.world.contents()
    entries = [
        msgspec.structs.replace(each, state=CommitteeState.SUSPENDED) if each.id == CITY else each
        for each in contents.entries
    ]
    county.trust.directory = Directory(msgspec.structs.replace(contents, entries=entries))
    with nothing_changes(county):
        assert owner.told(CITY, told).kept == []


@tries(R, Attack.ROLLED_BACK)
def test_a_receipt_by_a_key_that_was_replaced_stays_void_under_an_older_directory(
    owner: Owner, county: Committee, city: Committee, tmp_path: Path
) -> None:
    carry(county, city)
    root, told = jose.new_key(), receipt(city, heads(city, "c"))
    copy, older = DirectoryCopy(tmp_path / "directory.jws", root), signed(county.world.contents(), root)
    first = copy.take(older, None)
    county.world.event[CITY] = [jose.new_key()]
    newer = copy.take(signed(county.world.contents(), root), first)
    assert newer is not None
    county.trust.directory = newer
    with nothing_changes(county):
        with pytest.raises(jose.Untrusted):
            copy.take(older, newer)
        assert owner.told(CITY, told) == wire.Confirmed(refused="NOT_SIGNED")
    assert copy.read().serial == newer.serial


@tries(R, Attack.WRONG_AUDIENCE)
def test_who_may_not_read_a_log_confirms_nothing_of_it(
    owner: Owner, county: Committee, city: Committee, committees: Mapping[str, Committee]
) -> None:
    carry(county, city)
    province = committees[PROVINCE]
    with nothing_changes(county):
        assert owner.told(PROVINCE, receipt(province, heads(city, "c"))) == wire.Confirmed()
    assert county.rows(ReceiptRow) == []


@tries(R, Attack.REPLAYED)
def test_an_older_receipt_that_comes_again_takes_nothing_back(owner: Owner, county: Committee, city: Committee) -> None:
    carry(county, city)
    older = receipt(city, heads(city, "c"))
    county.publish(county.new_id(), 1, ["c"])
    carry(county, city)
    owner.told(CITY, receipt(city, heads(city, "c")))
    known = owner.seen_of("c", CITY)
    county.world.clock.on(hours=1)
    with nothing_changes(county):
        assert owner.told(CITY, older).kept == [log_of(COUNTY, "c")]
    assert owner.seen_of("c", CITY) == known
    assert known.seq == 3


@tries(R, Attack.FORGED)
def test_a_receipt_beside_my_log_confirms_nothing_and_is_no_witness_without_my_signature(
    owner: Owner, county: Committee, city: Committee
) -> None:
    carry(county, city)
    log = log_of(COUNTY, "c")
    head = heads(city, "c")[log]
    for wrong in (head._replace(seq=99), head._replace(chain=b"\1" * 32), head._replace(epoch="000009-abcd", seq=1)):
        with nothing_changes(county):
            assert owner.told(CITY, receipt(city, {log: wrong})) == wire.Confirmed()
    assert county.rows(ReceiptRow) == []
    assert owner.witnessed == {}


def test_a_receipt_beyond_my_log_that_shows_my_own_signature_is_the_witness_of_a_restored_database(
    owner: Owner, county: Committee, city: Committee
) -> None:
    log = log_of(COUNTY, "c")
    beyond = county.head("c")._replace(seq=7, chain=b"\2" * 32)
    beyond = beyond._replace(proof=county.trust.sign(log, beyond))
    assert owner.told(CITY, receipt(city, {log: beyond})) == wire.Confirmed()
    assert owner.witnessed == {log: beyond}
    assert county.rows(ReceiptRow) == []


def test_a_receipt_of_a_log_that_my_database_never_heard_of_lets_its_next_life_have_it(
    owner: Owner, county: Committee, partner: Committee
) -> None:
    log = log_of(COUNTY, MECHANISM)
    forgotten = Head(county.head("c").epoch, 4, b"\3" * 32)
    forgotten = forgotten._replace(proof=county.trust.sign(log, forgotten))
    owner.told(PARTNER, receipt(partner, {log: forgotten}))
    assert owner.witnessed == {log: forgotten}
    assert county.head(MECHANISM).seq == 1


@tries(R, Attack.EXPIRED)
def test_in_a_new_epoch_a_reader_has_to_confirm_anew(owner: Owner, county: Committee, city: Committee) -> None:
    carry(county, city)
    older = receipt(city, heads(city, "c"))
    owner.told(CITY, older)
    county.own.begin_epoch("asked for")
    assert owner.seen_of("c", CITY).behind == county.head("c").seq
    with nothing_changes(county):
        assert owner.told(CITY, older) == wire.Confirmed()
    carry(county, city)
    owner.told(CITY, receipt(city, heads(city, "c")))
    assert owner.seen_of("c", CITY).behind == 0


def test_a_flood_of_receipts_is_told_to_come_later(county: Committee, city: Committee) -> None:
    county.publish(county.new_id(), 1, ["c"])
    carry(county, city)
    moment = [0.0]
    owner = Owner(county, Budget(each=3 * RECEIPT_COSTS, together=10**9, clock=lambda: moment[0]))
    text = receipt(city, heads(city, "c"))
    said = [owner.told(CITY, text) for _ in range(6)]
    assert said[0].kept
    assert said[-1].busy > 0
    assert not said[-1].kept
    moment[0] = 60.0
    assert owner.told(CITY, text).kept


# ── the reader's side ──


class Straight:
    """A line on which the owner answers at once, until it is cut."""

    def __init__(self, owner: Owner) -> None:
        self.owner, self.told, self.is_cut = owner, list[tuple[str, list[str]]](), False

    async def tell(self, owner: str, receipt: wire.Receipt) -> wire.Confirmed:
        assert owner == COUNTY
        if self.is_cut:
            raise Unreachable(owner)
        self.told.append(
            (owner, sorted(receipts.opened(receipt.signed, CITY, COUNTY, self.owner.county.trust.directory)))
        )
        return await self.owner.confirmer.confirm(CITY, receipt)


@pytest.fixture
def line(owner: Owner) -> Straight:
    return Straight(owner)


@pytest.fixture
def reporter(line: Straight, city: Committee) -> tuple[Reporter, list[float]]:
    moment = [0.0]
    made = Reporter(
        city.inbox, line, city.trust, at_once, pace=Pace(receipt=60, remind=3600), now=city.world.clock,
        clock=lambda: moment[0], spread=lambda: 0.5,
    )  # fmt: skip
    return made, moment


def test_an_owner_is_told_of_all_its_logs_at_once_and_again_only_where_one_moved(
    reporter: tuple[Reporter, list[float]], line: Straight, county: Committee, city: Committee
) -> None:
    county.publish(county.new_id(), 1, ["c", "p", "o"])
    carry(county, city)
    one, _ = reporter
    assert asyncio.run(one.report()) == 3
    assert asyncio.run(one.report()) == 0
    county.publish(county.new_id(), 1, ["p"])
    carry(county, city)
    assert asyncio.run(one.report()) == 1
    logs = [log_of(COUNTY, each) for each in ("c", "o", "p")]
    assert line.told == [(COUNTY, logs), (COUNTY, logs[2:])]


def test_what_was_not_confirmed_is_told_again_and_what_stands_still_every_hour(
    reporter: tuple[Reporter, list[float]], line: Straight, county: Committee, city: Committee
) -> None:
    carry(county, city)
    one, moment = reporter
    line.is_cut = True
    assert asyncio.run(one.report()) == 0
    line.is_cut = False
    assert asyncio.run(one.report()) == 1
    moment[0] = 3_000.0
    assert asyncio.run(one.report()) == 0
    moment[0] = 3_601.0
    assert asyncio.run(one.report()) == 1


def test_an_owner_that_does_not_keep_a_receipt_is_told_less_often(
    reporter: tuple[Reporter, list[float]], line: Straight, county: Committee, city: Committee
) -> None:
    carry(county, city)
    county.own.begin_epoch("asked for")
    one, moment = reporter
    for moment[0] in (0.0, 60.0, 120.0):
        assert asyncio.run(one.report()) == 0
    assert len(line.told) == 1
    moment[0] = 601.0
    asyncio.run(one.report())
    assert len(line.told) == 2


# ── the hub ──


def test_what_the_hub_holds_is_remembered_with_its_moment(owner: Owner, county: Committee) -> None:
    log, moment = log_of(COUNTY, "c"), [100.0]
    ends = HubEnds(county.units, lambda: moment[0])
    ends.note({log: (county.head("c")._replace(seq=1), 70.0)})
    assert owner.of("c").hub_seq == 1
    assert owner.of("c").hub_as_of == county.world.clock.now.replace(day=31, month=3, hour=23, minute=59, second=30)
    ends.note({log: (Head("000000-abcd", 9, b""), 100.0)})
    assert owner.of("c").hub_seq == 0, "what it holds is of another epoch"
