"""Pages of figures: what the committee counts itself, and the way to totals from before the platform."""

import datetime as dt
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.counted_kinds import COUNTED_KINDS
from sync.contract.shapes.values import INDICATORS, IndicatorCode
from sync.edge.shell.pages import Link
from sync.edge.shell.plots import ceiling
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.statistics import listing, opening_pages
from tenant_service.statistics.figures_queries import OwnFigure, figures
from tenant_service.statistics.panels import todos
from tenant_service.web.site import RoomPages, Site, View, Visit


def routes(site: Site) -> list[Route]:
    return [
        Route("/figures", site.shows(shown), methods=["GET"]),
        Route("/figures.{suffix:str}", site.shows(exported), methods=["GET"]),
        *opening_pages.routes(site),
    ]


def shown(visit: Visit) -> View:
    """Every indicator of some days, this year unless the address asks for others; one of them by kind."""
    since, until = _days(visit)
    found = _figures(visit, since, until)
    code = IndicatorCode.known(visit.asked("by")) or IndicatorCode.ACTIVITIES_HELD
    of = next(each for each in found if each.code is code)
    bars = listing.bars(visit, of)
    return View("figures.html", {
        "table": listing.figures(visit, found), "since": since, "until": until, "code": code,
        "unit": INDICATORS[code].unit, "bars": bars,
        "most": ceiling(max((each.value or 0 for each in bars), default=1)),
        "imported": [each for each in found if each.imported or each.left_out],
        "codes": [(each.value, visit.say(each.label)) for each in IndicatorCode if each in COUNTED_KINDS],
        "left_out": [(each.code, part) for each in found for part in each.left_out],
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    since, until = _days(visit)
    table = listing.figures(visit, _figures(visit, since, until))
    return table.file(f"figures-{since}-{until}", visit.request.path_params["suffix"])


def _figures(visit: Visit, since: dt.date, until: dt.date) -> list[OwnFigure]:
    """Raises: Refusal NOT_SIGNED_IN, FORBIDDEN, BAD_TIME."""
    visit.actor.require(UseCase.SEE_WORK)
    return figures(visit.unit, visit.site.services.counting, IndicatorCode, since, until)


def _days(visit: Visit) -> tuple[dt.date, dt.date]:
    until = visit.day("to") or visit.site.today()
    return visit.day("from") or dt.date(until.year, 1, 1), until


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", todos=todos, at_work=(Link("/figures", say("统计")),),
)  # fmt: skip
