"""Proposals of years before come in from a list, and count and are read once they are signed."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from sync.contract.errors import Code
from sync.contract.shapes.items import ReplyClass, Satisfaction
from sync.contract.shapes.posts import PostOrigin
from sync.contract.shapes.proposals import ProposalState, ProposerKind
from sync.contract.shapes.values import IndicatorCode
from tenant_service.identity.policy import Role
from tenant_service.imports import queries as imports
from tenant_service.imports import reading
from tenant_service.imports import service as importing
from tenant_service.imports.models import ImportRow
from tenant_service.imports.rules import Line
from tenant_service.performance.models import LedgerRow
from tenant_service.performance.rules import Deed
from tenant_service.proposals import crediting, past_service, queries, similar_queries
from tenant_service.proposals import review_service as review
from tenant_service.proposals.models import ProposalRow
from tenant_service.proposals.past_service import Past
from tenant_service.proposals.sheets import PAST
from tenant_service.rooms import COUNTING
from tenant_service.signing.rules import Approval
from tenant_service.spreadsheets import grids
from tenant_service.spreadsheets.rules import Outcome
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.members.office import idle
from tests.tenant_service.proposals.office import FILING, LIFTS, Office
from tests.tenant_service.roster import files
from tests.tenant_service.told import told

SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
LAST_YEAR = Past(
    "第12号", dt.date(2025, 3, 5), "十五届三次会议", ("县建设局", "县消防大队"), dt.date(2025, 6, 20),
    ReplyClass.SOLVED, ReplyClass.PLANNED, Satisfaction.SATISFIED, Satisfaction.BASICALLY,
)  # fmt: skip
OPEN = replace(LIFTS, is_open=True)
HEADS = [
    "提案编号", "案由", "立案时间", "提案人", "提案分类", "情况与问题", "建议", "承办单位", "答复日期", "答复类别",
    "满意度", "来源界别", "是否公开",
]  # fmt: skip
LIST = [
    HEADS,
    ["第12号", "加装电梯", "2025-03-05", "沈一、陆二", "住房与老旧小区", "标准不一。", "统一标准\n简化审批",
     "县建设局，县消防大队", "2025-06-20", "B类", "基本满意", "教育界", "是"],
    ["13", "增设公交站", "2025-03-06", "沈一", "交通出行", "", "", "县交通局", "", "A", "满意", "", ""],
    ["第12号", "路灯", "2025-03-07", "沈一", "社区治理", "", "", "", "", "", "", "", ""],
    ["第14号", "路灯", "2099-03-07", "沈一", "社区治理", "", "", "", "", "", "", "", ""],
    ["第15号", "路灯", "2025-03-07", "沈一", "社区治理", "", "", "", "2025-01-01", "", "", "", ""],
    ["无号", "路灯", "2025-03-07", "沈一", "社区治理", "", "", "", "", "", "", "", ""],
    ["第16号", "路灯", "2025-03-07", "沈一", "路灯", "", "", "", "", "", "", "", ""],
]  # fmt: skip


def entered(office: Office, past: Past = LAST_YEAR) -> str:
    return office.do(lambda unit: past_service.backfill(unit, office.clerk, OPEN, past)).id


def signs(office: Office, id: str) -> None:
    office.do(lambda unit: review.sign_off(unit, office.secretary, FILING, id, unclassified=True))


def previewed(office: Office, rows: Any) -> ImportRow:
    read = reading.read(PAST, grids.read(files.xlsx(rows)))
    return office.do(lambda unit: importing.preview(unit, office.clerk, PAST, "历年提案.xlsx", read))


def lines(office: Office, row: ImportRow) -> dict[int, Line]:
    with office.units.read() as unit:
        return {each.number: each for each in imports.lines(imports.FILES.ours(unit.session, row.id))}


def counted(office: Office) -> int:
    with office.units.read() as unit:
        flow = COUNTING.flows[IndicatorCode.PROPOSALS_FILED]
        return sum(each.number for each in flow.daily(unit.session, dt.date(2025, 1, 1), dt.date(2025, 12, 31)))


def credited(office: Office) -> set[tuple[str, Deed, dt.date]]:
    with office.units.read() as unit:
        return {(each.person_id, each.deed, each.day) for each in unit.session.query(LedgerRow)}


def test_one_of_years_before_counts_and_credits_on_its_day_once_it_is_signed(office: Office) -> None:
    first, reader = office.member("沈一"), office.member("顾三")
    before, id = told(office.units), entered(office)
    assert told(office.units) == before
    row = office.row(id)
    assert (row.state, row.approval, row.number, row.year) == (
        ProposalState.ARCHIVED, Approval.IN_REVIEW, "第12号", 2025
    )  # fmt: skip
    assert (row.first_class, row.reply_class, row.satisfaction) == (
        ReplyClass.PLANNED, ReplyClass.SOLVED, Satisfaction.BASICALLY
    )  # fmt: skip
    office.do(crediting.catch_up)
    assert (counted(office), credited(office)) == (0, set()), "nobody signed it"
    with office.units.read() as unit:
        assert queries.one(unit.session, reader, id) is None
    signs(office, id)
    assert first.person is not None
    assert (counted(office), credited(office)) == (1, {(first.person, Deed.PROPOSAL, dt.date(2025, 3, 5))})
    with office.units.read() as unit:
        assert queries.one(unit.session, reader, id) is not None
    row = office.row(id)
    assert (row.number, row.filed_on, row.state) == ("第12号", dt.date(2025, 3, 5), ProposalState.ARCHIVED)
    assert office.steps(id) == ["backfill", "sign_past"]
    office.refused(Code.OUT_OF_TURN, lambda unit: past_service.take_back(unit, office.clerk, id), id)
    office.refused(
        Code.OUT_OF_TURN, lambda unit: review.sign_off(unit, office.secretary, FILING, id, unclassified=True), id
    )


def test_this_years_numbers_go_on_after_those_that_were_given_on_paper(office: Office) -> None:
    signs(office, entered(office, replace(LAST_YEAR, number="第7号", filed_on=dt.date(2026, 1, 9), replied_on=None)))
    assert office.row(office.filed()).number == "第8号"
    last = entered(office, replace(LAST_YEAR, number="善政提〔2025〕3号"))
    assert (office.row(last).seq, office.row(last).number) == (3, "善政提〔2025〕3号")


def test_an_entry_is_sent_back_with_why_and_taken_back(office: Office) -> None:
    id = entered(office)
    office.do(lambda unit: review.send_back(unit, office.secretary, id, "案号有误"))
    assert (office.row(id).approval, office.row(id).returned_because) == (Approval.RETURNED, "案号有误")
    office.refused(
        Code.OUT_OF_TURN, lambda unit: review.sign_off(unit, office.secretary, FILING, id, unclassified=True), id
    )
    member, filed, draft = office.member("沈一"), office.filed(), office.written()
    office.refused(Code.FORBIDDEN, lambda unit: past_service.take_back(unit, member, id), id)
    office.refused(Code.OUT_OF_TURN, lambda unit: past_service.take_back(unit, office.clerk, filed), filed)
    office.refused(Code.OUT_OF_TURN, lambda unit: past_service.take_back(unit, office.clerk, draft), draft)
    office.do(lambda unit: past_service.take_back(unit, office.clerk, id))
    with office.units.read() as unit:
        assert unit.session.get(ProposalRow, id) is None
        assert queries.signers(unit.session, id) == []


def test_who_entered_it_does_not_sign_it_and_a_member_enters_none(office: Office) -> None:
    id, both = entered(office), places.staff(places.JIASHAN, Role.DEPUTY_SECRETARY, sub=office.clerk.sub)
    office.refused(Code.OWN_DRAFT, lambda unit: review.sign_off(unit, both, FILING, id, unclassified=True), id)
    member = office.member("沈一")
    office.refused(Code.FORBIDDEN, lambda unit: past_service.backfill(unit, member, OPEN, LAST_YEAR), id)
    office.refused(Code.BAD_VALUE, lambda unit: past_service.backfill(unit, office.clerk, OPEN, LAST_YEAR), id)
    alone = replace(OPEN, kind=ProposerKind.JOINT)
    other = replace(LAST_YEAR, number="99")
    office.refused(Code.BAD_VALUE, lambda unit: past_service.backfill(unit, office.clerk, alone, other), id)


def test_earlier_ones_like_it_are_shown_with_what_came_of_them(office: Office) -> None:
    signs(office, entered(office))
    id = office.written(replace(LIFTS, title="统一老旧小区加装电梯技术标准的建议"))
    with office.units.read() as unit:
        [like] = similar_queries.to(unit.session, office.clerk, queries.ours(unit.session, id).record())
    assert (like.title, like.year, like.number, like.reply_class) == (LIFTS.title, 2025, "第12号", ReplyClass.SOLVED)


@SQLITE
@pytest.mark.practice(16)
def test_a_list_comes_in_row_by_row_and_is_taken_back(office: Office) -> None:
    row = previewed(office, LIST)
    found = lines(office, row)
    assert {at: each.outcome for at, each in found.items()} == {
        2: Outcome.NEW, 3: Outcome.NEW, **dict.fromkeys((4, 5, 6, 7, 8), Outcome.ERROR)
    }  # fmt: skip
    reasons = [found[at].reason or "" for at in (4, 5, 6, 7, 8)]
    for reason, words in zip(reasons, ("与第2行重复", "晚于今天", "须在立案之后", "没有序号", "类别"), strict=True):
        assert words in reason
    office.do(lambda unit: importing.apply(unit, office.clerk, PAST, row.id))
    with office.units.read() as unit:
        made = {each.number: each for each in unit.session.query(ProposalRow)}
        lift, bus = made["第12号"], made["第13号"]
        [source] = queries.sources(unit.session, lift.id)
        assert queries.sources(unit.session, bus.id) == []
    assert (lift.kind, lift.names, lift.advice) == (ProposerKind.JOINT, ["沈一", "陆二"], ["统一标准", "简化审批"])
    assert (lift.handled_by, lift.reply_class, lift.replied_on) == (
        ["县建设局", "县消防大队"], ReplyClass.PLANNED, dt.date(2025, 6, 20)
    )  # fmt: skip
    assert (source.origin, source.sector) == (PostOrigin.SECTOR, "教育界")
    assert (bus.kind, bus.situation, bus.handled_by, bus.is_open) == (
        ProposerKind.INDIVIDUAL, None, ["县交通局"], False
    )  # fmt: skip
    again = lines(office, previewed(office, [HEADS, LIST[1], ["12", "另一件", *LIST[2][2:]]]))
    assert (again[2].outcome, again[3].outcome) == (Outcome.UNCHANGED, Outcome.ERROR)
    other = lines(office, previewed(office, [HEADS, ["12", "另一件", *LIST[2][2:]]]))
    assert "2025年12号已有提案" in (other[2].reason or "")
    signs(office, lift.id)
    office.do(lambda unit: importing.undo(unit, office.clerk, PAST, row.id, idle))
    with office.units.read() as unit:
        assert [each.number for each in unit.session.query(ProposalRow)] == ["第12号"], "what is signed stays"


@SQLITE
def test_the_pages_say_what_waits_and_what_may_be_done(office: Office, clerk_browser: Browser, anybody: Any) -> None:
    leader, id = anybody(Role.SECRETARY), entered(office)
    at = f"/proposals/{id}"
    assert 'href="/imports/proposals"' in clerk_browser.go("/proposals").text
    assert "提案待立案" in leader.go("/").text
    assert "签发补录" in leader.go(at).text
    leader.send(f"{at}/send-back", reason="案号有误")
    page = clerk_browser.go(at).text
    assert "案号有误" in page
    assert f'action="{at}/sign-off"' not in page
    clerk_browser.send(f"{at}/take-back")
    assert clerk_browser.path == "/proposals"
    assert clerk_browser.go(at).status == 404
    at = f"/proposals/{entered(office)}"
    leader.go(at).send(f"{at}/sign-off", unclassified="yes")
    assert "签发补录" in leader.text, "its history says so"
    assert f'action="{at}/sign-off"' not in leader.text
    assert "第12号" in clerk_browser.go("/proposals.csv?year=2025").text
