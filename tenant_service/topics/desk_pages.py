"""The desk of the topics: whom to call about what, a new code for who lost theirs, and what hangs at a venue's door."""

import datetime as dt
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.instants import day_of
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.identity import masks
from tenant_service.identity.policy import UseCase
from tenant_service.topics import codes, reporting_service, tracking_queries
from tenant_service.topics.models import TopicReporterRow, TopicRow
from tenant_service.topics.rules import PublicStep
from tenant_service.topics.tries import AT_DESK
from tenant_service.venues import queries as venues
from tenant_service.web.drawing import qr
from tenant_service.web.site import Go, Site, Todo, View, Visit, Waits

AT = "/topics/desk"
FIELDS = ("phone",)
MOST_IN_A_FILE = 10_000


@dataclass(frozen=True)
class Due:
    """One call to be made; `masked`: the number as it stands on the list."""

    reporter: TopicReporterRow
    rows: list[TopicRow]
    news: list[PublicStep]
    masked: str


def routes(site: Site) -> list[Route]:
    """They stand before `/topics/{id}`."""
    return [
        Route(AT, site.shows(desk), methods=["GET"]),
        Route(f"{AT}.{{suffix:str}}", site.shows(exported), methods=["GET"]),
        Route(f"{AT}/tell", site.acts(tell, desk), methods=["POST"]),
        Route(f"{AT}/find", site.acts(find, desk), methods=["POST"]),
        Route(f"{AT}/code", site.acts(renew_code, desk), methods=["POST"]),
        Route("/topics/poster", site.shows(poster), methods=["GET"]),
    ]


def desk(visit: Visit) -> View:
    """Who is to be called, and the form by which a lost code is found."""
    visit.actor.require(UseCase.HANDLE_TOPICS)
    return _desk(visit)


def exported(visit: Visit) -> Response:
    """Whom to call about what, as a file; phones stay masked, and its rows count as those that were looked at."""
    visit.actor.require(UseCase.HANDLE_TOPICS)
    due = _due(visit, MOST_IN_A_FILE)
    with visit.site.units.write() as unit:
        reporting_service.hand_out(unit, visit.actor, len(due), visit.site.services.personal_rows_per_day)
    heads = (say("议题"), say("告知事项"), say("反映人"), say("电话"), say("提交日期"), say("上次告知"))
    rows = tuple(
        Row((
            "、".join(row.title for row in one.rows), "、".join(visit.say(each.label) for each in one.news),
            one.reporter.name or visit.say(say("匿名")), one.masked, _day(one.reporter.at),
            _day(one.reporter.told_at),
        ))
        for one in due
    )  # fmt: skip
    table = Table(visit.say(say("待电话告知")), tuple(Column(visit.say(head)) for head in heads), rows)
    return table.file("to-tell", visit.request.path_params["suffix"])


def _day(at: dt.datetime | None) -> str | None:
    return day_of(at).isoformat() if at else None


def tell(visit: Visit) -> Go:
    reporting_service.tell(visit.unit, visit.actor, visit.form.get("id"))
    return Go(AT)


def find(visit: Visit) -> View:
    """What was reported with a phone, for who says the whole number: it stands in no address."""
    most = visit.site.services.personal_rows_per_day
    reporting_service.look_for(visit.unit, visit.actor, visit.form.get("phone"), most)
    return _desk(visit)


def renew_code(visit: Visit) -> View:
    """Each number that is tried counts, the right one too: what it refuses leaves no row behind."""
    form = visit.form
    visit.actor.require(UseCase.HANDLE_TOPICS)
    AT_DESK.count(visit.actor.sub, form.get("id"))
    return _desk(visit, code=reporting_service.renew_code(visit.unit, visit.actor, form.get("id"), form.get("phone")))


def poster(visit: Visit) -> View:
    """扫码直报海报: of one venue, or of the committee; to be printed."""
    visit.actor.require(UseCase.SEE_WORK)
    venue = venues.ours(visit.unit.session, visit.asked("venue")) if visit.asked("venue") else None
    path = f"/q/{venue.qr_token}/report" if venue else "/report"
    address = str(visit.request.url.replace(path=path, query="", fragment=""))
    return View("poster.html", {"venue": venue.name if venue else "", "address": address, "qr": qr(address)})


def todos(visit: Visit) -> list[Todo]:
    if not visit.may(UseCase.HANDLE_TOPICS):
        return []
    count = tracking_queries.count_to_tell(visit.unit.session)
    return [Todo(say("待电话告知"), count, f"{AT}#due", Waits.TO_DO)]


def _due(visit: Visit, most: int) -> list[Due]:
    return [
        Due(one.reporter, one.rows, [step for each in one.news.split(",") if (step := PublicStep.known(each))],
            masks.phone(one.reporter.phone or ""))
        for one in tracking_queries.to_tell(visit.unit.session, most)
    ]  # fmt: skip


def _desk(visit: Visit, code: str = "") -> View:
    session, sought, due = visit.unit.session, visit.form.get("phone"), _due(visit, tracking_queries.MOST_TO_TELL)
    return View("desk.html", {
        "due": due, "may_call": visit.may(UseCase.REVEAL_CONTACTS), "code": codes.shown(code), "sought": sought,
        "fields": FIELDS, "desk": visit.site.services.desk,
        "found": tracking_queries.left_by(session, sought) if sought else [],
    })  # fmt: skip
