"""Each refusal is told in Chinese to who reads Chinese, and in English to who reads English."""

import re

import pytest

from sync.contract.errors import Code, Refusal, Said
from sync.contract.fields import FIELDS
from sync.contract.shapes.activities import ActivityState
from sync.edge.budget import too_complex

HAN = re.compile(r"[㐀-鿿]")
SENTENCE = re.compile(r"[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}")
COMMAND = re.compile(r"liandong( [a-z]+)+")
"""What is to be typed stays as it is typed."""
PLACE = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("code", Code)
def test_each_language_stands_alone(code: Code) -> None:
    assert HAN.search(code.zh)
    assert not SENTENCE.search(COMMAND.sub("", PLACE.sub("", code.zh)))
    assert not HAN.search(code.en)
    assert set(PLACE.findall(code.zh)) <= set(PLACE.findall(code.en))


def test_of_a_pair_each_language_has_its_half() -> None:
    refusal = Refusal(Code.BAD_TIME, why=Said("尚未开始", "it has not begun"))
    assert (refusal.zh, refusal.en) == ("时间不正确：尚未开始", "the time is wrong: it has not begun")


def test_a_kind_is_its_label_in_chinese_and_its_code_in_english() -> None:
    refusal = Refusal(Code.OUT_OF_TURN, now=ActivityState.CLOSED)
    assert refusal.zh == "当前状态“已办结”下不能进行此操作"
    assert refusal.en == "this cannot be done in state CLOSED"


def test_a_field_is_named_as_people_name_it_in_chinese_and_as_the_api_does_in_english() -> None:
    refusal = Refusal(Code.BAD_VALUE, field="membersPresent", why="0–100")
    assert (refusal.zh, refusal.en) == ("“委员到场人数”不正确：0–100", "membersPresent is wrong: 0–100")
    assert refusal.field == "membersPresent"


def test_a_name_of_two_meanings_can_be_told_as_a_pair() -> None:
    refusal = Refusal(Code.BAD_VALUE, field=Said("座位数", "capacity"), why="1–100")
    assert (refusal.zh, refusal.en, refusal.field) == ("“座位数”不正确：1–100", "capacity is wrong: 1–100", "capacity")


def test_an_unknown_field_stays_as_it_is() -> None:
    assert Refusal(Code.BAD_VALUE, field="shoeSize", why="1–2").zh == "“shoeSize”不正确：1–2"


def test_only_a_field_is_looked_up_among_the_fields() -> None:
    assert Refusal(Code.BAD_VALUE, field="title", why="title").zh == "“题名”不正确：title"


def test_the_reason_alone_is_the_whole_message_where_none_is_told() -> None:
    assert Refusal(Code.NEEDS_REASON).why == Said("请填写理由", "a reason is needed")
    assert Refusal(Code.BAD_TIME, why=Said("尚未开始", "not yet")).why == Said("尚未开始", "not yet")


def test_a_word_that_nobody_told_does_not_hide_the_refusal() -> None:
    assert Refusal(Code.BAD_TIME).zh == "时间不正确：…"


@pytest.mark.parametrize("what", ["depth", "aliases"])
def test_what_a_document_has_too_much_of_is_told_in_both(what: str) -> None:
    refusal = too_complex(what)
    assert refusal.en.endswith(what)
    assert not SENTENCE.search(refusal.zh)


def test_every_field_is_called_something_chinese() -> None:
    assert all(HAN.search(label) for label in FIELDS.values())


@pytest.mark.parametrize("said", ["NOT_FOUND_YET", "", None, 404, ["NOT_FOUND"], {}])
def test_a_code_that_is_none_of_ours_is_not_known_whatever_it_is(said: object) -> None:
    assert Code.known(said) is None


def test_each_code_is_known_by_its_text() -> None:
    assert all(Code.known(each.value) is each for each in Code)
