"""Pages of one person's data: what is held, what left, reveal, the subject's export, erasing."""

from pathlib import Path

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import kind_of
from sync.contract.instants import day_of
from sync.edge.shell import sheets
from tenant_service.exchange.watching.left import Departure
from tenant_service.identity import quotas
from tenant_service.identity.disclosures import Purpose, Told
from tenant_service.identity.policy import UseCase
from tenant_service.members import address_book, contacts
from tenant_service.members import queries as members
from tenant_service.personal_data import listing, queries, retention, service, showing
from tenant_service.personal_data.rules import MaskedField
from tenant_service.web.site import Go, Panel, RoomPages, Site, View, Visit

AT = "/personal"
FOUND = 20


def routes(site: Site) -> list[Route]:
    return [
        Route(AT, site.shows(index), methods=["GET"]),
        Route(AT + "/mine", site.shows(mine), methods=["GET"]),
        Route(AT + "/left", site.shows(left), methods=["GET"]),
        Route(AT + "/retention", site.shows(kept), methods=["GET"]),
        Route(AT + "/contact/{id}", site.shows(contact), methods=["GET"]),
        Route(AT + "/contact/{id}", site.acts(reveal_contact, contact), methods=["POST"]),
        Route(AT + "/{id}", site.shows(one), methods=["GET"]),
        Route(AT + "/{id}/data.json", site.shows(exported), methods=["GET"]),
        Route(AT + "/{id}/reveal", site.acts(reveal, one), methods=["POST"]),
        Route(AT + "/{id}/erase", site.acts(erase, one), methods=["POST"]),
    ]


# ── reading ──


def index(visit: Visit) -> View:
    """Somebody is looked up by name; the roster is taken out; a record is followed to whom it was told."""
    visit.actor.require(UseCase.HANDLE_PERSONAL)
    name = visit.asked("q")
    wanted, today = address_book.Wanted(name=name), day_of(visit.unit.now)
    found = address_book.persons(visit.unit.session, visit.actor, wanted, today, FOUND, None) if name else None
    rows = quotas.counted(visit.site.units, visit.actor, found, _most(visit)).rows if found else []
    return View("personal.html", {
        "found": [(row.id, row.name) for row in rows], "asked": bool(name), "purposes": _purposes(visit),
        "quota": quotas.standing(visit.site.units, visit.actor, _most(visit)),
    })  # fmt: skip


def mine(visit: Visit) -> Go:
    """The own page, for whoever has one."""
    if not visit.actor.iss:
        raise Refusal(Code.NOT_SIGNED_IN)
    if not (visit.actor.is_home and visit.actor.person):
        raise Refusal(Code.NOT_FOUND)
    return Go(f"{AT}/{visit.actor.person}")


def one(visit: Visit) -> View:
    """Everything about one person, masked for all but that person; and what of it has left."""
    session, is_own = visit.unit.session, visit.actor.person == visit.id
    whom = queries.subject(session, visit.actor, visit.id)
    if not is_own:
        quotas.charge(visit.site.units, visit.actor, 1, _most(visit))
    rows = queries.held(session, whom)
    is_seated = bool(members.seated(session, [whom.id], day_of(visit.unit.now)))
    gone = queries.departures(session, visit.actor, visit.directory, rows)
    whole = bool(visit.asked("whole"))
    shown = service.revealed(visit.unit, visit.actor, visit.asked("shown"), whom.id) if visit.asked("shown") else None
    return View("person_data.html", {
        "whom": whom, "is_own": is_own, "areas": showing.areas(
            visit, rows, is_own=is_own, is_seated=is_seated, most=None if whole else showing.MOST_SHOWN
        ),
        "whole": whole, "left": listing.left(visit, gone),
        "disclosed": listing.disclosed(visit, queries.disclosed(session, visit.actor, whom, rows)),
        "purposes": _purposes(visit),
        "masked": [(each.value, visit.say(each.label)) for each in queries.MASKED["person"]], "shown": shown,
        "quota": None if is_own else quotas.standing(visit.site.units, visit.actor, _most(visit)),
        "may_erase": visit.may(UseCase.ERASE_PERSON), "may_handle": visit.may(UseCase.HANDLE_PERSONAL),
        "mentions": [] if is_own else queries.mentions(session, whom),
        "values": {name: visit.form.get(name) for name in ("field", "reason", "purpose")},
        "fields": ("field", "reason", "purpose", "sure"),
    })  # fmt: skip


def contact(visit: Visit) -> View:
    """The contact that stands on a record of ours: masked, but for whom it was just revealed to."""
    visit.actor.require(UseCase.REVEAL_CONTACTS)
    session = visit.unit.session
    (name, phone), kind = queries.contact_of(session, visit.id), kind_of(visit.id)
    link = visit.named(kind, visit.id)
    shown = service.revealed(visit.unit, visit.actor, visit.asked("shown"), visit.id) if visit.asked("shown") else None
    return View("personal_contact.html", {
        "id": visit.id, "title": link.text if link else visit.called(kind), "name": name, "shown": shown,
        "purposes": _purposes(visit), "phone": contacts.phone(visit.unit, visit.actor, phone),
        "back": link.href if link else AT,
        "quota": quotas.standing(visit.site.units, visit.actor, _most(visit)),
        "values": {name: visit.form.get(name) for name in ("reason", "purpose")}, "fields": ("reason", "purpose"),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """Everything about one person as JSON: to the person, or for a purpose. Noted before it is read."""
    told = Told(visit.asked("reason"), visit.asked("purpose"))
    with visit.site.units.write() as unit:
        service.note_export(unit, visit.actor, visit.id, told, _most(visit))
    session = visit.unit.session
    whom = queries.subject(session, visit.actor, visit.id)
    rows = queries.held(session, whom)
    body = {
        "person": whom.id, "committee": visit.unit.committee, "at": visit.unit.now,
        "held": [{"table": each.table, "key": each.key, "values": each.values} for each in rows],
        "left": [_told(each) for each in queries.departures(session, visit.actor, visit.directory, rows)],
        "disclosed": queries.disclosed(session, visit.actor, whom, rows),
    }  # fmt: skip
    return sheets.as_file(
        msgspec.json.format(msgspec.json.encode(body, enc_hook=str)), "personal-data.json", "application/json"
    )  # fmt: skip


def left(visit: Visit) -> View:
    """To whom one record of ours was told, whoever it is about."""
    gone = queries.of_record(visit.unit.session, visit.actor, visit.directory, visit.asked("record"))
    return View("personal_left.html", {"record": visit.asked("record"), "table": listing.left(visit, gone)})


def kept(visit: Visit) -> View:
    """What is kept how long, what the last run of retention removed and what the next will."""
    if not visit.may(UseCase.HANDLE_PERSONAL):
        visit.actor.require(UseCase.MANAGE_ACCOUNTS)
    rules_here = visit.site.services.retention_rules
    standings = retention.standings(rules_here, visit.unit.session, visit.unit.now)
    return View("personal_retention.html", {"table": listing.retention(visit, standings)})


# ── acting ──


def reveal(visit: Visit) -> Go:
    return Go(f"{AT}/{visit.id}?shown={_noted(visit, visit.form.get('field'))}#shown")


def reveal_contact(visit: Visit) -> Go:
    return Go(f"{AT}/contact/{visit.id}?shown={_noted(visit, MaskedField.CONTACT_PHONE.value)}#shown")


def _noted(visit: Visit, field: str) -> str:
    told = Told(visit.form.get("reason"), visit.form.get("purpose"))
    return service.reveal(visit.unit, visit.actor, visit.id, field, told, _most(visit)).disclosure


def erase(visit: Visit) -> Go:
    if not visit.form.tells("sure"):
        raise Refusal(Code.BAD_VALUE, field="sure", why=Said("请先勾选确认", "tick the box first"))
    service.erase(visit.unit, visit.actor, visit.id, visit.form.get("purpose"))
    return Go(f"{AT}/{visit.id}")


# ── parts ──


def panels(visit: Visit) -> list[Panel]:
    own, handles = bool(visit.actor.is_home and visit.actor.person), visit.may(UseCase.HANDLE_PERSONAL)
    keeps = handles or visit.may(UseCase.MANAGE_ACCOUNTS)
    told = {"own": own, "handles": handles, "keeps": keeps}
    return [Panel("personal_panel.html", told)] if own or keeps else []


def _most(visit: Visit) -> int:
    return visit.site.services.personal_rows_per_day


def _purposes(visit: Visit) -> list[tuple[str, str]]:
    return [(each.value, visit.say(each.label)) for each in Purpose]


def _told(each: Departure) -> dict[str, object]:
    return {
        "record": each.record, "channel": each.channel, "firstAt": each.first_at, "lastAt": each.last_at,
        "isShared": each.is_shared, "erasedAt": each.erased_at,
        "readers": [{"committee": to.committee_id, "confirmedAt": to.confirmed_at} for to in each.readers],
        "former": [{"committee": to.committee_id, "confirmedAt": to.confirmed_at} for to in each.former],
    }  # fmt: skip


PAGES = RoomPages(routes, Path(__file__).parent / "templates", panels=panels)
