"""Pages of points and yearly results: how it stands now, what is published, units among each other, portfolios."""

import datetime as dt
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.shapes.members import UnitKind
from tenant_service.history import taken
from tenant_service.identity.policy import UseCase
from tenant_service.performance import listing, queries, result_listing, result_service, rules, scheme_queries
from tenant_service.performance import result_queries as results
from tenant_service.performance.listing import AT, keeps
from tenant_service.performance.models import ResultRow
from tenant_service.performance.result_listing import Standing
from tenant_service.performance.result_rules import RESULTS, ResultAct, ResultState
from tenant_service.performance.rules import HEADING, Deed, Heading
from tenant_service.performance.scheme_rules import shown
from tenant_service.signing import acts as signing
from tenant_service.web import history
from tenant_service.web.exporting import MOST_EXPORTED
from tenant_service.web.site import Go, Site, View, Visit

_ALL, _ONE = f"{AT}/results", f"{AT}/results/{{id}}"
_KINDS = (UnitKind.SPECIAL_COMMITTEE, UnitKind.SECTOR, UnitKind.LIAISON, UnitKind.MEMBER_GROUP)
_PERIOD = dt.timedelta(days=7)
"""公示期 that is offered."""
LOOKS = {ResultState.COMPUTED: "warn", ResultState.PUBLISHED: "good", ResultState.FINAL: ""}


def routes(site: Site) -> list[Route]:
    return [
        Route(f"{AT}/points", site.shows(points), methods=["GET"]),
        Route(f"{AT}/points.{{suffix:str}}", site.shows(points_exported), methods=["GET"]),
        Route(f"{AT}/points/warn", site.acts(warn, points), methods=["POST"]),
        Route(f"{AT}/portfolio", site.shows(portfolio), methods=["GET"]),
        Route(f"{AT}/portfolio.{{suffix:str}}", site.shows(portfolio_exported), methods=["GET"]),
        Route(f"{AT}/portfolios.{{suffix:str}}", site.shows(portfolios_exported), methods=["GET"]),
        Route(_ALL, site.shows(listed), methods=["GET"]),
        Route(f"{_ALL}/compute", site.acts(compute, listed), methods=["POST"]),
        Route(_ONE, site.shows(one), methods=["GET"]),
        Route(f"{_ONE}/members.{{suffix:str}}", site.shows(members_exported), methods=["GET"]),
        Route(f"{_ONE}/units", site.shows(units), methods=["GET"]),
        Route(f"{_ONE}/units.{{suffix:str}}", site.shows(units_exported), methods=["GET"]),
        Route(f"{_ONE}/publish", site.acts(publish, one), methods=["POST"]),
        Route(f"{_ONE}/finalize", site.acts(finalize, one), methods=["POST"]),
    ]


# ── as it is now ──


def points(visit: Visit) -> View:
    """How it stands now: for the office everybody's, for a member the own, line by line."""
    queries.has_ledger(visit.actor)
    year, scheme = _year(visit), scheme_queries.in_force(visit.unit.session, _year(visit))
    person = queries.whose(visit.actor, visit.asked("person") or None)
    shows_all = keeps(visit) and not visit.asked("person")
    return View("points.html", {
        "year": year, "scheme": scheme, "all": _everybody(visit, year) if shows_all and scheme else None,
        "keeps": keeps(visit), "person": person, "shown_points": shown,
        "own": _own(visit, person, year) if person and not shows_all else None,
        "name": listing.names_of(visit, [person]).get(person, "") if person else "", "years": _years(visit),
    })  # fmt: skip


def points_exported(visit: Visit) -> Response:
    visit.actor.require(UseCase.KEEP_LEDGER)
    made: Response = _everybody(visit, _year(visit)).file("points", visit.request.path_params["suffix"])
    return made


def _everybody(visit: Visit, year: int) -> Any:
    session, scheme = visit.unit.session, scheme_queries.in_force(visit.unit.session, year)
    found: dict[str, Standing] = {}
    if scheme is not None:
        seated = visit.site.services.people.seated(session, results.last_day(year, visit.unit.now))
        elapsed = results.elapsed_of(year, visit.site.today())
        told = results.assessed(session, scheme.rules, year, seated, elapsed)
        found = {
            person: result_listing.live(each, elapsed) for person, each in told.items()
            if each.is_warned or not visit.asked("warned")
        }  # fmt: skip
    return result_listing.everybody(visit, found, f"{AT}/points?year={year}&person={{}}")


def _own(visit: Visit, person: str, year: int) -> dict[str, Any] | None:
    """One member's year as it stands now; None: no scheme is in force for it."""
    session, scheme = visit.unit.session, scheme_queries.in_force(visit.unit.session, year)
    if scheme is None:
        return None
    elapsed = results.elapsed_of(year, visit.site.today())
    of = result_listing.live(results.assessed(session, scheme.rules, year, [person], elapsed)[person], elapsed)
    wanted = queries.Wanted(person, year, stands=True)
    lines, _ = queries.listed(session, visit.actor, wanted, MOST_EXPORTED, None)
    return {"of": of, "table": result_listing.explained(visit, lines, of)}


# ── the record of a year ──


def portfolio(visit: Visit) -> View:
    """履职档案: one member's year on a page to be printed."""
    queries.has_ledger(visit.actor)
    person, year = queries.whose(visit.actor, visit.asked("person") or None), _year(visit)
    deeds = queries.deeds(visit.unit.session, person, year) if person else {}
    return View("portfolio.html", {
        "person": person, "year": year, "headings": rules.by_heading(deeds), "attended": rules.attended(deeds),
        "name": listing.names_of(visit, [person]).get(person, person) if person else "",
        "table": _lines(visit, person, year) if person else None, "years": _years(visit), "keeps": keeps(visit),
        "own": _own(visit, person, year) if person else None, "shown_points": shown,
        "results": [each for each in results.listed(visit.unit.session, visit.actor) if each.year == year],
        "panels": visit.beside("portfolio", person) if person and year == visit.site.today().year else [],
    })  # fmt: skip


def portfolio_exported(visit: Visit) -> Response:
    """The same as a file: each line with what it brought, where there is a scheme."""
    queries.has_ledger(visit.actor)
    person, year = queries.whose(visit.actor, visit.asked("person") or None), _year(visit)
    own = _own(visit, person, year) if person else None
    table = own["table"] if own else _lines(visit, person or "", year)
    made: Response = table.file("portfolio", visit.request.path_params["suffix"])
    return made


def portfolios_exported(visit: Visit) -> Response:
    visit.actor.require(UseCase.KEEP_LEDGER)
    return result_listing.portfolios(visit, _year(visit)).file("portfolios", visit.request.path_params["suffix"])


def _lines(visit: Visit, person: str, year: int) -> Any:
    wanted = queries.Wanted(person, year, stands=True)
    rows, _ = queries.listed(visit.unit.session, visit.actor, wanted, MOST_EXPORTED, None)
    return listing.table(visit, rows)


# ── as it was frozen ──


def listed(visit: Visit) -> View:
    queries.has_ledger(visit.actor)
    today = visit.site.today()
    return View("results.html", {
        "rows": results.waiting(visit.unit.session, visit.actor, visit.asked("waits"), today), "looks": LOOKS,
        "keeps": keeps(visit), "values": {"year": visit.form.get("year", str(today.year))}, "fields": ("year",),
    })  # fmt: skip


def one(visit: Visit) -> View:
    """A year's result: for the office everybody, for a member the way to the own."""
    queries.has_ledger(visit.actor)
    session, row = visit.unit.session, results.one(visit.unit.session, visit.actor, visit.id)
    return View("result.html", {
        "row": row, "scheme": result_listing.scheme_of(visit, row.scheme_id), "table": _members(visit, row),
        "may": _may(visit, row), "looks": LOOKS, "is_office": _is_office(visit),
        "person": visit.actor.person, "open": results.open_objections(session, row.id),
        "steps": history.told(visit, taken.of(session, row.id)) if visit.actor.sees_work else [],
        "labels": listing.RESULT_ACTS,
        "objections": results.objections(session, visit.actor, row.id),
        "names": listing.names_of(visit, {each.person_id for each in results.members(session, visit.actor, row.id)}),
        "values": {"until": visit.form.get("until", str(visit.site.today() + _PERIOD))},
        "fields": ("until", "unclassified"),
    })  # fmt: skip


def members_exported(visit: Visit) -> Response:
    visit.actor.require(UseCase.KEEP_LEDGER)
    row = results.one(visit.unit.session, visit.actor, visit.id)
    made: Response = _members(visit, row).file("yearly-result", visit.request.path_params["suffix"])
    return made


def _members(visit: Visit, row: ResultRow) -> Any:
    rows = results.members(visit.unit.session, visit.actor, row.id)
    found = {each.person_id: result_listing.frozen(each) for each in rows}
    return result_listing.everybody(visit, found, f"{_ALL}/{row.id}/of/{{}}")


def units(visit: Visit) -> View:
    """Units among each other, by all their members did or by one heading of it."""
    row = results.one(visit.unit.session, visit.actor, visit.id)
    return View("result_units.html", {
        "row": row, "table": _units(visit, row), "kinds": _KINDS, "headings": list(Heading),
    })  # fmt: skip


def units_exported(visit: Visit) -> Response:
    row = results.one(visit.unit.session, visit.actor, visit.id)
    made: Response = _units(visit, row).file("units", visit.request.path_params["suffix"])
    return made


def _units(visit: Visit, row: ResultRow) -> Any:
    kind = UnitKind.known(visit.asked("kind"))
    heading = Heading.known(visit.asked("heading"))
    deeds = [each for each in Deed if heading is None or HEADING[each] is heading]
    chosen = kind if kind in _KINDS else _KINDS[0]
    people = visit.site.services.people
    found, small = results.standings(visit.unit.session, people, row, chosen.value, deeds)
    sample = result_listing.scheme_of(visit, row.scheme_id).rules.sample
    return result_listing.units(visit, found, small, sample)


# ── buttons ──


def warn(visit: Visit) -> Go:
    year = visit.form.needed_number("year")
    result_service.warn(visit.unit, visit.actor, visit.site.services.people, year)
    return Go(f"{AT}/points?year={year}&warned=1")


def compute(visit: Visit) -> Go:
    year = visit.form.needed_number("year")
    row = result_service.compute(visit.unit, visit.actor, visit.site.services.people, year)
    return Go(f"{_ALL}/{row.id}")


def publish(visit: Visit) -> Go:
    told, people = visit.form, visit.site.services.people
    until = told.needed_day("until")
    result_service.publish(
        visit.unit, visit.actor, people, visit.id, until, unclassified=told.tells("unclassified")
    )  # fmt: skip
    return Go(f"{_ALL}/{visit.id}")


def finalize(visit: Visit) -> Go:
    result_service.finalize(visit.unit, visit.actor, visit.id)
    return Go(f"{_ALL}/{visit.id}")


# ── parts ──


def _is_office(visit: Visit) -> bool:
    return keeps(visit) or (visit.actor.is_home and visit.may(UseCase.SIGN_OFF_PERFORMANCE))


def _may(visit: Visit, row: ResultRow) -> set[str]:
    """Acts that fit where it stands and are the visitor's."""
    signs = visit.may(UseCase.SIGN_OFF_PERFORMANCE)
    allowed = {
        ResultAct.COMPUTE: keeps(visit),
        ResultAct.PUBLISH: signing.may_sign(visit.actor, UseCase.SIGN_OFF_PERFORMANCE, row.computed_by),
        ResultAct.FINALIZE: signs and row.until is not None and visit.site.today() > row.until,
    }
    return {each.value for each in RESULTS.possible(row.state) if allowed.get(each)}


def _year(visit: Visit) -> int:
    return listing.year_in(visit) or visit.site.today().year


def _years(visit: Visit) -> list[tuple[str, str]]:
    found = queries.years(visit.unit.session, visit.actor) or [visit.site.today().year]
    return [(str(each), str(each)) for each in found]
