"""组织单元 (towns, communities, grids, groups, party units …) from a spreadsheet."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.members import UnitKind
from sync.edge.shell.words import say
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.importing import Column, Fields, Sheet, coded, day, plain
from tenant_service.members import queries, unit_service
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


def _remove(unit: Unit, actor: Actor, id: str) -> None:
    """It was never there: its last day is its first."""
    row = queries.locked_unit(unit.session, id)
    unit_service.close_unit(unit, actor, id, row.since or unit.now.date() - dt.timedelta(days=1))


UNITS = Sheet(
    "units", say("组织单元（镇街、社区、小组）"), UseCase.EDIT_MEMBERS, _COLUMNS,
    lambda fields: f"{fields['kind']} {''.join(fields['name'].split())}", _find, _add,
    lambda session, id: queries.locked_unit(session, id).revision, _remove,
    help=say("已有的同类同名单元不变。上级单元写名称；同一文件里的上级请先另行导入。"),
)  # fmt: skip
