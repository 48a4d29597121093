"""Pages of the venues: the list, one venue, its form, its sharing, and what a scanned QR code shows."""

from pathlib import Path

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.shapes.venues import VenueKind, VenueOrder, VenueRecord, VenueState, VenueType
from sync.edge.shell.pages import Link
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.restoring import recovered
from tenant_service.exchange.watching import freshness as shared
from tenant_service.identity.policy import UseCase
from tenant_service.members import contacts
from tenant_service.members import queries as members
from tenant_service.storage.paging import Page
from tenant_service.venues import queries, rules, service
from tenant_service.venues.drafts import FIELDS, draft_of, filled
from tenant_service.venues.models import VenueRow
from tenant_service.web import sharing
from tenant_service.web.drawing import qr
from tenant_service.web.exporting import whole
from tenant_service.web.site import Go, RoomPages, Site, View, Visit

SHOWN = 20


def routes(site: Site) -> list[Route]:
    return [
        Route("/venues", site.shows(listed), methods=["GET"]),
        Route("/venues.{suffix:str}", site.shows(exported), methods=["GET"]),
        Route("/venues/new", site.shows(form), methods=["GET"]),
        Route("/venues/new", site.acts(add, form), methods=["POST"]),
        Route("/venues/{id}", site.shows(one), methods=["GET"]),
        Route("/venues/{id}/change", site.shows(form), methods=["GET"]),
        Route("/venues/{id}/change", site.acts(change, form), methods=["POST"]),
        Route("/venues/{id}/move", site.acts(move, one), methods=["POST"]),
        Route("/venues/{id}/share", site.shows(share_form), methods=["GET"]),
        Route("/venues/{id}/share", site.acts(share, share_form), methods=["POST"]),
        Route("/venues/{id}/keep", site.acts(keep, one), methods=["POST"]),
        Route("/venues/{id}/renew-code", site.acts(renew_code), methods=["POST"]),
        Route("/q/{token}", site.shows(scanned), methods=["GET"]),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    """Our venues that reach the visitor, or those that others shared with us."""
    found = _page(visit, SHOWN, visit.asked("after") or None)
    return View("venues.html", {
        "table": _table(visit, found.rows), "total": found.count(),
        "more": found.more,
        "may_edit": visit.may(UseCase.EDIT_VENUES), "may_see_shared": visit.actor.is_inside,
        "kinds": list(VenueKind), "types": list(VenueType), "states": list(VenueState), "sort": _order(visit).value,
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: _page(visit, first, after))
    return _table(visit, rows).file("venues", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    venue = queries.one(visit.unit.session, visit.actor, visit.id)
    if venue is None:
        raise Refusal(Code.NOT_FOUND)
    is_own = owner_of(visit.id) == visit.actor.committee
    row = queries.ours(visit.unit.session, visit.id) if is_own and visit.actor.sees_work else None
    parent = queries.one(visit.unit.session, visit.actor, venue.parent_id) if venue.parent_id else None
    return View("venue.html", {
        "it": venue, "spaces": queries.spaces(visit.unit.session, venue.id) if is_own else [], "parent": parent,
        "owner": visit.directory.get(owner_of(visit.id)), "is_own": is_own, "row": row, "fields": ("day",),
        "may_edit": row is not None and visit.may(UseCase.EDIT_VENUES), "phone": _phone(visit, row) if row else None,
        "may_reveal": visit.may(UseCase.REVEAL_CONTACTS), **_keepers(visit, row),
        "next": rules.STATES.possible(venue.state), "today": visit.site.today(),
        "sharing": sharing.sharing(visit.directory, visit.actor.committee, row.shares) if row else None,
        "qr": _qr(visit, row.qr_token) if row else "", "panels": visit.beside("venue", visit.id),
    })  # fmt: skip


def scanned(visit: Visit) -> View:
    """What anybody sees who scans the code on the door."""
    row = queries.by_token(visit.unit.session, visit.request.path_params["token"])
    spaces = queries.spaces(visit.unit.session, row.id)
    return View("venue_scanned.html", {"it": row.record(), "spaces": spaces, "panels": visit.beside("venue", row.id)})


def form(visit: Visit) -> View:
    """The form of a new venue, or of one that is described anew; filled with what was just written, if anything."""
    visit.actor.require(UseCase.EDIT_VENUES)
    id = visit.request.path_params.get("id")
    row = queries.ours(visit.unit.session, id) if id else None
    values = {name: visit.form.get(name) for name in FIELDS} if visit.form.values else {}
    if row is not None and not values:
        values = filled(row, queries.spaces(visit.unit.session, row.id), _phone(visit, row))
    chosen = visit.form.all(sharing.FIELD)
    return View("venue_form.html", {
        "row": row, "values": values, "fields": FIELDS, "kinds": list(VenueKind), "types": list(VenueType),
        "key": visit.key, "centres": _centres(visit),
        "sharing": sharing.sharing(visit.directory, visit.actor.committee, chosen) if row is None else None,
    })  # fmt: skip


def share_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_VENUES)
    row = queries.ours(visit.unit.session, visit.id)
    return sharing.form(visit, f"/venues/{row.id}", row.name, row.shares)


# ── acting ──


def add(visit: Visit) -> Go:
    draft, shares = draft_of(visit.form), sharing.chosen_in(visit.form.all(sharing.FIELD))
    told = {name: visit.form.all(name) for name in (*FIELDS, sharing.FIELD)}
    made = visit.once(
        "page.venues.add", told, lambda unit: service.add(unit, visit.actor, visit.directory, draft, shares)
    )
    return Go(f"/venues/{made.id}")


def change(visit: Visit) -> Go:
    service.change(visit.unit, visit.actor, visit.id, draft_of(visit.form))
    return Go(f"/venues/{visit.id}")


def move(visit: Visit) -> Go:
    to, day = visit.form.needed_kind("to", VenueState), visit.form.day("day") or visit.site.today()
    service.move(visit.unit, visit.actor, visit.id, to, day)
    return Go(f"/venues/{visit.id}")


def share(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.share(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return Go(f"/venues/{visit.id}")


def keep(visit: Visit) -> Go:
    service.keep(visit.unit, visit.actor, visit.id, [each for each in visit.form.all("personIds") if each])
    return Go(f"/venues/{visit.id}")


def renew_code(visit: Visit) -> Go:
    service.renew_code(visit.unit, visit.actor, visit.id)
    return Go(f"/venues/{visit.id}")


# ── parts ──


def _keepers(visit: Visit, row: VenueRow | None) -> dict[str, object]:
    """负责委员 by name, and who may be one."""
    if row is None:
        return {"keepers": {}, "members": []}
    session = visit.unit.session
    keepers = members.persons_named(session, queries.keepers(session, row.id))
    seated = members.persons_named(session, members.seat_holders(session, visit.site.today()))
    return {"keepers": keepers, "members": sorted(seated.items(), key=lambda each: (each[1], each[0]))}


def _phone(visit: Visit, row: VenueRow) -> str | None:
    """The contact's, as it is shown to the visitor."""
    return contacts.phone(visit.unit, visit.actor, row.contact_phone)


def _page(visit: Visit, first: int, after: str | None) -> Page:
    session, of_others = visit.unit.session, visit.asked("from") == "others" and visit.actor.is_inside
    owners = shared.followed_owners(session) if of_others else None
    return queries.listed(session, visit.actor, _wanted(visit), _order(visit), first, after, owners)


def _wanted(visit: Visit) -> queries.Wanted:
    """What the address filters by; a code that no list has filters nothing."""
    kind, type = VenueKind.known(visit.asked("kind")), VenueType.known(visit.asked("type"))
    state = VenueState.known(visit.asked("state"))
    return queries.Wanted(
        (kind,) if kind else (), (type,) if type else (), (state,) if state else (), name=visit.asked("q")[:80] or None,
        brand=visit.asked("brand")[:60] or None,
    )  # fmt: skip


def _order(visit: Visit) -> VenueOrder:
    return VenueOrder.known(visit.asked("sort")) or VenueOrder.SORT_KEY_ASC


def _table(visit: Visit, rows: list[VenueRecord]) -> Table:
    columns = (
        Column(visit.say(say("名称")), sort=VenueOrder.SORT_KEY_ASC.value), Column(visit.say(say("类别"))),
        Column(visit.say(say("镇街"))), Column(visit.say(say("状态"))),
        Column(visit.say(say("座位")), is_figure=True, sort=VenueOrder.SEATS_DESC.value),
    )  # fmt: skip
    entries = visit.directory.entries
    of_others = {
        row.id: entries[row.committee_id].short_name for row in rows
        if row.committee_id != visit.actor.committee and row.committee_id in entries
    }  # fmt: skip
    kinds, states = ({each: visit.say(each.label) for each in of} for of in (VenueKind, VenueState))
    again = recovered.unchecked_among(visit.unit.session, [row.id for row in rows]) if visit.actor.sees_work else ()

    def line(row: VenueRecord) -> Row:
        where = of_others.get(row.id, row.area)
        state = states[row.state] + (f" · {visit.say(say('找回'))}" if row.id in again else "")
        return Row((row.name, kinds[row.kind], where, state, row.seats), f"/venues/{row.id}")

    return Table(visit.say(say("阵地")), columns, tuple(map(line, rows)), say("暂无阵地"))


def _centres(visit: Visit) -> list[tuple[str, str]]:
    """Centres that a venue may belong to."""
    wanted = queries.Wanted(kinds=(VenueKind.PRACTICE_CENTRE, VenueKind.SUB_CENTRE))
    found = queries.listed(visit.unit.session, visit.actor, wanted, VenueOrder.SORT_KEY_ASC, 200, None)
    return [(each.id, each.name) for each in found.rows]


def _qr(visit: Visit, token: str) -> Markup:
    """The code for the door; it opens the public page of the venue."""
    return qr(str(visit.request.url.replace(path=f"/q/{token}", query="", fragment="")))


def named(visit: Visit, kind: str, id: str) -> Link | None:
    found = queries.one(visit.unit.session, visit.actor, id) if kind == "venue" else None
    return Link(f"/venues/{id}", found.name) if found else None


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", (Link("/venues", say("阵地")),), named=named,
    beside_fields={Code.BAD_TIME: ("day",), Code.VENUE_CYCLE: ("parentId",)},
)  # fmt: skip
