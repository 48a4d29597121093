"""Pages of postings (派驻): who is posted to which body, town or grid, since when; entered, and ended with a day."""

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import kind_of
from sync.contract.shapes.members import MembershipEnding, MembershipKind, UnitKind
from tenant_service.identity.policy import UseCase
from tenant_service.members import linking_queries as linking
from tenant_service.members import listing, posting_queries, queries
from tenant_service.members import membership_service as memberships
from tenant_service.members.linking_queries import Reach
from tenant_service.members.listing import POSTINGS
from tenant_service.members.membership_service import MembershipDraft
from tenant_service.members.rules import AREAS
from tenant_service.web.exporting import whole
from tenant_service.web.site import Go, Site, View, Visit

SHOWN = 50
FIELDS = ("personId", "unitId", "term", "since")


def routes(site: Site) -> list[Route]:
    one = POSTINGS + "/{id}"
    return [
        Route(POSTINGS, site.shows(listed), methods=["GET"]),
        Route(POSTINGS + ".{suffix:str}", site.shows(exported), methods=["GET"]),
        Route(f"{POSTINGS}/new", site.shows(new_form), methods=["GET"]),
        Route(f"{POSTINGS}/new", site.acts(add, new_form), methods=["POST"]),
        Route(one, site.shows(shown), methods=["GET"]),
        Route(f"{one}/end", site.acts(end, shown), methods=["POST"]),
    ]


def listed(visit: Visit) -> View:
    found = listing.postings_page(visit, SHOWN, visit.asked("after") or None)
    return View("member_postings.html", {
        "table": listing.postings(visit, found.rows), "total": found.count(), "more": found.more,
        "may_edit": visit.may(UseCase.EDIT_MEMBERS), "ended": listing.ENDED, "reach": _reach(visit),
    })  # fmt: skip


def _reach(visit: Visit) -> list[tuple[UnitKind, Reach]]:
    """How many towns, communities and grids somebody is posted to, of the kinds that are on the list."""
    session, actor, today = visit.unit.session, visit.actor, visit.site.today()
    found = [(kind, linking.reach(session, actor, kind, today)) for kind in AREAS]
    return [(kind, of) for kind, of in found if of.areas]


def exported(visit: Visit) -> Response:
    rows = whole(lambda first, after: listing.postings_page(visit, first, after))
    return listing.postings(visit, rows).file("postings", visit.request.path_params["suffix"])


def shown(visit: Visit) -> View:
    """One posting, with the form that ends it."""
    visit.actor.require(UseCase.SEE_WORK)
    found = posting_queries.one(visit.unit.session, visit.id)
    is_over = found.until is not None
    return View("posting.html", {
        "it": found, "place": visit.named(kind_of(found.where_id), found.where_id), "today": visit.site.today(),
        "may_end": visit.may(UseCase.EDIT_MEMBERS) and not is_over, "fields": ("last",),
        "values": {"last": visit.form.get("last")},
    })  # fmt: skip


def new_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_MEMBERS)
    values = {name: visit.form.get(name) or (visit.asked("to") if name == "unitId" else "") for name in FIELDS}
    return View("posting_form.html", {
        "people": queries.names(visit.unit.session),
        "places": _places(visit), "values": values, "fields": FIELDS, "key": visit.key,
    })  # fmt: skip


def add(visit: Visit) -> Go:
    """Pressed twice, it is there once."""
    draft, told = _draft(visit), {name: visit.form.all(name) for name in FIELDS}
    made = visit.once("page.postings.add", told, lambda unit: memberships.place(unit, visit.actor, draft))
    return Go(f"{listing.BODIES}/{made.body_id}" if made.body_id else f"{POSTINGS}/{made.id}")


def end(visit: Visit) -> Go:
    last = visit.form.needed_day("last")
    posting_queries.one(visit.unit.session, visit.id)
    memberships.end(visit.unit, visit.actor, visit.id, MembershipEnding.MOVED, last)
    return Go(f"{POSTINGS}/{visit.id}")


def _draft(visit: Visit) -> MembershipDraft:
    """Raises: Refusal FORBIDDEN; BAD_VALUE, nobody of ours is meant or several are, or there is no such place."""
    visit.actor.require(UseCase.EDIT_MEMBERS)
    form, to = visit.form, visit.form.get("unitId")
    meant = queries.meant(visit.unit.session, form.get("personId"))
    if len(meant) != 1:
        several = Said("有多名同名者，请填写名册编号", "several are called so: write the roster number")
        why = (
            several
            if meant
            else Said(
                "名册中没有此人，请先导入名册，再登记派驻", "nobody on the roster is called so: import the roster first"
            )
        )
        raise Refusal(Code.BAD_VALUE, field="personId", why=why)
    if to not in dict(_places(visit)):
        raise Refusal(Code.BAD_VALUE, field="unitId", why=Said("请从列表选择", "choose from the list"))
    is_body = kind_of(to) == "body"
    return MembershipDraft(
        MembershipKind.POSTING, person_id=meant[0].id, unit_id=None if is_body else to, body_id=to if is_body else None,
        term=form.number("term"), since=form.day("since") or visit.site.today(),
    )  # fmt: skip


def _places(visit: Visit) -> list[tuple[str, str]]:
    """Where somebody may be posted to: bodies of the list, and the towns, communities and grids."""
    session, today = visit.unit.session, visit.site.today()
    bodies = posting_queries.listed_bodies(session, today)
    areas = queries.open_units(session, AREAS)
    return [
        *((each.id, each.name) for each in bodies if each.until is None),
        *((each.id, f"{each.name}（{visit.say(each.kind.label)}）") for each in areas),
    ]  # fmt: skip
