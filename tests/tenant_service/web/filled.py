"""One committee in which each thing that the first page counts is there, as its room makes it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.forms import FormAudience
from sync.contract.shapes.proposals import ProposalState
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
from tenant_service.forms.models import FormRow
from tenant_service.identity import account_acts, accounts, administrators, audit, tries
from tenant_service.identity.accounts import Draft as AccountDraft
from tenant_service.identity.models import AccountRow
from tenant_service.identity.policy import Role
from tenant_service.members import body_service
from tenant_service.notifications import service as notifications
from tenant_service.notifications.models import DeliveryRow
from tenant_service.notifications.rules import DeliveryState, NotificationKind
from tenant_service.on_behalf import service as on_behalf
from tenant_service.on_behalf.models import EntryRow
from tenant_service.on_behalf.rules import Entered
from tenant_service.performance import scheme_service
from tenant_service.performance.models import MemberResultRow, ObjectionRow, ResultRow
from tenant_service.performance.result_rules import ObjectionState, ResultState
from tenant_service.performance.scheme_rules import Grade
from tenant_service.posts.models import PostRow
from tenant_service.procedures import service as procedures
from tenant_service.programmes.models import ProgrammeRow
from tenant_service.proposals.models import ProposalRow
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
from tests.tenant_service import places
from tests.tenant_service.appraisals.urn import Urn
from tests.tenant_service.assignments.office import ASSIST, LEAD, TERMS, Office
from tests.tenant_service.bookings.waiting import waiting
from tests.tenant_service.browsing import Browser
from tests.tenant_service.exchange_status import troubles
from tests.tenant_service.forms.office import SURVEY
from tests.tenant_service.forms.office import Office as Forms
from tests.tenant_service.members.office import idle
from tests.tenant_service.posts.office import NOTICE
from tests.tenant_service.posts.office import Office as Posts
from tests.tenant_service.programmes.office import SIX
from tests.tenant_service.programmes.office import Office as Programmes
from tests.tenant_service.proposals.office import LIFTS
from tests.tenant_service.proposals.office import Office as Proposals
from tests.tenant_service.reports.office import PIECE
from tests.tenant_service.reports.office import Office as Reports
from tests.tenant_service.reports.test_recognitions import PRAISED, recorded
from tests.tenant_service.supervision.office import WORKS
from tests.tenant_service.topics.office import Office as Topics


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
        self.of_proposals()
        self.of_entries()
        self.of_posts()
        waiting(units, self.clerk, clock.now)
        self.of_forms()
        self.of_totals()
        self.of_notifications()
        self.of_performance()
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

    def of_performance(self) -> None:
        """A scheme in force and a draft; results of four years as they stand one after the other, two objections."""
        today = self.clock.now.date()

        def write(unit: Unit) -> None:
            scheme = scheme_service.adopt(unit, self.clerk, "reading", 2026)
            scheme_service.enact(unit, self.secretary, scheme.id, unclassified=True)
            scheme_service.renew(unit, self.clerk, scheme.id, 2026)
            for year, (state, until) in enumerate((
                (ResultState.FINAL, today), (ResultState.COMPUTED, None),
                (ResultState.PUBLISHED, today - dt.timedelta(days=1)),
                (ResultState.PUBLISHED, today + dt.timedelta(days=9)),
            ), 2022):  # fmt: skip
                unit.session.add(ResultRow(
                    id=f"{places.JIASHAN}.yearly_result.{year}", year=year, scheme_id=scheme.id, state=state,
                    computed_at=unit.now, computed_by=self.clerk.sub, published_at=None, until=until, final_at=None,
                ))  # fmt: skip
                unit.session.flush()
                unit.session.add(MemberResultRow(
                    result_id=f"{places.JIASHAN}.yearly_result.{year}", person_id=str(self.member), points=0,
                    grade=Grade.BASIC, is_warned=False, is_capped=False, scored=[], short=[], first_points=None,
                    first_grade=None,
                ))  # fmt: skip
            for each in (ObjectionState.OPEN, ObjectionState.DECLINED):
                unit.session.add(ObjectionRow(
                    id=f"{places.JIASHAN}.objection.{each.value}", result_id=f"{places.JIASHAN}.yearly_result.2025",
                    person_id=str(self.member), line_id=None, state=each, text="漏记", at=unit.now, answer=None,
                    answered_at=None, was=None, became=None,
                ))  # fmt: skip

        self.office.do(write)

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

    def of_entries(self) -> None:
        """The office entered something for the member, who objects to it."""
        member = places.staff(places.JIASHAN, Role.MEMBER, sub="objects", person=self.member)
        with self.units.write() as unit:
            record = f"{places.JIASHAN}.report.{'5' * 32}"
            clerk = places.staff(places.JIASHAN, Role.CLERK)
            on_behalf.entered(unit, clerk, Entered.REPORT, record, [self.member], "加装电梯")
            [row] = [each for each in unit.session.query(EntryRow) if each.record_id == record]
            on_behalf.object_to(unit, member, row.id, "不是我的意见")

    def of_proposals(self) -> None:
        """One waits at each step of its review, and one to be handed over; the member writes one and is asked to sign
        another.
        """
        office = Proposals(self.units)
        office.handed_in()
        self.stand(ProposalRow, office.handed_in(), state=ProposalState.FIRST_REVIEWED)
        office.reviewed()
        office.filed()
        office.written(LIFTS, places.staff(places.JIASHAN, Role.MEMBER, sub="proposes", person=self.member))
        office.called(replace(LIFTS, signers=("沈一", self.member or "")))

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

    def of_forms(self) -> None:
        """One form waits for its signature, one was sent back, one is to be opened, and one asks the member."""
        office = Forms.at(self.units)
        for approval in (Approval.IN_REVIEW, Approval.RETURNED):
            self.stand(FormRow, office.drafted(SURVEY).id, approval=approval)
        office.signed(SURVEY)
        office.opened(replace(SURVEY, audience=FormAudience.INVITED, invited=(str(self.member),)))

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
