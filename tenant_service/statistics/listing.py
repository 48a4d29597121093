"""Figures and totals as pages and files show them."""

from collections.abc import Sequence

from sync.contract.counted_kinds import COUNTED_KINDS, label_of
from sync.contract.instants import day_of
from sync.contract.shapes.values import INDICATORS, IndicatorCode
from sync.edge.shell.plots import Bar
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.signing.rules import Approval
from tenant_service.statistics.figures_queries import OwnFigure
from tenant_service.statistics.models import OpeningRow
from tenant_service.statistics.opening_rules import OpeningEnd, Part
from tenant_service.statistics.reading import HEADS
from tenant_service.web.site import Visit

ACTS = {
    "enter": say("录入"), "redraft": say("修改"), "correct": say("更正"), "submit": say("送审"),
    "send_back": say("退回"), "sign_off": say("签发"), "withdraw": say("撤回"),
}  # fmt: skip
"""What people call the steps of an entry's history."""
LOOKS = {Approval.IN_REVIEW: "warn", Approval.RETURNED: "bad", Approval.SIGNED: "good"}
"""Classes of the style sheet."""
ALL_KINDS = say("不分类别")
FLOWS = tuple(code for code in IndicatorCode if not INDICATORS[code].is_stock)
"""Indicators that have totals from before the platform."""


def kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    """Codes and labels of the kinds of each list that indicators are told by, under what the first of these counts."""
    found: dict[type, tuple[str, list[tuple[str, str]]]] = {}
    for code in FLOWS:
        if code in COUNTED_KINDS:
            of = COUNTED_KINDS[code]
            found.setdefault(of, (code.label, [(each.value, each.label) for each in of]))
    return list(found.values())


def kind_label(code: IndicatorCode, kind: str) -> str:
    return label_of(code, kind) if kind else ALL_KINDS


def figures(visit: Visit, found: Sequence[OwnFigure]) -> Table:
    heads = (say("指标"), say("数值"), say("单位"), say("其中汇总导入"), say("未计入的汇总导入"), say("口径"))
    figure_columns = {say("数值"), say("其中汇总导入")}
    is_english = visit.here.language == "en"
    rows = tuple(
        Row((
            visit.say(each.code.label), each.value, visit.say(INDICATORS[each.code].unit), each.imported or None,
            "；".join(map(left_out, each.left_out)) or None,
            INDICATORS[each.code].formula_en if is_english else INDICATORS[each.code].formula_zh,
        ))
        for each in found
    )  # fmt: skip
    columns = tuple(Column(visit.say(head), is_figure=head in figure_columns) for head in heads)
    return Table(visit.say(say("本会统计")), columns, rows)


def left_out(part: Part) -> str:
    return f"{part.total.days.since}至{part.total.days.until} {part.number:,}"


def bars(visit: Visit, of: OwnFigure) -> list[Bar]:
    """By kind, most first."""
    made = [Bar(visit.say(kind_label(of.code, kind)), number) for kind, number in of.by_kind.items()]
    return sorted(made, key=lambda bar: -(bar.value or 0))


def table(visit: Visit, rows: Sequence[OpeningRow]) -> Table:
    heads = (
        say("指标"), say("类别"), say("起"), say("止"), say("数值"), say("单位"), say("来源"), say("状态"),
        say("更正理由"), say("录入时间"),
    )  # fmt: skip
    columns = tuple(Column(visit.say(head), is_figure=head == "数值") for head in heads)
    return Table(visit.say(say("期初数")), columns, tuple(_line(visit, row) for row in rows), say("暂无期初数"))


def _line(visit: Visit, row: OpeningRow) -> Row:
    name = visit.say(row.indicator.label)
    cells = (
        f"{name} · {visit.say(ACTS['correct'])}" if row.corrects_id else name,
        visit.say(kind_label(row.indicator, row.kind)), row.since.isoformat(), row.until.isoformat(), row.number,
        visit.say(INDICATORS[row.indicator].unit), row.source, state(visit, row), row.because,
        day_of(row.entered_at).isoformat(),
    )  # fmt: skip
    return Row(cells, f"/figures/openings/{row.corrects_id or row.id}")


def state(visit: Visit, row: OpeningRow) -> str:
    return visit.say(OpeningEnd.WITHDRAWN.label if row.withdrawn_because is not None else row.approval.label)


def template() -> Table:
    """What a file that is imported looks like, with lines to be written over."""
    columns = tuple(Column(heads.split()[0]) for heads in HEADS.values())
    rows = (
        Row((IndicatorCode.ACTIVITIES_HELD.label, "民生议事堂协商", "2020年", 120, "嘉协〔2021〕3号", "场次")),
        Row((IndicatorCode.MEMBER_TIMES.label, "", "2018-01-01至2020-06-30", 6800, "2020年履职统计表", "人次")),
    )
    notes = (
        "以上两行是示例，请改写或删除。数值填准确的整数；类别可不填。",
        "期间：写作 2020年、2020年3月 或 2018-01-01至2020-06-30。",
        "指标：" + "、".join(f"{code.label}（{INDICATORS[code].unit}）" for code in FLOWS),
        *("、".join(["类别：", *(label for _, label in of)]).replace("：、", "：") for _, of in kinds()),
    )
    return Table("期初数模板", columns, rows, notes=notes)
