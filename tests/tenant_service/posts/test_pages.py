"""A member begins a thread, the office signs it, others comment, and what is open to all is read without an account."""

import re
from collections.abc import Callable

import pytest

from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.browsing import Browser
from tests.tenant_service.posts.office import BOOKS, LIBRARY, NOTICE, OPEN, THREAD, Office

# A page does not know which database is below it; the room's other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

WRITTEN = {"kind": "THREAD", "title": "夜间充电怎么提", "text": "拟提一件提案", "origin": "MEMBER"}


@pytest.fixture
def office(units: Units) -> Office:
    return Office.at(units)


@pytest.fixture
def leader(anybody: Callable[..., Browser]) -> Browser:
    return anybody(Role.SECRETARY)


def test_an_empty_list_says_what_to_do_and_a_visitor_writes_nothing(clerk_browser: Browser, visitor: Browser) -> None:
    assert "暂无发布，可从“拟写发布”开始" in clerk_browser.go("/posts").text
    assert "/posts/new" not in visitor.go("/posts").text
    assert "没有待审看的留言" in clerk_browser.go("/posts/comments").text


@pytest.mark.seed(6, 16)
def test_a_member_begins_a_thread_and_others_talk_it_over(
    member_browser: Browser, leader: Browser, clerk_browser: Browser, anybody: Callable[..., Browser]
) -> None:
    at = member_browser.go("/posts/new").send("/posts/new", **WRITTEN).path
    assert "拟提一件提案" in member_browser.text
    assert 'value="NOTICE"' not in member_browser.go("/posts/new").text, "notices are the office's"
    member_browser.go(at).send(f"{at}/submit")
    assert leader.go("/").tile("发布待审签") == 1
    leader.go(at).send(f"{at}/sign-off", unclassified="yes")
    member_browser.go(at).send(f"{at}/publish")
    other = anybody(Role.MEMBER, name="李委员", person=None)
    other.go(at).send(f"{at}/comment", comment="居民盼优惠", origin="SECTOR", sector="经济界")
    assert "居民盼优惠" in other.text
    assert "居民盼优惠" not in member_browser.go(at).text, "looked at first"
    assert clerk_browser.go("/").tile("留言待审看") == 1
    assert "居民盼优惠" in clerk_browser.go("/posts/comments").text
    clerk_browser.go(at).send(f"{at}/show-comment")
    assert "转述界别群众（经济界）" in member_browser.go(at).text.replace("</span>", "")
    clerk_browser.send(f"{at}/hide-comment", hiddenBecause="待核实")
    assert "居民盼优惠" not in member_browser.go(at).text
    assert "待核实" in other.go(at).text
    assert "我已读" in other.send(f"{at}/read").text
    assert "取消关注" in other.send(f"{at}/follow").text
    assert "夜间充电怎么提" in other.go("/posts?mine=followed").text
    assert "夜间充电怎么提" not in member_browser.go("/posts?mine=followed").text
    assert "李委员" in clerk_browser.go(f"{at}/readers").text
    assert "李委员" in clerk_browser.go(f"{at}/readers.csv").text
    assert member_browser.go(f"{at}/readers").status == 403


def test_what_was_sent_back_says_why_and_waits_on_its_authors_first_page(
    member_browser: Browser, leader: Browser
) -> None:
    at = member_browser.go("/posts/new").send("/posts/new", **WRITTEN).path
    member_browser.send(f"{at}/submit")
    leader.go(at).send(f"{at}/send-back", reason="请补充现状")
    assert "请补充现状" in member_browser.go(at).text
    assert member_browser.go("/").tile("我的发布已退回") == 1
    member_browser.go(f"{at}/redraft").send(f"{at}/redraft", **WRITTEN | {"title": "夜间充电现状与建议"})
    assert "夜间充电现状与建议" in member_browser.text


def test_what_is_wrong_is_said_beside_its_field_and_what_was_written_stays(clerk_browser: Browser) -> None:
    told = WRITTEN | {"kind": "BOOK_LIST", "origin": "OFFICE"}
    page = clerk_browser.go("/posts/new").send("/posts/new", **told)
    assert (page.status, page.error_of("books")) == (400, "书单至少列一本书")
    assert "拟提一件提案" in page.text
    page = clerk_browser.go("/posts/new").send("/posts/new", **WRITTEN | {"links": "ftp://x"})
    assert page.error_of("links") == "链接须以 http:// 或 https:// 开头"


def test_what_is_open_to_all_is_read_and_fed_without_an_account(visitor: Browser, office: Office) -> None:
    at = f"/posts/{office.published(BOOKS, OPEN)}"
    office.published(NOTICE)
    office.signed(LIBRARY, OPEN)
    page = visitor.go(at).text
    assert "《乡土中国》" in page
    assert "我要留言" not in page
    assert re.findall(r"<item><title>([^<]*)<", visitor.go("/posts.rss").text) == [BOOKS.title]
    assert NOTICE.title not in visitor.go("/posts").text


def test_a_post_that_was_taken_down_says_so_on_its_page(
    clerk_browser: Browser, visitor: Browser, office: Office
) -> None:
    at = f"/posts/{office.published(NOTICE, OPEN)}"
    assert clerk_browser.go(at).send(f"{at}/withdraw", reason="").error_of("reason")
    clerk_browser.go(at).send(f"{at}/withdraw", reason="日期有误")
    assert "日期有误" in visitor.go(at).text
    assert "已撤下" in visitor.text


def test_the_list_is_a_file_and_is_filtered(clerk_browser: Browser, office: Office) -> None:
    office.published(BOOKS)
    office.published(THREAD, by=office.member("张委员"))
    told = clerk_browser.go("/posts.csv").text
    assert told.splitlines()[0].lstrip("\ufeff").startswith("题名,发布类别,状态")
    assert (BOOKS.title in told, "张委员" in told) == (True, True)
    assert clerk_browser.go("/posts.xlsx").status == 200
    assert BOOKS.title not in clerk_browser.go("/posts?kind=THREAD").text.partition('id="rows"')[2]
    assert BOOKS.title in clerk_browser.go("/posts?q=书香").text


def test_a_file_is_added_until_it_is_signed(clerk_browser: Browser, office: Office) -> None:
    at = f"/posts/{office.drafted(NOTICE).id}"
    assert "附件" in clerk_browser.go(at).text
    assert 'type="file"' in clerk_browser.text
    assert 'type="file"' not in clerk_browser.go(f"/posts/{office.published(NOTICE)}").text
