"""补录: proposals of years before, from a spreadsheet. Each waits for its signature."""

import datetime as dt
import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.shapes.items import ReplyClass, Satisfaction
from sync.contract.shapes.posts import PostOrigin
from sync.contract.shapes.proposals import ProposerKind
from sync.contract.shapes.topics import TopicCategory
from sync.edge.shell.words import say
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.importing import Column, Fields, InHands, Sheet, coded, day, lines, plain, yes
from tenant_service.proposals import past_service, queries, rules
from tenant_service.proposals.descriptions import Draft, Source
from tenant_service.proposals.models import ProposalRow
from tenant_service.proposals.past_service import Past
from tenant_service.spreadsheets.cells import Cell
from tenant_service.storage.unit_of_work import Unit
from tenant_service.web.forms import Form

_BETWEEN = re.compile(r"[、，,；;\n]+")
"""What lists write between names."""

_KINDS = {
    ProposerKind.INDIVIDUAL: "个人", ProposerKind.JOINT: "联名 联名提案", ProposerKind.PARTY: "党派 党派集体",
    ProposerKind.ORGANISATION: "团体 人民团体", ProposerKind.SPECIAL_COMMITTEE: "专委会 专门委员会",
    ProposerKind.SECTOR: "界别", ProposerKind.GROUP: "小组 委员小组",
}  # fmt: skip
_CLASSES = {
    ReplyClass.SOLVED: "A A类 已解决", ReplyClass.PLANNED: "B B类 列入计划", ReplyClass.DEFERRED: "C C类 暂不能解决",
    ReplyClass.REFERENCE: "D D类 留作参考",
}  # fmt: skip
_SAYS = coded(Satisfaction)


def _each(cell: Cell) -> str:
    """Names, one to a line."""
    return "\n".join(each.strip() for each in _BETWEEN.split(lines(cell)) if each.strip())


_COLUMNS = (
    Column("title", "案由 提案名称 提案标题 标题 题目", plain, needed=True, example="关于统一加装电梯标准的建议"),
    Column("number", "案号 提案编号 提案号 编号", plain, needed=True, example="第12号"),
    Column("filedOn", "立案日期 立案时间", day, needed=True, example="2025-03-05"),
    Column("signers", "提案者 提案人 第一提案人 联名人", _each, needed=True, example="沈一、陆二"),
    Column("category", "类别 提案类别 提案分类", coded(TopicCategory), needed=True, example="住房与老旧小区"),
    Column("kind", "提案类型 提案形式", coded(ProposerKind, _KINDS), example="联名"),
    Column("session", "届次 会议", plain, example="十五届三次会议"),
    Column("situation", "情况与问题 提案内容 内容 正文", lines, example="多处小区反映标准不一。"),
    Column("advice", "建议 意见建议", lines, example="统一技术标准"),
    Column("handledBy", "承办单位 主办单位 办理单位", _each, example="县建设局"),
    Column("repliedOn", "答复日期 答复时间", day, example="2025-06-20"),
    Column("replyClass", "答复类别 办结类别", coded(ReplyClass, _CLASSES), example="A"),
    Column("attitude", "办理态度评价 办理态度", _SAYS, example="满意"),
    Column("satisfaction", "办理结果评价 满意度 委员评价", _SAYS, example="基本满意"),
    Column("origin", "来源 线索来源", coded(PostOrigin, {PostOrigin.MEMBER: "委员调研", PostOrigin.SECTOR: "群众"}),
           example="界别群众"),
    Column("sector", "来源界别 界别", plain, example="教育界"),
    Column("isOpen", "是否公开 公开", yes, example="是"),
)  # fmt: skip


def _year(fields: Fields) -> int:
    return dt.date.fromisoformat(fields["filedOn"]).year


def _called(fields: Fields) -> str:
    """By its number within its year: no two have the same."""
    return f"{_year(fields)} {rules.seq_of(fields['number'], _year(fields)) or fields['number']}"


def _find(session: Session, fields: Fields) -> tuple[str, int] | None:
    """The one of that title with that number of that year; another one with that number is refused as it is added."""
    year = _year(fields)
    wanted = select(ProposalRow).where(
        ProposalRow.year == year, ProposalRow.seq == rules.seq_of(fields["number"], year),
        ProposalRow.title == fields["title"],
    )  # fmt: skip
    row = session.scalars(wanted).first()
    return (row.id, row.revision) if row else None


def _sources(fields: Fields) -> tuple[Source, ...]:
    """Where the list says from where they had it."""
    sector = fields.get("sector")
    if "origin" not in fields and not sector:
        return ()
    origin = PostOrigin[fields["origin"]] if "origin" in fields else PostOrigin.SECTOR
    return (Source(origin, sector, None, "由台账导入"),)


def _add(unit: Unit, actor: Actor, fields: Fields) -> str:
    form = Form({name: (each,) for name, each in fields.items()})
    signers = form.lines("signers")
    kind = form.kind("kind", ProposerKind) or (ProposerKind.JOINT if len(signers) > 1 else ProposerKind.INDIVIDUAL)
    draft = Draft(
        title=fields["title"], kind=kind, category=form.needed_kind("category", TopicCategory),
        situation=fields.get("situation", ""), advice=form.lines("advice"), signers=signers, sources=_sources(fields),
        is_open=fields.get("isOpen") == "yes",
    )  # fmt: skip
    past = Past(
        fields["number"], form.needed_day("filedOn"), form.text("session"), form.lines("handledBy"),
        form.day("repliedOn"), form.kind("replyClass", ReplyClass), None, form.kind("attitude", Satisfaction),
        form.kind("satisfaction", Satisfaction),
    )  # fmt: skip
    return past_service.backfill(unit, actor, draft, past).id


def _remove(unit: Unit, actor: Actor, id: str, _in_hands: InHands) -> None:
    past_service.take_back(unit, actor, id)


PAST = Sheet(
    "proposals", say("历年提案（补录）"), UseCase.EDIT_PROPOSALS, _COLUMNS, _called, _find, _add,
    lambda session, id: queries.ours(session, id).revision, _remove,
    help=say("只导入已经办结的提案，保留原案号，直接归档；须签发后才计入统计、记入委员履职。未签发的可整批撤销。"),
)  # fmt: skip
