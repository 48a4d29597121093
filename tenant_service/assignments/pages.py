"""Pages of the three lists: all items, one item with its chain, the lists of one head; and where each is shown."""

from collections.abc import Sequence
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import kind_of, owner_of
from sync.contract.shapes.items import ItemKind, ItemRecord, ItemState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.assignments import (
    acts,
    call_pages,
    call_queries,
    handling_pages,
    inbox_pages,
    inbox_queries,
    listing,
    lists,
    proposal_pages,
    queries,
    rules,
)
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments.drafts import FIELDS, REDRAFT_FIELDS, filled, written
from tenant_service.assignments.models import ItemRow
from tenant_service.assignments.panels import beside, may_add, starts, todos
from tenant_service.assignments.rules import ITEMS, ItemAct
from tenant_service.history import taken
from tenant_service.identity import accounts
from tenant_service.identity.policy import Role, UseCase
from tenant_service.members import posting_queries as postings
from tenant_service.requests import queries as requests
from tenant_service.signing import acts as signing
from tenant_service.web import history, sharing
from tenant_service.web.exporting import whole
from tenant_service.web.site import RoomPages, Site, View, Visit

SHOWN = 20
_ONE, _LIST = "/items/{id}", "/items/of/{id}"


def routes(site: Site) -> list[Route]:
    def get(path: str, show: object) -> Route:
        return Route(path, site.shows(show), methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, act: object, again: object = None) -> Route:
        return Route(path, site.acts(act, again), methods=["POST"])  # type: ignore[arg-type]

    return [
        get("/items", listed),
        get("/items.{suffix:str}", exported),
        get(_LIST, of_head),
        get("/items/of/{id}/{which:str}.{suffix:str}", one_list_exported),
        post(f"{_LIST}/propose", acts.propose, of_head),
        post(f"{_LIST}/agree", acts.agree_all, of_head),
        get(_ONE, one),
        get(f"{_ONE}/redraft", redraft_form),
        post(f"{_ONE}/redraft", acts.redraft, redraft_form),
        post(f"{_ONE}/discard", acts.discard, one),
        post(f"{_ONE}/agree", acts.agree, one),
        post(f"{_ONE}/not-adopt", acts.not_adopt, one),
        post(f"{_ONE}/forward", acts.forward, one),
        post(f"{_ONE}/carry-out", acts.carry_out, one),
        post(f"{_ONE}/reopen", acts.reopen_item, one),
        post(f"{_ONE}/adopt", acts.adopt, one),
        get(f"{_ONE}/share", share_form),
        post(f"{_ONE}/share", acts.share, share_form),
        *handling_pages.routes(get, post),
        *inbox_pages.routes(get, post),
        *call_pages.routes(get, post),
        *proposal_pages.routes(get, post),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    found = listing.page(visit, SHOWN, visit.asked("after") or None)
    return View("items.html", {
        "table": listing.items(visit, found.rows), "total": found.count(), "more": found.more,
        "is_home": visit.actor.is_inside, "kinds": list(ItemKind), "states": list(ItemState),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: listing.page(visit, first, after))
    return listing.items(visit, rows).file("items", visit.request.path_params["suffix"])


def of_head(visit: Visit) -> View:
    """The three lists of one head, one behind the other, as they are printed."""
    rows, kind = _rows(visit), lists.of(visit.id)
    head = lists.head(visit.unit.session, visit.id)
    given = handling.of_items(visit.unit.session, visit.actor, [row.id for row in rows])
    counts = queries.reaching_counts(visit.unit.session, visit.actor, visit.id)
    may_edit = visit.may(UseCase.EDIT_ITEMS)
    chosen = visit.form.all(sharing.FIELD) if visit.form.values else head.shares
    by_body = listing.by_body(visit, visit.id) if kind_of(visit.id) == "campaign" else None
    bars = listing.bars_by_body(by_body) if by_body else []
    return View("three_lists.html", {
        "by_body": by_body, "bars": bars, "most": max((each.value or 0 for each in bars), default=0),
        "head": head, "kind": kind, "counts": counts,
        "tables": {
            "suggestions": listing.suggestions(visit, rows),
            "responsibilities": listing.responsibilities(visit, rows, given),
            "results": listing.results(visit, rows, given),
        },
        "may_add": may_add(visit, visit.id), "kinds": kind.kinds if may_edit else (ItemKind.FINDING,), "key": visit.key,
        "may_agree": _may_agree_all(visit, rows),
        "values": written(visit.form, FIELDS), "fields": (*FIELDS, sharing.FIELD, "unclassified"),
        "bodies": _bodies(visit),
        "sharing": sharing.sharing(visit.directory, visit.actor.committee, chosen), "today": visit.site.today(),
    })  # fmt: skip


def one_list_exported(visit: Visit) -> Response:
    """One of the three lists, as a file."""
    rows, which = _rows(visit), visit.request.path_params["which"]
    given = handling.of_items(visit.unit.session, visit.actor, [row.id for row in rows])
    made = {
        "suggestions": lambda: listing.suggestions(visit, rows),
        "responsibilities": lambda: listing.responsibilities(visit, rows, given),
        "results": lambda: listing.results(visit, rows, given),
        "bodies": lambda: listing.by_body(visit, visit.id),
    }.get(which)
    if made is None:
        raise Refusal(Code.NOT_FOUND)
    return made().file(which, visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One item with its chain: who has it, what came of it, how it came to stand where it stands."""
    session, actor = visit.unit.session, visit.actor
    told = queries.one(session, actor, visit.id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    row, is_own = queries.at_work(session, actor, visit.id), owner_of(told.id) == actor.committee
    given = handling.of_items(session, actor, [told.id]).get(told.id, []) if is_own else []
    return View("item.html", {
        "it": told, "row": row, "may": _may(visit, row), "looks": listing.LOOKS, "labels": listing.ACTS,
        "head": visit.named(kind_of(told.list_id), told.list_id),
        "owner": None if is_own else visit.directory.get(told.committee_id).name,
        "chain": [(each, listing.due(visit, each), listing.late(visit, each, visit.site.today())) for each in given],
        "steps": history.told(visit, taken.of(session, told.id)) if row else (),
        "fields": ("reason", "officeId", "unclassified"),
        "offices": _offices(visit) if row else [], "values": written(visit.form, ("officeId",)),
        "sharing": sharing.sharing(visit.directory, actor.committee, row.shares) if row else None,
        "may_adopt": _may_adopt(visit, told), "adopted_by": [_named(visit, each) for each in told.adopted_by or ()],
        "asked": requests.last_about(session, told.id, None) if actor.sees_work and not is_own else None,
        "panels": visit.beside("item", told.id),
    })  # fmt: skip


# ── forms ──


def redraft_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_ITEMS)
    row = queries.ours(visit.unit.session, visit.id)
    chosen = visit.form.all(sharing.FIELD) if visit.form.values else row.shares
    return View("item_form.html", {
        "row": row, "values": written(visit.form, REDRAFT_FIELDS, filled(row)), "fields": REDRAFT_FIELDS,
        "kinds": lists.of(row.list_id).kinds, "bodies": _bodies(visit),
        "sharing": sharing.sharing(visit.directory, visit.actor.committee, chosen),
    })  # fmt: skip


def share_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_ITEMS)
    row = queries.ours(visit.unit.session, visit.id)
    return sharing.form(visit, f"/items/{row.id}", row.text, row.shares)


# ── parts ──


def _rows(visit: Visit) -> Sequence[ItemRow | ItemRecord]:
    """Rows of the list that the address names, of whoever is shown its head. Raises: Refusal NOT_FOUND, BAD_ID."""
    if visit.actor.is_contact or lists.of(visit.id).reaches(visit.unit.session, visit.actor, visit.id) is None:
        raise Refusal(Code.NOT_FOUND)
    if owner_of(visit.id) != visit.actor.committee:
        raise Refusal(Code.NOT_FOUND)
    return queries.on_list(visit.unit.session, visit.actor, visit.id)


def _bodies(visit: Visit) -> list[tuple[str, str]]:
    """What a form offers, for whom bodies are to be seen."""
    if not (visit.may(UseCase.EDIT_ITEMS) or visit.may(UseCase.ADD_FINDINGS)):
        return []
    found = postings.listed_bodies(visit.unit.session, visit.site.today())
    if not visit.may(UseCase.EDIT_ITEMS):
        day = visit.site.today()
        found = [each for each in found if postings.is_posted(visit.unit.session, visit.actor.person, each.id, day)]
    return [(each.id, each.name) for each in found]


def _offices(visit: Visit) -> list[tuple[str, str]]:
    """Bodies to which an item may be forwarded: who has nobody to assign it could not even see it."""
    assigning = accounts.bodies_with(visit.unit.session, Role.COORDINATOR)
    return [(id, name) for id, name in _bodies(visit) if id in assigning]


def _may(visit: Visit, row: ItemRow | None) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    if row is None:
        return frozenset()
    possible, found = set(ITEMS.possible(row.state)) - {ItemAct.ASSIGN, ItemAct.TAKE_BACK, ItemAct.ADOPT}, set[str]()
    is_free = not any(
        each.state not in rules.OVER for each in handling.of_item(visit.unit.session, row.id)
    )  # fmt: skip
    if not is_free:
        possible -= {ItemAct.FORWARD, ItemAct.CARRY_OUT, ItemAct.NOT_ADOPT}
    if visit.may(UseCase.EDIT_ITEMS):
        found |= {"share", *(possible - rules.OF_THE_SIGNER)}
    if visit.may(UseCase.SIGN_OFF_ITEMS):
        found |= possible & rules.OF_THE_SIGNER
    if not _may_agree(visit, row):
        found -= {ItemAct.AGREE}
    return frozenset(found)


def _may_agree(visit: Visit, row: ItemRow) -> bool:
    """Where its state permits it: who signs, and worded none of it."""
    return signing.may_sign(visit.actor, UseCase.SIGN_OFF_ITEMS, *queries.wrote(visit.unit.session, row.id))


def _may_agree_all(visit: Visit, rows: Sequence[ItemRow | ItemRecord]) -> bool:
    """Something waits, and the visitor worded none of it: all of them are signed, or none."""
    waiting = [row for row in rows if isinstance(row, ItemRow) and row.state is ItemState.PROPOSED]
    return bool(waiting) and all(_may_agree(visit, row) for row in waiting)


def _may_adopt(visit: Visit, told: ItemRecord) -> bool:
    """Whether our side may still say that it takes it up."""
    if not visit.may(UseCase.SIGN_OFF_ITEMS) or ItemAct.ADOPT not in ITEMS.possible(told.state):
        return False
    return visit.actor.committee not in (told.adopted_by or ())


def _named(visit: Visit, committee: str) -> str:
    listed = visit.directory.entries.get(committee)
    return (listed.short_name or listed.name) if listed else committee


def named(visit: Visit, kind: str, id: str) -> Link | None:
    session, actor = visit.unit.session, visit.actor
    if kind == "item" and (item := queries.one(session, actor, id)):
        return Link(f"/items/{id}", item.text)
    if kind == "call" and (call := call_queries.one(session, actor, id)):
        return Link(f"/calls/{id}", call.title)
    if kind == "handover" and (handover := inbox_queries.found(session, actor, id)):
        is_ours = owner_of(id) == actor.committee
        at = f"/assignments/{handover.assignment_id}" if is_ours else f"/inbox/{id}"
        return Link(at, handover.text or visit.say(handover.state.label))
    if kind == "assignment" and (given := handling.one(session, actor, id)):
        return Link(f"/assignments/{id}", given.body or given.state.label)
    return None


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates",
    (Link("/items", say("清单")),),
    todos, starts=starts,
    beside=beside, named=named,
    beside_fields={
        Code.PARTS_UNCLEAR: ("lead", "bodyId"), Code.NOT_OFFERED: ("lead", "bodyId"),
        Code.BAD_TIME: ("dueOn",), Code.EXTENSION_OVER: ("dueOn",),
        Code.RETURN_OVER: ("suggested",), Code.OPINIONS_MISSING: ("reply",), Code.LIST_SHUT: ("texts",),
        Code.PAPER_NEEDED: ("paperNumber",), Code.LETTER_NEEDED: ("documentNo",),
    },
    inside=(Link("/assignments", say("交办")), Link("/calls", say("吹哨报到"))),
    at_work=(Link("/inbox", say("其他政协交办")),),
    for_bodies=(Link("/assignments", say("交办事项")), Link("/calls", say("吹哨报到"))),
)  # fmt: skip
