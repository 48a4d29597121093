"""找回的记录: what came back after the database was restored from a backup, what did not, and who has looked at it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.channels import PLAIN, Scope, partner_of, parts_of
from sync.edge.shell import formats
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.outcome import Outcome
from tenant_service.exchange.restoring import recovered
from tenant_service.exchange.restoring.recovered import RecoveredRow, RestorationRow
from tenant_service.identity.policy import UseCase
from tenant_service.web.site import Go, Panel, RoomPages, Site, Todo, View, Visit, Waits

AT = "/recovered"
SHOWN = 200
TOLD_FOR = dt.timedelta(days=30)
"""So long the home page speaks of a restoration of which nothing waits any more."""
_LOOKS = {Outcome.ANEW: "warn", Outcome.KEPT: "warn", Outcome.SEALED: "bad", Outcome.FAILED: "bad"}


def routes(site: Site) -> list[Route]:
    return [
        Route(AT, site.shows(listed), methods=["GET"]),
        Route(AT + ".{suffix:str}", site.shows(exported), methods=["GET"]),
        Route(AT + "/check", site.acts(check, listed), methods=["POST"]),
    ]


def listed(visit: Visit) -> View:
    """The last restoration: which span of private data is gone, and each record that came back or could not."""
    visit.actor.require(UseCase.SEE_WORK)
    found = recovered.last(visit.unit.session)
    rows = recovered.listed(visit.unit.session, found.id) if found else []
    shown = [row for row in rows if row.checked_at is None] if visit.asked("unchecked") else rows
    lines = [
        (row, visit.named(row.kind, row.record), visit.called(row.kind), _channels(visit, row.channels))
        for row in shown[:SHOWN]
    ]
    return View("recovered.html", {
        "it": _told(visit, found, rows) if found else None, "lines": lines, "total": len(rows), "shown": len(shown),
        "looks": _LOOKS,
        "unchecked": sum(row.checked_at is None for row in rows), "may_check": visit.may(UseCase.DRAFT_ACTIVITY),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The whole list as a file."""
    visit.actor.require(UseCase.SEE_WORK)
    found = recovered.last(visit.unit.session)
    rows = recovered.listed(visit.unit.session, found.id) if found else []
    names = (say("记录"), say("类别"), say("结果"), say("最后共享"), say("共享渠道"), say("核对"), say("编号"))

    def line(row: RecoveredRow) -> Row:
        link = visit.named(row.kind, row.record)
        return Row((
            link.text if link else None, visit.called(row.kind), visit.say(row.outcome.label),
            _moment(visit, row.said_at), _channels(visit, row.channels), _moment(visit, row.checked_at), row.record,
        ))  # fmt: skip

    heads = tuple(Column(visit.say(each)) for each in names)
    table = Table(visit.say(say("找回的记录")), heads, tuple(map(line, rows)))
    return table.file("recovered", visit.request.path_params["suffix"])


def check(visit: Visit) -> Go:
    """已核对: of one record, or of all that the list shows."""
    visit.actor.require(UseCase.DRAFT_ACTIVITY)
    found = recovered.last(visit.unit.session)
    rows = recovered.listed(visit.unit.session, found.id)[:SHOWN] if found else []
    wanted = {visit.form.get("record")} if visit.form.tells("record") else {row.record for row in rows}
    for each in sorted(wanted):
        recovered.look(visit.unit, visit.actor, each)
    return Go(AT)


# ── on other pages ──


def todos(visit: Visit) -> list[Todo]:
    if not visit.may(UseCase.SEE_WORK) or recovered.last(visit.unit.session) is None:
        return []
    waits = visit.waits(Waits.TO_DO, UseCase.DRAFT_ACTIVITY)
    return [Todo(say("找回待核对"), recovered.unchecked(visit.unit.session), f"{AT}?unchecked=1#found", waits)]


def panels(visit: Visit) -> list[Panel]:
    """One line on the home page while people have something to do about a restoration, and some weeks beyond."""
    if not visit.may(UseCase.SEE_WORK):
        return []
    found = recovered.last(visit.unit.session)
    if found is None:
        return []
    rows = recovered.listed(visit.unit.session, found.id)
    if found.at < visit.unit.now - TOLD_FOR and all(row.checked_at for row in rows):
        return []
    return [Panel("recovered_panel.html", _told(visit, found, rows))]


def beside(visit: Visit, _kind: str, id: str) -> list[Panel]:
    """On the record's own page: that it came back, what to look at, and the button that says that somebody did."""
    row = recovered.one(visit.unit.session, id) if visit.may(UseCase.SEE_WORK) else None
    if row is None or row.checked_at is not None:
        return []
    may_check = visit.may(UseCase.DRAFT_ACTIVITY)
    return [Panel("recovered_beside.html", {"row": row, "look": _LOOKS.get(row.outcome, ""), "may_check": may_check})]


def _told(visit: Visit, found: RestorationRow, rows: Sequence[RecoveredRow]) -> dict[str, object]:
    """What a clerk is told of a restoration, in figures and moments."""
    rows = [row for row in rows if row.restoration_id == found.id]
    sealed = [row for row in rows if row.outcome is Outcome.SEALED]
    partners = sorted({to for row in sealed for channel in row.channels if (to := partner_of(channel))})
    names = {id: entry.short_name or entry.name for id, entry in visit.directory.entries.items()}
    silent = [parts_of(each)[1] for each in recovered.not_salvaged(visit.unit.session, found)]
    return {
        "at": found.at, "known_until": found.known_until, "shared_until": found.shared_until,
        "back": sum(row.outcome in recovered.BACK for row in rows), "sealed": len(sealed),
        "partners": [names.get(each, each) for each in partners],
        "silent": _channels(visit, silent),
    }  # fmt: skip


def _channels(visit: Visit, channels: Iterable[str]) -> str:
    """Channels as people call them: the scope, the mechanism, the partner."""
    directory, found = visit.directory, []
    mechanisms = {id.rpartition(".")[2]: each.name for id, each in directory.mechanisms.items()}
    for channel in sorted(channels):
        rest = channel[2:]
        if to := partner_of(channel):
            found.append(directory.entries[to].short_name if to in directory.entries else to)
        elif channel.startswith("m_"):
            found.append(mechanisms.get(rest, channel))
        else:
            found += [visit.say(scope.label) for scope in Scope if PLAIN.get(scope) == channel]
    return "、".join(found)


def _moment(visit: Visit, value: dt.datetime | None) -> str | None:
    return formats.moment(value, visit.unit.now, visit.here.language) if value else None


PAGES = RoomPages(routes, Path(__file__).parent / "templates", todos=todos, panels=panels, beside=beside)
