"""Pages of the roster's import: the file that is chosen, what its rows would do, and what became of it.

The acts themselves are the desk's (`roster.pages`), which takes long files in slices; it leads a browser back here.
"""

from starlette.routing import Route

from sync.contract.errors import Code
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity import quotas
from tenant_service.identity.policy import UseCase
from tenant_service.roster import queries
from tenant_service.roster.reading import HEADS
from tenant_service.spreadsheets.rules import ImportState, Outcome
from tenant_service.web.site import Site, View, Visit

AT = "/roster"
MOST_SHOWN = 200
"""Rows of one page."""


def routes(site: Site) -> list[Route]:
    return [
        Route(AT, site.shows(form), methods=["GET"]),
        Route(AT + "/{id}", site.shows(one), methods=["GET"]),
    ]


def form(visit: Visit) -> View:
    """The form of a file, and the latest files. `?refused=<code>`: why the last one was not taken."""
    visit.actor.require(UseCase.EDIT_MEMBERS)
    refused = Code.__members__.get(visit.asked("refused"))
    return View("roster_import.html", {
        "batches": queries.batches(visit.unit.session), "heads": [each.split()[0] for each in HEADS.values()],
        "refused": refused and (refused.en if visit.here.language == "en" else refused.zh).partition("{")[0],
    })  # fmt: skip


def one(visit: Visit) -> View:
    """What the rows of a file would do, or did; each row that is shown counts as looked at."""
    visit.actor.require(UseCase.EDIT_MEMBERS)
    session, batch = visit.unit.session, queries.batch(visit.unit.session, visit.id)
    verdict, after = Outcome.known(visit.asked("verdict")), visit.number("after") or 0
    lines = queries.lines(session, batch.id, after, MOST_SHOWN, verdict)
    quotas.charge(visit.site.units, visit.actor, len(lines), visit.site.services.personal_rows_per_day)
    tally = queries.tally(session, batch.id)
    columns = tuple(Column(visit.say(head)) for head in (say("行号"), say("姓名"), say("结果"), say("原因")))
    rows = tuple(Row((str(each.number), each.name, visit.say(each.verdict.label), each.reason)) for each in lines)
    return View("roster_batch.html", {
        "it": batch, "tally": tally, "verdicts": list(Outcome), "states": ImportState,
        "table": Table(visit.say(say("名册导入")), columns, rows, say("没有这样的行")),
        "more": lines[-1].number if len(lines) == MOST_SHOWN else None,
    })  # fmt: skip
