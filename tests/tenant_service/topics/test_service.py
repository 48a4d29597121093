"""A topic goes from somebody's words to the answer that reaches them; what is refused leaves no trace."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.errors import Code
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.procedures import Need
from sync.contract.shapes.topics import ReturnReason, TopicCategory, TopicOrder, TopicState
from tenant_service.files import service as files
from tenant_service.files.inspecting import inspected
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.procedures import service as procedures
from tenant_service.relations.kinds import Relation
from tenant_service.storage.personal import ERASED, Whom
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import figures_queries, personal, queries, service
from tenant_service.topics import handling_service as handling
from tenant_service.topics import screening_service as screening
from tenant_service.topics.descriptions import Described, Plan, Report
from tests.tenant_service import places
from tests.tenant_service.files import samples
from tests.tenant_service.told import told
from tests.tenant_service.topics.office import LIFTS, OPEN, PARENT, TODAY, WORDS, Office

ROADS = Described("村道路灯", "两个村没有路灯。", TopicCategory.TRANSPORT)
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_langyas_topic_walks_all_six_steps_and_its_answer_is_told(office: Office) -> None:
    """Acceptance scene 6: 不调研不协商 refuses with the reason; the answer reaches whoever it is shared with."""
    clerk, procedure, id = office.clerk, office.procedure(), office.selected(OPEN, PARENT)
    office.do(lambda unit: handling.begin(unit, clerk, id, procedure))
    advance = lambda unit: handling.advance(unit, clerk, id)  # noqa: E731
    office.do(advance)  # somebody has decided, so the first step is left
    assert "已有方案" in office.refused(Code.NEED_NOT_MET, advance, id).zh
    office.do(lambda unit: handling.prove(unit, clerk, id, Need.PLAN, TODAY, "协商方案（2026）1号"))
    office.do(advance)
    assert "不调研不协商" in office.refused(Code.NEED_NOT_MET, advance, id).zh
    for kind in (ActivityKind.RESEARCH, ActivityKind.HALL_SESSION):
        activity = office.held(kind)
        office.do(lambda unit, a=activity: handling.hold(unit, clerk, id, a))  # type: ignore[misc]
    office.do(advance)
    office.refused(Code.NEED_NOT_MET, advance, id)
    office.do(lambda unit: service.count_items(unit, id, 12, 0, 12, 12))
    office.do(advance)
    office.do(lambda unit: handling.prove(unit, clerk, id, Need.REPORT, TODAY, "区委"))
    office.refused(Code.NEED_NOT_MET, advance, id)
    office.do(lambda unit: service.count_items(unit, id, 12, 0, 12, unassigned=0))
    office.do(advance)
    assert office.row(id).step == "track"
    resolve = lambda unit: handling.resolve(unit, clerk, id, "十二条建议均已落实。")  # noqa: E731
    office.refused(Code.LAST_STEP, advance, id)
    office.refused(Code.NEED_NOT_MET, resolve, id)
    office.do(lambda unit: service.count_items(unit, id, 12, 12, 0, 0))
    office.do(resolve)
    office.refused(Code.FORBIDDEN, lambda unit: handling.answer(unit, clerk, id, unclassified=True), id)
    office.do(lambda unit: handling.send_back(unit, office.secretary, id, "写明电梯何时装好"))
    assert (office.row(id).state, office.row(id).returned_because) == (TopicState.IN_PROCEDURE, "写明电梯何时装好")
    office.do(resolve)
    office.refused(
        Code.SECRECY_UNCONFIRMED, lambda unit: handling.answer(unit, office.secretary, id, unclassified=False), id
    )
    office.do(lambda unit: handling.answer(unit, office.secretary, id, unclassified=True))
    last = [event.data for event in told(office.units) if event.record == id][-1]
    assert (last["state"], last["answer"]) == ("CLOSED", "十二条建议均已落实。")
    of_parent = [event.data for event in told(office.units) if (event.record, event.channel) == (id, "c")]
    assert (of_parent[-1]["items_agreed"], of_parent[-1]["items_done"]) == (12, 12)
    assert [act for act, _ in office.steps(id)] == [
        "raise", "accept", "store", "select", "begin", *["advance"] * 5, "resolve", "send_back", "resolve", "answer"
    ]  # fmt: skip


def test_a_topic_keeps_the_version_that_it_began_with(office: Office) -> None:
    first, id = office.procedure(), office.selected()
    office.do(lambda unit: handling.begin(unit, office.clerk, id, first))
    renewed = office.do(lambda unit: procedures.renew(unit, office.clerk, first)).id
    office.do(lambda unit: procedures.enact(unit, office.secretary, renewed, unclassified=True))
    office.do(lambda unit: handling.advance(unit, office.clerk, id))
    assert (office.row(id).procedure_id, office.row(id).step) == (first, "plan")
    other = office.selected()
    office.refused(Code.NOT_IN_FORCE, lambda unit: handling.begin(unit, office.clerk, other, first), other)


def test_what_was_reported_never_leaves_and_nobody_outside_hears_before_it_is_shared(office: Office) -> None:
    id = office.answered(OPEN, PARENT)
    said = str([event.data for event in told(office.units)])
    assert all(secret not in said for secret in (WORDS.words, "张大爷", "13800005678", "惠民小区"))
    kept = office.raised()
    office.refused(Code.OUT_OF_TURN, lambda unit: service.share(unit, office.secretary, office.directory, kept, [OPEN]))
    assert {event.record for event in told(office.units)} == {id}


def test_who_may_share_and_word_anew_what_others_read(office: Office) -> None:
    id, clerk = office.accepted(), office.clerk
    office.refused(
        Code.NOT_SIGNED_OFF, lambda unit: service.share(unit, clerk, office.directory, id, [OPEN]), id
    )  # fmt: skip
    office.do(lambda unit: service.redescribe(unit, clerk, id, ROADS))
    office.do(lambda unit: service.share(unit, office.secretary, office.directory, id, [OPEN]))
    office.refused(Code.NOT_SIGNED_OFF, lambda unit: service.redescribe(unit, clerk, id, LIFTS), id)
    office.do(lambda unit: service.redescribe(unit, office.secretary, id, LIFTS))
    office.do(lambda unit: service.share(unit, clerk, office.directory, id, []))
    assert told(office.units)[-1].op == "retract"


def test_each_of_us_sees_what_is_theirs(office: Office, member: Actor) -> None:
    raised, accepted, open_ = office.raised(), office.accepted(ROADS), office.accepted(LIFTS, WORDS, OPEN)
    own = office.do(lambda unit: service.recommend(unit, member, ROADS, "建议装路灯")).id
    returned = office.raised()
    office.do(lambda unit: screening.turn_down(unit, office.clerk, returned, ReturnReason.PETITION, "请到信访局"))
    department = places.staff(places.JIASHAN, Role.DEPARTMENT)
    for actor, seen in (
        (office.clerk, {raised, accepted, open_, own, returned}), (member, {accepted, open_, own}),
        (department, {open_}), (nobody(places.JIASHAN), {open_}),
        (places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK), {open_}),
    ):  # fmt: skip
        with office.units.read() as unit:
            found = queries.listed(unit.session, actor, queries.Wanted(), TopicOrder.RAISED_AT_DESC, 20, None)
            assert {row.id for row in found.rows} == seen, actor.sub
    assert office.one(nobody(places.JIASHAN), accepted) is None


def test_a_merged_topic_goes_on_as_the_other_one_and_comes_back(office: Office) -> None:
    clerk, kept, more, late = office.clerk, office.accepted(), office.raised(), office.raised()
    merge = screening.merge
    office.refused(Code.LINK_CYCLE, lambda unit: merge(unit, clerk, kept, kept, "同一件事"), kept)
    office.refused(Code.MERGED_ELSEWHERE, lambda unit: merge(unit, clerk, kept, more, "同一件事"), kept, more)
    office.refused(Code.NEEDS_REASON, lambda unit: merge(unit, clerk, more, kept, " "), kept, more)
    office.do(lambda unit: merge(unit, clerk, more, kept, "同一件事"))
    office.do(lambda unit: merge(unit, clerk, late, kept, "同一件事"))
    assert (office.row(kept).reporters, office.row(more).merged_into_id) == (3, kept)
    office.do(lambda unit: handling.handle(unit, clerk, kept))
    with office.units.read() as unit:
        assert [each.id for each in queries.stands_as(unit.session, queries.ours(unit.session, late))] == [kept]
        assert len(queries.reports(unit.session, kept)) == 3
    office.do(lambda unit: screening.undo(unit, clerk, more, "不是同一小区"))
    assert (office.row(more).state, office.row(more).merged_into_id) == (TopicState.ACCEPTED, None)
    assert office.row(kept).reporters == 2
    office.refused(Code.OUT_OF_TURN, lambda unit: screening.undo(unit, clerk, kept, "试"), kept)


def test_a_split_topic_goes_on_in_its_parts_with_whoever_reported_it(office: Office) -> None:
    id, clerk = office.accepted(), office.clerk
    office.refused(Code.BAD_VALUE, lambda unit: screening.split(unit, clerk, id, [LIFTS]), id)
    parts = office.do(lambda unit: screening.split(unit, clerk, id, [LIFTS, ROADS]))
    assert [(each.state, each.split_from_id, each.reporters) for each in parts] == [(TopicState.ACCEPTED, id, 1)] * 2
    with office.units.read() as unit:
        shown = queries.stands_as(unit.session, queries.ours(unit.session, id))
        assert [each.id for each in shown] == sorted(each.id for each in parts)
        assert [tally.number for tally in figures_queries.raised(unit.session, TODAY, TODAY)] == [1]
        assert [tally.number for tally in figures_queries.accepted(unit.session, TODAY, TODAY)] == [1]


@sqlite
def test_screening_says_why_and_is_undone(office: Office) -> None:
    clerk, id = office.clerk, office.raised()

    def down(why: str) -> Callable[[Unit], object]:
        return lambda unit: screening.turn_down(unit, clerk, id, ReturnReason.HOTLINE, why)

    office.refused(Code.NEEDS_REASON, down(""), id)
    office.refused(Code.CLASSIFIED, down("【机密】"), id)
    office.do(down("请拨12345"))
    assert (office.row(id).state, office.row(id).return_reason) == (TopicState.RETURNED, ReturnReason.HOTLINE)
    office.do(lambda unit: screening.undo(unit, clerk, id, "属本会"))
    assert (office.row(id).state, office.row(id).return_reason) == (TopicState.ACCEPTED, None)
    office.refused(Code.BAD_VALUE, lambda unit: screening.forward(unit, clerk, id, "", "不归本会"), id)
    office.do(lambda unit: screening.forward(unit, clerk, id, "县信访局", "不归本会"))
    assert office.row(id).forwarded_to == "县信访局"
    office.do(lambda unit: handling.handle(unit, clerk, id))
    office.refused(Code.OUT_OF_TURN, lambda unit: screening.accept(unit, clerk, id, LIFTS), id)
    assert office.row(id).accept_by == dt.date(2026, 4, 9), "five workdays, and Qingming is none"


@sqlite
def test_selection_says_who_decided_and_goes_back_to_the_store(office: Office, member: Actor) -> None:
    id, clerk = office.accepted(), office.clerk
    office.refused(Code.FORBIDDEN, lambda unit: screening.store(unit, member, id, TopicCategory.HOUSING), id)
    office.do(lambda unit: screening.store(unit, clerk, id, TopicCategory.HOUSING))
    tomorrow = Plan("主席会议", dt.date(2026, 4, 2))
    office.refused(Code.BAD_TIME, lambda unit: handling.select(unit, clerk, id, tomorrow), id)
    office.refused(Code.BAD_VALUE, lambda unit: handling.select(unit, clerk, id, Plan("", TODAY)), id)
    office.refused(Code.BAD_VALUE, lambda unit: handling.select(unit, clerk, id, Plan("会", TODAY, 26)), id)
    office.do(lambda unit: handling.select(unit, clerk, id, Plan("主席会议", TODAY, 2026, "民生")))
    office.do(lambda unit: handling.put_back(unit, clerk, id, "明年再议"))
    row = office.row(id)
    assert (row.state, row.decided_by, row.year) == (TopicState.STORED, None, None)
    office.refused(Code.BAD_TIME, lambda unit: handling.track(unit, clerk, id, TODAY), id)
    office.do(lambda unit: handling.track(unit, clerk, id, dt.date(2028, 12, 31)))
    assert office.row(id).tracked_until == dt.date(2028, 12, 31)


@sqlite
def test_an_answered_topic_is_taken_up_again_or_archived_for_good(office: Office, clock: places.Clock) -> None:
    id, clerk = office.answered(PARENT), office.clerk
    office.refused(Code.ARCHIVED_TOO_EARLY, lambda unit: handling.archive(unit, clerk, id), id)
    office.refused(Code.FORBIDDEN, lambda unit: handling.reopen(unit, clerk, id, "没装"), id)
    office.do(lambda unit: handling.reopen(unit, office.secretary, id, "电梯没装"))
    row = office.row(id)
    assert (row.state, row.reopened, row.answer, row.answered_on) == (TopicState.REOPENED, 1, "已列入改造计划。", None)
    office.do(lambda unit: handling.resolve(unit, clerk, id, "已装好。"))
    office.do(lambda unit: handling.answer(unit, office.secretary, id, unclassified=True))
    clock.on(days=16)
    office.do(lambda unit: handling.archive(unit, clerk, id))
    office.refused(Code.OUT_OF_TURN, lambda unit: handling.reopen(unit, office.secretary, id, "再办"), id)
    with office.units.read() as unit:
        assert [tally.day for tally in figures_queries.answered(unit.session, TODAY, dt.date(2026, 5, 1))] == [TODAY]


@sqlite
def test_links_between_topics_are_told_and_lead_nowhere_back(office: Office) -> None:
    klass, first, second, clerk = office.accepted(ROADS), office.accepted(), office.accepted(), office.clerk
    for each in (first, second):
        office.do(lambda unit, to=each: service.relate(unit, clerk, klass, Relation.GENERALISES, to))  # type: ignore[misc]
    office.do(lambda unit: service.relate(unit, clerk, second, Relation.FOLLOWS_UP, first))
    assert (office.row(klass).generalises_ids, office.row(second).follows_up_id) == ([first, second], first)
    office.refused(
        Code.LINK_CYCLE, lambda unit: service.relate(unit, clerk, first, Relation.GENERALISES, klass), first
    )  # fmt: skip
    office.refused(Code.ALREADY_DONE, lambda unit: service.relate(unit, clerk, second, Relation.FOLLOWS_UP, klass))
    office.refused(Code.BAD_VALUE, lambda unit: service.relate(unit, clerk, second, Relation.MERGED_INTO, klass))
    office.do(lambda unit: service.unrelate(unit, clerk, klass, Relation.GENERALISES, first))
    assert office.row(klass).generalises_ids == [second]
    office.refused(Code.NOT_FOUND, lambda unit: service.unrelate(unit, clerk, klass, Relation.GENERALISES, first))


def test_similar_topics_are_shown_the_most_alike_first(office: Office) -> None:
    housing = TopicCategory.HOUSING
    lifts = office.accepted(Described("惠民小区加装电梯", category=housing), Report("电梯"))
    other = office.accepted(Described("村道安装路灯", category=TopicCategory.TRANSPORT), Report("路灯"))
    asked = office.raised(Described("群众反映"), Report("惠民小区什么时候能加装电梯？"))
    answered = office.answered(answer="各小区意见不一，由街道组建议事小组，逐栋协商，列入改造计划，分三年实施。" * 3)
    again = office.accepted(Described("惠民小区加装电梯进度", category=housing), Report("电梯"))
    office.do(lambda unit: screening.merge(unit, office.clerk, again, lifts, "同一件事"))
    with office.units.read() as unit:
        found = [each.id for each in queries.similar(unit.session, queries.ours(unit.session, asked))]
        assert found == [lifts, answered], "a long answer hides no title, and what was merged is what it went into"
        assert lifts not in [each.id for each in queries.similar(unit.session, queries.ours(unit.session, other))]


def test_lists_count_only_where_they_changed_and_may_be_added_to_while_it_is_handled(office: Office) -> None:
    id = office.handled(PARENT)
    office.do(lambda unit: service.count_items(unit, id, 2, 1, 1))
    revision, heard = office.row(id).revision, len(told(office.units))
    office.do(lambda unit: service.count_items(unit, id, 2, 1, 1))
    assert (office.row(id).revision, len(told(office.units))) == (revision, heard)
    accepted = office.accepted()
    with office.units.read() as unit:
        assert queries.list_head(unit.session, id).takes
        assert not queries.list_head(unit.session, accepted).takes


def test_a_persons_report_is_found_and_erased_and_contacts_are_kept_for_a_while(
    office: Office, clock: places.Clock
) -> None:
    id = office.answered()
    whom = Whom("330421.person.0192f0c1d2e34567890abcdef0000009", "别人", phone="13800005678", others=True)
    with office.units.read() as unit:
        [found] = personal.about(unit.session, whom)
        assert (found.values["words"], "code_digest" in found.values) == (WORDS.words, False)
    day = (clock.now + dt.timedelta(days=30)).date()
    clock.on(days=40)
    assert office.do(lambda unit: personal.forget_contacts(unit, day)) == 1
    with office.units.read() as unit:
        [report] = queries.reports(unit.session, id)
        assert (report.name, report.phone, report.words) == (None, None, WORDS.words)
    second, picture = office.raised(), inspected("a.jpg", samples.picture())

    def photograph(unit: Unit) -> None:
        files.attach(unit, office.clerk, second, "a.jpg", picture, by_reporter=True)
        service.count_files(unit, second, 1)

    office.do(photograph)
    assert office.row(second).photos == 1
    assert office.do(lambda unit: personal.erase(unit, whom)) == 1
    assert office.row(second).photos == 0
    with office.units.read() as unit:
        [report] = queries.reports(unit.session, second)
        assert (report.words, report.place) == (ERASED, None)
