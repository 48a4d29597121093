"""What is said to a post is looked at first, hidden with a reason and never lost; what is read is written once."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select

from sync.contract.errors import Code
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.performance.models import LedgerRow
from tenant_service.performance.rules import Deed
from tenant_service.posts import comment_service, crediting, personal, queries, service
from tenant_service.posts.rules import CommentState
from tenant_service.storage.personal import ERASED, Whom
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.posts.office import LIBRARY, NOTICE, PARENT, THREAD, Office
from tests.tenant_service.posts.test_service import refused
from tests.tenant_service.told import told


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


def test_a_held_comment_is_read_by_the_office_and_its_author_until_it_is_shown(office: Office) -> None:
    zhang, li = office.member("张委员"), office.member("李委员")
    id = office.published(THREAD, PARENT, by=zhang)
    said = office.said(id, li, "建议先试点", held=True)
    assert [len(office.comments(id, each)) for each in (zhang, li, office.clerk)] == [0, 1, 1]
    assert told(office.units)[-1].data["comments"] == 0
    office.do(lambda unit: comment_service.show_comment(unit, office.clerk, said))
    assert [each.text for each in office.comments(id, zhang)] == ["建议先试点"]
    assert told(office.units)[-1].data["comments"] == 1
    assert "建议先试点" not in str([each.data for each in told(office.units)]), "comments never travel"


def test_a_comment_is_hidden_with_a_reason_that_its_author_reads_and_shown_again(office: Office) -> None:
    zhang, li = office.member("张委员"), office.member("李委员")
    id = office.published(THREAD, by=zhang)
    said = office.said(id, li, "不实之词")
    refused(office, Code.NEEDS_REASON, lambda unit: comment_service.hide_comment(unit, office.clerk, said, ""), id)
    refused(office, Code.FORBIDDEN, lambda unit: comment_service.hide_comment(unit, zhang, said, "不爱听"), id)
    office.do(lambda unit: comment_service.hide_comment(unit, office.clerk, said, "内容待核实"))
    assert office.comments(id, zhang) == []
    [kept] = office.comments(id, li)
    assert (kept.text, kept.hidden_because, kept.state) == ("不实之词", "内容待核实", CommentState.HIDDEN)
    assert office.row(id).comments == 0
    office.do(lambda unit: comment_service.show_comment(unit, office.clerk, said))
    assert [each.hidden_because for each in office.comments(id, zhang)] == [None]
    with office.units.read() as unit:
        assert [each.act for each in taken.of(unit.session, said)] == ["comment", "hide_comment", "show_comment"]


def test_only_who_said_it_takes_it_back(office: Office) -> None:
    zhang, li = office.member("张委员"), office.member("李委员")
    id = office.published(THREAD, by=zhang)
    said = office.said(id, li, "说错了")
    refused(office, Code.NOT_FOUND, lambda unit: comment_service.take_back_comment(unit, zhang, said), id)
    office.do(lambda unit: comment_service.take_back_comment(unit, li, said))
    assert office.comments(id, zhang) == []
    refused(office, Code.OUT_OF_TURN, lambda unit: comment_service.show_comment(unit, office.clerk, said), id)


def test_nothing_is_said_to_what_is_not_published_or_not_shown(office: Office) -> None:
    zhang, li = office.member("张委员"), office.member("李委员")
    id = office.drafted(THREAD, by=zhang).id

    def say(who: Actor) -> Callable[[Unit], object]:
        return lambda unit: comment_service.comment(unit, who, id, "话", held=False)

    refused(office, Code.OUT_OF_TURN, say(zhang), id)
    refused(office, Code.NOT_FOUND, say(li), id)
    refused(office, Code.FORBIDDEN, say(places.staff(places.JIASHAN, Role.DEPARTMENT)), id)
    refused(office, Code.FORBIDDEN, say(places.stranger(places.JIASHAN, places.JIAXING, Role.MEMBER)), id)


def test_a_post_that_was_taken_down_keeps_what_was_said_and_takes_no_more(office: Office) -> None:
    zhang, li = office.member("张委员"), office.member("李委员")
    id = office.published(THREAD, by=zhang)
    office.said(id, li, "留着")
    office.do(lambda unit: service.withdraw(unit, office.clerk, id, "已有同类提案"))
    assert [each.text for each in office.comments(id, zhang)] == ["留着"]
    refused(office, Code.OUT_OF_TURN, lambda unit: comment_service.comment(unit, li, id, "再说", held=False), id)


def test_who_read_it_is_written_once_and_who_follows_is_listed(office: Office) -> None:
    zhang, li = office.member("张委员"), office.member("李委员")
    id = office.published(THREAD, by=zhang)
    for _ in range(2):
        office.do(lambda unit: comment_service.read(unit, li, id))
        office.do(lambda unit: comment_service.follow(unit, li, id))
    with office.units.read() as unit:
        assert [(each.name, each.person_id) for each in queries.readings(unit.session, id)] == [("李委员", li.person)]
        assert queries.followers(unit.session, id) == [li.sub]
        wanted = queries.Wanted(followed_by=li.sub)
        assert queries.listed(unit.session, li, wanted, "CHANGED_AT_DESC", 20, None).count() == 1
    office.do(lambda unit: comment_service.unfollow(unit, li, id))
    refused(office, Code.NOT_FOUND, lambda unit: comment_service.unfollow(unit, li, id), id)


def test_what_is_read_of_the_library_is_credited_once_and_a_notice_is_not(office: Office) -> None:
    li = office.member("李委员")
    library, notice = office.published(LIBRARY), office.published(NOTICE)
    for id in (library, library, notice):
        office.do(lambda unit, id=id: comment_service.read(unit, li, id))  # type: ignore[misc]

    def lines() -> list[tuple[str, str, Deed]]:
        with office.units.read() as unit:
            rows = unit.session.scalars(select(LedgerRow)).all()
            return [(row.person_id, row.subject, row.deed) for row in rows]

    once = [(str(li.person), library, Deed.ONLINE_READING)]
    assert lines() == once
    office.do(lambda unit: unit.session.execute(delete(LedgerRow)))
    assert [office.do(crediting.catch_up), office.do(crediting.catch_up)] == [1, 0]
    assert lines() == once


def test_what_is_erased_of_a_member_is_gone_from_posts_and_comments_and_counts_stay(units: Units) -> None:
    office = Office.at(units)
    zhang, li = office.member("张委员"), office.member("李委员")
    id = office.published(THREAD, PARENT, by=zhang)
    office.said(id, li, "李某的话")
    office.do(lambda unit: comment_service.read(unit, li, id))
    with office.units.read() as unit:
        about = [each.table for each in personal.about(unit.session, Whom(str(li.person), "李委员"))]
    assert about == ["post_comment", "post_reading"]
    assert office.do(lambda unit: personal.erase(unit, Whom(str(li.person), "李委员"))) == 2
    assert office.do(lambda unit: personal.erase(unit, Whom(str(zhang.person), "张委员"))) == 1
    [kept] = office.comments(id, office.clerk)
    assert (kept.author, kept.text) == (ERASED, ERASED)
    assert (office.row(id).author, office.row(id).comments) == (ERASED, 1)
    with office.units.read() as unit:
        assert len(queries.readings(unit.session, id)) == 1
