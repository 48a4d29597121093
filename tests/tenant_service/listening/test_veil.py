"""A place that a client keeps tells nothing of what happened in other people's circles, and only we can make one."""

from itertools import pairwise

import pytest

from sync.contract import jose
from sync.contract.errors import Code, Refusal
from tenant_service.listening.veil import Veil
from tenant_service.storage.changed import Place

MINE, OTHER = Veil.of(jose.new_key()), Veil.of(jose.new_key())
PLACES = [Place(0), Place(1, "a1b2c3d4e5f6"), Place(2, "0123456789ab"), Place(3, "0123456789ab"), Place(2**62, "f0")]


@pytest.mark.parametrize("place", PLACES)
def test_a_place_is_read_as_it_was_written(place: Place) -> None:
    assert MINE.read(MINE.written(place)) == place


def test_places_do_not_tell_how_many_changes_lie_between_them() -> None:
    """Numbers that follow each other lie anywhere: by no common difference, and with no digits of their own."""
    told = [int(MINE.written(Place(number, f"{number * 7919:012x}"))[:16], 16) for number in range(1, 200)]
    apart = {abs(one - other) for one, other in pairwise(told)}
    assert min(apart) > 2**40
    assert sorted(told) != told


def test_a_place_that_another_committee_wrote_is_none_of_ours() -> None:
    for place in PLACES[1:]:
        assert MINE.read(OTHER.written(place)) != place


def test_a_place_of_the_release_before_is_still_read() -> None:
    assert MINE.read(str(PLACES[1])) == PLACES[1]


@pytest.mark.parametrize(
    "told", ["", "1", "g" * 16, "0" * 15, " " + "0" * 15, "0" * 61, "0" * 16 + "é", "x.y", "+" + "1" * 15]
)
def test_what_is_no_place_is_refused(told: str) -> None:
    with pytest.raises(Refusal) as refused:
        MINE.read(told)
    assert refused.value.code is Code.BAD_CURSOR
