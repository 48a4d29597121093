"""A file hangs on a record, its bytes are kept once, and goes with the last record that has it."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.activities import ActivityKind
from sync.contract.trust.directory import Directory
from tenant_service.activities import service as activities
from tenant_service.activities.service import Draft
from tenant_service.files import personal, queries, rules, service
from tenant_service.files.inspecting import inspected
from tenant_service.files.models import FileBytesRow, FileRow
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.models import AuditRow
from tenant_service.identity.policy import Role
from tenant_service.rooms import OPENS
from tenant_service.services import Opens
from tenant_service.storage.personal import Whom
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.files import samples
from tests.tenant_service.told import told

FIRST, SECOND = (f"{places.JIASHAN}.activity.{digit * 32}" for digit in "12")


def attach(
    units: Units, actor: Actor, data: bytes, subject: str = FIRST, name: str = "方案.pdf", **more: bool
) -> FileRow:
    with units.write() as unit:
        return service.attach(unit, actor, subject, name, data, **more)


def paper(number: int) -> bytes:
    return samples.pdf().replace(b"1.7\n", b"1.7\n%" + str(number).encode() + b"\n")


def kept(units: Units) -> tuple[list[tuple[str, str]], int, int]:
    """Which record has which file, how many bytes are kept of all, and how many acts were noted."""
    with units.read() as unit:
        rows = unit.session.execute(select(FileRow.subject, FileRow.name).order_by(FileRow.id)).all()
        size = unit.session.scalar(select(func.sum(func.length(FileBytesRow.data)))) or 0
        return [(row[0], row[1]) for row in rows], size, len(unit.session.scalars(select(AuditRow)).all())


def refused(units: Units, code: Code, act: Callable[[Unit], object]) -> None:
    before = kept(units), told(units)
    with pytest.raises(Refusal) as refusal, units.write() as unit:
        act(unit)
    assert refusal.value.code is code
    assert (kept(units), told(units)) == before


def test_bytes_are_kept_once_and_go_with_the_last_record_that_has_them(units: Units, clerk: Actor) -> None:
    data = samples.pdf()
    first, second = attach(units, clerk, data), attach(units, clerk, data, SECOND, "另一个名字.pdf")
    assert kept(units)[:2] == ([(FIRST, "方案.pdf"), (SECOND, "另一个名字.pdf")], len(data))
    with units.write() as unit:
        assert service.detach(unit, clerk, first.id) == FIRST
    assert kept(units)[:2] == ([(SECOND, "另一个名字.pdf")], len(data))
    with units.write() as unit:
        service.detach(unit, clerk, second.id)
    assert kept(units)[:2] == ([], 0)
    assert told(units) == [], "files stay at home"


def test_the_same_file_attached_twice_is_there_once(units: Units, clerk: Actor) -> None:
    made = attach(units, clerk, samples.pdf())
    assert attach(units, clerk, samples.pdf(), name="又一次.pdf").id == made.id
    assert kept(units)[0] == [(FIRST, "方案.pdf")]


def test_who_attached_and_took_away_stands_in_the_log_with_the_digest(units: Units, clerk: Actor) -> None:
    made = attach(units, clerk, samples.pdf())
    with units.write() as unit:
        service.detach(unit, clerk, made.id)
    with units.read() as unit:
        rows = unit.session.scalars(select(AuditRow).order_by(AuditRow.seq)).all()
        assert [(row.act, row.subject, row.sub) for row in rows] == [
            ("file.attach", made.id, clerk.sub), ("file.detach", made.id, clerk.sub),
        ]  # fmt: skip
        assert rows[0].digest == bytes.fromhex(made.digest)


def test_a_record_has_so_many_files_and_no_more(units: Units, clerk: Actor) -> None:
    for number in range(rules.MOST_OF_A_RECORD):
        attach(units, clerk, paper(number))
    refused(units, Code.FILES_OF_RECORD, lambda unit: service.attach(unit, clerk, FIRST, "x.pdf", samples.pdf()))
    attach(units, clerk, samples.pdf(), SECOND)
    with units.read() as unit:
        assert queries.count(unit.session, [FIRST, SECOND, "nothing"]) == {FIRST: rules.MOST_OF_A_RECORD, SECOND: 1}


def test_an_account_uploads_so_much_a_day_and_reporters_as_much_together(
    units: Units, clerk: Actor, secretary: Actor, clock: places.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_A_DAY", 2)
    monkeypatch.setattr(rules, "MOST_A_DAY_OF_REPORTERS", 2)
    for number in range(2):
        attach(units, clerk, paper(number))
        attach(units, nobody(places.JIASHAN), paper(number), SECOND, by_reporter=True)
    refused(units, Code.FILES_OF_THE_DAY, lambda unit: service.attach(unit, clerk, FIRST, "x.pdf", paper(5)))
    stranger = nobody(places.JIASHAN)
    refused(
        units, Code.FILES_OF_THE_DAY,
        lambda unit: service.attach(unit, stranger, SECOND, "x.pdf", paper(5), by_reporter=True),
    )  # fmt: skip
    attach(units, secretary, paper(6))
    clock.on(days=1)
    attach(units, clerk, paper(5))
    monkeypatch.setattr(rules, "MOST_BYTES_A_DAY", len(paper(5)) + 10)
    refused(units, Code.FILES_OF_THE_DAY, lambda unit: service.attach(unit, clerk, FIRST, "x.pdf", paper(7)))


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [("机密.pdf", samples.pdf(), Code.CLASSIFIED), ("a.svg", samples.SVG, Code.FILE_KIND),
     ("a.jpg", samples.picture()[:-40], Code.FILE_DAMAGED), ("a.png", samples.huge_png(), Code.FILE_UNSAFE)],
)  # fmt: skip
def test_what_may_not_be_kept_leaves_nothing(units: Units, clerk: Actor, name: str, data: bytes, code: Code) -> None:
    refused(units, code, lambda unit: service.attach(unit, clerk, FIRST, name, data))


def test_what_is_not_there_is_not_taken_away(units: Units, clerk: Actor) -> None:
    refused(units, Code.NOT_FOUND, lambda unit: service.detach(unit, clerk, f"{places.JIASHAN}.file.{'9' * 32}"))


def test_files_go_with_their_record_or_only_a_reporters(units: Units, clerk: Actor) -> None:
    attach(units, clerk, paper(1))
    attach(units, nobody(places.JIASHAN), paper(2), by_reporter=True)
    attach(units, clerk, paper(2), SECOND)
    with units.write() as unit:
        assert service.drop(unit, FIRST, of_reporter=True) == 1
    assert kept(units)[0] == [(FIRST, "方案.pdf"), (SECOND, "方案.pdf")]
    with units.write() as unit:
        assert service.drop(unit, FIRST) == 1
    assert kept(units)[:2] == ([(SECOND, "方案.pdf")], len(paper(2)))


# ── who may ──


@pytest.fixture
def session_of_ours(units: Units, directory: Directory, clerk: Actor) -> str:
    with units.write() as unit:
        draft = Draft("议事", ActivityKind.HALL_SESSION, places.SPRING, "惠通村")
        return activities.draft(unit, clerk, directory, draft, []).id


def test_the_records_room_says_who_opens_and_who_attaches(
    units: Units, clerk: Actor, member: Actor, session_of_ours: str
) -> None:
    told = [inspected("名单.pdf", samples.pdf())]
    with units.write() as unit:
        [made] = service.attach_here(unit, clerk, OPENS, session_of_ours, told)
    chair = places.staff(places.JIASHAN, Role.CHAIR)
    with units.read() as unit:
        assert queries.opened(unit.session, clerk, made.id, OPENS).name == "名单.pdf"
        assert queries.opened(unit.session, chair, made.id, OPENS).name == "名单.pdf"
    other_clerk = places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)
    for actor in (member, nobody(places.JIASHAN), other_clerk):
        refused(units, Code.NOT_FOUND, lambda unit, a=actor: queries.opened(unit.session, a, made.id, OPENS))  # type: ignore[misc]
    refused(units, Code.NOT_FOUND, lambda unit: service.attach_here(unit, member, OPENS, session_of_ours, told))
    refused(units, Code.NOT_FOUND, lambda unit: service.detach_here(unit, member, OPENS, made.id))
    refused(units, Code.FORBIDDEN, lambda unit: service.attach_here(unit, chair, OPENS, session_of_ours, told))
    refused(units, Code.FORBIDDEN, lambda unit: service.detach_here(unit, chair, OPENS, made.id))
    visitor = nobody(places.JIASHAN)
    refused(units, Code.NOT_SIGNED_IN, lambda unit: service.attach_here(unit, visitor, OPENS, session_of_ours, told))


@pytest.mark.parametrize("subject", [FIRST, f"{places.JIASHAN}.venue.{'1' * 32}", "nonsense", "", "a.b.c"])
def test_nothing_is_attached_to_what_is_not_there_or_has_no_files(units: Units, clerk: Actor, subject: str) -> None:
    told = [inspected("名单.pdf", samples.pdf())]
    refused(units, Code.NOT_FOUND, lambda unit: service.attach_here(unit, clerk, OPENS, subject, told))


def test_the_records_room_hears_how_many_there_are(units: Units, clerk: Actor) -> None:
    heard: list[tuple[str, int]] = []
    anybody = Opens(lambda *_: True, lambda *_: True, lambda _unit, subject, count: heard.append((subject, count)))
    rooms = {"activity": anybody}
    with units.write() as unit:
        two = [inspected("一.pdf", paper(1)), inspected("二.pdf", paper(2))]
        first, _ = service.attach_here(unit, clerk, rooms, FIRST, two)
        service.detach_here(unit, clerk, rooms, first.id)
    assert heard == [(FIRST, 2), (FIRST, 1)]


# ── of a person ──


def test_a_file_whose_name_names_somebody_is_nobodys_own_and_is_shown_to_who_erases(units: Units, clerk: Actor) -> None:
    attach(units, clerk, paper(1), name="郑四签到.pdf")
    attach(units, clerk, paper(2), name="方案.pdf")
    [table], whom = personal.TABLES, Whom("x", "郑四")
    with units.write() as unit:
        assert table.named
        assert table.named(unit.session, "郑四") == [FIRST]
        assert (personal.about(unit.session, whom), personal.erase(unit, whom)) == ([], 0)
    assert {name for _, name in kept(units)[0]} == {"郑四签到.pdf", "方案.pdf"}
