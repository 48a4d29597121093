"""组织单元 (towns, communities, grids, groups, party units …) and 单位名录 from spreadsheets."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.shapes.members import BodyKind, UnitKind
from sync.edge.shell.words import say
from tenant_service import wording
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.importing import Column, Fields, InHands, Sheet, coded, day, plain, yes
from tenant_service.members import body_queries, body_service, queries, unit_service
from tenant_service.members.body_service import BodyDraft
from tenant_service.members.models import UnitRow
from tenant_service.members.unit_service import UnitDraft
from tenant_service.storage.unit_of_work import Unit

_KINDS = {
    UnitKind.TOWN: "镇 街道 乡 乡镇 镇（街道）", UnitKind.COMMUNITY: "社区 村 行政村 村（社区）",
    UnitKind.SPECIAL_COMMITTEE: "专委会", UnitKind.LIAISON: "联络室 工委 联络委", UnitKind.MEMBER_GROUP: "小组 活动组",
    UnitKind.OFFICE: "处室 机关",
}  # fmt: skip
_COLUMNS = (
    Column("name", "单元名称 镇街名称 组织名称 名称", plain, needed=True, example="罗星街道"),
    Column("kind", "单元类别 类别 类型", coded(UnitKind, _KINDS), needed=True, example="镇街"),
    Column("parent", "上级单元 所属镇街 上级 所属", plain, example=""),
    Column("since", "起始日期 成立日期 成立时间", day, example="2022-01-01"),
)


def _named(session: Session, name: str) -> list[UnitRow]:
    wanted = select(UnitRow).where(UnitRow.name == name, UnitRow.until.is_(None)).order_by(UnitRow.id)
    return list(session.scalars(wanted))


def _find(session: Session, fields: Fields) -> tuple[str, int] | None:
    row = next((each for each in _named(session, fields["name"]) if each.kind.value == fields["kind"]), None)
    return (row.id, row.revision) if row else None


def _above(session: Session, name: str | None) -> str | None:
    """The one unit of that name. Raises: Refusal BAD_VALUE, there is none, or several."""
    found = _named(session, name) if name else []
    if name and len(found) != 1:
        zh = f"名为“{name[:20]}”的单元有{len(found)}个，须恰有一个；上级单元请先导入"
        raise Refusal(Code.BAD_VALUE, field="parentId", why=Said(zh, f"{len(found)} units are called {name[:20]}"))
    return found[0].id if found else None


def _add(unit: Unit, actor: Actor, fields: Fields) -> str:
    since = dt.date.fromisoformat(fields["since"]) if "since" in fields else None
    above = _above(unit.session, fields.get("parent"))
    draft = UnitDraft(fields["name"], UnitKind[fields["kind"]], above, since)
    return unit_service.add_unit(unit, actor, unit.directory, draft, []).id


def _remove(unit: Unit, actor: Actor, id: str, _in_hands: InHands) -> None:
    """It was never there: its last day is its first."""
    row = queries.locked_unit(unit.session, id)
    unit_service.close_unit(unit, actor, id, row.since or unit.now.date() - dt.timedelta(days=1))


UNITS = Sheet(
    "units", say("组织单元（镇街、社区、小组）"), UseCase.EDIT_MEMBERS, _COLUMNS,
    lambda fields: f"{fields['kind']} {''.join(fields['name'].split())}", _find, _add,
    lambda session, id: queries.locked_unit(session, id).revision, _remove,
    help=say("已有的同类同名单元不变。上级单元写名称；同一文件里的上级请先另行导入。"),
)  # fmt: skip


# ── bodies ──

_BODIES = {
    BodyKind.DEPARTMENT: "部门 政府部门 职能部门 局 委办局 承办单位",
    BodyKind.PARTY_GOVERNMENT: "党委 政府 党委部门 党群 党政机关 镇街 乡镇 街道",
    BodyKind.ENTERPRISE: "公司 国企 国有企业",
    BodyKind.SOCIAL_ORGANISATION: "社团 协会 商会 群团 人民团体",
    BodyKind.SCHOOL: "学校 院校 中小学",
    BodyKind.VILLAGE_COMMITTEE: "村 社区 村委会 居委会 村（社区） 村居",
}
_OF_A_BODY = (
    Column("name", "单位名称 承办单位 部门名称 机构名称 名称 单位 部门", plain, needed=True, example="县水务局"),
    Column("kind", "单位类别 单位类型 单位性质 类别 类型 性质", coded(BodyKind, _BODIES), example="承办部门"),
    Column("coordinates", "可任交办单位 是否交办单位 交办单位", yes, example="否"),
)
_UNDONE = "撤销导入"
"""Why a body is not on the list any more that a file put there."""


def _known_as(fields: Fields) -> str:
    """A name without its spaces, as it would be kept."""
    return "".join(wording.text(Said("单位名称", "name"), "".join(fields["name"].split()), 120).split())


def _body(session: Session, fields: Fields) -> tuple[str, int] | None:
    called = _known_as(fields)
    row = next((each for each in body_queries.standing(session) if "".join(each.name.split()) == called), None)
    return (row.id, row.revision) if row else None


def _add_body(unit: Unit, actor: Actor, fields: Fields) -> str:
    if "kind" not in fields:
        raise Refusal(Code.BAD_VALUE, field="kind", why=Said("新单位须填单位类别", "a new body needs its kind"))
    draft = BodyDraft(_known_as(fields), BodyKind[fields["kind"]], coordinates=fields.get("coordinates") == "yes")
    return body_service.add_body(unit, actor, draft).id


def _filled_body(session: Session, id: str) -> Fields:
    row = queries.BODIES.ours(session, id)
    return {"name": row.name, "kind": row.kind.value, "coordinates": "yes" if row.coordinates else "no"}


def _change_body(unit: Unit, actor: Actor, id: str, fields: Fields) -> None:
    row = queries.BODIES.ours(unit.session, id)
    body_service.change_body(unit, actor, id, BodyDraft(
        row.name, BodyKind[fields["kind"]], fields["coordinates"] == "yes", row.contact_name, row.contact_phone,
    ))  # fmt: skip


def _remove_body(unit: Unit, actor: Actor, id: str, in_hands: InHands) -> None:
    last = day_of(unit.now) - dt.timedelta(days=1)
    body_service.close_body(unit, actor, id, last, _UNDONE, in_hands)


BODIES = Sheet(
    "bodies", say("单位名录"), UseCase.EDIT_MEMBERS, _OF_A_BODY, _known_as, _body, _add_body,
    lambda session, id: queries.BODIES.ours(session, id).revision, _remove_body, _filled_body, _change_body,
    help=say("新单位须填单位类别。联系人是个人信息，请在单位页填写。已有在办事项的单位不能撤销。"),
)  # fmt: skip
