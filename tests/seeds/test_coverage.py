"""Each published fact and each rule has a test that says it proves it, and the page names these tests."""

from tests.seeds.facts import FACTS, RULES
from tests.seeds.marks import marked
from tests.seeds.page import PAGE, page

OPEN_FACTS = {
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    12,
    13,
    14,
    15,
    16,
    17,
    18,
    19,
    21,
    22,
    23,
    24,
    25,
    26,
    27,
    28,
    29,
    30,
    31,
    32,
    33,
    34,
    35,
    36,
    37,
    39,
    40,
    42,
    43,
    44,
    51,
    52,
    53,
    54,
    56,
    57,
    58,
    59,
    60,
    61,
    63,
    64,
    65,
    66,
    67,
    68,
    69,
    70,
    71,
    72,
    73,
    74,
    75,
    76,
    77,
    78,
    79,
    80,
    81,
    82,
    83,
    84,
    88,
    89,
    90,
    91,
    93,
    94,
    95,
    97,
    98,
    99,
    100,
    101,
    102,
    103,
    104,
    105,
    106,
    107,
    108,
    109,
    110,
    111,
    112,
    113,
    114,
    115,
}
"""Not proven yet; whoever proves one takes it off."""
OPEN_RULES = {1, 9, 11, 12, 13, 17, 18, 19, 20, 21, 22, 23}
"""The same of rules."""


def test_the_page_names_the_tests_there_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make docs"


def test_a_test_proves_only_what_is_on_the_list() -> None:
    known = {"seed": FACTS, "practice": RULES}
    assert [each for each in marked() if each.number not in known[each.mark]] == []


def test_each_fact_and_rule_is_proven_but_those_that_are_open() -> None:
    found = {(each.mark, each.number) for each in marked()}
    assert FACTS.keys() - {number for mark, number in found if mark == "seed"} <= OPEN_FACTS
    assert RULES.keys() - {number for mark, number in found if mark == "practice"} <= OPEN_RULES
