"""发布 (posts): threads, lectures, library, notices and rules of a committee, as they were signed and published.

Comments are people's words to their own committee and never travel; how many are shown does.
"""

import datetime as dt

from sync.contract.bounds import Bound
from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible

MOST_BOOKS = 200
"""Books or links of one post."""


class PostKind(Kind):
    """发布类别: closed."""

    THREAD = "THREAD", "i发布（商量提案）"
    LECTURE = "LECTURE", "委员E站（讲堂）"
    COLUMN = "COLUMN", "政协望远镜"
    READING = "READING", "i读书（文库）"
    BOOK_LIST = "BOOK_LIST", "书单"
    NOTICE = "NOTICE", "公告"
    RULE = "RULE", "制度文件"
    PUBLICATION = "PUBLICATION", "文史出版"
    CASE = "CASE", "案例"


class PostState(Kind):
    """发布状态: draft → reviewed → published → withdrawn."""

    DRAFT = "DRAFT", "拟稿"
    REVIEWED = "REVIEWED", "已签发，待发布"
    PUBLISHED = "PUBLISHED", "已发布"
    WITHDRAWN = "WITHDRAWN", "已撤下"


class PostOrigin(Kind):
    """出自: whose thought it is that somebody wrote down."""

    OFFICE = "OFFICE", "机关"
    MEMBER = "MEMBER", "委员"
    SECTOR = "SECTOR", "界别群众"


@record
class PostRecord:
    """发布: what was said to whom it is shared with, and whether it still stands."""

    id: Id = visible(Visible.PUBLIC, "Global id.")
    committee_id: Id = visible(Visible.PUBLIC, "Committee that publishes it.")
    kind: PostKind = visible(Visible.PUBLIC, "What kind of post.")
    title: str = visible(Visible.PUBLIC, "题名, 1–120 characters.")
    text: str = visible(Visible.PUBLIC, "正文, 1–20000 characters.")
    state: PostState = visible(Visible.PUBLIC, "Where it stands.")
    origin: PostOrigin = visible(Visible.PUBLIC, "Whose thought it is.")
    sector: str | None = visible(Visible.FEDERATION, "界别 whose people said it, by name.", bound=Bound(longest=60))
    author: str | None = visible(Visible.MECHANISM, "The member who wrote it, by name.", personal=True)
    number: str | None = visible(Visible.PUBLIC, "文号, 书号 or 期号.", bound=Bound(longest=60))
    source: str | None = visible(
        Visible.PUBLIC, "来源: unit or publisher that it comes from.", bound=Bound(longest=120)
    )
    books: list[str] | None = visible(
        Visible.PUBLIC, "书目 of a book list, in order.", bound=Bound(longest=200, items=MOST_BOOKS)
    )
    links: list[str] | None = visible(
        Visible.PUBLIC, "Addresses where more is, http or https.", bound=Bound(longest=500, items=MOST_BOOKS)
    )
    published_on: dt.date | None = visible(Visible.PUBLIC, "Day on which it was published.")
    withdrawn_because: str | None = visible(Visible.PUBLIC, "Why it was taken down.")
    comments: int | None = visible(Visible.FEDERATION, "Comments of members that are shown.")
    revision: int = visible(Visible.PUBLIC, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.PUBLIC, "Last change.")


class PostOrder(Kind):
    """发布排序: total orders every committee can serve."""

    CHANGED_AT_DESC = "CHANGED_AT_DESC", "最近变更"
    PUBLISHED_ON_DESC = "PUBLISHED_ON_DESC", "发布日期由近到远"
