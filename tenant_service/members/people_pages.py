"""Pages of people (委员通讯录): the list, one person with what they are and were, and the forms that change it."""

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.members import MembershipEnding, MembershipEntry, MembershipKind, MembershipState
from sync.contract.shapes.sectors import Party, Sector
from tenant_service.identity import quotas
from tenant_service.identity.policy import UseCase
from tenant_service.members import acts, address_book, people_listing, queries
from tenant_service.members import linking_queries as linking
from tenant_service.members.acts import FIELDS, SEAT
from tenant_service.members.models import PersonRow
from tenant_service.members.rules import Gender
from tenant_service.members.unit_listing import PEOPLE
from tenant_service.web.site import Site, View, Visit

SHOWN = 50
_ONE = PEOPLE + "/{id}"


def routes(site: Site) -> list[Route]:
    return [
        Route(PEOPLE, site.shows(listed), methods=["GET"]),
        Route(f"{PEOPLE}/segments", site.acts(acts.save_segment, listed), methods=["POST"]),
        Route(f"{PEOPLE}/segments/{{id}}/remove", site.acts(acts.remove_segment, listed), methods=["POST"]),
        Route(f"{PEOPLE}/contacts", site.shows(contacts), methods=["GET"]),
        Route(f"{PEOPLE}/contacts.{{suffix:str}}", site.shows(contacts_exported), methods=["GET"]),
        Route(f"{PEOPLE}/new", site.shows(new_form), methods=["GET"]),
        Route(f"{PEOPLE}/new", site.acts(acts.add, new_form), methods=["POST"]),
        Route(_ONE, site.shows(one), methods=["GET"]),
        Route(f"{_ONE}/change", site.shows(change_form), methods=["GET"]),
        Route(f"{_ONE}/change", site.acts(acts.change, change_form), methods=["POST"]),
        *(
            Route(f"{_ONE}/{name}", site.acts(act, one), methods=["POST"])
            for name, act in (
                ("propose", acts.propose), ("confirm", acts.confirm), ("place", acts.place), ("end", acts.end),
                ("contact", acts.contact), ("leave", acts.leave),
            )
        ),
    ]  # fmt: skip


# ── reading ──


def listed(visit: Visit) -> View:
    """Today's members, or, for the office, everybody on the list; each row counts as looked at."""
    found = people_listing.page(visit, SHOWN, visit.asked("after") or None)
    session, actor = visit.unit.session, visit.actor
    segments = address_book.segments(session, actor)
    return View("member_people.html", {
        "table": people_listing.table(visit, found.rows), "total": found.count(), "more": found.more,
        "share": people_listing.share(visit, found.count()), "segments": segments, "sectors": list(Sector),
        "parties": list(Party), "tags": address_book.tags(session, actor)[:30], "sees_work": actor.sees_work,
        "may_edit": visit.may(UseCase.EDIT_MEMBERS), "filters": people_listing.kept(visit),
        "is_first": not queries.names(session), "fields": ("name",),
    })  # fmt: skip


def contacts(visit: Visit) -> View:
    """一对一联系: every pair, and how far they reach."""
    session, actor, today = visit.unit.session, visit.actor, visit.site.today()
    return View("member_contacts.html", {
        "table": people_listing.pairs(visit), "reach": linking.in_touch(session, actor, today),
        "may_edit": visit.may(UseCase.EDIT_MEMBERS),
    })  # fmt: skip


def contacts_exported(visit: Visit) -> Response:
    return people_listing.pairs(visit).file("contacts", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One person as the address book shows them; for the office what they are and were, and what may be done."""
    session, actor, today = visit.unit.session, visit.actor, visit.site.today()
    actor.require(UseCase.SEE_MEMBERS)
    row = _looked_up(visit)
    is_seated, reads_file = bool(queries.seated(session, [row.id], today)), actor.sees_work or actor.person == row.id
    may_edit = visit.may(UseCase.EDIT_MEMBERS) and row.left_on is None
    held = queries.memberships_of(session, row.id) if reads_file else []
    return View("member_person.html", {
        "it": row, "phone": address_book.phone(row, actor, is_seated=is_seated), "reads_file": reads_file,
        "birth": address_book.birth_month(row, actor), "may_edit": may_edit,
        "held": people_listing.held(visit, held) if reads_file else None,
        "contacts": linking.of_person(session, row.id) if actor.sees_work else [],
        "names": people_listing.contact_names(session, row.id) if actor.sees_work else {},
        "proposed": [each for each in held if each.state is MembershipState.PROPOSED],
        "standing": people_listing.standing(visit, held), "units": people_listing.units(visit),
        "people": queries.names(session) if may_edit else [],
        "kinds": (MembershipKind.MEMBER, MembershipKind.CONVENER, MembershipKind.PARTY_MEMBER, MembershipKind.STAFF),
        "sectors": list(Sector), "parties": list(Party), "entries": list(MembershipEntry),
        "endings": list(MembershipEnding), "today": today, "panels": visit.beside("person", row.id), "fields": SEAT,
        "values": {name: visit.form.get(name) for name in SEAT}, "key": visit.key,
    })  # fmt: skip


def _looked_up(visit: Visit) -> PersonRow:
    """It counts as looked at. Raises: Refusal NOT_FOUND, nobody whom the visitor may look up; QUOTA_REACHED."""
    row = address_book.own(visit.unit.session, visit.actor, visit.id)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    most = visit.site.services.personal_rows_per_day
    quotas.charge(visit.site.units, visit.actor, quotas.of_others(visit.actor, [row.record()]), most)
    return row


# ── forms ──


def new_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_MEMBERS)
    return _form(visit, None)


def change_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_MEMBERS)
    return _form(visit, _looked_up(visit))


def _form(visit: Visit, row: PersonRow | None) -> View:
    values = {name: visit.form.get(name) for name in FIELDS} if visit.form.values else _filled(visit, row)
    return View("member_person_form.html", {
        "row": row, "values": values, "fields": FIELDS, "genders": list(Gender), "key": visit.key,
    })  # fmt: skip


def _filled(visit: Visit, row: PersonRow | None) -> dict[str, str]:
    """Masked where the page shows it masked; what comes back so stays what it is."""
    if row is None:
        return {}
    is_seated = bool(queries.seated(visit.unit.session, [row.id], visit.site.today()))
    return {
        "name": row.name, "gender": row.gender.value if row.gender else "",
        "birthMonth": address_book.birth_month(row, visit.actor) or "",
        "workPhone": address_book.phone(row, visit.actor, is_seated=is_seated) or "", "employer": row.employer or "",
        "rosterNo": row.roster_no or "", "tags": "、".join(row.tags),
    }  # fmt: skip
