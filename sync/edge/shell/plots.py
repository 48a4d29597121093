"""Geometry of the charts. Pure; the macros in charts.svg.jinja only draw what is told here."""

from collections.abc import Sequence
from dataclasses import dataclass

HEAT_STEPS = 6
"""Shades of a tile: the style sheet has a class for each, because inline styles are forbidden."""


def ceiling(most: float) -> int:
    """A round number not below `most`, where a chart's axis ends: 1, 2, 4, 6, 8 or 10 times a power of ten."""
    power = 1
    while power * 10 < most:
        power *= 10
    return next((step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= most), 10 * power)


def heat(value: int | None, most: int) -> int:
    """0 (nothing) to HEAT_STEPS - 1 (the most)."""
    if not value or not most:
        return 0
    return min(HEAT_STEPS - 1, 1 + value * (HEAT_STEPS - 2) // most)


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart. `part` is drawn darker inside it: sessions a leader attended, of all sessions."""

    label: str
    value: int | None
    part: int | None = None
    href: str | None = None
    note: str = ""

    def width(self, most: int) -> float:
        """In hundredths of the whole width."""
        return round(100 * (self.value or 0) / most, 1) if most else 0

    def part_width(self, most: int) -> float:
        return round(100 * (self.part or 0) / most, 1) if most else 0


@dataclass(frozen=True)
class Series:
    """One line of a line chart; None where nothing is known, so that the line breaks and does not fall to zero."""

    label: str
    values: tuple[int | None, ...]


@dataclass(frozen=True)
class Lines:
    """A line chart of several series over the same steps, in a frame of `width` × `height` units."""

    title: str
    steps: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    width: int = 480
    height: int = 200
    left: int = 44
    bottom: int = 24
    top: int = 10

    @property
    def most(self) -> int:
        return ceiling(max((value for each in self.series for value in each.values if value is not None), default=1))

    def x(self, step: int) -> float:
        gap = (self.width - self.left - 12) / max(1, len(self.steps) - 1)
        return round(self.left + step * gap, 1)

    def y(self, value: float) -> float:
        return round(self.top + (self.height - self.top - self.bottom) * (1 - value / self.most), 1)

    def grid(self) -> list[tuple[float, str]]:
        """Height and label of each grid line, from the top; nothing is counted by halves."""
        lines = [self.most, self.most // 2, 0] if self.most > 1 else [self.most, 0]
        return [(self.y(each), f"{each:,}") for each in lines]

    def runs(self, values: Sequence[int | None]) -> list[str]:
        """The unbroken stretches of one series, as `points` of a polyline."""
        stretches: list[list[str]] = [[]]
        for step, value in enumerate(values):
            if value is None:
                stretches.append([])
            else:
                stretches[-1].append(f"{self.x(step)},{self.y(value)}")
        return [" ".join(each) for each in stretches if each]
