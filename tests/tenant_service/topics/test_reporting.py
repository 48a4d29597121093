"""Somebody without an account reports something, follows it by a code, rates the answer, and says once that it will not
do; the desk calls who left a phone, and helps who lost the code. Nothing of who it was leaves the room.
"""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import text, update

from sync.contract.errors import Code
from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.topics import ReturnReason, TopicSource
from sync.contract.shapes.venues import VenueKind
from tenant_service.identity.disclosures import Told
from tenant_service.identity.policy import Role
from tenant_service.personal_data import queries as personal_data
from tenant_service.storage.personal import Whom
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import (
    contact_service,
    desk_pages,
    queries,
    rating_service,
    reporting_service,
    rules,
    service,
    tracking_queries,
)
from tenant_service.topics import handling_service as handling
from tenant_service.topics import routing_service as routing
from tenant_service.topics import screening_service as screening
from tenant_service.topics.descriptions import Described, Report
from tenant_service.topics.models import TopicReporterRow
from tenant_service.topics.reporting_service import Receipt, Sent
from tenant_service.topics.rules import PublicStep
from tenant_service.topics.tracking_queries import Tracked
from tenant_service.topics.tries import OF_A_REPORT, PhoneTries
from tenant_service.venues import service as venues
from tenant_service.venues.service import Draft as VenueDraft
from tests.tenant_service import places
from tests.tenant_service.browsing import Browser
from tests.tenant_service.told import told
from tests.tenant_service.topics.office import LIFTS, OPEN, Office

WORDS, NAME, PHONE, PLACE = "三幢的老人下不了楼，请帮忙", "欧阳大爷", "138 0000-5678", "惠民小区三幢二单元"
REPORT = Report(WORDS, PLACE, NAME, PHONE)
DAYS = 15
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def sent(office: Office, code: str, report: Report = REPORT, venue: str | None = None) -> str:
    told = Sent(report, TopicSource.PUBLIC, code, venue)
    return office.do(lambda unit: reporting_service.report(unit, told)).topic


def door(office: Office) -> str:
    """Token of a venue of ours."""
    draft = VenueDraft("惠民议事厅", VenueKind.HALL, "惠民路1号", opened_on=dt.date(2026, 1, 1))
    id = office.do(lambda unit: venues.add(unit, office.clerk, office.directory, draft, [])).id
    with office.units.read() as unit:
        token: str = unit.session.scalar(text("SELECT qr_token FROM venue WHERE id = :id"), {"id": id})
    return token


def seen(office: Office, code: str) -> list[Tracked]:
    with office.units.read() as unit:
        reporter = tracking_queries.by_code(unit.session, code)
        assert reporter
        return tracking_queries.tracked(unit.session, reporter, unit.now.date(), DAYS)


def due(office: Office) -> list[tuple[str, str]]:
    """Whom the desk is to call, and about what."""
    with office.units.read() as unit:
        return [(each.reporter.id, each.news) for each in tracking_queries.to_tell(unit.session)]


def answered(office: Office, id: str, answer: str) -> None:
    office.do(lambda unit: handling.resolve(unit, office.clerk, id, answer))
    office.do(lambda unit: handling.answer(unit, office.secretary, id, unclassified=True))


def handled(office: Office, id: str) -> None:
    office.do(lambda unit: screening.accept(unit, office.clerk, id, LIFTS))
    office.do(lambda unit: handling.handle(unit, office.clerk, id))


@pytest.mark.practice(7)
def test_the_public_answer_reaches_every_reporter_of_merged_topics(office: Office, clock: places.Clock) -> None:
    kept, other, third = sent(office, "AAAA"), sent(office, "BBBB"), sent(office, "CCCC")
    assert [each.step for each in seen(office, "AAAA")] == [PublicStep.SUBMITTED]
    handled(office, kept)
    office.do(lambda unit: screening.accept(unit, office.clerk, other, LIFTS))
    office.do(lambda unit: screening.merge(unit, office.clerk, third, other, "同一件事"))
    office.do(lambda unit: screening.merge(unit, office.clerk, other, kept, "同一件事"))
    assert {id for id, _ in due(office)} == {each.id for each in _reports(office, kept)}
    clock.on(days=1)
    answered(office, kept, "电梯年底装好。")
    for code in ("AAAA", "BBBB", "CCCC"):
        (it,) = seen(office, code)
        assert (it.step, it.answer, it.title, it.may_rate) == (PublicStep.ANSWERED, "电梯年底装好。", LIFTS.title, True)
    assert office.row(kept).reporters == 3
    assert {news for _, news in due(office)} == {"ANSWERED"}
    clock.on(hours=1)
    for reporter, _ in due(office):
        office.do(lambda unit, of=reporter: reporting_service.tell(unit, office.clerk, of))  # type: ignore[misc]
    assert due(office) == []
    office.do(lambda unit: rating_service.rate(unit, "cccc", kept, Satisfaction.DISSATISFIED, "太久了"))
    office.do(lambda unit: rating_service.rate(unit, "BBBB", kept, Satisfaction.BASICALLY, None))
    assert (office.row(kept).satisfied, office.row(kept).dissatisfied) == (1, 1)
    office.do(lambda unit: rating_service.rate(unit, "CCCC", kept, Satisfaction.SATISFIED, None))
    assert (office.row(kept).satisfied, office.row(kept).dissatisfied) == (2, 0)
    assert due(office) == []


def _reports(office: Office, id: str) -> list[TopicReporterRow]:
    with office.units.read() as unit:
        return queries.reports(unit.session, id)


@sqlite
def test_a_split_report_shows_every_part_and_where_it_was_sent(office: Office) -> None:
    id = sent(office, "AAAA")
    office.do(lambda unit: screening.accept(unit, office.clerk, id, LIFTS))
    parts = office.do(
        lambda unit: screening.split(unit, office.clerk, id, [Described("电梯"), Described("路灯"), Described("物业")])
    )
    lifts, lamps, owners = (each.id for each in parts)
    office.do(lambda unit: screening.forward(unit, office.clerk, lamps, "12345热线", "热线办理"))
    office.do(lambda unit: screening.turn_down(unit, office.clerk, owners, ReturnReason.LAWSUIT, "请到法院"))
    office.do(lambda unit: handling.handle(unit, office.clerk, lifts))
    answered(office, lifts, "年底装好。")
    found = {each.title: each for each in seen(office, "AAAA")}
    assert (found["路灯"].to, found["路灯"].why, found["电梯"].why) == ("12345热线", "热线办理", None)
    assert (found["物业"].reason, found["物业"].why) == (ReturnReason.LAWSUIT, "请到法院")
    assert found["电梯"].answer == "年底装好。"
    assert [news for _, news in due(office)] == ["ANSWERED,FORWARDED,NOT_ACCEPTED"]


def test_whoever_left_a_phone_is_called_about_each_step_once(office: Office, clock: places.Clock) -> None:
    id, silent = sent(office, "AAAA"), sent(office, "BBBB", Report("没有留电话"))
    assert due(office) == []
    handled(office, id)
    handled(office, silent)
    ((reporter, news),) = due(office)
    assert news == "ACCEPTED"
    office.do(lambda unit: reporting_service.tell(unit, office.clerk, reporter))
    assert due(office) == []
    office.refused(Code.ALREADY_DONE, lambda unit: reporting_service.tell(unit, office.clerk, reporter), id)
    for answer in ("不宜安装。", "可以安装。"):
        clock.on(days=1)
        answered(office, id, answer)
        assert due(office) == [(reporter, "ANSWERED")]
        clock.on(hours=1)
        office.do(lambda unit: reporting_service.tell(unit, office.clerk, reporter))
        office.do(lambda unit: handling.reopen(unit, office.secretary, id, "再看一看"))
        assert due(office) == []
    told_why = Told("告知已受理", "NOTICE")
    office.do(lambda unit: contact_service.reveal_reporter(unit, office.clerk, reporter, told_why, 9))
    with office.units.read() as unit:  # whoever it was may see who was shown the number
        rows = personal_data.held(unit.session, Whom(f"{places.JIASHAN}.person.1", NAME, PHONE))
    assert [(row.values["field"], row.values["sub"]) for row in rows if row.table == "disclosure"] == [
        ("phone", office.clerk.sub)
    ]  # fmt: skip
    assert acts(office).count("topic.tell") == 3


def acts(office: Office) -> list[str]:
    with office.units.read() as unit:
        return list(unit.session.scalars(text("SELECT act FROM audit_entry ORDER BY seq")))


@sqlite
@pytest.mark.practice(8)
def test_a_lost_code_is_renewed_for_who_knows_the_phone_and_the_old_one_is_void(office: Office) -> None:
    id, silent = sent(office, "AAAA"), sent(office, "BBBB", Report("没有留电话"))
    (reporter,), (other,) = _reports(office, id), _reports(office, silent)

    def renew(phone: str, of: TopicReporterRow = reporter) -> Callable[[Unit], str]:
        return lambda unit: reporting_service.renew_code(unit, office.clerk, of.id, phone)

    office.refused(Code.OTHER_PHONE, renew("13800005679"), id)
    office.refused(Code.NO_PHONE_LEFT, renew("13800005678", other), silent)
    member = places.staff(places.JIASHAN, Role.MEMBER)
    office.refused(
        Code.FORBIDDEN, lambda unit: reporting_service.renew_code(unit, member, reporter.id, PHONE), id
    )  # fmt: skip
    with office.units.read() as unit:
        assert [row.id for row, _ in tracking_queries.left_by(unit.session, "13800005678")] == [reporter.id]
        assert tracking_queries.left_by(unit.session, "5678") == []
    code = office.do(renew("13800005678"))
    assert seen(office, code)[0].id == id
    with office.units.read() as unit:
        assert tracking_queries.by_code(unit.session, "AAAA") is None
    assert acts(office)[-1] == "topic.renew_code"


@sqlite
def test_a_report_leaves_nothing_of_its_words_name_and_phone_anywhere_else(office: Office) -> None:
    """Not in the topic, its history, the outbox, the audit log, the search, or any other row."""
    id = sent(office, "AAAA", venue=door(office))
    assert where(office) == {"topic_reporter"}
    handled(office, id)
    office.do(lambda unit: service.share(unit, office.secretary, office.directory, id, [OPEN]))
    answered(office, id, "电梯年底装好。")
    office.do(lambda unit: rating_service.rate(unit, "AAAA", id, Satisfaction.SATISFIED, "多谢，欧阳大爷"))
    office.do(lambda unit: rating_service.unsettled(unit, "AAAA", id, "三幢的老人下不了楼", DAYS))
    assert [event for event in told(office.units) if event.record == id]
    assert where(office) == {"topic_reporter", "topic_rating"}
    row = office.row(id)
    assert (row.area, row.source, row.channel) == (None, TopicSource.PUBLIC, "QR")
    assert office.steps(id)[0] == ("raise", "RAISED")


def where(office: Office) -> set[str]:
    """Tables that have something of the report."""
    secrets = (WORDS, "三幢的老人", NAME, PHONE, "13800005678", PLACE, "AAAA")
    return {table for table, line in everything(office) for each in secrets if each in line}


def everything(office: Office) -> list[tuple[str, str]]:
    """Every row of every table, as text."""
    found = []
    with office.units.read() as unit:
        names = unit.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        for name in names:
            rows = unit.session.execute(text(f'SELECT * FROM "{name}"')).all()
            for row in rows:
                cells = [each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in row]
                found.append((name, "|".join(cells)))
    return found


@sqlite
def test_what_is_refused_leaves_no_report(office: Office) -> None:
    token = door(office)
    before = everything(office)
    for code, report, at in (
        (Code.CLASSIFIED, Report("【机密】某项目选址"), token), (Code.CLASSIFIED, Report("路灯", "密级：秘密"), None),
        (Code.BAD_VALUE, Report(" "), None), (Code.BAD_VALUE, Report("路灯", phone="没有"), None),
        (Code.QR_INVALID, REPORT, "NOSUCHTOKEN"),
    ):  # fmt: skip
        told_so = Sent(report, TopicSource.PUBLIC, "X", at)
        office.refused(code, lambda unit, told_so=told_so: reporting_service.report(unit, told_so))  # type: ignore[misc]
    office.refused(Code.BAD_VALUE, lambda unit: reporting_service.report(unit, Sent(REPORT, TopicSource.MEMBER, "X")))
    assert everything(office) == before


@sqlite
def test_a_venue_and_the_committee_take_so_many_an_hour(
    office: Office, clock: places.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_AT_A_VENUE", 2)
    monkeypatch.setattr(rules, "MOST_OF_ALL", 3)
    token = door(office)
    ids = [sent(office, code, venue=token) for code in "AB"]

    def full(at: str | None) -> Callable[[Unit], Receipt]:
        return lambda unit: reporting_service.report(unit, Sent(REPORT, TopicSource.PUBLIC, "X", at))

    assert "惠民议事厅" in office.refused(Code.REPORTS_FULL, full(token), *ids).zh
    again = office.do(lambda unit: reporting_service.report(unit, Sent(REPORT, TopicSource.PUBLIC, "A", token)))
    assert again == Receipt(ids[0], is_new=False)
    sent(office, "C")
    assert "本会" in office.refused(Code.REPORTS_FULL, full(None), *ids).zh
    office.raised()  # at the desk, which is not counted
    clock.on(minutes=61)
    sent(office, "D", venue=token)


@sqlite
def test_who_is_merged_into_an_answered_topic_later_has_as_long_and_stays_in_its_hands(
    office: Office, clock: places.Clock
) -> None:
    kept, new = sent(office, "AAAA"), sent(office, "BBBB")
    handled(office, kept)
    answered(office, kept, "好")
    office.do(lambda unit: screening.accept(unit, office.clerk, new, LIFTS))
    bureau = office.body("住建局")
    office.do(lambda unit: routing.entrust(unit, office.clerk, new, bureau))
    clock.on(days=20)
    office.do(lambda unit: screening.merge(unit, office.clerk, new, kept, "同一件事"))
    office.do(lambda unit: screening.undo(unit, office.clerk, new, "不是"))
    assert office.row(new).in_charge_id == bureau
    office.do(lambda unit: screening.merge(unit, office.clerk, new, kept, "同一件事"))
    office.refused(Code.ARCHIVED_TOO_EARLY, lambda unit: handling.archive(unit, office.clerk, kept), kept)
    late = lambda unit: rating_service.unsettled(unit, "AAAA", kept, "二单元没装", DAYS)  # noqa: E731
    office.refused(Code.UNSETTLED_LATE, late, kept)
    (it,) = seen(office, "BBBB")
    with office.units.read() as unit:
        assert it.unsettled_until == unit.now.date() + dt.timedelta(days=DAYS)
    office.do(lambda unit: rating_service.unsettled(unit, "BBBB", kept, "二单元没装", DAYS))


@sqlite
def test_the_desk_tries_few_numbers_and_its_list_as_a_file_is_noted(
    office: Office, anybody: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_pages, "AT_DESK", PhoneTries())
    id = sent(office, "AAAA")
    (report,) = _reports(office, id)
    clerk = anybody(Role.CLERK)
    csrf = clerk.go("/topics/desk").csrf()
    wrong = [{"csrf": csrf, "id": report.id, "phone": f"1380000{n:04}"} for n in range(OF_A_REPORT + 1)]
    told_ = [clerk.client.post("/topics/desk/code", data=each).status_code for each in wrong]
    assert told_ == [400] * OF_A_REPORT + [429]
    assert clerk.go("/topics/desk.csv").status == 200
    assert acts(office)[-1] == "topic.hand_out"


@sqlite
def test_what_the_release_before_wrote_of_a_rating_is_read(office: Office, clock: places.Clock) -> None:
    id = sent(office, "AAAA")
    handled(office, id)
    answered(office, id, "已装。")
    clock.on(days=1)
    said = {"rating": Satisfaction.DISSATISFIED, "rated_at": clock.now, "remark": "三盏不亮"}
    with office.units.write() as unit:
        unit.session.execute(update(TopicReporterRow).values(**said))
    assert office.do(rating_service.take_over) == 1
    assert [(each.rating, each.remark) for each in seen(office, "AAAA")] == [(Satisfaction.DISSATISFIED, "三盏不亮")]
    assert office.do(rating_service.take_over) == 0
    clock.on(days=1)
    office.do(lambda unit: rating_service.rate(unit, "AAAA", id, Satisfaction.SATISFIED, None))
    assert office.do(rating_service.take_over) == 0
    assert seen(office, "AAAA")[0].rating is Satisfaction.SATISFIED, "the last word counts"
