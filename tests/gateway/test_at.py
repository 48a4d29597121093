"""`at` names committees in five ways; whoever is asked fits all that were given."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.federation.committees import Committees
from sync.contract.errors import Code, Refusal
from tests.gateway.committee import committees
from tests.gateway.federation import HOME, MECHANISM, Keys, directory_of

OF = {**committees(1, "3300"), **committees(9)}
OF[HOME] = OF.pop("330001")
OF[HOME].id, OF[HOME].parent_id = HOME, None  # type: ignore[assignment]
DIRECTORY = directory_of(OF, Keys(list(OF)))
COMMITTEES = Committees(DIRECTORY)
MEMBERS = set(DIRECTORY.mechanisms[MECHANISM].members)
some = st.lists(st.sampled_from(list(OF)), max_size=6)
ats = st.fixed_dictionaries(
    {},
    optional={
        "ids": some, "under": some, "except": some, "mechanisms": st.sampled_from([[], [MECHANISM]]),
        "levels": st.lists(st.sampled_from(["COUNTY", "CITY", "NATION"]), max_size=2),
    },
)  # fmt: skip


def fits(id: str, at: dict[str, Any]) -> bool:
    """What the schema says of each part, one committee at a time."""
    is_below = id != HOME and HOME in at.get("under", ())
    return (
        ("ids" not in at or id in at["ids"])
        and ("under" not in at or is_below)
        and ("levels" not in at or OF[id].level.value in at["levels"])
        and ("mechanisms" not in at or (bool(at["mechanisms"]) and id in MEMBERS))
        and id not in at.get("except", ())
    )


@given(at=ats)
def test_whoever_is_asked_fits_all_that_was_given_in_the_directorys_order(at: dict[str, Any]) -> None:
    assert list(COMMITTEES.addressed(at)) == [id for id in COMMITTEES.listed if fits(id, at)]


@given(at=ats, part=st.sampled_from(["ids", "under", "except"]))
def test_one_unknown_committee_refuses_the_question_whatever_else_is_given(at: dict[str, Any], part: str) -> None:
    with pytest.raises(Refusal) as told:
        COMMITTEES.addressed({**at, part: [*at.get(part, ()), "330199"]})
    assert told.value.code is Code.UNKNOWN_COMMITTEE


@given(at=ats)
def test_one_unknown_mechanism_refuses_it_as_well(at: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as told:
        COMMITTEES.addressed({**at, "mechanisms": [*at.get("mechanisms", ()), "330100.mechanism." + "f" * 32]})
    assert told.value.code is Code.UNKNOWN_MECHANISM
