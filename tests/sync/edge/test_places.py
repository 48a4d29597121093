"""Who has the most that one may have is told so, and so is who comes when all together have; both give nothing away."""

import pytest

from sync.contract.errors import Code, Refusal
from sync.edge.places import Places


def test_one_who_has_enough_is_told_that_and_not_that_all_are_taken() -> None:
    places = Places(1, 2, again_after=3, full=Code.BUSY)
    give_back = places.take("a")
    places.take("b")
    for holder, code in (("a", Code.RATE_LIMITED), ("c", Code.BUSY)):
        with pytest.raises(Refusal) as refused:
            places.take(holder)
        assert (refused.value.code, refused.value.about["seconds"]) == (code, 3)
    assert (places.count, dict(places.taken)) == (2, {"a": 1, "b": 1})
    give_back()
    give_back()
    assert (places.count, dict(places.taken)) == (1, {"b": 1})
    with places.held("c"):
        assert places.count == 2
    assert places.count == 1
