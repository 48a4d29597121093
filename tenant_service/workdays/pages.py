"""Pages of the calendar of workdays: a year in months, what the committee put right, and who changed what."""

import datetime as dt
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal, Said
from tenant_service.history.taken import Step
from tenant_service.identity.policy import UseCase
from tenant_service.web.forms import Form
from tenant_service.web.site import Go, Panel, RoomPages, Site, View, Visit
from tenant_service.workdays import listing, queries, rules, service
from tenant_service.workdays.rules import DayKind

AT = "/workdays"
_FIELDS = ("day", "works", "note")


def routes(site: Site) -> list[Route]:
    return [
        Route(AT, site.shows(shown), methods=["GET"]),
        Route(AT + ".{suffix:str}", site.shows(exported), methods=["GET"]),
        Route(AT + "/put-right", site.acts(put_right, shown), methods=["POST"]),
        Route(AT + "/let-go", site.acts(let_go, shown), methods=["POST"]),
        Route(AT + "/undo", site.acts(undo, shown), methods=["POST"]),
    ]


# ── reading ──


def shown(visit: Visit) -> View:
    """One year, this one unless the address asks for another."""
    year, session = _year(visit), visit.unit.session
    first, last = queries.published_years()
    changes = queries.changes(session, visit.unit.committee, year.year)
    return View("workdays.html", {
        "year": year, "months": listing.months(year), "weekdays": listing.WEEKDAYS, "marks": listing.MARKS,
        "kinds": listing.KINDS, "today": visit.site.today(), "published": (first, last),
        "own": [each for each in year.days if each.kind in (DayKind.OWN_WORKED, DayKind.OWN_FREE)],
        "changes": changes, "undoable": _undoable(changes), "acts": listing.ACTS, "states": listing.STATES,
        "years": [each for each in (year.year - 1, year.year + 1) if rules.FIRST_YEAR <= each <= rules.LAST_YEAR],
        "may_edit": visit.may(UseCase.EDIT_WORKDAYS), "fields": _FIELDS,
        "values": {name: visit.form.get(name) for name in _FIELDS},
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The same year as a file, a line for each day."""
    year = _year(visit)
    return listing.table(visit, year).file(f"workdays-{year.year}", visit.request.path_params["suffix"])


# ── acting ──


def put_right(visit: Visit) -> Go:
    works = visit.form.get("works")
    if works not in ("yes", "no"):
        raise Refusal(Code.BAD_VALUE, field="works", why=Said("请选择上班或休息", "choose whether it is worked"))
    day, note = _day(visit.form), visit.form.get("note")
    return _to(service.put_right(visit.unit, visit.actor, day, note, works=works == "yes"))


def let_go(visit: Visit) -> Go:
    return _to(service.let_go(visit.unit, visit.actor, _day(visit.form), visit.form.get("note")))


def undo(visit: Visit) -> Go:
    return _to(service.undo(visit.unit, visit.actor, _day(visit.form)))


# ── on the home page ──


def panels(visit: Visit) -> list[Panel]:
    """The way there for who keeps it; from October on, that next year's holidays are not known yet."""
    if not visit.may(UseCase.EDIT_WORKDAYS):
        return []
    today = visit.site.today()
    is_missing = today.month >= _ASKED_FROM and queries.published_years()[1] <= today.year
    return [Panel("workdays_panel.html", {"missing": today.year + 1 if is_missing else None})]


_ASKED_FROM = 10
"""Month from which on terms reach into the next year."""


# ── parts ──


def _year(visit: Visit) -> queries.Year:
    """Raises: Refusal NOT_SIGNED_IN, FORBIDDEN, BAD_VALUE."""
    visit.actor.require(UseCase.SEE_WORK)
    asked = visit.form.day("day") if visit.form.get("day") else None
    year = visit.number("year") or (asked.year if asked else visit.site.today().year)
    return queries.year(visit.unit.session, year)


def _day(form: Form) -> dt.date:
    """Raises: Refusal BAD_VALUE."""
    day = form.day("day")
    if day is None:
        raise Refusal(Code.BAD_VALUE, field="day", why=Said("必填", "it is needed"))
    return day


def _to(day: dt.date) -> Go:
    return Go(f"{AT}?year={day.year}")


def _undoable(changes: list[tuple[dt.date, Step]]) -> set[tuple[dt.date, int]]:
    """Day and step of what was done last to a day, and not undone."""
    newest: dict[dt.date, Step] = {}
    for day, step in changes:
        newest.setdefault(day, step)
    return {(day, step.seq) for day, step in newest.items() if step.act != service.UNDO}


PAGES = RoomPages(routes, Path(__file__).parent / "templates", panels=panels)
