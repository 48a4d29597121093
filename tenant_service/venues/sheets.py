"""阵地 from a spreadsheet."""

from dataclasses import replace

from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.venues import VenueKind, VenueState, VenueType
from sync.edge.shell.words import say
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.importing import Column, Fields, InHands, Sheet, coded, day, plain
from tenant_service.members import queries as members
from tenant_service.storage.unit_of_work import Unit
from tenant_service.venues import drafts, queries, service
from tenant_service.venues.service import Draft
from tenant_service.web.forms import Form

_KINDS = {
    VenueKind.PRACTICE_CENTRE: "实践中心 协商民主实践中心", VenueKind.SUB_CENTRE: "分中心 实践基地",
    VenueKind.HALL: "议事堂 协商议事厅 协商议事室", VenueKind.POST: "驿站",
    VenueKind.STUDIO: "委员工作室 委员工作站 工作室",
    VenueKind.PARLOUR: "会客厅", VenueKind.CONTACT_POINT: "联系点 直报点 社情民意联系点",
    VenueKind.READING_ROOM: "书屋 读书点",
    VenueKind.ONLINE_STUDIO: "线上工作室", VenueKind.PARTY_PLACE: "党建阵地",
}  # fmt: skip
_COLUMNS = (
    Column("name", "阵地名称 平台名称 名称", plain, needed=True, example="惠通村民生议事堂"),
    Column("kind", "阵地类别 类别 阵地类型 平台类别", coded(VenueKind, _KINDS), needed=True, example="民生议事堂"),
    Column("address", "地址 地点 所在地址", plain, needed=True, example="惠通村文化礼堂一楼"),
    Column("area", "所属镇街 镇街 镇（街道） 镇街道 乡镇", plain, example="罗星街道"),
    Column("type", "平台类型 七类平台 类型", coded(VenueType), example="村落社区型"),
    Column("brand", "品牌 品牌名称", plain, example="红茶议事会"),
    Column("openedOn", "启用日期 启用时间 建成时间 挂牌时间", day, example="2022-10-27"),
)


def _called(fields: Fields) -> str:
    return "".join(fields["name"].split())


def _find(session: Session, fields: Fields) -> tuple[str, int] | None:
    """One of that name that is not closed."""
    standing = (each for each in queries.called(session, fields["name"]) if each.state is not VenueState.CLOSED)
    row = next(standing, None)
    return (row.id, row.revision) if row else None


def _draft(session: Session, fields: Fields) -> Draft:
    """Raises: Refusal BAD_VALUE, the town is none of ours."""
    draft = drafts.draft_of(Form({name: (each,) for name, each in fields.items()}))
    towns = {each.name: each.id for each in members.open_units(session, [UnitKind.TOWN])}
    if draft.area and draft.area not in towns:
        why = Said(
            f"没有名为“{draft.area[:20]}”的镇街，请先登记", f"there is no town {draft.area[:20]}; register it first"
        )
        raise Refusal(Code.BAD_VALUE, field="area", why=why)
    return replace(draft, area_id=towns.get(draft.area or ""))


def _add(unit: Unit, actor: Actor, fields: Fields) -> str:
    return service.add(unit, actor, unit.directory, _draft(unit.session, fields), []).id


def _filled(session: Session, id: str) -> Fields:
    row = queries.ours(session, id)
    return {
        name: each for name, each in drafts.filled(row, queries.spaces(session, id), row.contact_phone).items() if each
    }


def _change(unit: Unit, actor: Actor, id: str, fields: Fields) -> None:
    service.change(unit, actor, id, _draft(unit.session, fields))


def _remove(unit: Unit, actor: Actor, id: str, _in_hands: InHands) -> None:
    """It was never there: it is closed from its first day on."""
    row = queries.locked(unit.session, id)
    service.move(unit, actor, id, VenueState.CLOSED, row.opened_on or day_of(unit.now))


VENUES = Sheet(
    "venues", say("阵地名录"), UseCase.EDIT_VENUES, _COLUMNS, _called, _find, _add,
    lambda session, id: queries.ours(session, id).revision, _remove, _filled, _change,
    help=say("所属镇街须已登记；联系人是个人信息，请在阵地页填写。导入的阵地不共享，需要时在阵地页选择。"),
)  # fmt: skip
