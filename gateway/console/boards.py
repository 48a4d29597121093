"""The cockpit's figures in words and as a table, in the reader's language. Pure."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gateway.console.cockpit import SHOWN, Cockpit, Figure, Standing
from gateway.federation.answering.reply import STATES
from gateway.freshness import NOT_ALL_LIVE, freshness
from sync.contract.shapes.values import IndicatorCode
from sync.edge.shell import formats
from sync.edge.shell.sheets import Cell
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import Language, say

Say = Callable[[str], str]
_OWN_TILE = (
    IndicatorCode.ACTIVITIES_HELD, IndicatorCode.MEMBER_TIMES, IndicatorCode.PUBLIC_TIMES, IndicatorCode.SUGGESTIONS,
    IndicatorCode.AREAS_COVERED,
)  # fmt: skip


_TOLD = {"FORBIDDEN", "OUTDATED", "FAILED"}
"""States that pages tell apart; all others are silence. As `standing.html` has it."""

IMPORTED = say("含汇总导入（平台启用前的期初数，无逐条记录）：")
LEFT_OUT = say("%(who)s的汇总导入只部分在时段内，未计入")


@dataclass(frozen=True)
class Kpi:
    code: IndicatorCode
    label: str
    value: str
    unit: str
    note: str
    formula: str
    coverage: str
    """That it is not all live; empty: it is."""


@dataclass(frozen=True)
class Words:
    """How to say things to one reader."""

    say: Say
    language: Language
    now: dt.datetime

    def kpis(self, view: Cockpit) -> list[Kpi]:
        """The large figures: each with what it counts, what it is compared with, and whether it is all live."""
        return [self._kpi(view.figures[code], view) for code in _OWN_TILE if code in view.figures]

    def _kpi(self, figure: Figure, view: Cockpit) -> Kpi:
        about, value, unit = figure.about, formats.number(figure.value), figure.about.unit
        if about.code is IndicatorCode.AREAS_COVERED:
            areas = view.figures.get(IndicatorCode.AREAS)
            value, unit = f"{value}/{formats.number(areas.value if areas else None)}", say("个镇街")
        formula = about.formula_en if self.language == "en" else about.formula_zh
        return Kpi(
            about.code, about.code.label, value, unit, self._note(figure, view), formula,
            self.say(NOT_ALL_LIVE) if figure.is_partial else "",
        )  # fmt: skip

    def _note(self, figure: Figure, view: Cockpit) -> str:
        told = []
        if figure.about.code is IndicatorCode.ACTIVITIES_HELD:
            leader = view.figures.get(IndicatorCode.LEADER_ATTENDED)
            if leader and leader.value is not None:
                part = formats.share(leader.value, figure.value)
                told.append(
                    self.say(say("党政领导到场 %(n)s，占 %(part)s")) % {"n": formats.number(leader.value), "part": part}
                )
        if figure.distinct is not None and figure.distinct != figure.value:
            told.append(self.say(say("联办去重 %(n)s")) % {"n": formats.number(figure.distinct)})
        if figure.imported:
            told.append(self.say(say("其中 %(n)s 汇总导入，无逐条记录")) % {"n": formats.number(figure.imported)})
        if figure.left_out:
            told.append(self.say(LEFT_OUT) % {"who": self._several(figure.left_out)})
        if figure.growth is not None:
            told.append(self.say(say("同比 %(growth)s")) % {"growth": f"{figure.growth:+.1f}%"})
        return ("; " if self.language == "en" else "；").join(told)

    def part_label(self) -> str:
        return self.say(say("其中党政领导到场"))

    def standing(self, of: Standing) -> str:
        """实时, 截至 12月3日 08:00, or why there is nothing."""
        if of.look == "live":
            return self.say(say("实时"))
        if of.as_of is None:
            return self.say(STATES[of.state] if of.state in _TOLD else say("未应答"))
        return " ".join((self.say(say("截至")), formats.moment(of.as_of, self.now, self.language)))

    def freshness(self, view: Cockpit) -> list[str]:
        """How many committees the figures count, and how fresh they are."""
        since = [formats.moment(at, self.now, self.language) for at in view.stale]
        return freshness(len(view.standings), view.count("live"), since, self.say)

    def missing(self, view: Cockpit) -> str:
        """Who has no part in the figures."""
        return self.say(say("缺")) + self._several(view.missing) if view.missing else ""

    def _several(self, names: Sequence[str]) -> str:
        return (", " if self.language == "en" else "、").join(names)

    def imported(self, view: Cockpit) -> str:
        """Whose figures hold how much that is a total from before the platform; empty: nobody's."""
        names = {each.id: each.short_name for each in view.standings}
        told = [
            f"{names[id]} " + self._several([f"{self.say(code.label)} {formats.number(n)}" for code, n in of.items()])
            for id, of in view.imported.items()
        ]
        comma = "; " if self.language == "en" else "；"
        return self.say(IMPORTED) + comma.join(told) if told else ""

    def whole(self, view: Cockpit) -> str:
        """Both, in one line."""
        comma = ", " if self.language == "en" else "，"
        return comma.join(filter(None, [*self.freshness(view), self.missing(view)]))

    def table(self, view: Cockpit) -> Table:
        """Every figure of every committee; the last line is the gateway's own sum."""
        columns = [Column(self.say(say("政协"))), Column(self.say(say("数据时间")))]
        columns += [Column(self.say(code.label), is_figure=True) for code in SHOWN]
        rows = [
            Row((each.name, self.standing(each), *self._cells(view, each)), f"/c/{each.id}", each.look)
            for each in view.standings
        ]
        totals = [view.figures[code].value if code in view.figures else None for code in SHOWN]
        caption = self.say(say("各地数据"))
        return Table(
            caption, tuple(columns), tuple(rows), total=(self.say(say("合计")), "", *totals), notes=self._notes(view)
        )

    def _cells(self, view: Cockpit, of: Standing) -> list[Cell]:
        values = view.by_committee.get(of.id, {})
        return [values.get(code) if of.as_of else None for code in SHOWN]

    def _notes(self, view: Cockpit) -> tuple[str, ...]:
        """What a file says below its rows: the window, how whole it is, and how each figure is counted."""
        days = f"{view.period.first} – {view.period.last}"
        formulas = [
            f"{self.say(code.label)}: {figure.about.formula_en if self.language == 'en' else figure.about.formula_zh}"
            for code, figure in view.figures.items()
        ]
        made = formats.moment(self.now, self.now, self.language)
        window, stamp = self.say(say("统计时段")), self.say(say("制表时间"))
        imported = filter(None, [self.imported(view)])
        return (f"{window} {days}", self.whole(view), *imported, f"{stamp} {made}", *formulas)
