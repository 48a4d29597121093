"""A tracking code is read aloud and typed as people do, and nobody finds another one's."""

import pytest

from sync.contract.errors import Code, Refusal, Said
from tenant_service.storage.personal import number
from tenant_service.topics import codes, rules

SECRET = b"s" * 32


@pytest.mark.practice(8)
def test_a_code_has_nothing_that_is_taken_for_something_else() -> None:
    drawn = {codes.fresh() for _ in range(200)}
    assert len(drawn) == 200
    assert not set("01OI") & set("".join(drawn))
    assert {len(each) for each in drawn} == {12}
    assert codes.shown("ABCDEFGHJKLM") == "ABCD-EFGH-JKLM"


def test_small_letters_blanks_and_dashes_do_not_matter() -> None:
    right = codes.digest("ABCDEFGHJKLM")
    assert {codes.digest(each) for each in ("abcd-efgh-jklm", " ABCD EFGH JKLM ", "abcdefgh－jklm")} == {right}
    assert codes.digest("ABCDEFGHJKLN") != right
    assert {len(codes.digest(each)) for each in ("", "惠民", "x" * 10_000, "\ud800")} == {64}


def test_one_form_has_one_code_and_another_one_another() -> None:
    assert codes.of_form(SECRET, "key", "words") == codes.of_form(SECRET, "key", "words")
    unlike = (SECRET, "key", "other"), (SECRET, "yek", "words"), (b"t", "key", "words")
    others = {codes.of_form(secret, *told) for secret, *told in unlike}
    assert codes.of_form(SECRET, "key", "words") not in others
    assert len(others) == 3


def test_two_ways_of_writing_a_phone_are_one_number() -> None:
    ways = ("138 0000-5678", "+86 13800005678", "008613800005678", "１３８００００５６７８")
    assert {number(each) for each in ways} == {"13800005678"}
    assert number("(0573) 8402-1234 转 801") == "057384021234转801"


def test_an_hour_takes_so_many_and_says_when_there_is_room_again() -> None:
    rules.has_room(Said("本会", "us"), 59, 60, 10)
    with pytest.raises(Refusal) as refusal:
        rules.has_room(Said("本会", "us"), 60, 60, 10)
    assert refusal.value.code is Code.REPORTS_FULL
    assert "60件" in refusal.value.zh
    assert refusal.value.headers == {"Retry-After": "10"}
