"""交换状态: tiles, then what we receive, what of ours has arrived, dead letters, alarms, and earlier lives."""

from dataclasses import replace
from pathlib import Path

import uuid_utils
from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.edge.shell.tables import Table
from sync.edge.shell.words import say
from tenant_service.exchange import alarms
from tenant_service.exchange.copies import Place
from tenant_service.exchange.watching import dead_letters
from tenant_service.exchange_status import queries, service
from tenant_service.exchange_status.queries import Overview
from tenant_service.exchange_status.service import Outcome
from tenant_service.exchange_status.tables import MOST_ROWS, Tables
from tenant_service.graph import idempotency
from tenant_service.identity import accounts
from tenant_service.identity.policy import UseCase
from tenant_service.web.site import Go, RoomPages, Site, Todo, View, Visit, Waits

HERE = "/exchange"


def routes(site: Site) -> list[Route]:
    return [
        Route(HERE, site.shows(shown), methods=["GET"]),
        Route(f"{HERE}/replay", site.acts(replay, shown), methods=["POST"]),
        Route(f"{HERE}/acknowledge", site.acts(acknowledge, shown), methods=["POST"]),
        Route(HERE + "/{table:str}.{suffix:str}", site.shows(exported), methods=["GET"]),
    ]


# ── reading ──


def shown(visit: Visit) -> View:
    """The whole page; after a replay, with what came of it."""
    seen = _seen(visit)
    tables = Tables(visit, seen)
    late = [reader for log in seen.told for reader in log.readers if reader.behind]
    return View("exchange.html", {
        "seen": seen, "received": _first(tables.received()), "told": _first(tables.told()), "lives": tables.lives(),
        "letters": [(each.place, tables.letter(each), uuid_utils.uuid7().hex) for each in seen.letters],
        "alarms": [
            (each, tables.log(each.log), tables.alarm(each.code), _name(visit, each.known_by))
            for each in (seen.open_alarms if visit.asked("alarms") == "open" else seen.alarms)
        ],
        "behind": sorted({tables.log(f"{log.owner}/{log.channel}") for log in [*seen.behind, *seen.troubled]}),
        "late": sorted({tables.name(each) for each in late}), "most_rows": MOST_ROWS, "key": uuid_utils.uuid7().hex,
        "may_act": visit.may(UseCase.RUN_SYNC), "outcome": _outcome(visit), "fields": (),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """One of the tables as a file, with all its lines."""
    table = Tables(visit, _seen(visit)).of(visit.request.path_params["table"])
    if table is None:
        raise Refusal(Code.NOT_FOUND)
    return table.file(f"exchange-{visit.request.path_params['table']}", visit.request.path_params["suffix"])


def todos(visit: Visit) -> list[Todo]:
    if not visit.may(UseCase.RUN_SYNC):
        return []
    session = visit.unit.session
    letters = sum(dead_letters.counted(session).values())
    return [
        Todo(say("待处理的死信"), letters, f"{HERE}#dead-letters", Waits.TO_DO),
        Todo(say("未知悉的告警"), alarms.open_ones(session), f"{HERE}?alarms=open#alarms", Waits.TO_DO),
    ]


# ── acting ──


def replay(visit: Visit) -> Go:
    """One dead letter where the form names one, else all."""
    form, key = visit.form, visit.form.get("key") or uuid_utils.uuid7().hex
    named = {name: form.get(name) for name in ("log", "epoch", "seq", "after")}
    places = [Place(named["log"], named["epoch"], _number(named["seq"]))] if named["log"] else []
    idempotency.once(
        visit.unit, visit.actor, "page.exchange.replay", key, named,
        lambda unit: service.replay(
            unit, visit.actor, visit.site.services.projector, places=places, after=named["after"]
        ),
        kept_as=Outcome,
    )  # fmt: skip
    return Go(f"{HERE}?replayed={key}#dead-letters")


def acknowledge(visit: Visit) -> Go:
    form = visit.form
    service.acknowledge(visit.unit, visit.actor, form.get("log"), form.get("code"), _number(form.get("times")))
    return Go(f"{HERE}#alarms")


# ── parts ──


def _seen(visit: Visit) -> Overview:
    visit.actor.require(UseCase.SEE_SYNC)
    return queries.overview(visit.unit.session, visit.unit.now, visit.unit.committee, visit.directory)


def _first(table: Table) -> Table:
    return replace(table, rows=table.rows[:MOST_ROWS])


def _outcome(visit: Visit) -> Outcome | None:
    """What the replay brought that this visitor just asked for."""
    key = visit.asked("replayed")
    return idempotency.answered(visit.unit, visit.actor, key, Outcome) if key else None


def _name(visit: Visit, account: str | None) -> str:
    """Whose account it is; its id where it was closed."""
    found = accounts.by_id(visit.unit, account) if account else None
    return found.name if found else account or ""


def _number(text: str) -> int:
    """Raises: Refusal BAD_REQUEST, no page of ours wrote this."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):  # noqa: PLR2004 — below what a database keeps
        raise Refusal(Code.BAD_REQUEST)
    return int(text)


PAGES = RoomPages(routes, Path(__file__).parent / "templates", todos=todos)
