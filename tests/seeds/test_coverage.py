"""Each published fact and each rule has a test that says it proves it, and the page names these tests."""

from tests.seeds.facts import FACTS, RULES
from tests.seeds.marks import marked
from tests.seeds.page import PAGE, page

OPEN_FACTS = {15, 32, 36, 40, 42, 93, 105, 109, 110, 111, 112, 113, 114, 115}
"""Not proven yet; whoever proves one takes it off."""
OPEN_RULES = {17, 18, 19, 20, 21, 23}
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
