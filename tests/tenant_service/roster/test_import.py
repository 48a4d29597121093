"""A roster goes in as it was previewed, whole or in part, and can be taken back."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sync.contract.errors import Code
from sync.contract.shapes.members import MembershipEnding, UnitKind
from sync.contract.shapes.sectors import Party, Sector
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.identity.actor import Actor
from tenant_service.identity.disclosures import Told
from tenant_service.identity.policy import Role
from tenant_service.members import address_book, queries, service, unit_service
from tenant_service.members.address_book import Member, Wanted
from tenant_service.members.service import PersonDraft
from tenant_service.roster import queries as roster_queries
from tenant_service.roster import reading
from tenant_service.roster import service as roster_service
from tenant_service.roster.queries import Tally
from tenant_service.spreadsheets.grids import Grid
from tenant_service.spreadsheets.rules import ImportState, Outcome
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.members.office import act, everything, look, new_person, new_unit, refused, seated
from tests.tenant_service.told import told

SPRING = places.SPRING.date()
HEADS = ["姓名", "编号", "出生年月", "界别", "党派", "职务", "届次", "联系电话", "标签"]
ZHANG = ["张三", "1", "1968.05", "经济界", "民盟", "常委", "十届", "8400000", "法律"]
LI = ["李四", "2", "1970.11", "教育界", "中共党员", "委员", "十届", "", ""]
BAD = ["王五", "3", "1970.11", "火星界", "", "", "", "", ""]


def previewed(units: Units, clerk: Actor, *rows: Any, heads: list[str] = HEADS) -> str:
    """The preview of a file with these rows; its id."""
    local = look(units, roster_queries.local_words)
    found = reading.read([Grid([list(heads), *(list(row) for row in rows)])], local)
    id = act(units, lambda at: roster_service.begin(at, clerk, "名册.xlsx", found.heads))
    for start in range(0, len(found.entries), roster_service.SLICE):
        some = found.entries[start : start + roster_service.SLICE]
        act(units, partial(roster_service.add, actor=clerk, id=id, entries=some))
    act(units, lambda at: roster_service.finish(at, clerk, id))
    return id


def digest(units: Units, id: str) -> str:
    return look(units, lambda s: roster_queries.batch(s, id)).digest


def applied(units: Units, clerk: Actor, id: str) -> None:
    told = digest(units, id)
    act(units, lambda at: roster_service.apply(at, clerk, id, told))
    while act(units, lambda at: roster_service.apply_slice(at, clerk, id)):
        pass


def undone(units: Units, clerk: Actor, id: str) -> None:
    act(units, lambda at: roster_service.undo(at, clerk, id))
    while act(units, lambda at: roster_service.undo_slice(at, clerk, id)):
        pass


def tally(units: Units, id: str) -> Tally:
    return look(units, lambda s: roster_queries.tally(s, id))


def counts(units: Units, id: str) -> tuple[int, int, int, int]:
    """New, updated, unchanged, errors."""
    found = tally(units, id).verdicts
    return found[Outcome.NEW], found[Outcome.UPDATED], found[Outcome.UNCHANGED], found[Outcome.ERROR]


def members(units: Units, clerk: Actor) -> list[Member]:
    return look(units, lambda s: address_book.members(s, clerk, Wanted(), SPRING, 200, None)).rows


def names(units: Units, clerk: Actor) -> list[str]:
    return [each.name for each in members(units, clerk)]


def about_people(units: Units) -> dict[str, list[str]]:
    """Everything that is known of people, without the numbers that every change counts up."""
    wanted = (
        "SELECT id, name, sort_key, tags, gender, birth_month, work_phone, employer, roster_no, left_on FROM person",
        "SELECT id, kind, state, person_id, unit_id, title, term, sector, party, since, until FROM membership",
        "SELECT tag, person_id FROM person_tag", "SELECT id, kind, text FROM search_text",
    )  # fmt: skip
    with units.engine.connect() as connection:
        return {each: sorted(map(str, connection.execute(sa.text(each)))) for each in wanted}


# ── in ──


@pytest.mark.practice(16)
def test_good_rows_go_in_even_when_others_are_bad(units: Units, clerk: Actor) -> None:
    id = previewed(units, clerk, ZHANG, BAD, LI)
    assert counts(units, id) == (2, 0, 0, 1)
    assert members(units, clerk) == [], "a preview changes nobody"
    applied(units, clerk, id)
    zhang, li = members(units, clerk)
    assert (zhang.name, zhang.sector, zhang.party, zhang.title, zhang.term, zhang.work_phone, zhang.tags) == (
        "张三", Sector.ECONOMY, Party.CDL, "常委", 10, "8400000", ["法律"],
    )  # fmt: skip
    assert (li.name, li.party, li.work_phone) == ("李四", Party.CPC, None)
    [bad] = look(units, lambda s: roster_queries.lines(s, id, 0, 10, Outcome.ERROR))
    assert (bad.number, bad.cells) == (3, BAD)
    assert "火星界" in (bad.reason or "")
    assert [each.name for each in look(units, lambda s: address_book.persons(
        s, clerk, Wanted(text="法律 常委"), SPRING, 9, None)).rows] == ["张三"]  # fmt: skip
    assert told(units) == [], "nobody else is told about people"


def test_the_same_file_again_changes_nothing(units: Units, clerk: Actor) -> None:
    applied(units, clerk, previewed(units, clerk, ZHANG, LI))
    before = about_people(units)
    again = previewed(units, clerk, ZHANG, LI)
    assert counts(units, again) == (0, 0, 2, 0)
    applied(units, clerk, again)
    assert about_people(units) == before


def test_a_newer_file_updates_what_it_says_and_nothing_else(units: Units, clerk: Actor) -> None:
    applied(units, clerk, previewed(units, clerk, ZHANG, LI))
    promoted = ["张三", "1", "", "", "", "副主席", "", "", ""]
    id = previewed(units, clerk, promoted, LI)
    assert counts(units, id) == (0, 1, 1, 0)
    applied(units, clerk, id)
    zhang = members(units, clerk)[0]
    assert (zhang.title, zhang.sector, zhang.work_phone, zhang.term) == ("副主席", Sector.ECONOMY, "8400000", 10)
    next_term = ["张三", "1", "", "", "", "常委", "十一届", "", ""]
    applied(units, clerk, previewed(units, clerk, next_term))
    held = look(units, lambda s: queries.memberships_of(s, zhang.id))
    assert [(each.term, each.title) for each in held] == [(10, "副主席"), (11, "常委")]


def test_rosters_place_members_in_units_that_are_there(units: Units, clerk: Actor) -> None:
    proposals = new_unit(units, clerk, "提案委", UnitKind.SPECIAL_COMMITTEE)
    economy = new_unit(units, clerk, "经济科技界", UnitKind.SECTOR, sector=Sector.ECONOMY)
    heads = ["姓名", "专委会", "界别"]
    id = previewed(units, clerk, ["张三", "提案委", "经济科技界"], ["李四", "文史委", ""], heads=heads)
    assert counts(units, id) == (1, 0, 0, 1)
    applied(units, clerk, id)
    [zhang] = members(units, clerk)
    assert zhang.sector is Sector.ECONOMY
    for unit in (proposals, economy):
        assert look(units, partial(queries.persons_in, id=unit.id, day=SPRING)) == {zhang.id}
    assert counts(units, previewed(units, clerk, ["张三", "提案委", "经济科技界"], heads=heads)) == (0, 0, 1, 0)


def test_two_rows_that_mean_one_person_are_not_both_taken(units: Units, clerk: Actor) -> None:
    new_person(units, clerk, "张三", roster_no="1", birth_month="1968-05")
    by_number = ["张三", "1", "", "", "", "常委", "", "", ""]
    by_birth = ["张三", "", "1968.05", "", "", "委员", "", "", ""]
    id = previewed(units, clerk, by_number, by_birth)
    assert counts(units, id) == (0, 1, 0, 1)
    [error] = look(units, lambda s: roster_queries.lines(s, id, 0, 10, Outcome.ERROR))
    assert error.reason == "与第2行是同一人"


# ── refusals ──


def test_what_is_applied_is_what_was_previewed(units: Units, clerk: Actor) -> None:
    id, other = previewed(units, clerk, ZHANG), previewed(units, clerk, LI)
    refused(units, Code.ROSTER_CHANGED, lambda at: roster_service.apply(at, clerk, id, digest(units, other)))
    refused(units, Code.ROSTER_CHANGED, lambda at: roster_service.apply(at, clerk, id, ""))
    refused(units, Code.OUT_OF_TURN, lambda at: roster_service.apply_slice(at, clerk, id))
    refused(units, Code.NOT_FOUND, lambda at: roster_service.apply(at, clerk, "0" * 32, ""))
    applied(units, clerk, id)
    seen = digest(units, id)
    refused(units, Code.OUT_OF_TURN, lambda at: roster_service.apply(at, clerk, id, seen))
    refused(units, Code.OUT_OF_TURN, lambda at: roster_service.add(at, clerk, id, []))


def test_members_who_changed_since_the_preview_stop_it(units: Units, clerk: Actor) -> None:
    applied(units, clerk, previewed(units, clerk, ZHANG))
    [zhang] = members(units, clerk)
    renamed = ["张三", "1", "", "", "", "副主席", "", "", ""]
    id = previewed(units, clerk, renamed, LI)
    seen = digest(units, id)
    act(units, lambda at: service.tag_person(at, clerk, zhang.id, ["科技"]))
    refused(units, Code.ROSTER_CHANGED, lambda at: roster_service.apply(at, clerk, id, seen))


@pytest.mark.parametrize("come", [PersonDraft("李四", birth_month="1970-11"), PersonDraft("李世", roster_no="2")])
def test_a_new_person_who_came_meanwhile_stops_it(units: Units, clerk: Actor, come: PersonDraft) -> None:
    id = previewed(units, clerk, LI)
    seen = digest(units, id)
    act(units, lambda at: service.add_person(at, clerk, come))
    refused(units, Code.ROSTER_CHANGED, lambda at: roster_service.apply(at, clerk, id, seen))


def test_a_namesake_with_a_number_of_his_own_is_somebody_else(units: Units, clerk: Actor) -> None:
    new_person(units, clerk, "张三", roster_no="7")
    id = previewed(units, clerk, ["张三", "8", "", "", "", "", "", "", ""])
    assert counts(units, id) == (1, 0, 0, 0)
    applied(units, clerk, id)
    assert counts(units, id) == (1, 0, 0, 0)
    assert look(units, lambda s: queries.by_roster_no(s, "8"))


def test_somebody_who_left_meanwhile_stops_it(units: Units, clerk: Actor) -> None:
    person = new_person(units, clerk, "张三", roster_no="1")
    id = previewed(units, clerk, ZHANG)
    seen = digest(units, id)
    act(units, lambda at: service.part_with(at, clerk, person, MembershipEnding.MOVED, SPRING))
    refused(units, Code.ROSTER_CHANGED, lambda at: roster_service.apply(at, clerk, id, seen))


@pytest.mark.parametrize("role", [Role.MEMBER, Role.STREET, Role.CHAIR, Role.SYSTEM_ADMIN])
def test_only_the_office_imports(units: Units, clerk: Actor, role: Role) -> None:
    id, actor = previewed(units, clerk, ZHANG), places.staff(places.JIASHAN, role)
    for step in (
        lambda at: roster_service.begin(at, actor, "x", []), lambda at: roster_service.add(at, actor, id, []),
        lambda at: roster_service.finish(at, actor, id), lambda at: roster_service.apply(at, actor, id, ""),
        lambda at: roster_service.apply_slice(at, actor, id), lambda at: roster_service.undo(at, actor, id),
        lambda at: roster_service.undo_slice(at, actor, id),
        lambda at: roster_service.note_export(at, actor, Told(purpose="ROSTER"), 1, 9),
    ):  # fmt: skip
        refused(units, Code.FORBIDDEN, step)


# ── between two slices ──


def many(count: int) -> list[list[str]]:
    return [[f"张{chr(0x4E00 + n)}", str(n + 1), "", "经济界", "", "委员", "十届", "", ""] for n in range(count)]


def test_an_interrupted_import_goes_on_where_it_was(units: Units, clerk: Actor) -> None:
    id = previewed(units, clerk, *many(roster_service.SLICE + 1))
    seen = digest(units, id)
    act(units, lambda at: roster_service.apply(at, clerk, id, seen))
    assert act(units, lambda at: roster_service.apply_slice(at, clerk, id))
    assert (len(members(units, clerk)), tally(units, id).open) == (roster_service.SLICE, 1)
    applied(units, clerk, id)
    assert (len(members(units, clerk)), tally(units, id).open) == (roster_service.SLICE + 1, 0)
    assert look(units, lambda s: roster_queries.batch(s, id)).state is ImportState.APPLIED


def test_what_somebody_else_did_between_two_slices_stays_and_its_row_says_so(units: Units, clerk: Actor) -> None:
    id = previewed(units, clerk, *many(roster_service.SLICE + 3))
    seen = digest(units, id)
    act(units, lambda at: roster_service.apply(at, clerk, id, seen))
    act(units, lambda at: roster_service.apply_slice(at, clerk, id))
    last = many(roster_service.SLICE + 3)[-1]
    new_person(units, clerk, last[0], roster_no=last[1], work_phone="1234567")
    while act(units, lambda at: roster_service.apply_slice(at, clerk, id)):
        pass
    [left] = look(units, lambda s: roster_queries.lines(s, id, 0, 10, Outcome.ERROR))
    assert (left.name, left.cells) == (last[0], last)
    assert "他人修改" in (left.reason or "")
    assert len(members(units, clerk)) == roster_service.SLICE + 2


def test_a_unit_that_is_closed_meanwhile_takes_nobody(units: Units, clerk: Actor) -> None:
    unit = new_unit(units, clerk, "提案委", UnitKind.SPECIAL_COMMITTEE)
    id = previewed(units, clerk, ["张三", "提案委"], ["李四", ""], heads=["姓名", "专委会"])
    act(units, lambda at: unit_service.close_unit(at, clerk, unit.id, SPRING))
    applied(units, clerk, id)
    assert names(units, clerk) == ["李四"]
    assert counts(units, id) == (1, 0, 0, 1)


# ── back ──


@pytest.mark.practice(16)
def test_an_import_is_taken_back_to_the_letter(units: Units, clerk: Actor) -> None:
    person = new_person(units, clerk, "张三", roster_no="1", birth_month="1968-05", tags=("文史",), employer="某校")
    seated(units, clerk, person, "委员", term=10)
    unnumbered = new_person(units, clerk, "李四", birth_month="1970-11")
    before = about_people(units)
    id = previewed(units, clerk, ZHANG, LI, ["赵六", "9", "", "", "", "", "", "", "体育"])
    assert counts(units, id) == (1, 2, 0, 0)
    applied(units, clerk, id)
    assert about_people(units) != before
    assert look(units, lambda s: queries.locked_person(s, unnumbered)).roster_no == "2"
    undone(units, clerk, id)
    assert about_people(units) == before
    assert look(units, lambda s: roster_queries.batch(s, id)).state is ImportState.UNDONE
    for again in (roster_service.undo, roster_service.undo_slice):
        refused(units, Code.OUT_OF_TURN, partial(again, actor=clerk, id=id))
    assert counts(units, previewed(units, clerk, ZHANG, LI)) == (0, 2, 0, 0)


def test_an_import_is_not_taken_back_over_later_changes(units: Units, clerk: Actor) -> None:
    id = previewed(units, clerk, ZHANG, LI)
    applied(units, clerk, id)
    zhang = members(units, clerk)[0]
    act(units, lambda at: service.tag_person(at, clerk, zhang.id, ["科技"]))
    refused(units, Code.ROSTER_USED, lambda at: roster_service.undo(at, clerk, id))


def test_an_import_is_not_taken_back_when_other_rooms_know_its_people(units: Units, clerk: Actor) -> None:
    id = previewed(units, clerk, ZHANG)
    applied(units, clerk, id)
    zhang = members(units, clerk)[0].id
    known = [zhang]
    refused(
        units, Code.ROSTER_USED,
        lambda at: roster_service.undo(at, clerk, id, lambda _session, ids: bool(set(known) & set(ids))),
    )  # fmt: skip
    known.clear()
    act(units, lambda at: roster_service.undo(at, clerk, id, lambda _session, ids: bool(set(known) & set(ids))))


def test_a_preview_that_nobody_applied_is_thrown_away_with_its_names(
    units: Units, clerk: Actor, clock: places.Clock
) -> None:
    old, done = previewed(units, clerk, ZHANG), previewed(units, clerk, LI)
    applied(units, clerk, done)
    clock.on(days=2)
    previewed(units, clerk, BAD)
    kept = {each.id for each in look(units, roster_queries.batches)}
    assert old not in kept
    assert done in kept
    lines = everything(units.engine)["roster_line"]
    assert not [line for line in lines if "张三" in line]


# ── whatever the file ──

words = st.sampled_from(
    ["", " ", "张三", "李四", "王 五", "合计", "1", "2", "1968.05", "1968.1", "经济界", "无", "十届", "火"]
)


@contextmanager
def fresh(empty: Path, folder: Path) -> Iterator[Units]:
    engine = open_engine(f"sqlite:///{shutil.copy(empty, folder / 'one.db')}")
    yield Units(engine, places.JIASHAN, ExchangeOutbox(places.trust(places.JIASHAN)), places.Clock())
    engine.dispose()
    for each in folder.iterdir():
        each.unlink()


@given(
    rows=st.lists(st.lists(words, min_size=4, max_size=4), max_size=8),
    others=st.lists(st.lists(words, min_size=4, max_size=4), max_size=5),
)
@example(rows=[["张三", "1", "1968.05", ""]], others=[["张三", "", "1968.05", ""], ["张三", "1", "", "经济界"]])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_nobody_in_a_file_is_ever_dropped(
    clerk: Actor, empty_sqlite: Path, tmp_path: Path, rows: list[list[str]], others: list[list[str]]
) -> None:
    """Rows in = new + updated + unchanged + errors; and a file that went in says nothing new the second time."""
    with fresh(empty_sqlite, tmp_path) as units:
        goes_in(units, clerk, rows)
        before = about_people(units)
        undone(units, clerk, goes_in(units, clerk, others))
        assert about_people(units) == before


def goes_in(units: Units, clerk: Actor, rows: list[list[str]]) -> str:
    heads = ["姓名", "编号", "出生年月", "界别"]
    id = previewed(units, clerk, *rows, heads=heads)
    assert tally(units, id).total == sum(1 for row in rows if any(cell.strip() for cell in row))
    before = about_people(units)
    applied(units, clerk, id)
    new, updated, _, errors = counts(units, id)
    assert (about_people(units) == before) is (new + updated == 0)
    again = counts(units, previewed(units, clerk, *rows, heads=heads))
    assert again[:2] == (0, 0)
    assert again[3] >= errors
    return id


def test_days_of_a_roster_are_days_of_the_seat(units: Units, clerk: Actor) -> None:
    id = previewed(units, clerk, ["张三", "2026年5月"], heads=["姓名", "任职时间"])
    applied(units, clerk, id)
    assert names(units, clerk) == []
    may = look(units, lambda s: address_book.members(s, clerk, Wanted(), dt.date(2026, 5, 1), 9, None)).rows
    assert [each.name for each in may] == ["张三"]
    assert counts(units, previewed(units, clerk, ["张三", "2026年5月"], heads=["姓名", "任职时间"])) == (0, 0, 1, 0)
