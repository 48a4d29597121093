"""A plan says what each of its acts changes, and carries none of them out."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from sync.hub.differences import Difference, differences, text
from sync.hub.server import Place
from tests.sync.hubs import CITY, COUNTY, DELTA, PARTNER, SISTER, Hub, said

MECHANISM = f"sh.33.01.10.m_{DELTA.rpartition('.')[2]}"

pytestmark = pytest.mark.asyncio


async def compared(hub: Hub) -> dict[str, Difference]:
    found = differences(*await hub.controller.compared())
    return {f"{each.kind} {each.name}": each for each in found}


async def test_where_nothing_differs_nothing_is_told(hub: Hub) -> None:
    assert await compared(hub) == {}
    assert text([]) == "the hub is as the directory says"


async def test_what_is_added_and_taken_away_is_told_for_each_act(hub: Hub) -> None:
    hub.change(members=[COUNTY, SISTER])
    found = await compared(hub)
    assert found[f"consumer SH_33/{SISTER}"].added == {"filter": [MECHANISM]}
    assert found[f"consumer SH_33/{SISTER}_boot"].added == {"filter": [MECHANISM]}
    assert found[f"account {SISTER}"].removed == {"import": [f"ask.31.*.*.{SISTER}"]}
    gone = found[f"account {PARTNER}"].removed["import"]
    assert f"$JS.API.CONSUMER.MSG.NEXT.SH_33.{PARTNER}" in gone
    assert f"    - import $JS.API.CONSUMER.MSG.NEXT.SH_33.{PARTNER}" in text(list(found.values())).splitlines()
    hub.change(members=[COUNTY])
    assert (await compared(hub))["stream SH_33"].removed == {"subject": [f"sh.33.01.10.x_{PARTNER}"]}


async def test_a_limit_that_somebody_changed_is_told_with_both_values(hub: Hub) -> None:
    jetstream = hub.controller.jetstream
    config = (await jetstream.stream_info("SH_33")).config
    await jetstream.update_stream(replace(config, max_msgs_per_subject=50))
    found = await compared(hub)
    assert list(found) == ["stream SH_33"]
    assert found["stream SH_33"].changed == {"max_msgs_per_subject": (50, 20_000)}
    assert text(list(found.values())).splitlines()[1:] == ["    max_msgs_per_subject: 50 → 20000", "1 acts: stream 1"]


async def test_what_a_consumer_that_goes_has_not_delivered_is_told(hub: Hub) -> None:
    log = f"{COUNTY}/{MECHANISM.rpartition('.')[2]}"
    await (await hub.line(COUNTY)).publish(log, said(log, 3), 0)
    hub.change(members=[COUNTY])
    assert (await compared(hub))[f"consumer SH_33/{PARTNER}"].changed == {"not fetched": (3, 0)}


async def test_a_plan_is_the_same_for_programs(hub: Hub) -> None:
    hub.change(members=[COUNTY, PARTNER, SISTER])
    found = list((await compared(hub)).values())
    assert msgspec.json.decode(msgspec.json.encode(found), type=list[Difference]) == found


async def test_planning_changes_neither_the_hub_nor_its_files(hub: Hub) -> None:
    before, files = await hub.state(), kept(hub.server.place)
    hub.change(members=[CITY])
    assert await compared(hub)
    assert (await hub.state(), kept(hub.server.place)) == (before, files)


def kept(place: Place) -> dict[Path, bytes]:
    """Every file that the hub would need again; its log and its store are the server's own."""
    folders = [place.folder / each for each in ("keys", "jwt", "creds")]
    return {each: each.read_bytes() for folder in folders for each in folder.rglob("*") if each.is_file()}
