"""Pages of bodies: the list, one body with what hangs on it, and the forms that change it."""

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.shapes.members import BodyKind
from tenant_service.identity.policy import UseCase
from tenant_service.members import body_queries, body_service, contacts, listing, posting_queries
from tenant_service.members.body_queries import Wanted
from tenant_service.members.body_service import BodyDraft
from tenant_service.members.listing import BODIES
from tenant_service.members.models import BodyRow
from tenant_service.members.rules import BodyState, Lacking
from tenant_service.web.exporting import whole
from tenant_service.web.forms import Form
from tenant_service.web.site import Go, Site, View, Visit

SHOWN = 50
MOST_BESIDE = 50
FIELDS = ("name", "kind", "coordinates", "contactName", "contactPhone")
_ONE = BODIES + "/{id}"


def routes(site: Site) -> list[Route]:
    return [
        Route(BODIES, site.shows(listed), methods=["GET"]),
        Route(BODIES + ".{suffix:str}", site.shows(exported), methods=["GET"]),
        Route(f"{BODIES}/new", site.shows(new_form), methods=["GET"]),
        Route(f"{BODIES}/new", site.acts(add, new_form), methods=["POST"]),
        Route(_ONE, site.shows(one), methods=["GET"]),
        Route(f"{_ONE}/change", site.shows(change_form), methods=["GET"]),
        Route(f"{_ONE}/change", site.acts(change, change_form), methods=["POST"]),
        Route(f"{_ONE}/close", site.acts(close, one), methods=["POST"]),
        Route(f"{_ONE}/reopen", site.acts(reopen, one), methods=["POST"]),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    found = listing.bodies_page(visit, SHOWN, visit.asked("after") or None)
    listed_ones = Wanted(state=BodyState.LISTED)
    return View("bodies.html", {
        "table": listing.bodies(visit, found.rows), "total": found.count(), "more": found.more,
        "is_first": body_queries.count(visit.unit.session, visit.site.today(), listed_ones) == 0,
        "kinds": list(BodyKind), "states": list(BodyState), "lacking": list(Lacking),
        "may_edit": visit.may(UseCase.EDIT_MEMBERS),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: listing.bodies_page(visit, first, after))
    return listing.bodies(visit, rows).file("bodies", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One body: who is called there, who is posted to it, and what other rooms have with it."""
    session, actor, today = visit.unit.session, visit.actor, visit.site.today()
    row = body_queries.one(session, actor, visit.id)
    wanted, may_edit = posting_queries.Wanted(place=row.id), visit.may(UseCase.EDIT_MEMBERS)
    posted = posting_queries.postings(session, actor, wanted, today, MOST_BESIDE, None) if actor.sees_work else None
    return View("body.html", {
        "it": row, "state": body_queries.state(row, today), "sees_work": actor.sees_work, "may_edit": may_edit,
        "phone": contacts.phone(visit.unit, actor, row.contact_phone), "today": today,
        "may_reveal": visit.may(UseCase.REVEAL_CONTACTS),
        "posted": listing.postings(visit, posted.rows) if posted else None,
        "in_hands": visit.site.services.in_hands(session, row.id) if may_edit and row.until is None else (),
        "panels": visit.beside("body", row.id), "fields": ("last", "reason"),
        "values": {name: visit.form.get(name) for name in ("last", "reason")},
    })  # fmt: skip


# ── forms ──


def new_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_MEMBERS)
    return _form(visit, None)


def change_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_MEMBERS)
    return _form(visit, body_queries.one(visit.unit.session, visit.actor, visit.id))


def _form(visit: Visit, row: BodyRow | None) -> View:
    values = {name: visit.form.get(name) for name in FIELDS} if visit.form.values else _filled(visit, row)
    return View("body_form.html", {
        "row": row, "values": values, "fields": FIELDS, "kinds": list(BodyKind), "key": visit.key,
    })  # fmt: skip


def _filled(visit: Visit, row: BodyRow | None) -> dict[str, str]:
    if row is None:
        return {}
    phone = contacts.phone(visit.unit, visit.actor, row.contact_phone)
    return {
        "name": row.name, "kind": row.kind.value, "coordinates": "yes" if row.coordinates else "",
        "contactName": row.contact_name or "", "contactPhone": phone or "",
    }  # fmt: skip


# ── acting ──


def add(visit: Visit) -> Go:
    """Pressed twice, it is there once."""
    draft, told = draft_of(visit.form), {name: visit.form.all(name) for name in FIELDS}
    made = visit.once("page.bodies.add", told, lambda unit: body_service.add_body(unit, visit.actor, draft))
    return Go(f"{BODIES}/{made.id}")


def change(visit: Visit) -> Go:
    body_service.change_body(visit.unit, visit.actor, visit.id, draft_of(visit.form))
    return Go(f"{BODIES}/{visit.id}")


def close(visit: Visit) -> Go:
    last, why = visit.form.needed_day("last"), visit.form.get("reason")
    body_service.close_body(visit.unit, visit.actor, visit.id, last, why, visit.site.services.in_hands)
    return Go(f"{BODIES}/{visit.id}")


def reopen(visit: Visit) -> Go:
    body_service.reopen_body(visit.unit, visit.actor, visit.id)
    return Go(f"{BODIES}/{visit.id}")


def draft_of(form: Form) -> BodyDraft:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return BodyDraft(
        form.get("name"), form.needed_kind("kind", BodyKind), form.tells("coordinates"), form.text("contactName"),
        form.text("contactPhone"),
    )  # fmt: skip
