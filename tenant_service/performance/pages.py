"""Pages of the ledger: one's own, for the office everybody's, and what the office enters."""

from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from sync.edge.shell.pages import Link
from sync.edge.shell.plots import Bar
from sync.edge.shell.words import say
from tenant_service.graph import idempotency
from tenant_service.identity.policy import UseCase
from tenant_service.performance import (
    listing,
    objection_pages,
    queries,
    result_pages,
    rules,
    scheme_pages,
    service,
)
from tenant_service.performance.listing import AT, keeps
from tenant_service.performance.panels import beside, named, starts, todos
from tenant_service.performance.rules import Deed, LedgerSource
from tenant_service.performance.service import Draft
from tenant_service.web.exporting import MOST_EXPORTED
from tenant_service.web.site import Go, RoomPages, Site, View, Visit

SHOWN = 20
FIELDS = ("person", "deed", "day", "title", "note")


def routes(site: Site) -> list[Route]:
    return [
        Route(AT, site.shows(ledger), methods=["GET"]),
        Route(f"{AT}.{{suffix:str}}", site.shows(exported), methods=["GET"]),
        Route(f"{AT}/new", site.shows(form), methods=["GET"]),
        Route(f"{AT}/new", site.acts(enter, form), methods=["POST"]),
        Route(f"{AT}/close-year", site.acts(close_year, ledger), methods=["POST"]),
        *scheme_pages.routes(site),
        *result_pages.routes(site),
        *objection_pages.routes(site),
        Route(f"{AT}/{{id}}", site.shows(line), methods=["GET"]),
        Route(f"{AT}/{{id}}/take-back", site.acts(take_back, line), methods=["POST"]),
    ]


def ledger(visit: Visit) -> View:
    queries.has_ledger(visit.actor)
    session, wanted = visit.unit.session, listing.wanted(visit)
    rows, more = queries.listed(session, visit.actor, wanted, SHOWN, visit.asked("after") or None)
    names = listing.names_of(visit, {row.person_id for row in rows} | ({wanted.person} if wanted.person else set()))
    year, today = wanted.year, visit.site.today()
    return View("ledger.html", {
        "rows": rows, "more": more, "total": queries.count(session, visit.actor, wanted), "names": names,
        "gone": queries.taken_back(session, [row.id for row in rows]), "state_of": listing.state_of,
        "keeps": keeps(visit), "deeds": list(Deed), "sources": list(LedgerSource),
        "years": [(str(each), str(each)) for each in queries.years(session, visit.actor)],
        "person": wanted.person, "year": year, "fields": ("year",),
        "closed": queries.closed(session, year) if year else None, "closes": bool(year and year < today.year),
        "people": _people(visit), "report": _report(visit, wanted.person or visit.actor.person, year or today.year),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    queries.has_ledger(visit.actor)
    rows, _ = queries.listed(visit.unit.session, visit.actor, listing.wanted(visit), MOST_EXPORTED, None)
    return listing.table(visit, rows).file("performance", visit.request.path_params["suffix"])


def line(visit: Visit) -> View:
    """One line, and what may be done with it."""
    queries.has_ledger(visit.actor)
    row = queries.one(visit.unit.session, visit.actor, visit.id)
    gone = queries.taken_back(visit.unit.session, [row.id])
    return View("ledger_line.html", {
        "row": row, "name": listing.names_of(visit, [row.person_id]).get(row.person_id, row.person_id),
        "state": listing.state_of(row, gone), "about": visit.named(row.subject.split(".")[1], row.subject),
        "may_take_back": (
            keeps(visit) and row.source is LedgerSource.ENTERED and not row.counters_id and row.id not in gone
        ),
        "values": {"reason": visit.form.get("reason")}, "fields": ("reason",),
    })  # fmt: skip


def form(visit: Visit) -> View:
    """登记履职: as just written, else for whom the address names."""
    visit.actor.require(UseCase.KEEP_LEDGER)
    values = {name: visit.form.get(name) for name in FIELDS} if visit.form.values else {"person": visit.asked("person")}
    return View("ledger_form.html", {
        "values": values, "fields": FIELDS, "people": _people(visit), "deeds": list(Deed), "key": visit.key,
    })  # fmt: skip


def enter(visit: Visit) -> Go:
    """Pressed twice, there is one line."""
    told = visit.form
    draft = Draft(
        told.get("person"), told.needed_kind("deed", Deed), told.needed_day("day"), told.get("title"),
        told.text("note"),
    )  # fmt: skip
    people = visit.site.services.people
    made = idempotency.once(
        visit.unit, visit.actor, "page.performance.enter", visit.key, {name: told.get(name) for name in FIELDS},
        lambda unit: str(service.enter(unit, visit.actor, people, draft).id), kept_as=str,
    )  # fmt: skip
    return Go(f"{AT}/{made}")


def take_back(visit: Visit) -> Go:
    made = service.take_back(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return Go(f"{AT}/{made.id}")


def close_year(visit: Visit) -> Go:
    year = service.close_year(visit.unit, visit.actor, visit.form.needed_number("year")).year
    return Go(f"{AT}?year={year}")


def _report(visit: Visit, person: str | None, year: int) -> dict[str, Any] | None:
    """年度履职报告 of one member; None: nobody in particular is looked at."""
    if person is None or not (keeps(visit) or visit.actor.person == person):
        return None
    deeds = queries.deeds(visit.unit.session, person, year)
    bars = [Bar(visit.say(heading.label), number) for heading, number in rules.by_heading(deeds)]
    most = max((each.value or 0 for each in bars), default=0)
    return {"year": year, "attended": rules.attended(deeds), "bars": bars, "most": most}


def _people(visit: Visit) -> list[tuple[str, str]]:
    """Who has a seat today, for the office to choose from."""
    if not keeps(visit):
        return []
    people, session = visit.site.services.people, visit.unit.session
    named = people.named(session, people.seated(session, visit.site.today()))
    return sorted(named.items(), key=lambda each: each[1])


PAGES = RoomPages(
    routes=routes, templates=Path(__file__).parent / "templates", beside=beside, starts=starts,
    todos=todos, named=named,
    inside=(Link(AT, say("履职")),),
)  # fmt: skip
