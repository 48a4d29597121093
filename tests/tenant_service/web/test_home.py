"""The first page says what waits for whoever looks, and each number leads to a list of exactly so many."""

import datetime as dt
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.reports import ReportKind, ReportOutcome, ReportState
from sync.contract.shapes.requests import RequestKind, RequestState
from sync.contract.shapes.supervision import AppraisalState
from sync.contract.shapes.topics import TopicState
from sync.contract.shapes.values import IndicatorCode
from tenant_service.activities import service as activities
from tenant_service.activities.models import ActivityRow
from tenant_service.activities.service import Draft
from tenant_service.appraisals.models import AppraisalRow
from tenant_service.assignments import call_service as calls
from tenant_service.assignments import handling_queries
from tenant_service.assignments import handling_service as handling
from tenant_service.assignments import reminder_service as reminding
from tenant_service.assignments import service as items
from tenant_service.assignments.call_service import Draft as Call
from tenant_service.assignments.rules import Part
from tenant_service.exchange.models import RecoveredRow, RestorationRow
from tenant_service.exchange.outcome import Outcome
from tenant_service.identity import account_acts, accounts, administrators, audit, tries
from tenant_service.identity.accounts import Draft as AccountDraft
from tenant_service.identity.models import AccountRow
from tenant_service.identity.policy import Role
from tenant_service.members import body_service
from tenant_service.notifications import service as notifications
from tenant_service.notifications.models import DeliveryRow
from tenant_service.notifications.rules import DeliveryState, NotificationKind
from tenant_service.posts.models import PostRow
from tenant_service.procedures import service as procedures
from tenant_service.programmes.models import ProgrammeRow
from tenant_service.reports.models import ReportIntakeRow, ReportRow, SeenReportRow
from tenant_service.requests.models import IncomingRow
from tenant_service.rooms import COUNTING
from tenant_service.signing.models import ReviewRow
from tenant_service.signing.rules import Approval, ReviewState
from tenant_service.statistics import opening_service as openings
from tenant_service.statistics.models import OpeningRow
from tenant_service.statistics.opening_rules import Days
from tenant_service.storage.columns import Row
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.supervision.models import CampaignRow
from tenant_service.topics.models import TopicRow
from tenant_service.web.site import Todo
from tests.tenant_service import places
from tests.tenant_service.appraisals.urn import Urn
from tests.tenant_service.assignments.office import ASSIST, LEAD, TERMS, Office
from tests.tenant_service.bookings.waiting import waiting
from tests.tenant_service.browsing import Browser
from tests.tenant_service.exchange_status import troubles
from tests.tenant_service.members.office import idle
from tests.tenant_service.posts.office import NOTICE
from tests.tenant_service.posts.office import Office as Posts
from tests.tenant_service.programmes.office import SIX
from tests.tenant_service.programmes.office import Office as Programmes
from tests.tenant_service.reports.office import PIECE
from tests.tenant_service.reports.office import Office as Reports
from tests.tenant_service.reports.test_recognitions import PRAISED, recorded
from tests.tenant_service.supervision.office import WORKS
from tests.tenant_service.topics.office import Office as Topics

# A page does not know which database is below it; the rooms' own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
_TILE = re.compile(r'<li><a href="([^"]+)"><b>([\d,]+)</b> ?<span>([^<]+)</span>')
_GROUP = re.compile(r"<h2>(待办|待审|逾期)</h2>(.*?)</section>", re.DOTALL)
NOBODY_BELOW = {"下级审计头异常"}
"""Jiashan has nobody below it."""


def tiles(page: Browser) -> list[tuple[str, int, str]]:
    """What is counted, how many, and where they are."""
    return [(label, int(n.replace(",", "")), html.unescape(href)) for href, n, label in _TILE.findall(page.text)]


def rows(page: Browser, href: str) -> int:
    """How many the list at the address shows: that with the address's fragment, or the one list of the page."""
    path, _, part = href.partition("#")
    shown = page.go(path).text.partition(f'id="{part or "rows"}"')[2].partition("</section>")[0]
    assert page.status == 200, href
    body = re.search(r"<tbody>.*?</tbody>", shown, re.DOTALL)
    return body[0].count("<tr") if body else shown.partition("</ul>")[0].count("<li>")


class Filled:
    """Something stands in every state that anybody waits for, beside others of its kind that nobody waits for."""

    def __init__(self, units: Units, clock: places.Clock, folder: Path) -> None:
        self.units, self.clock = units, clock
        self.urn = Urn.at(units)
        self.office, self.topics_office, self.posts = Office.at(units), Topics.at(units), Posts.at(units)
        self.clerk, self.secretary = self.office.clerk, self.office.secretary
        self.member = self.urn.voters[0].person
        self.of_activities()
        self.of_reviews()
        self.of_lists()
        self.of_calls()
        self.of_supervision()
        self.of_programmes()
        self.of_topics()
        self.of_reports()
        self.of_posts()
        waiting(units, self.clerk, clock.now)
        self.of_totals()
        self.of_notifications()
        self.of_the_exchange(folder)

    def stand(self, model: type[Row], id: str, **values: Any) -> None:
        with self.units.write() as unit:
            key = model.__mapper__.primary_key[0]
            unit.session.execute(update(model).where(key == id).values(**values))

    def of_activities(self) -> None:
        told = Draft("议事", ActivityKind.HALL_SESSION, self.clock.now + dt.timedelta(days=1), "惠通村")
        ids = [
            self.office.do(lambda unit: activities.draft(unit, self.clerk, places.directory(), told, [])).id
            for _ in range(4)
        ]
        for id in ids[:2]:
            self.office.do(lambda unit, id=id: activities.submit(unit, self.clerk, id))  # type: ignore[misc]
        self.stand(ActivityRow, ids[2], approval=Approval.RETURNED)
        self.office.do(lambda unit: activities.sign_off(unit, self.secretary, ids[1], unclassified=True))
        self.clock.on(days=2)

    def of_notifications(self) -> None:
        """A member is told two things, of which one did not arrive by SMS."""
        told = self.office.do(
            lambda unit: [
                notifications.tell(unit, [str(self.member)], NotificationKind.ACTIVITY_NOTICE, self.clerk.sub, title)
                for title in ("议事", "视察")
            ]
        )
        assert told == [1, 1]
        with self.units.read() as unit:
            first = unit.session.scalars(select(DeliveryRow.id).order_by(DeliveryRow.id)).first()
        assert first
        self.stand(DeliveryRow, first, state=DeliveryState.FAILED)

    def of_reviews(self) -> None:
        """One session was cancelled at once."""
        told = Draft("改期的议事", ActivityKind.HALL_SESSION, self.clock.now + dt.timedelta(days=1), "惠通村")
        id = self.office.do(lambda unit: activities.draft(unit, self.clerk, places.directory(), told, [])).id
        self.office.do(lambda unit: activities.submit(unit, self.clerk, id))
        self.office.do(lambda unit: activities.sign_off(unit, self.secretary, id, unclassified=True))
        self.office.do(lambda unit: activities.cancel(unit, self.clerk, id, "停电"))

    def of_objections(self, username: str) -> None:
        """Somebody did it who is objected to now."""
        with self.units.write() as unit:
            who = unit.session.scalars(select(AccountRow.id).where(AccountRow.username == username)).one()
            unit.session.execute(update(ReviewRow).values(did_by=who, state=ReviewState.OBJECTED))

    def of_lists(self) -> None:
        office, list_id = self.office, self.office.campaign()
        office.proposed(list_id)
        office.forwarded(office.agreed(list_id))
        office.assigned(office.agreed(list_id))
        [late] = office.in_progress(office.agreed(list_id))
        [asked] = office.assigned(office.agreed(list_id))
        [more] = office.in_progress(office.agreed(list_id))
        lead, beside = office.in_progress(office.agreed(list_id), Part(office.bureau, LEAD), Part(office.roads, ASSIST))
        for id in (beside, lead, *office.in_progress(office.agreed(list_id))):
            office.replied(id)
        office.do(lambda unit: handling.verify(unit, self.clerk, id))
        again = office.agreed(list_id)
        [done] = office.in_progress(again)
        office.replied(done)
        office.closed(done)
        office.do(lambda unit: items.reopen(unit, self.secretary, again, "又坏了"))
        office.do(lambda unit: handling.ask_to_return(unit, office.of(asked), TERMS, asked, "不属本局职责"))
        day = self.clock.now.date()
        until = day + dt.timedelta(days=90)
        office.do(lambda unit: handling.ask_extension(unit, office.of(more), more, until, "待雨季结束"))
        office.do(lambda unit: reminding.urge(unit, self.clerk, [late]))
        office.do(lambda unit: _due(unit, late, day - dt.timedelta(days=2)))
        office.do(lambda unit: _due(unit, more, day + dt.timedelta(days=1)))

    def of_calls(self) -> None:
        office = self.office
        for hours in (1, 100):
            told = Call(
                "魏塘街道",
                "共商电梯",
                "惠民小区",
                self.clock.now + dt.timedelta(hours=hours),
                (office.bureau, office.roads),
            )
            id = office.do(lambda unit, told=told: calls.call(unit, self.clerk, places.directory(), told, [])).id  # type: ignore[misc]
        office.do(lambda unit: calls.answer(unit, office.other, id, comes=True))
        self.clock.on(hours=2)

    def of_supervision(self) -> None:
        for approval in (Approval.IN_REVIEW, Approval.RETURNED):
            self.stand(CampaignRow, self.office.supervision.planned(WORKS).id, approval=approval)
        self.urn.begun()
        for body, state in ((1, AppraisalState.COUNTED), (2, AppraisalState.OBJECTED)):
            self.stand(AppraisalRow, self.urn.begun(body=body), state=state)
        self.office.do(lambda unit: procedures.adopt_shipped(unit, self.clerk, "433"))

    def of_programmes(self) -> None:
        office = Programmes.at(self.units)
        for approval in (Approval.IN_REVIEW, Approval.RETURNED):
            self.stand(ProgrammeRow, office.planned(SIX).id, approval=approval)
        office.running(SIX)

    def of_topics(self) -> None:
        office, day = self.topics_office, self.clock.now.date()
        office.raised()
        self.stand(TopicRow, office.raised(), accept_by=day - dt.timedelta(days=1))
        standing: list[tuple[TopicState, dict[str, Any]]] = [
            (TopicState.RESOLVED, {}), (TopicState.REOPENED, {}), (TopicState.CLOSED, {"tracked_until": day}),
            (TopicState.IN_PROCEDURE, {"step_due_on": day - dt.timedelta(days=1)}),
            *((state, {"in_charge_id": self.member}) for state in (TopicState.IN_PROCEDURE, TopicState.CLOSED)),
        ]  # fmt: skip
        for state, more in standing:
            self.stand(TopicRow, office.handled(), state=state, **more)
        for more in ({}, {"accept_by": day - dt.timedelta(days=1)}):
            self.stand(TopicRow, office.raised(), receiver_id=self.member, **more)

    def of_reports(self) -> None:
        """The member writes one; another's waits for its review, one for its signature, and one was sent back."""
        office = Reports(self.units)
        office.handed_in()
        office.submitted()
        self.stand(ReportRow, office.editing(), approval=Approval.RETURNED)
        office.written(PIECE, places.staff(places.JIASHAN, Role.MEMBER, sub="writes", person=self.member))
        recorded(office, PRAISED)
        for number, state in enumerate((None, ReportOutcome.RECEIVED)):
            id = f"{places.QINGPU}.report.{number:032}"
            with self.units.write() as unit:
                unit.session.add(SeenReportRow(
                    id=id, committee_id=places.QINGPU, kind=ReportKind.RESEARCH, title="调研", year=2026, revision=1,
                    state=ReportState.SENT, sent_to=places.JIASHAN, changed_at=unit.now, as_of=unit.now, channels=[],
                ))  # fmt: skip
                if state:
                    unit.session.add(ReportIntakeRow(
                        id=unit.new_id("intake"), report_id=id, from_id=places.QINGPU, kind=ReportKind.RESEARCH,
                        title="调研", state=state, received_on=unit.now.date(), changed_at=unit.now,
                    ))  # fmt: skip

    def of_posts(self) -> None:
        for approval in (Approval.IN_REVIEW, Approval.RETURNED):
            self.stand(PostRow, self.posts.drafted(NOTICE).id, approval=approval)
        self.posts.signed(NOTICE)
        self.posts.said(self.posts.published(NOTICE), self.posts.member("留言人"), "请延期", held=True)

    def of_own_posts(self, username: str) -> None:
        """What somebody wrote was sent back."""
        with self.units.write() as unit:
            who = unit.session.scalars(select(AccountRow.id).where(AccountRow.username == username)).one()
            returned = PostRow.approval == Approval.RETURNED
            unit.session.execute(update(PostRow).where(returned).values(drafted_by=who))

    def of_totals(self) -> None:
        """Of the years before the platform: one total waits for its signature, one was sent back."""
        for year, approval in ((2018, Approval.IN_REVIEW), (2019, Approval.RETURNED)):
            days = Days(dt.date(year, 1, 1), dt.date(year, 12, 31))
            told = openings.Draft(IndicatorCode.ACTIVITIES_HELD, days, 12, "年度工作总结")
            id = self.office.do(lambda unit, told=told: openings.enter(unit, self.clerk, COUNTING, told))  # type: ignore[misc]
            self.stand(OpeningRow, id, approval=approval)

    def of_the_exchange(self, folder: Path) -> None:
        troubles.troubles(self.units, folder, self.clock)
        with self.units.write() as unit:
            unit.session.add(RestorationRow(id=1, at=unit.now, left_epoch="e", salvaged=0))
            unit.session.flush()
            for number, checked in enumerate((None, unit.now)):
                unit.session.add(RecoveredRow(
                    record=f"{places.JIASHAN}.activity.{number:032}", restoration_id=1, kind="activity",
                    checked_at=checked, outcome=Outcome.ANEW, epoch="e", version=1, channels=["o"], said_at=unit.now,
                ))  # fmt: skip
            for number, state in enumerate((RequestState.DELIVERED, RequestState.REFUSED)):
                unit.session.add(IncomingRow(
                    id=f"{places.QINGPU}.request.{number:032}", committee_id=places.QINGPU, to_id=places.JIASHAN,
                    kind=RequestKind.SIGN_UP, subject_id=f"{places.JIASHAN}.activity.{'0' * 32}", asked_at=unit.now,
                    state=state, arrived_at=unit.now, tries=0,
                ))  # fmt: skip
            for act in ("account.locked", "personal.reveal"):
                audit.note(unit, self.clerk, act, "somebody")

    def of_accounts(self, anybody: Callable[..., Browser]) -> None:
        """Somebody's body is closed, somebody has no role, somebody is locked out, and one of the three has a new
        password.
        """
        ended = self.office.supervision.bodies("撤销了的局")[0]
        for name, role, body in (("旧", Role.DEPARTMENT, ended), ("新", Role.CLERK, None), ("锁", Role.CLERK, None)):
            anybody(role, name=name, must_change=name == "新", body=body)
        last = self.clock.now.date() - dt.timedelta(days=1)
        by = accounts.founder(places.JIASHAN)
        with self.units.write() as unit:
            body_service.close_body(unit, self.clerk, ended, last, "机构改革", idle)
            accounts.create(unit, by, AccountDraft("nothing", "无", frozenset()), "x", must_change=False)
            for _ in range(10):
                tries.failed(unit, f"锁-{Role.CLERK}")
            account_acts.note(unit, by, account_acts.RESET, administrators.all_of(unit.session)[0], "忘记了原密码")


def _due(unit: Unit, id: str, day: dt.date) -> None:
    handling_queries.locked(unit.session, id).due_on = day


@pytest.fixture
def filled(units: Units, clock: places.Clock, tmp_path: Path) -> Filled:
    return Filled(units, clock, tmp_path)


@pytest.fixture
def labels(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What any page counted, be it none."""
    found: set[str] = set()
    plain = Todo.__init__

    def noted(self: Todo, label: str, *told: Any, **more: Any) -> None:
        found.add(label)
        plain(self, label, *told, **more)

    monkeypatch.setattr(Todo, "__init__", noted)
    return found


@pytest.mark.practice(22)
def test_every_number_is_that_of_the_rows_behind_it(
    filled: Filled, anybody: Callable[..., Browser], labels: set[str]
) -> None:
    who: dict[Role, dict[str, str | None]] = {
        Role.DEPARTMENT: {"body": filled.office.bureau}, Role.COORDINATOR: {"body": filled.office.desk},
        Role.MEMBER: {"person": filled.member},
    }  # fmt: skip
    seen: set[str] = set()
    last = Role.AUDIT_ADMIN  # before there is one, somebody is missing
    for role in (*(each for each in Role if each is not last), last, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        if role is last:
            filled.of_accounts(anybody)
        browser = anybody(role, name=f"{role}{len(seen)}", **who.get(role, {}))
        if role is Role.STREET:
            filled.of_objections(f"{role}{len(seen)}-{role}".lower())
        if role is Role.MEMBER:
            filled.of_own_posts(f"{role}{len(seen)}-{role}".lower())
        for label, number, href in tiles(browser.go("/")):
            assert rows(browser, href) == number, (role, label, href)
            seen.add(label)
    assert seen == labels - NOBODY_BELOW


@pytest.mark.practice(22)
def test_groups_are_those_of_who_looks_and_the_rest_is_only_told(
    filled: Filled, anybody: Callable[..., Browser]
) -> None:
    def groups(browser: Browser) -> dict[str, set[str]]:
        found = {
            name: {label for _, _, label in _TILE.findall(part)} for name, part in _GROUP.findall(browser.go("/").text)
        }
        return found | {"": {label for label, _, _ in tiles(browser)} - set().union(*found.values())}

    clerk, secretary = groups(anybody(Role.CLERK)), groups(anybody(Role.SECRETARY))
    assert "活动已退回" in clerk["待办"]
    assert "活动待审签" in clerk[""]
    assert "活动待审签" in secretary["待审"]
    assert "交办逾期" in clerk["逾期"]
    contact = groups(anybody(Role.DEPARTMENT, body=filled.office.bureau))
    assert contact["待办"] >= {"待签收", "吹哨待报到"}
    assert contact["逾期"] == {"交办逾期", "吹哨逾期未报到"}


def test_where_nothing_waits_one_line_says_what_may_be_begun(anybody: Callable[..., Browser]) -> None:
    for role, words in (
        (Role.CLERK, "/activities/new"), (Role.DEPARTMENT, "交办给本单位的事项"), (Role.CHAIR, "/topics/recommend"),
    ):  # fmt: skip
        page = anybody(role).go("/").text
        assert "今日无待办" in page
        assert words in page
        assert not _TILE.search(page)


def test_the_frame_offers_everybody_only_what_they_may_open(anybody: Callable[..., Browser]) -> None:
    for role in Role:
        browser = anybody(role, name=f"frame-{role.value}", body=places.BODY)
        frame = re.search(r"<nav.*?</nav>", browser.go("/").text, re.DOTALL)
        assert frame
        offered = re.findall(r'href="(/[^"]*)"', frame[0])
        assert "/" in offered
        assert [href for href in offered if browser.go(href).status != 200] == [], role
