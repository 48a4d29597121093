"""补录: sessions held before, from a spreadsheet. Each waits for its signature as one that is entered by hand does."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import SHANGHAI
from sync.contract.shapes.activities import ActivityKind, ActivityState
from sync.contract.shapes.venues import VenueState
from sync.edge.shell.words import say
from tenant_service.activities import backfill_service, drafts, queries
from tenant_service.activities.models import ActivityRow
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.importing import Column, Fields, InHands, Sheet, clock, coded, day, lines, number, plain, yes
from tenant_service.storage.unit_of_work import Unit
from tenant_service.venues import queries as venues
from tenant_service.web.forms import Form

_KINDS = {
    ActivityKind.HALL_SESSION: "民生议事堂 议事堂协商", ActivityKind.MICRO_CONSULTATION: "微协商",
    ActivityKind.RECEPTION: "委员接待 值班", ActivityKind.STUDY: "学习 培训", ActivityKind.SERVICE_DAY: "网格服务日",
    ActivityKind.RESEARCH: "专题调研", ActivityKind.INSPECTION: "专题视察", ActivityKind.VISIT: "走访",
}  # fmt: skip
_NOON = "12:00"
"""A session of which only the day is known stands at noon: it counts on that day."""
_COLUMNS = (
    Column("title", "活动名称 活动主题 会议名称 协商议题 名称 主题", plain, needed=True, example="老小区加装电梯协商"),
    Column("kind", "活动类别 类别 活动类型 协商形式", coded(ActivityKind, _KINDS), needed=True, example="小微协商"),
    Column("day", "日期 活动日期 举办日期 活动时间 时间", day, needed=True, example="2026-03-12"),
    Column("place", "地点 活动地点", plain, needed=True, example="惠通村文化礼堂"),
    Column("clock", "开始时间 时刻", clock, example="19:00"),
    Column("venue", "阵地 所在阵地 阵地名称", plain, example="惠通村民生议事堂"),
    Column("organizer", "组织单位 主办单位 承办单位", plain, example="罗星街道政协联络室"),
    Column("headcount", "群众人数 群众到场人数 参加群众 参加人数", number, example="25"),
    Column("membersPresent", "委员人数 到场委员 参加委员", number, example="6"),
    Column("leaderPresent", "党政领导到场 领导到场 领导参加", yes, example="是"),
    Column("suggestions", "建议 意见建议 协商建议", lines, example="加装电梯先行试点"),
    Column("report", "情况 活动情况 协商情况 备注", lines, example=""),
)


def _begins(fields: Fields) -> str:
    return f"{fields['day']}T{fields.get('clock', _NOON)}"


def _called(fields: Fields) -> str:
    return " ".join((fields["title"], fields["day"], fields["place"]))


def _find(session: Session, fields: Fields) -> tuple[str, int] | None:
    """One of that title held that day at that place."""
    since = dt.datetime.fromisoformat(fields["day"]).replace(tzinfo=SHANGHAI)
    wanted = select(ActivityRow).where(
        ActivityRow.title == fields["title"], ActivityRow.place == fields["place"],
        ActivityRow.starts_at >= since, ActivityRow.starts_at < since + dt.timedelta(days=1),
        ActivityRow.state != ActivityState.CANCELLED,
    )  # fmt: skip
    row = session.scalars(wanted.order_by(ActivityRow.id)).first()
    return (row.id, row.revision) if row else None


def _venue(session: Session, name: str | None) -> str:
    """That venue of ours. Raises: Refusal BAD_VALUE."""
    if not name:
        return ""
    found = [each for each in venues.called(session, name) if each.state is not VenueState.CLOSED]
    if len(found) != 1:
        zh = f"名为“{name[:20]}”的阵地有{len(found)}个，须恰有一个"
        raise Refusal(Code.BAD_VALUE, field="venueId", why=Said(zh, f"{len(found)} venues are called {name[:20]}"))
    return found[0].id


def _add(unit: Unit, actor: Actor, fields: Fields) -> str:
    told = {"headcount": "0"} | dict(fields) | {
        "startsAt": _begins(fields), "venueId": _venue(unit.session, fields.get("venue")),
    }  # fmt: skip
    if told.get("leaderPresent") == "no":
        del told["leaderPresent"]
    form = Form({name: (each,) for name, each in told.items()})
    draft, report = drafts.draft_of(form), drafts.report_of(form)
    return backfill_service.backfill(unit, actor, unit.directory, draft, report, "由台账导入", []).id


def _remove(unit: Unit, actor: Actor, id: str, _in_hands: InHands) -> None:
    backfill_service.take_back(unit, actor, id)


SESSIONS = Sheet(
    "activities", say("活动台账（补录）"), UseCase.DRAFT_ACTIVITY, _COLUMNS, _called, _find, _add,
    lambda session, id: queries.ours(session, id).revision, _remove,
    help=say("只导入已举办的活动，计入举办当日，标明补录，须签发后才对外；建议每行一条。已有的同日同地同名活动不变；未签发的可整批撤销。"),
)  # fmt: skip
