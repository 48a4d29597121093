"""Pages of the requests: what we asked of other committees, what they asked of us, and what became of it."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import kind_of
from sync.contract.shapes.requests import RequestKind, RequestRecord, RequestState
from sync.edge.shell import formats
from sync.edge.shell.pages import Link
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity import quotas
from tenant_service.identity.policy import UseCase
from tenant_service.requests import queries
from tenant_service.storage.paging import Page
from tenant_service.web.exporting import whole
from tenant_service.web.site import Panel, RoomPages, Site, Todo, View, Visit, Waits

SHOWN = 20
LATEST = 5
RECEIVED = "/requests?from=others"


def routes(site: Site) -> list[Route]:
    return [
        Route("/requests", site.shows(listed), methods=["GET"]),
        Route("/requests.{suffix:str}", site.shows(exported), methods=["GET"]),
    ]


def listed(visit: Visit) -> View:
    """我方请求: the office sees all, a member what was asked for that member. 收到的请求 are for the office."""
    of_others, most, units = _of_others(visit), visit.site.services.personal_rows_per_day, visit.site.units
    found = _counted(visit, SHOWN, visit.asked("after") or None)
    return View("requests.html", {
        "table": _table(visit, found.rows, of_others=of_others),
        "quota": quotas.standing(units, visit.actor, most) if visit.actor.sees_work else None, "total": found.count(),
        "more": found.more,
        "of_others": of_others, "may_see_received": visit.may(UseCase.SEE_WORK), "states": list(RequestState),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file; its rows count as those of a page do."""
    of_others = _of_others(visit)
    rows = whole(lambda first, after: _counted(visit, first, after))
    suffix = visit.request.path_params["suffix"]
    return _table(visit, rows, of_others=of_others).file("received-requests" if of_others else "requests", suffix)


def _of_others(visit: Visit) -> bool:
    """Which of the two lists is asked for. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    if not visit.actor.iss:
        raise Refusal(Code.NOT_SIGNED_IN)
    of_others = visit.asked("from") == "others"
    if of_others:
        visit.actor.require(UseCase.SEE_WORK)
    return of_others


def _counted(visit: Visit, first: int, after: str | None) -> Page:
    """A page of that list, as its address filters it, whose rows count as personal data that was looked at."""
    state = RequestState.known(visit.asked("state"))
    wanted = queries.Wanted(queries.UNANSWERED if visit.asked("open") else (state,) if state else ())
    found = _page(visit, wanted, first, after, of_others=visit.asked("from") == "others")
    return quotas.counted(visit.site.units, visit.actor, found, visit.site.services.personal_rows_per_day)


def todos(visit: Visit) -> list[Todo]:
    if not visit.may(UseCase.SEE_WORK):
        return []
    waits = visit.waits(Waits.TO_DO, UseCase.DRAFT_ACTIVITY)
    return [Todo(say("待答复的请求"), queries.unanswered(visit.unit.session), f"{RECEIVED}&open=1", waits)]


def panels(visit: Visit) -> list[Panel]:
    """The latest of our own requests, for whom they concern."""
    actor = visit.actor
    if not (visit.may(UseCase.SEE_WORK) or (actor.is_home and actor.person)):
        return []
    latest = _page(visit, queries.Wanted(), LATEST, None, of_others=False).rows
    about = [_about(visit, row) for row in latest]
    lines = [
        (row.kind, link.text if link else None, _stands(visit, row).state)
        for row, link in zip(latest, about, strict=True)
    ]
    return [Panel("requests_panel.html", {"lines": lines, "received": RECEIVED if actor.sees_work else None})]


def _page(visit: Visit, wanted: queries.Wanted, first: int, after: str | None, *, of_others: bool) -> Page:
    of: Callable[..., Page] = queries.received if of_others else queries.sent
    return of(visit.unit.session, visit.actor, wanted, queries.NEWEST, first, after)


def _table(visit: Visit, rows: Sequence[RequestRecord], *, of_others: bool) -> Table:
    caption = say("收到的请求") if of_others else say("我方请求")
    columns = (say("请求"), say("事项"), say("政协"), say("委员"), say("状态"), say("理由"), say("提出"), say("答复"))
    kinds, states = ({each: visit.say(each.label) for each in of} for of in (RequestKind, RequestState))

    def line(row: RequestRecord) -> Row:
        stands, other = _stands(visit, row), row.committee_id if of_others else row.to_id
        listed, about = visit.directory.entries.get(other), _about(visit, row)
        reason = stands.reason_en if visit.here.language == "en" else stands.reason_zh
        cells = (
            kinds[row.kind], about.text if about else None, listed.short_name if listed else other, row.person_name,
            states[stands.state], reason, _moment(visit, row.asked_at), _moment(visit, stands.answered_at),
        )  # fmt: skip
        return Row(cells, about.href or None if about else None)

    headed = tuple(Column(visit.say(each)) for each in columns)
    return Table(visit.say(caption), headed, tuple(map(line, rows)), say("还没有请求"))


def _about(visit: Visit, row: RequestRecord) -> Link | None:
    """The record that the request is about, if the visitor is shown it."""
    return visit.named(kind_of(row.subject_id), row.subject_id)


def _stands(visit: Visit, row: RequestRecord) -> queries.Stands:
    return queries.stands(visit.unit.session, row.id)


def _moment(visit: Visit, value: dt.datetime | None) -> str | None:
    return formats.moment(value, visit.unit.now, visit.here.language) if value else None


def named(visit: Visit, kind: str, id: str) -> Link | None:
    """A request by its kind and what it is about; an answer has no line of its own."""
    if kind == "answer":
        return Link(RECEIVED, visit.say(say("收到的请求")))
    row = queries.row_of(visit.unit.session, id) if kind == "request" else None
    return Link("/requests", f"{visit.say(row.kind.label)} {row.person_name or ''}") if row else None


PAGES = RoomPages(routes, Path(__file__).parent / "templates", todos=todos, panels=panels, named=named)
