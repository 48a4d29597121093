"""Pages by which a list comes in from a spreadsheet: template, preview, apply, undo, the bad rows as a file."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal, Said
from sync.edge.shell.pages import Link
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity.actor import Actor
from tenant_service.importing import Sheet
from tenant_service.imports import queries, reading, service
from tenant_service.imports.reading import Told
from tenant_service.imports.rules import Line
from tenant_service.spreadsheets import grids
from tenant_service.spreadsheets.rules import ImportState, Outcome
from tenant_service.web.forms import Form, Upload
from tenant_service.web.site import Go, RoomPages, Site, View, Visit

AT = "/imports"
_FILE = "file"


def of_site(site: Site) -> list[Route]:
    of_sheets = [route for sheet in site.services.sheets for route in Desk(sheet).routes(site)]
    return [Route(AT, site.shows(every_list), methods=["GET"]), *of_sheets]


def may_import(actor: Actor, sheets: Sequence[Sheet]) -> list[Sheet]:
    return [each for each in sheets if actor.may(each.use)]


def every_list(visit: Visit) -> View:
    """What may come in from a spreadsheet. Raises: Refusal FORBIDDEN, nothing of it by whoever asks."""
    sheets = may_import(visit.actor, visit.site.services.sheets)
    if not sheets:
        raise Refusal(Code.FORBIDDEN)
    return View("imports.html", {"sheets": sheets})


@dataclass(frozen=True)
class Desk:
    """The pages of one list."""

    sheet: Sheet

    @property
    def at(self) -> str:
        return f"{AT}/{self.sheet.code}"

    def routes(self, site: Site) -> list[Route]:
        one = self.at + "/{id}"
        return [
            Route(f"{self.at}/template.{{suffix:str}}", site.shows(self.template), methods=["GET"]),
            Route(self.at, site.shows(self.begin_form), methods=["GET"]),
            Route(self.at, site.acts(self.preview, self.begin_form, self._read, uploads=True), methods=["POST"]),
            Route(one, site.shows(self.shown), methods=["GET"]),
            Route(f"{one}/apply", site.acts(self.apply, self.shown), methods=["POST"]),
            Route(f"{one}/undo", site.acts(self.undo, self.shown), methods=["POST"]),
            Route(f"{one}/refused.{{suffix:str}}", site.shows(self.refused), methods=["GET"]),
        ]

    def begin_form(self, visit: Visit) -> View:
        """Where a file is chosen, and the latest ones with what became of them."""
        visit.actor.require(self.sheet.use)
        columns = self.sheet.columns
        return View("import_form.html", {
            "sheet": self.sheet, "at": self.at, "most": reading.MOST_LINES, "fields": (_FILE,),
            "files": queries.latest(visit.unit.session, self.sheet.code),
            "needed": "、".join(each.head for each in columns if each.needed),
            "optional": "、".join(each.head for each in columns if not each.needed),
        })  # fmt: skip

    def template(self, visit: Visit) -> Response:
        """The heads with one row that shows how they are filled in."""
        visit.actor.require(self.sheet.use)
        columns = self.sheet.columns
        example = Row(tuple(each.example for each in columns))
        table = Table(f"{self.sheet.label}导入模板", tuple(Column(each.head) for each in columns), (example,))
        return table.file(f"{self.sheet.code}-template", visit.request.path_params["suffix"])

    def shown(self, visit: Visit) -> View:
        """One file: how many rows came to what, and each of them."""
        visit.actor.require(self.sheet.use)
        row = queries.of_sheet(visit.unit.session, self.sheet.code, visit.id)
        told = queries.lines(row)
        counts = queries.tally(told)
        return View("import_file.html", {
            "it": row, "sheet": self.sheet, "at": self.at, "table": self._table(visit, told),
            "counts": [(each, counts[each]) for each in Outcome],
            "may_apply": row.state is ImportState.PREVIEWED and bool(counts[Outcome.NEW] + counts[Outcome.UPDATED]),
            "may_undo": row.state is ImportState.APPLIED and any(each.is_done for each in told),
            "bad": counts[Outcome.ERROR],
        })  # fmt: skip

    def refused(self, visit: Visit) -> Response:
        """The bad rows as they stood in the file, with 原因 as the last column."""
        visit.actor.require(self.sheet.use)
        row = queries.of_sheet(visit.unit.session, self.sheet.code, visit.id)
        bad = [each for each in queries.lines(row) if each.outcome is Outcome.ERROR]
        rows = tuple(Row((*each.cells, each.reason or "")) for each in bad)
        table = Table("不能导入的行", tuple(map(Column, (*row.heads, "原因"))), rows)
        return table.file("refused", visit.request.path_params["suffix"])

    def preview(self, visit: Visit) -> Go:
        [(name, told)] = visit.form.files.get(_FILE) or [_none()]
        return Go(f"{self.at}/{service.preview(visit.unit, visit.actor, self.sheet, name, told).id}")

    def apply(self, visit: Visit) -> Go:
        return Go(f"{self.at}/{service.apply(visit.unit, visit.actor, self.sheet, visit.id).id}")

    def undo(self, visit: Visit) -> Go:
        in_hands = visit.site.services.in_hands
        return Go(f"{self.at}/{service.undo(visit.unit, visit.actor, self.sheet, visit.id, in_hands).id}")

    async def _read(self, actor: Actor, form: Form) -> Form:
        """The form with the rows in the place of the file. Raises: Refusal FORBIDDEN, TOO_LARGE, and as they are
        read.
        """
        actor.require(self.sheet.use)

        def rows(told: Upload) -> tuple[str, Told]:
            return told.name, reading.read(self.sheet, grids.read(told.data))

        made = tuple([await asyncio.to_thread(rows, each) for each in form.files.get(_FILE, ())[:1]])
        return replace(form, files={_FILE: made} if made else {})

    def _table(self, visit: Visit, told: list[Line]) -> Table:
        heads = (say("行"), say("名称"), say("预览结论"), say("原因"))

        def line(each: Line) -> Row:
            cells = (str(each.number), each.name, visit.say(each.outcome.label), each.reason)
            return Row(cells, look="late" if each.outcome is Outcome.ERROR else "")

        columns = tuple(Column(visit.say(head)) for head in heads)
        return Table(visit.say(say("导入")), columns, tuple(map(line, told)), say("文件中没有数据行"))


def _none() -> tuple[str, Told]:
    """Raises: Refusal BAD_VALUE, no file was chosen."""
    raise Refusal(Code.BAD_VALUE, field=_FILE, why=Said("请选择文件", "choose a file"))


def starts(visit: Visit) -> list[Link]:
    """For whoever may bring in a list."""
    return [Link(AT, say("从表格导入"))] if may_import(visit.actor, visit.site.services.sheets) else []


PAGES = RoomPages(
    of_site, Path(__file__).parent / "templates", starts=starts,
    beside_fields={Code.ROSTER_UNREADABLE: (_FILE,), Code.IMPORT_NO_HEADER: (_FILE,), Code.TOO_LARGE: (_FILE,)},
)  # fmt: skip
