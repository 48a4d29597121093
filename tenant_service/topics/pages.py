"""Pages of the topics: the list, one topic with what may be done with it, its forms, and whom it is shared with."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.shapes.topics import TopicCategory, TopicSource, TopicState
from sync.contract.shapes.venues import VenueOrder
from sync.edge.shell.pages import Link
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.history import taken
from tenant_service.identity import quotas
from tenant_service.identity.disclosures import Purpose
from tenant_service.identity.policy import UseCase
from tenant_service.members import contacts
from tenant_service.members import queries as members
from tenant_service.topics import (
    acts,
    desk_pages,
    listing,
    plan_pages,
    public_pages,
    queries,
    rating_queries,
    receiving_queries,
    routing_queries,
    rules,
    showing,
    turn_queries,
)
from tenant_service.topics import contact_service as contact
from tenant_service.topics.descriptions import BY_OFFICE
from tenant_service.topics.drafts import FIELDS, filled, written
from tenant_service.topics.models import TopicRow
from tenant_service.topics.panels import panels, starts, todos
from tenant_service.venues import queries as venues
from tenant_service.web import sharing
from tenant_service.web.exporting import whole
from tenant_service.web.site import Panel, RoomPages, Site, Todo, View, Visit

SHOWN = 20
_ONE = "/topics/{id}"


def routes(site: Site) -> list[Route]:
    def get(path: str, show: object) -> Route:
        return Route(path, site.shows(show), methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, act: object, again: object = None) -> Route:
        return Route(path, site.acts(act, again), methods=["POST"])  # type: ignore[arg-type]

    return [
        get("/topics", listed),
        get("/topics.{suffix:str}", exported),
        get("/topics/plan", plan_pages.shown),
        get("/topics/plan.{suffix:str}", plan_pages.exported),
        *public_pages.routes(site),
        *desk_pages.routes(site),
        get("/topics/new", registering),
        post("/topics/new", acts.register, registering),
        get("/topics/recommend", recommending),
        post("/topics/recommend", acts.recommend, recommending),
        get("/topics/offline", placing),
        post("/topics/offline", acts.place_offline, placing),
        get("/topics/routes", routes_of),
        get("/topics/routes.{suffix:str}", routes_exported),
        post("/topics/routes", acts.add_route, routes_of),
        post("/topics/routes/{id}/remove", acts.remove_route),
        post("/topics/looked", acts.look),
        get("/topics/reports/{id}", reporter),
        post("/topics/reports/{id}", acts.reveal, reporter),
        get(_ONE, one),
        get(f"{_ONE}/accept", accepting),
        post(f"{_ONE}/accept", acts.accept, accepting),
        get(f"{_ONE}/redescribe", redescribing),
        post(f"{_ONE}/redescribe", acts.redescribe, redescribing),
        get(f"{_ONE}/share", share_form),
        post(f"{_ONE}/share", acts.share, share_form),
        post(f"{_ONE}/discard-offline", acts.discard_offline, one),
        *(post(f"{_ONE}/{name}", acts.returning(act), one) for name, act in acts.ON_THE_PAGE.items()),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    found = listing.page(visit, SHOWN, visit.asked("after") or None)
    areas = members.areas_on(visit.unit.session, visit.site.today())
    is_ours = visit.actor.sees_work and visit.asked("from") != "others"
    return View("topics.html", {
        "table": listing.table(visit, found.rows), "total": found.count(), "more": found.more,
        "thought": rating_queries.counted_of(visit.unit.session, listing.wanted(visit)) if is_ours else None,
        "sort": listing.order(visit).value, "tiles": listing.tiles(visit) if visit.actor.sees_work else [],
        "is_home": visit.actor.is_inside, "sees_plan": visit.actor.sees_work,
        "may_register": visit.may(UseCase.HANDLE_TOPICS),
        "may_recommend": visit.may(UseCase.RECOMMEND_TOPICS), "states": list(TopicState),
        "sources": list(TopicSource), "categories": list(TopicCategory),
        "areas": [(each.id, each.name) for each in areas],
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: listing.page(visit, first, after))
    return listing.table(visit, rows).file("topics", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One topic; for our office with its reports, what is similar, its step, its history and what may be done now."""
    session, actor = visit.unit.session, visit.actor
    told = queries.one(session, actor, visit.id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    row, is_own = queries.at_work(session, actor, visit.id), owner_of(told.id) == actor.committee
    acted = visit.request.url.path.rpartition("/")[2] if visit.form.values else ""
    values = written(visit.form, FIELDS)
    if row is not None and row.state in rules.OFFLINE_STATES:
        return _on_paper(visit, row)
    return View("topic.html", {
        "it": told, "row": row, "looks": listing.LOOKS, "labels": listing.ACTS, "fields": FIELDS, "acted": acted,
        "values": (filled(row) if row else {}) | values, "today": visit.site.today(),
        "days_to_answer": rules.days_to_answer(told.state, told.raised_at, told.closed_at),
        "step": rules.public_step(told.state), "owner": None if is_own else visit.directory.get(told.committee_id).name,
        "may": showing.may(visit, row), "work": showing.work(visit, row) if row else None,
        "in_charge": turn_queries.in_charge(session, row) if row else None, "turned": showing.turn(visit, told, row),
        "may_call": visit.may(UseCase.REVEAL_CONTACTS),
        "receiver": receiving_queries.called(session, row.receiver_id) if row and row.receiver_id else None,
        "is_followed": queries.is_followed(session, actor, told.id) if is_own and actor.is_home else None,
        "linked": showing.linked(visit, told), "key": visit.key, "categories": list(TopicCategory),
        "sharing": sharing.sharing(visit.directory, actor.committee, row.shares) if row and actor.sees_work else None,
        "panels": visit.beside("topic", told.id),
    })  # fmt: skip


def _on_paper(visit: Visit, row: TopicRow) -> View:
    """The place of a matter that is handled on paper: there is nothing beside it."""
    return View("topic_offline.html", {
        "it": row.record(), "row": row, "may": showing.may(visit, row), "labels": listing.ACTS,
        "steps": taken.of(visit.unit.session, row.id), "fields": ("day",),
        "values": {"day": visit.form.get("day") or visit.site.today().isoformat()},
    })  # fmt: skip


# ── forms ──


def registering(visit: Visit) -> View:
    """登记: the form of what somebody came with."""
    visit.actor.require(UseCase.HANDLE_TOPICS)
    return _form(visit, "register", {"sources": BY_OFFICE, "venues": _venues(visit)})


def recommending(visit: Visit) -> View:
    """荐题: the form of a member."""
    visit.actor.require(UseCase.RECOMMEND_TOPICS)
    return _form(visit, "recommend", {})


def placing(visit: Visit) -> View:
    """登记线下办理: whose idea it was, and the day; there is nothing to write."""
    visit.actor.require(UseCase.HANDLE_TOPICS)
    values = written(visit.form, FIELDS) or {"day": visit.site.today().isoformat()}
    return _form(visit, "offline", {"sources": list(TopicSource)}, values, "topic_place_offline.html")


def accepting(visit: Visit) -> View:
    """受理: what was reported beside the office's own words for it, and what is similar."""
    if not queries.is_receiver(visit.unit.session, visit.actor, visit.id):
        visit.actor.require(UseCase.HANDLE_TOPICS)
    row = queries.ours(visit.unit.session, visit.id)
    given = {"row": row, "work": showing.work(visit, row), "may_call": visit.may(UseCase.REVEAL_CONTACTS)}
    return _form(visit, "accept", given, written(visit.form, FIELDS) or filled(row))


def redescribing(visit: Visit) -> View:
    visit.actor.require(UseCase.HANDLE_TOPICS)
    row = queries.ours(visit.unit.session, visit.id)
    return _form(visit, "redescribe", {"row": row}, written(visit.form, FIELDS) or filled(row))


def share_form(visit: Visit) -> View:
    visit.actor.require(UseCase.HANDLE_TOPICS)
    row = queries.ours(visit.unit.session, visit.id)
    return sharing.form(visit, f"/topics/{row.id}", row.title, row.shares)


def routes_of(visit: Visit) -> View:
    """分派规则: who looks after which topics, and a form for another rule."""
    visit.actor.require(UseCase.HANDLE_TOPICS)
    session, today = visit.unit.session, visit.site.today()
    areas = [(each.id, each.name) for each in members.areas_on(session, today)]
    rows = routing_queries.routes(session)
    names = routing_queries.called(session, [each.target_id for each in rows]) | dict(areas)
    return View("topic_routes.html", {
        "rows": rows, "names": names, "areas": areas, "categories": list(TopicCategory),
        "targets": routing_queries.targets(session, today), "values": written(visit.form, FIELDS), "fields": FIELDS,
    })  # fmt: skip


def routes_exported(visit: Visit) -> Response:
    """分派规则 as a file."""
    visit.actor.require(UseCase.HANDLE_TOPICS)
    session = visit.unit.session
    rows = routing_queries.routes(session)
    names = routing_queries.called(session, [id for each in rows for id in (each.target_id, each.area_id) if id])
    heads = (say("镇街"), say("类别"), say("责任单位（人）"))
    lines = tuple(
        Row((
            names.get(each.area_id, each.area_id) if each.area_id else visit.say(say("不限镇街")),
            visit.say(each.category.label if each.category else say("不限类别")),
            names.get(each.target_id, each.target_id),
        ))
        for each in rows
    )  # fmt: skip
    table = Table(visit.say(say("分派规则")), tuple(Column(visit.say(head)) for head in heads), lines)
    return table.file("topic-routes", visit.request.path_params["suffix"])


def reporter(visit: Visit) -> View:
    """反映人: how one is called back, masked, but for whom it was just revealed to."""
    visit.actor.require(UseCase.REVEAL_CONTACTS)
    row = queries.REPORTS.ours(visit.unit.session, visit.id)
    topic = queries.ours(visit.unit.session, row.topic_id)
    shown = contact.revealed(visit.unit, visit.actor, visit.asked("shown"), row.id) if visit.asked("shown") else None
    return View("topic_reporter.html", {
        "it": row, "topic": topic, "shown": shown, "phone": contacts.phone(visit.unit, visit.actor, row.phone),
        "purposes": [(each.value, visit.say(each.label)) for each in Purpose], "fields": ("reason", "purpose"),
        "values": {"reason": visit.form.get("reason"), "purpose": visit.form.get("purpose") or visit.asked("purpose")},
        "quota": quotas.standing(visit.site.units, visit.actor, visit.site.services.personal_rows_per_day),
    })  # fmt: skip


# ── parts ──


def _form(
    visit: Visit, form: str, more: dict[str, object], values: dict[str, str] | None = None,
    template: str = "topic_form.html",
) -> View:  # fmt: skip
    areas = members.areas_on(visit.unit.session, visit.site.today())
    return View(template, {
        "form": form, "values": values or written(visit.form, FIELDS), "fields": FIELDS, "key": visit.key, "row": None,
        "categories": list(TopicCategory), "areas": [(each.id, each.name) for each in areas], **more,
    })  # fmt: skip


def _venues(visit: Visit) -> list[tuple[str, str]]:
    found = venues.listed(visit.unit.session, visit.actor, venues.Wanted(), VenueOrder.SORT_KEY_ASC, 200, None)
    return [(each.id, each.name) for each in found.rows]


def named(visit: Visit, kind: str, id: str) -> Link | None:
    found = queries.one(visit.unit.session, visit.actor, id) if kind == "topic" else None
    return Link(f"/topics/{id}", found.title) if found else None


def _advice(visit: Visit) -> dict[Code, Link]:
    """What is classified has a place of its own, for whoever may give it one."""
    may = visit.may(UseCase.HANDLE_TOPICS)
    return {Code.CLASSIFIED: Link("/topics/offline", say("登记线下办理（只占位计数，不录内容）"))} if may else {}


def _todos(visit: Visit) -> list[Todo]:
    return [*todos(visit), *desk_pages.todos(visit)]


def _panels(visit: Visit) -> list[Panel]:
    return [*panels(visit), *public_pages.panels(visit)]


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", (Link("/topics", say("议题")),), _todos, _panels, starts,
    public_pages.beside, named,
    beside_fields={
        Code.BAD_TIME: ("decidedOn", "day", "trackedUntil"), Code.LINK_CYCLE: ("intoId", "otherId"),
        Code.MERGED_ELSEWHERE: ("intoId",), Code.NOT_IN_FORCE: ("procedureId",), Code.NO_SUCH_CODE: ("code",),
        Code.OTHER_PHONE: ("phone",),
    },
    advice=_advice,
)  # fmt: skip
