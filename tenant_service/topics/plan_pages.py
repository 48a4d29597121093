"""年度协商计划: how many topics of a year's plan are of which theme, as a page and as files."""

import datetime as dt

from starlette.responses import Response

from sync.contract.shares import percent
from sync.edge.shell.plots import Bar, ceiling
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity.policy import UseCase
from tenant_service.topics import figures_queries
from tenant_service.topics.descriptions import FIRST_YEAR, LAST_YEAR
from tenant_service.web.site import View, Visit


def shown(visit: Visit) -> View:
    """The plan of one year, this one unless the address asks for another."""
    year, themes = _plan(visit)
    whole = sum(number for _, number in themes)
    bars = [Bar(theme, number, note=_part(number, whole)) for theme, number in themes]
    most = ceiling(max((number for _, number in themes), default=1))
    return View("topic_plan.html", {
        "year": year, "whole": whole, "bars": bars, "most": most, "table": _table(visit, year, themes, whole),
        "years": [each for each in (year - 1, year + 1) if FIRST_YEAR <= each <= LAST_YEAR],
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    year, themes = _plan(visit)
    table = _table(visit, year, themes, sum(number for _, number in themes))
    return table.file(f"topic-plan-{year}", visit.request.path_params["suffix"])


def _plan(visit: Visit) -> tuple[int, list[tuple[str, int]]]:
    """Raises: Refusal NOT_SIGNED_IN, FORBIDDEN, BAD_CURSOR."""
    visit.actor.require(UseCase.SEE_WORK)
    year = min(max(visit.number("year") or visit.site.today().year, FIRST_YEAR), LAST_YEAR)
    found = figures_queries.planned(visit.unit.session, dt.date(year, 1, 1), dt.date(year, 12, 31))
    return year, [(each.kind, each.number) for each in found]


def _table(visit: Visit, year: int, themes: list[tuple[str, int]], whole: int) -> Table:
    columns = (
        Column(visit.say(say("专题"))), Column(visit.say(say("件数")), is_figure=True),
        Column(visit.say(say("占比")), is_figure=True),
    )  # fmt: skip
    rows = tuple(Row((theme, number, _part(number, whole))) for theme, number in themes)
    caption = f"{visit.say(say('年度协商计划'))} {year}"
    return Table(caption, columns, rows, total=(visit.say(say("合计")), whole, _part(whole, whole)) if rows else ())


def _part(number: int, whole: int) -> str:
    return f"{percent(number, whole)}%" if whole else ""
