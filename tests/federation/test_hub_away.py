"""While the hub is away, the people of the committee that a gateway stands beside are answered; with real processes."""

import os
import signal
from typing import Any

import httpx2
import pytest

from tests.federation.demos import Demo
from tests.waiting import until

pytestmark = [pytest.mark.federation, pytest.mark.timeout(900)]
HOME, WUJIANG, JIASHAN = "310118", "320509", "330421"
LIST = """query ($read: Read!) {
  activities(first: 5, fan: {deadlineMs: 8000, read: $read}) {
    nodes { id } fanout { complete sources(not: []) { committee { id } state asOf rows } }
  }
}"""


def sources(demo: Demo, of: str, read: str = "AUTO") -> dict[str, dict[str, Any]]:
    told = demo.ask(of, "clerk", LIST, {"read": read})
    assert told.get("data"), told
    return {each["committee"]["id"]: each for each in told["data"]["activities"]["fanout"]["sources"]}


def states(demo: Demo, of: str, read: str = "AUTO") -> set[str]:
    return {f"{id} {each['state']}" for id, each in sources(demo, of, read).items()}


def known(demo: Demo) -> set[str]:
    """States of copies, of those whose logs are known to their end."""
    return {f"{id} {each['state']}" for id, each in sources(demo, HOME, "REPLICA").items() if each["asOf"]}


def ready(demo: Demo) -> str:
    return httpx2.get(f"{demo.told['gateway']['url']}/readyz", timeout=20).text


def test_homes_people_see_home_as_it_is_and_others_as_they_last_shared(delta: Demo) -> None:
    fresh = {f"{id} FRESH" for id in (HOME, WUJIANG, JIASHAN)}
    away = {f"{HOME} FRESH", f"{WUJIANG} STALE", f"{JIASHAN} STALE"}
    until(lambda: states(delta, HOME) == fresh, within=60, what="all answer")
    until(lambda: known(delta) == away, within=60, what="what others shared has come, to its end")
    assert ready(delta) == "ready"

    os.kill(delta.look()["hub"]["pid"], signal.SIGKILL)
    until(lambda: ready(delta).startswith("degraded"), within=60, what="the gateway knows that its line is cut")
    delta._tokens.clear()  # new ones are exchanged at home, over HTTP as well
    found = sources(delta, HOME)
    assert {f"{id} {each['state']}" for id, each in found.items()} == away
    assert all(each["asOf"] for each in found.values()), found
    assert sum(each["rows"] for each in found.values()) == 5
    assert states(delta, HOME, "LIVE") == {f"{HOME} FRESH", f"{WUJIANG} UNREACHABLE", f"{JIASHAN} UNREACHABLE"}
    # Nobody but Wujiang can exchange its people's tokens, and an unbound one is passed on to nobody.
    refused = delta.ask(WUJIANG, "clerk", LIST, {"read": "AUTO"})
    assert (refused.get("data"), [each["extensions"]["code"] for each in refused["errors"]]) == (None, ["AWAY"])

    made = delta.act(
        HOME, "clerk", "addVenue", "$venue: VenueInput!, $shares: [ShareInput!]!",
        {"venue": {"name": "断线议事厅", "kind": "HALL", "address": "公园路"}, "shares": []}, "id name",
    )  # fmt: skip
    assert made["id"].startswith(HOME)
    assert made["name"] == "断线议事厅"

    delta.run("start", "hub")
    until(lambda: states(delta, HOME) == fresh, within=120, what="all answer again, and nobody was restarted")
    assert ready(delta) == "ready"
