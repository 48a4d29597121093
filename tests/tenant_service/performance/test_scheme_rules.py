"""What a scheme makes of lines: points, caps, one matter once, what was missed, grades; each point by its line."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract.errors import Code, Refusal
from tenant_service.performance import scheme_rules as rules
from tenant_service.performance.rules import Deed
from tenant_service.performance.scheme_rules import (
    HUNDRED,
    LEAST_SAMPLE,
    SCHEMES,
    Cut,
    DeedPoints,
    Grade,
    Line,
    SchemeAct,
    SchemeState,
    Scored,
    Shortfall,
    assess,
)
from tenant_service.performance.shipped import TEMPLATES
from tests.tenant_service.performance.assessing import RULES, worth


def lines(*deeds: Deed, subject: str = "", role: str | None = None) -> list[Line]:
    return [Line(f"l{at}", deed, role, subject or f"s{at}") for at, deed in enumerate(deeds)]


def points(told: list[Line], scheme: rules.SchemeRules = RULES) -> float:
    return assess(scheme, told).points / HUNDRED


def test_each_line_brings_what_its_deed_is_worth_until_its_cap() -> None:
    told = assess(RULES, lines(Deed.SERVICE, Deed.SERVICE, Deed.SERVICE, Deed.DUTY, Deed.TALK))
    assert told.points == 1_650  # 2 of everybody + 12 of 15 + 2.5
    assert told.scored == [
        Scored("l0", 500), Scored("l1", 500), Scored("l2", 200, Cut.CAP), Scored("l3", 250),
        Scored("l4", 0, Cut.NO_POINTS),
    ]  # fmt: skip


def test_a_role_brings_more_and_takes_nothing_away_twice() -> None:
    assert points(lines(Deed.DUTY, role="SPEAKER")) == 2 + 2.5 + 1
    assert points(lines(Deed.SERVICE, Deed.SERVICE, Deed.SERVICE, Deed.CRITICISM, role="SPEAKER")) == 2 + 12 - 10


def test_of_one_matter_the_best_line_counts_alone_unless_the_scheme_says_otherwise() -> None:
    told = lines(Deed.DUTY, Deed.SERVICE, Deed.READING, subject="the same")
    assert [each.cut for each in assess(RULES, told).scored] == [Cut.SAME_MATTER, None, Cut.SAME_MATTER]
    assert points(told) == 2 + 5
    assert points(told, dataclasses.replace(RULES, is_once=False)) == 2 + 5 + 2.5 + 3


def test_what_was_to_be_done_and_was_not_is_deducted_and_nobody_falls_below_nothing() -> None:
    scheme = dataclasses.replace(RULES, deeds=[worth(Deed.SERVICE, 5, least=2, short=4), worth(Deed.TALK, 0, 0, 1, 50)])
    found = assess(scheme, lines(Deed.SERVICE, Deed.TALK))
    assert (found.points, found.short) == (2_00 + 5_00 - 4_00, [Shortfall(Deed.SERVICE, 1, 2, 400)])
    assert points([], scheme) == 0


def test_while_the_year_goes_on_nothing_is_deducted_that_may_still_be_done() -> None:
    scheme = dataclasses.replace(RULES, deeds=[worth(Deed.SERVICE, 5, least=2, short=4)])
    found = assess(scheme, lines(Deed.SERVICE), 50)
    assert (found.points, found.short) == (700, [Shortfall(Deed.SERVICE, 1, 2, 0)])
    assert [assess(RULES, [], elapsed).is_warned for elapsed in (0, 50, 51, 100)] == [False, False, True, True]


def test_grades_warnings_and_the_cap_of_all() -> None:
    capped = dataclasses.replace(RULES, cap=15 * HUNDRED)
    assert assess(capped, lines(*[Deed.DUTY] * 9)).is_capped
    assert points(lines(*[Deed.DUTY] * 9), capped) == 15
    grades = [assess(RULES, lines(*[Deed.DUTY] * many)).grade for many in (0, 2, 4, 8)]
    assert grades == [Grade.INCOMPETENT, Grade.BASIC, Grade.COMPETENT, Grade.EXCELLENT]
    assert [assess(RULES, lines(*[Deed.DUTY] * many)).is_warned for many in (0, 1)] == [True, False]


@given(st.lists(st.sampled_from([*Deed]), max_size=30), st.sampled_from([*TEMPLATES]))
def test_the_sum_is_always_explained_by_its_lines(deeds: list[Deed], template: str) -> None:
    scheme = TEMPLATES[template].rules
    found = assess(scheme, lines(*deeds))
    said = scheme.base + sum(each.points for each in found.scored) - sum(each.points for each in found.short)
    assert found.points == min(max(0, said), scheme.cap if scheme.cap is not None else max(0, said))
    assert [each.line for each in found.scored] == [each.id for each in lines(*deeds)]


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_comes_with_the_product_makes_sense_and_says_that_its_figures_are_suggestions(template: str) -> None:
    rules.makes_sense(TEMPLATES[template].rules)
    assert "建议" in TEMPLATES[template].note


@pytest.mark.parametrize(
    "wrong",
    [
        {"deeds": []}, {"competent": RULES.excellent}, {"basic": -1}, {"sample": LEAST_SAMPLE - 1},
        {"deeds": [*RULES.deeds, RULES.deeds[0]]}, {"extras": [rules.RoleExtra("KING", 1)]}, {"base": -5},
        {"deeds": [DeedPoints(Deed.DUTY, rules.MOST + 1)]},
    ],
)  # fmt: skip
def test_a_scheme_without_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal) as refusal:
        rules.makes_sense(dataclasses.replace(RULES, **wrong))  # type: ignore[arg-type]
    assert refusal.value.code is Code.BAD_VALUE


@given(st.integers(-99_999_999, 99_999_999))
def test_a_figure_that_is_shown_is_read_as_the_same(number: int) -> None:
    assert rules.read("base", rules.shown(number)) == number


@pytest.mark.parametrize("text", ["一", "1.234", "1,5", "--1", "1e3", "９９９９９９９"])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refusal:
        rules.read("base", text)
    assert refusal.value.code is Code.BAD_VALUE


def test_nobody_has_a_place_among_too_few_and_equals_share_one() -> None:
    assert [rules.place_of([9, 7, 7, 5], each, 3) for each in (9, 7, 5)] == [1, 2, 4]
    assert rules.place_of([9, 7], 9, 1) is None


def test_units_with_too_few_members_are_not_listed() -> None:
    points = {name: (value, Grade.EXCELLENT if value > 5 else Grade.BASIC) for value, name in enumerate("abcde", 2)}
    found, small = rules.standings({"大": set("abce"), "小": set("de"), "空": set()}, points, {"a": 3}, 3)
    assert [tuple(each) for each in found] == [("大", 4, 4, 1, 3, 1)]
    assert small == 1


def test_what_is_in_force_is_closed_and_never_edited() -> None:
    assert set(SCHEMES.possible(SchemeState.IN_FORCE)) == {SchemeAct.RENEW, SchemeAct.CLOSE}
    assert SCHEMES.possible(SchemeState.CLOSED) == (SchemeAct.RENEW,)
