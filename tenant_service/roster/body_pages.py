"""Pages by which the list of bodies is brought in from a spreadsheet: preview, apply, undo, the bad rows as a file."""

import asyncio
from dataclasses import replace

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal, Said
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.roster import body_rules, body_service
from tenant_service.roster.body_rules import Line, Sheet
from tenant_service.roster.rules import BatchState, Verdict
from tenant_service.spreadsheets import grids
from tenant_service.web.forms import Form, Upload
from tenant_service.web.site import Go, Site, View, Visit

AT = "/roster/bodies"
_FILE = "file"


def routes(site: Site) -> list[Route]:
    one = AT + "/{id}"
    return [
        Route(AT, site.shows(begin_form), methods=["GET"]),
        Route(AT, site.acts(preview, begin_form, _read, uploads=True), methods=["POST"]),
        Route(one, site.shows(shown), methods=["GET"]),
        Route(f"{one}/apply", site.acts(apply, shown), methods=["POST"]),
        Route(f"{one}/undo", site.acts(undo, shown), methods=["POST"]),
        Route(f"{one}/refused.{{suffix:str}}", site.shows(refused), methods=["GET"]),
    ]


def begin_form(visit: Visit) -> View:
    """Where a file is chosen, and the latest ones with what became of them."""
    visit.actor.require(UseCase.EDIT_MEMBERS)
    return View("bodies_import.html", {
        "batches": body_service.latest(visit.unit.session), "fields": (_FILE,), "most": body_rules.MOST_BODIES,
    })  # fmt: skip


def shown(visit: Visit) -> View:
    """One file: how many rows came to what, and each of them."""
    visit.actor.require(UseCase.EDIT_MEMBERS)
    row = body_service.batch(visit.unit.session, visit.id)
    told = body_service.lines(row)
    counts = body_service.tally(told)
    return View("bodies_batch.html", {
        "it": row, "table": _table(visit, told), "counts": [(each, counts[each]) for each in Verdict],
        "may_apply": row.state is BatchState.PREVIEWED and bool(counts[Verdict.NEW] + counts[Verdict.UPDATED]),
        "may_undo": row.state is BatchState.APPLIED, "bad": counts[Verdict.ERROR],
    })  # fmt: skip


def refused(visit: Visit) -> Response:
    """The bad rows as they stood in the file, with 原因 as the last column."""
    visit.actor.require(UseCase.EDIT_MEMBERS)
    row = body_service.batch(visit.unit.session, visit.id)
    bad = [line for line in body_service.lines(row) if line.verdict is Verdict.ERROR]
    width = max([len(row.heads), *(len(line.cells) for line in bad)])
    heads = [*row.heads, *[""] * (width - len(row.heads)), "原因"]
    rows = tuple(Row((*line.cells, *[""] * (width - len(line.cells)), line.reason or "")) for line in bad)
    table = Table("不能导入的行", tuple(map(Column, heads)), rows)
    return table.file("refused", visit.request.path_params["suffix"])


def preview(visit: Visit) -> Go:
    [(name, sheet)] = visit.form.files.get(_FILE) or [_none()]
    made = body_service.preview(visit.unit, visit.actor, name, sheet)
    return Go(f"{AT}/{made.id}")


def apply(visit: Visit) -> Go:
    body_service.apply(visit.unit, visit.actor, visit.id)
    return Go(f"{AT}/{visit.id}")


def undo(visit: Visit) -> Go:
    body_service.undo(visit.unit, visit.actor, visit.id, visit.site.services.in_hands)
    return Go(f"{AT}/{visit.id}")


async def _read(actor: Actor, form: Form) -> Form:
    """The form with the rows in the place of the file. Raises: Refusal FORBIDDEN, TOO_LARGE, and as they are read."""
    actor.require(UseCase.EDIT_MEMBERS)

    def rows(told: Upload) -> tuple[str, Sheet]:
        return told.name, body_rules.read(grids.read(told.data))

    made = tuple([await asyncio.to_thread(rows, each) for each in form.files.get(_FILE, ())[:1]])
    return replace(form, files={_FILE: made} if made else {})


def _none() -> tuple[str, Sheet]:
    """Raises: Refusal BAD_VALUE, no file was chosen."""
    raise Refusal(Code.BAD_VALUE, field=_FILE, why=Said("请选择文件", "choose a file"))


def _table(visit: Visit, told: list[Line]) -> Table:
    heads = (say("行"), say("单位"), say("单位类别"), say("可任交办单位"), say("预览结论"), say("原因"))

    def line(each: Line) -> Row:
        yes = visit.say(say("是")) if each.coordinates else visit.say(say("否"))
        cells = (
            str(each.number), each.name, visit.say(each.kind.label) if each.kind else None,
            None if each.coordinates is None else yes, visit.say(each.verdict.label), each.reason,
        )  # fmt: skip
        return Row(cells, look="late" if each.verdict is Verdict.ERROR else "")

    columns = tuple(Column(visit.say(head)) for head in heads)
    return Table(visit.say(say("导入单位名录")), columns, tuple(map(line, told)), say("文件中没有数据行"))
