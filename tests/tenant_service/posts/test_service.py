"""A post is drafted, signed, published and taken down; what is refused leaves no trace."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.posts import PostKind, PostOrder, PostOrigin, PostState
from sync.contract.shapes.values import IndicatorCode
from tenant_service.history import taken
from tenant_service.identity.actor import Actor, nobody
from tenant_service.posts import queries, service
from tenant_service.posts.queries import Wanted
from tenant_service.posts.rules import STATES, Act, Standing, possible
from tenant_service.posts.service import Draft
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.rooms import COUNTING
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.posts.office import BOOKS, LECTURE, LIBRARY, NOTICE, OPEN, PARENT, THREAD, Office
from tests.tenant_service.told import told


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


def titles(office: Office, actor: Actor, *kinds: PostKind, text: str | None = None) -> set[str]:
    with office.units.read() as unit:
        page = queries.listed(unit.session, actor, Wanted(kinds, text=text), PostOrder.PUBLISHED_ON_DESC, 50, None)
        return {row.title for row in page.rows}


def refused(office: Office, code: Code, act: Callable[[Unit], object], id: str | None = None) -> None:
    """The act is refused so; nothing changed, nothing was told and no step was written."""
    before = _standing(office, id)
    heard = told(office.units)
    with pytest.raises(Refusal) as refusal:
        office.do(act)
    assert refusal.value.code is code
    assert told(office.units) == heard
    assert _standing(office, id) == before


def _standing(office: Office, id: str | None) -> object:
    if id is None:
        return None
    with office.units.read() as unit:
        row = queries.ours(unit.session, id)
        return row.record(), row.approval, len(taken.of(unit.session, id))


def test_nothing_of_a_post_leaves_before_it_is_signed_and_published(office: Office) -> None:
    id = office.signed(NOTICE, PARENT)
    assert told(office.units) == []
    assert titles(office, office.member("张委员")) == set()
    office.do(lambda unit: service.publish(unit, office.clerk, id))
    [event] = told(office.units)
    assert (event.channel, event.data["state"], event.data["title"]) == ("c", "PUBLISHED", NOTICE.title)
    assert titles(office, office.member("李委员")) == {NOTICE.title}
    assert titles(office, nobody(places.JIASHAN)) == set(), "shared with the parent alone"


def test_what_is_shared_with_nobody_stays_at_home(office: Office) -> None:
    office.published(NOTICE)
    assert told(office.units) == []
    assert office.row(office.published(BOOKS)).shares == []


def test_a_post_that_was_taken_down_says_why_to_whoever_was_shown_it(office: Office) -> None:
    id = office.published(NOTICE, OPEN)
    refused(office, Code.NEEDS_REASON, lambda unit: service.withdraw(unit, office.clerk, id, " "), id)
    office.do(lambda unit: service.withdraw(unit, office.clerk, id, "日期有误"))
    [*_, last] = told(office.units)
    assert (last.data["state"], last.data["withdrawn_because"]) == ("WITHDRAWN", "日期有误")
    assert titles(office, nobody(places.JIASHAN)) == {NOTICE.title}
    refused(office, Code.OUT_OF_TURN, lambda unit: service.publish(unit, office.clerk, id), id)


def test_what_was_signed_and_is_withdrawn_before_it_was_published_is_told_to_nobody(office: Office) -> None:
    id = office.signed(NOTICE, OPEN)
    office.do(lambda unit: service.withdraw(unit, office.clerk, id, "不再发布"))
    assert told(office.units) == []
    assert titles(office, nobody(places.JIASHAN)) == set()


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(NOTICE, title=" "), Code.BAD_VALUE), (replace(NOTICE, text="【机密】"), Code.CLASSIFIED),
        (replace(BOOKS, books=()), Code.BAD_VALUE), (replace(LIBRARY, links=("javascript:alert(1)",)), Code.BAD_VALUE),
        (replace(LIBRARY, links=("https://",)), Code.BAD_VALUE),
        (replace(NOTICE, origin=PostOrigin.SECTOR), Code.BAD_VALUE),
    ],
)  # fmt: skip
def test_what_may_not_be_written_is_refused(office: Office, draft: Draft, code: Code) -> None:
    refused(office, code, lambda unit: service.draft(unit, office.clerk, office.directory, draft, []))
    assert titles(office, office.clerk) == set()


def test_a_member_writes_threads_and_lectures_and_nothing_that_is_the_offices(office: Office) -> None:
    zhang, li = office.member("张委员"), office.member("李委员")
    refused(office, Code.FORBIDDEN, lambda unit: service.draft(unit, zhang, office.directory, NOTICE, []))
    id = office.drafted(THREAD, by=zhang).id
    assert office.row(id).author == "张委员"
    refused(office, Code.NOT_FOUND, lambda unit: service.submit(unit, li, id), id)
    refused(office, Code.FORBIDDEN, lambda unit: service.withdraw(unit, zhang, id, "x"), id)
    kind = replace(THREAD, kind=PostKind.RULE)
    refused(office, Code.FORBIDDEN, lambda unit: service.redraft(unit, zhang, office.directory, id, kind, []), id)
    assert titles(office, zhang) == {THREAD.title}
    assert titles(office, li) == set()


def test_who_words_a_post_does_not_sign_it_and_secrecy_is_confirmed(office: Office) -> None:
    id = office.drafted(NOTICE).id
    office.do(lambda unit: service.submit(unit, office.clerk, id))
    refused(office, Code.FORBIDDEN, lambda unit: service.sign_off(unit, office.clerk, id, unclassified=True), id)
    sign = lambda unit: service.sign_off(unit, office.secretary, id, unclassified=False)  # noqa: E731
    refused(office, Code.SECRECY_UNCONFIRMED, sign, id)
    office.do(lambda unit: service.send_back(unit, office.secretary, id, "写明报送方式"))
    assert office.row(id).returned_because == "写明报送方式"
    assert office.row(id).approval is Approval.RETURNED


def test_a_clerk_does_not_widen_what_was_signed(office: Office) -> None:
    id = office.published(NOTICE, PARENT)
    refused(
        office, Code.NOT_SIGNED_OFF, lambda unit: service.share(unit, office.clerk, office.directory, id, [OPEN]), id
    )
    office.do(lambda unit: service.share(unit, office.clerk, office.directory, id, []))
    assert office.row(id).shares == []


def test_whatever_is_tried_only_declared_steps_are_taken() -> None:
    assert {to for _, now, to in STATES if now is PostState.WITHDRAWN} == set()
    for approval in Approval:
        assert (Act.PUBLISH in possible(Standing(approval, PostState.DRAFT))) is False


# ── the facts ──


@pytest.mark.seed(12)
def test_lectures_and_the_look_out_column_are_posts_of_their_kinds(office: Office) -> None:
    zhang = office.member("张委员")
    office.published(LECTURE, by=zhang)
    office.published(replace(LECTURE, kind=PostKind.COLUMN, title="望远镜：外地经验"), by=zhang)
    office.published(NOTICE)
    assert titles(office, zhang, PostKind.LECTURE) == {LECTURE.title}
    assert titles(office, zhang, PostKind.COLUMN) == {"望远镜：外地经验"}


@pytest.mark.seed(13)
def test_the_library_has_reports_media_links_and_papers(office: Office) -> None:
    id = office.published(LIBRARY)
    assert office.row(id).links == ["https://example.org/report", "http://example.org/media"]
    assert titles(office, office.member("张委员"), PostKind.READING, text="部门材料") == {LIBRARY.title}


@pytest.mark.seed(64)
def test_five_documents_stand_as_rules_with_their_numbers(office: Office) -> None:
    names = ("实施意见", "工作规则（试行）", "协商议题计划", "工作手册", "考核办法")
    for number, name in enumerate(names, 1):
        office.published(Draft(PostKind.RULE, name, f"《{name}》全文。", number=f"善政协〔2020〕{number}号"), OPEN)
    assert titles(office, nobody(places.JIASHAN), PostKind.RULE) == set(names)
    assert len(names) == 5


@pytest.mark.seed(83)
def test_a_historical_publication_is_a_post_with_its_number(office: Office) -> None:
    made = Draft(PostKind.PUBLICATION, "天作之合", "文史专辑。", number="ISBN 978-7-0000-0000-0", source="文史委")
    record = office.row(office.published(made, OPEN)).record()
    assert (record.kind, record.title, record.number) == (PostKind.PUBLICATION, "天作之合", made.number)


def test_a_book_list_has_its_books_in_order(office: Office) -> None:
    assert office.row(office.published(BOOKS)).books == list(BOOKS.books)


def test_posts_are_counted_by_kind_and_day(office: Office) -> None:
    """Proposals online: what is talked over, and what became of it, are figures of the same rows."""
    office.published(NOTICE)
    office.published(BOOKS)
    gone = office.published(LIBRARY)
    office.do(lambda unit: service.withdraw(unit, office.clerk, gone, "重复"))
    assert counted(office, IndicatorCode.POSTS_PUBLISHED) == {"NOTICE": 1, "BOOK_LIST": 1}


def counted(office: Office, code: IndicatorCode) -> dict[str, int]:
    with office.units.read() as unit:
        day = unit.now.date()
        found: dict[str, int] = {}
        for each in COUNTING.flows[code].daily(unit.session, day.replace(day=1), day.replace(month=12, day=31)):
            found[each.kind] = found.get(each.kind, 0) + each.number
        return found


@pytest.mark.seed(6)
def test_a_thread_matures_into_a_proposal_which_knows_where_each_thought_came_from(office: Office) -> None:
    zhang, li, wang = (office.member(name) for name in ("张委员", "李委员", "王委员"))
    id = office.published(THREAD, by=zhang)
    quiet = office.published(replace(THREAD, title="无人问津"), by=li)
    office.said(id, li, "先摸清车位数")
    office.said(id, wang, "居民盼夜间充电优惠", "经济界")
    office.said(id, wang, "待审的话", held=True)
    proposal = f"{places.JIASHAN}.proposal.{'0' * 31}1"
    thread = office.do(lambda unit: service.converted(unit, office.clerk, id, proposal))
    assert [(each.name, each.origin, each.sector) for each in thread.voices] == [
        ("张委员", PostOrigin.MEMBER, None), ("李委员", PostOrigin.MEMBER, None),
        ("王委员", PostOrigin.SECTOR, "经济界"),
    ]  # fmt: skip
    assert [each.person for each in thread.voices] == [zhang.person, li.person, wang.person]
    assert thread.from_sectors
    assert [each.name for each in service.from_sectors(thread)] == ["王委员"]
    assert thread.converted_to == (proposal,)
    with office.units.read() as unit:
        assert list(links.targets(unit.session, proposal, Relation.DERIVED_FROM)) == [id]
        assert queries.thread_of(unit.session, quiet).converted_to == ()
    office.do(lambda unit: service.converted(unit, office.clerk, id, proposal[:-1] + "2"))
    assert counted(office, IndicatorCode.THREADS_CONVERTED) == {"THREAD": 1}, "2 proposals of 1 thread count it once"
    assert counted(office, IndicatorCode.POSTS_PUBLISHED) == {"THREAD": 2}


def test_what_was_never_published_becomes_no_proposal(office: Office) -> None:
    id = office.signed(THREAD, by=office.member("张委员"))
    proposal = f"{places.JIASHAN}.proposal.{'0' * 32}"
    refused(office, Code.OUT_OF_TURN, lambda unit: service.converted(unit, office.clerk, id, proposal), id)
    with office.units.read() as unit, pytest.raises(Refusal) as refusal:
        queries.thread_of(unit.session, id)
    assert refusal.value.code is Code.NOT_FOUND
