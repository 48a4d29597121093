"""Pages of the posts: the list, one post with what is said to it, its forms, and what was published as a feed."""

from collections.abc import Callable
from html import escape
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.shapes.posts import PostKind, PostOrder, PostOrigin, PostRecord, PostState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.history import taken
from tenant_service.identity.actor import nobody
from tenant_service.identity.policy import UseCase
from tenant_service.posts import acts, listing, queries, rules
from tenant_service.posts.comment_service import LONGEST
from tenant_service.posts.drafts import FIELDS, filled, written
from tenant_service.posts.models import PostRow
from tenant_service.posts.panels import starts, todos
from tenant_service.signing.rules import Approval
from tenant_service.web import history, sharing
from tenant_service.web.exporting import whole
from tenant_service.web.site import RoomPages, Site, View, Visit

SHOWN, IN_FEED = 20, 50
_ONE = "/posts/{id}"


def routes(site: Site) -> list[Route]:
    def get(path: str, show: object) -> Route:
        return Route(path, site.shows(show), methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, act: object, again: object = None) -> Route:
        return Route(path, site.acts(act, again), methods=["POST"])  # type: ignore[arg-type]

    return [
        get("/posts", listed),
        get("/posts.rss", feed),
        get("/posts.{suffix:str}", exported),
        get("/posts/new", form),
        post("/posts/new", acts.draft, form),
        get("/posts/comments", held),
        get(_ONE, one),
        get(f"{_ONE}/redraft", form),
        post(f"{_ONE}/redraft", acts.redraft, form),
        *(post(f"{_ONE}/{path}", act, one) for path, act in _BUTTONS.items()),
        get(f"{_ONE}/readers", readers),
        get(f"{_ONE}/readers.{{suffix:str}}", readers_exported),
        get(f"{_ONE}/share", share_form),
        post(f"{_ONE}/share", acts.share, share_form),
    ]


_BUTTONS: dict[str, Callable[[Visit], object]] = {
    "discard": acts.discard, "submit": acts.submit, "send-back": acts.send_back, "sign-off": acts.sign_off,
    "publish": acts.publish, "withdraw": acts.withdraw, "comment": acts.comment, "show-comment": acts.show_comment,
    "hide-comment": acts.hide_comment, "take-back-comment": acts.take_back_comment, "read": acts.read,
    "follow": acts.follow, "unfollow": acts.unfollow,
}  # fmt: skip


# ── reading ──


def listed(visit: Visit) -> View:
    found = listing.page(visit, SHOWN, visit.asked("after") or None)
    return View("posts.html", {
        "table": listing.table(visit, found.rows), "total": found.count(), "more": found.more,
        "may_write": _may_write(visit), "is_home": visit.actor.is_inside, "sees_work": visit.actor.sees_work,
        "kinds": list(PostKind), "states": list(PostState), "approvals": list(Approval),
        "may_moderate": visit.may(UseCase.EDIT_POSTS),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: listing.page(visit, first, after))
    return listing.table(visit, rows).file("posts", visit.request.path_params["suffix"])


def feed(visit: Visit) -> Response:
    """RSS 2.0 of what is published for everybody, the newest first; the same for whoever asks."""
    wanted = queries.Wanted(states=(PostState.PUBLISHED,))
    anybody = nobody(visit.unit.committee)
    found = queries.listed(visit.unit.session, anybody, wanted, PostOrder.PUBLISHED_ON_DESC, IN_FEED, None)
    name, at = visit.directory.get(visit.unit.committee).name, str(visit.request.base_url).rstrip("/")
    items = "".join(_item(row, f"{at}/posts/{row.id}") for row in found.rows)
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{escape(name)}</title>'
        f"<link>{escape(at)}/posts</link><description>{escape(name)} {visit.say(say('发布'))}</description>"
        f"<language>zh-cn</language>{items}</channel></rss>\n"
    )
    return Response(body, media_type="application/rss+xml; charset=utf-8")


def one(visit: Visit) -> View:
    """One post: what is said to it, for our office and its author also its 审签, history and what may be done now."""
    session, actor = visit.unit.session, visit.actor
    told = queries.one(session, actor, visit.id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    row, is_own = queries.mine(session, actor, visit.id), owner_of(told.id) == actor.committee
    inside = is_own and actor.is_inside
    return View("post.html", {
        "it": told, "row": row, "may": _may(visit, row, told), "looks": listing.LOOKS, "key": visit.key,
        "fields": ("reason", "unclassified", "comment", "origin", "sector", "hiddenBecause"),
        "values": {name: visit.form.get(name) for name in ("comment", "origin", "sector")},
        "owner": None if is_own else visit.directory.get(told.committee_id).name,
        "steps": history.told(visit, taken.of(session, told.id)) if row and actor.sees_work else (),
        "labels": listing.ACTS, "origins": list(PostOrigin)[1:], "longest": LONGEST,
        "comments": queries.comments(session, actor, told.id) if is_own else (), "inside": inside, "sub": actor.sub,
        "held": visit.site.services.holds_comments, "moderates": inside and visit.may(UseCase.EDIT_POSTS),
        "has_read": inside and queries.has_read(session, actor.sub, told.id),
        "follows": inside and queries.follows(session, actor.sub, told.id),
        "readers": len(queries.readings(session, told.id)) if inside else 0,
        "thread": _became(visit, told.id) if is_own and told.published_on else (),
        "sharing": sharing.sharing(visit.directory, actor.committee, row.shares) if row else None,
        "panels": visit.beside("post", told.id),
    })  # fmt: skip


def held(visit: Visit) -> View:
    visit.actor.require(UseCase.SEE_WORK)
    return View("post_comments.html", {"table": listing.held(visit, queries.held_comments(visit.unit.session))})


def readers(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_POSTS)
    row = queries.ours(visit.unit.session, visit.id)
    return View("post_readers.html", {
        "row": row, "table": listing.readers(visit, queries.readings(visit.unit.session, row.id)),
    })  # fmt: skip


def readers_exported(visit: Visit) -> Response:
    visit.actor.require(UseCase.EDIT_POSTS)
    rows = queries.readings(visit.unit.session, queries.ours(visit.unit.session, visit.id).id)
    return listing.readers(visit, rows).file("readers", visit.request.path_params["suffix"])


# ── forms ──


def form(visit: Visit) -> View:
    """The form of a new post, or of a draft that is described anew."""
    is_office = visit.may(UseCase.EDIT_POSTS)
    if not is_office:
        visit.actor.require(UseCase.WRITE_POSTS)
    id = visit.request.path_params.get("id")
    row = queries.mine(visit.unit.session, visit.actor, id) if id else None
    if id and row is None:
        raise Refusal(Code.NOT_FOUND)
    values = written(visit.form, FIELDS) or (filled(row) if row else {"kind": visit.asked("kind") or _first(is_office)})
    chosen = visit.form.all(sharing.FIELD) or (row.shares if row else ())
    return View("post_form.html", {
        "row": row, "values": values, "fields": FIELDS, "key": visit.key, "is_office": is_office,
        "kinds": [each for each in PostKind if is_office or each in rules.BY_MEMBERS],
        "origins": [each for each in PostOrigin if is_office or each is not PostOrigin.OFFICE],
        "sharing": sharing.sharing(visit.directory, visit.actor.committee, chosen),
    })  # fmt: skip


def _first(is_office: bool) -> str:  # noqa: FBT001
    return PostKind.NOTICE.value if is_office else PostKind.THREAD.value


def share_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_POSTS)
    row = queries.ours(visit.unit.session, visit.id)
    return sharing.form(visit, f"/posts/{row.id}", row.title, row.shares)


# ── parts ──


def _may_write(visit: Visit) -> bool:
    return visit.may(UseCase.EDIT_POSTS) or visit.may(UseCase.WRITE_POSTS)


def _may(visit: Visit, row: PostRow | None, told: PostRecord) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    is_ours = told.committee_id == visit.actor.committee and visit.actor.is_inside
    found: set[str] = set()
    if is_ours and told.state is PostState.PUBLISHED:
        found |= {"read", "follow", *(("comment",) if _may_write(visit) else ())}
    if row is None:
        return frozenset(found)
    possible = rules.possible(row.standing())
    if visit.may(UseCase.EDIT_POSTS):
        found |= {"share", *(possible & (rules.OF_THE_AUTHOR | {rules.Act.WITHDRAW}))}
    elif row.drafted_by == visit.actor.sub:
        found |= possible & rules.OF_THE_AUTHOR
    if visit.may(UseCase.SIGN_OFF_POSTS):
        found |= possible & rules.OF_THE_SIGNER
    return frozenset(found)


def _became(visit: Visit, id: str) -> list[Link]:
    """What it was turned into, as far as the visitor is shown that."""
    found = queries.thread_of(visit.unit.session, id).converted_to
    named = (visit.named(owner_of(each) and each.split(".")[1], each) for each in found)
    return [each for each in named if each is not None]


def _item(row: PostRecord, at: str) -> str:
    day = f"{row.published_on:%a, %d %b %Y} 00:00:00 +0800" if row.published_on else ""
    return (
        f'<item><title>{escape(row.title)}</title><link>{escape(at)}</link><guid isPermaLink="false">{row.id}</guid>'
        f"<description>{escape(row.text[:500])}</description><pubDate>{day}</pubDate></item>"
    )


def named(visit: Visit, kind: str, id: str) -> Link | None:
    found = queries.one(visit.unit.session, visit.actor, id) if kind == "post" else None
    return Link(f"/posts/{id}", found.title) if found else None


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", (Link("/posts", say("发布")),), todos, starts=starts, named=named,
)  # fmt: skip
