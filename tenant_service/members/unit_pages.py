"""Pages of units (组织单元): towns and sectors, groups and party branches; one with who is in it, and its forms."""

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.channels import Scope
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.members import UnitKind, UnitOrder, UnitRecord
from sync.contract.shapes.sectors import Sector
from tenant_service.identity.policy import UseCase
from tenant_service.members import linking_queries as linking
from tenant_service.members import queries, unit_listing, unit_service
from tenant_service.members.unit_listing import UNITS
from tenant_service.members.unit_service import UnitDraft
from tenant_service.web import sharing
from tenant_service.web.exporting import whole
from tenant_service.web.forms import Form
from tenant_service.web.site import Go, Site, View, Visit

SHOWN = 50
FIELDS = ("name", "kind", "parentId", "since", "sector")
_ONE = UNITS + "/{id}"


def routes(site: Site) -> list[Route]:
    return [
        Route(UNITS, site.shows(listed), methods=["GET"]),
        Route(UNITS + ".{suffix:str}", site.shows(exported), methods=["GET"]),
        Route(f"{UNITS}/new", site.shows(new_form), methods=["GET"]),
        Route(f"{UNITS}/new", site.acts(add, new_form), methods=["POST"]),
        Route(_ONE, site.shows(one), methods=["GET"]),
        Route(f"{_ONE}/change", site.shows(change_form), methods=["GET"]),
        Route(f"{_ONE}/change", site.acts(change, change_form), methods=["POST"]),
        Route(f"{_ONE}/share", site.shows(share_form), methods=["GET"]),
        Route(f"{_ONE}/share", site.acts(share, share_form), methods=["POST"]),
        Route(f"{_ONE}/close", site.acts(close, one), methods=["POST"]),
        Route(f"{_ONE}/merge", site.acts(merge, one), methods=["POST"]),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    found = unit_listing.page(visit, SHOWN, visit.asked("after") or None)
    return View("member_units.html", {
        "table": unit_listing.table(visit, found.rows), "total": found.count(), "more": found.more,
        "kinds": list(UnitKind), "may_edit": visit.may(UseCase.EDIT_MEMBERS), "ended": unit_listing.ENDED,
        "is_first": not queries.units(
            visit.unit.session, visit.actor, queries.UnitsWanted(), UnitOrder.SORT_KEY_ASC, 1, None
        ).rows,
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: unit_listing.page(visit, first, after))
    return unit_listing.table(visit, rows).file("units", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One unit: what stands below it, who is in it, and where it is posted to as a whole."""
    visit.actor.require(UseCase.SEE_MEMBERS)
    session, row = visit.unit.session, _ours(visit)
    may_edit = visit.may(UseCase.EDIT_MEMBERS) and row.until is None
    return View("member_unit.html", {
        "it": row, "above": visit.named("unit", row.parent_id) if row.parent_id else None,
        "into": visit.named("unit", row.merged_into_id) if row.merged_into_id else None,
        "below": unit_listing.table(visit, queries.children(session, row.id)),
        "people": unit_listing.people(visit, row.id),
        "posted": linking.posted_from(session, row.id, visit.site.today()),
        "number": len(queries.persons_in(session, row.id, visit.site.today())), "may_edit": may_edit,
        "others": [(each.id, each.name) for each in queries.open_units(session, [row.kind]) if each.id != row.id],
        "today": visit.site.today(), "panels": visit.beside("unit", row.id), "fields": ("last", "into"),
        "values": {name: visit.form.get(name) for name in ("last", "into")},
    })  # fmt: skip


def _ours(visit: Visit) -> UnitRecord:
    """Raises: Refusal NOT_FOUND, also of another committee's."""
    found = queries.unit(visit.unit.session, visit.actor, visit.id)
    if found is None or found.committee_id != visit.actor.committee:
        raise Refusal(Code.NOT_FOUND)
    return found


# ── forms ──


def new_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_MEMBERS)
    return _form(visit, None)


def change_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_MEMBERS)
    return _form(visit, _ours(visit))


def share_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_MEMBERS)
    row = queries.UNITS.ours(visit.unit.session, visit.id)
    return sharing.form(visit, f"{UNITS}/{row.id}", row.name, row.shares, tuple(Scope))


def _form(visit: Visit, row: UnitRecord | None) -> View:
    values = {name: visit.form.get(name) for name in FIELDS} if visit.form.values else _filled(visit, row)
    above = queries.open_units(visit.unit.session, tuple(UnitKind))
    return View("member_unit_form.html", {
        "row": row, "values": values, "fields": FIELDS, "kinds": list(UnitKind), "sectors": list(Sector),
        "above": [
            (each.id, f"{each.name}（{visit.say(each.kind.label)}）") for each in above if not row or each.id != row.id
        ],
        "key": visit.key,
    })  # fmt: skip


def _filled(visit: Visit, row: UnitRecord | None) -> dict[str, str]:
    if row is None:
        return {"kind": visit.asked("kind"), "parentId": visit.asked("above")}
    return {
        "name": row.name, "kind": row.kind.value, "parentId": row.parent_id or "",
        "since": str(row.since or ""), "sector": row.sector.value if row.sector else "",
    }  # fmt: skip


# ── acting ──


def add(visit: Visit) -> Go:
    """Pressed twice, it is there once."""
    draft, told = draft_of(visit.form), {name: visit.form.all(name) for name in FIELDS}
    made = visit.once(
        "page.units.add", told, lambda unit: unit_service.add_unit(unit, visit.actor, visit.directory, draft, [])
    )
    return Go(f"{UNITS}/{made.id}")


def change(visit: Visit) -> Go:
    unit_service.change_unit(visit.unit, visit.actor, visit.id, draft_of(visit.form))
    return Go(f"{UNITS}/{visit.id}")


def share(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    unit_service.share_unit(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return Go(f"{UNITS}/{visit.id}")


def close(visit: Visit) -> Go:
    unit_service.close_unit(visit.unit, visit.actor, visit.id, visit.form.needed_day("last"))
    return Go(f"{UNITS}/{visit.id}")


def merge(visit: Visit) -> Go:
    last, into = visit.form.needed_day("last"), visit.form.get("into")
    unit_service.merge_unit(visit.unit, visit.actor, visit.id, into, last)
    return Go(f"{UNITS}/{visit.id}")


def draft_of(form: Form) -> UnitDraft:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return UnitDraft(
        form.get("name"), form.needed_kind("kind", UnitKind), form.text("parentId"), form.day("since"),
        form.kind("sector", Sector),
    )  # fmt: skip
