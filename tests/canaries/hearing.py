"""Everybody listens at every door while an owner's office publishes; what was heard is what the policy tells them."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial

from sync.contract.errors import Code
from tests.canaries import acting
from tests.canaries.asking import Asker, Asking
from tests.canaries.federation import OWNER, SUSPENDED
from tests.canaries.listening import COLUMNS, Listener
from tests.canaries.markers import Marker, Markers
from tests.canaries.printed_policy import is_held, may_be_told
from tests.canaries.searching import Search, nowhere
from tests.waiting import eventually

_NAMES = {f"activity.{each}" for each in COLUMNS}
TURNED_AWAY = {each.value.encode() for each in (Code.FORBIDDEN, Code.NOT_SIGNED_IN, Code.UNKNOWN_ISSUER)}


def listeners(asking: Asking, askers: Iterable[Asker]) -> list[Listener]:
    """At the gateway, at the committee that is listened to, and at home."""
    found, planted = list[Listener](), asking.planted
    ids = [each.text for each in planted.markers if each.owner == OWNER and each.column == "activity.id"]
    for each in askers:
        is_away = each.home == SUSPENDED
        at_home = "" if is_away or not each.home else asking.token(each)
        abroad = asking.minted(each, OWNER, planted.told["gateway"]["id"]) if each.home else ""
        found.append(Listener(each, "the gateway", planted.gateway, abroad if is_away else at_home, ids))
        if each.home != OWNER:
            found.append(Listener(each, "the owner", planted.url(OWNER), abroad, ids))
        if at_home:
            found.append(Listener(each, "home", planted.url(each.home), at_home, ids))
    return found


def is_served(listener: Listener) -> bool:
    """Who has an account is told at home, and through the gateway; nobody else is told a thing, be it open."""
    return listener.asker.home not in ("", SUSPENDED) and listener.door != "the owner"


def is_heard(listener: Listener, way: str, marker: Marker) -> bool:
    """Whether they must have been told it: what happens now by both ways, and how each activity stands by a socket."""
    asker = listener.asker
    if marker.owner != OWNER or marker.column.removesuffix(acting.NOW) not in _NAMES:
        return False
    if way == "events" and not marker.column.endswith(acting.NOW):
        return False
    is_known = asker.home == OWNER or is_held(marker, asker.home)
    return is_known and may_be_told(marker, asker.home, asker.who)


async def heard(asking: Asking, askers: Iterable[Asker], is_told: Callable[[Asker, bytes, Marker], bool]) -> set[str]:
    """The leaks in what was heard.

    Raises:
        AssertionError: somebody was not told what they should be, or listens who may not.
    """
    everybody = listeners(asking, askers)
    tasks = [asyncio.create_task(each.listen()) for each in everybody]
    try:
        async with asyncio.timeout(120):
            await asyncio.gather(*(each.begun.wait() for each in everybody))
        made = await asyncio.to_thread(acting.publish, asking)
        search = Search(Markers([*asking.planted.markers, *made]))
        for each in everybody:
            for way in each.heard:
                listens = partial(_has_heard, search, each, way)
                await eventually(listens, within=30, what=f"{way} at {each.door} as {each.asker}")
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    search.leaks.clear()
    for each in everybody:
        said = "".join(each.sessions).encode()
        allowed = partial(is_told, each.asker, said) if is_served(each) else nowhere
        for way, told in each.heard.items():
            search.look(f"{way} at {each.door} as {each.asker}", bytes(told), allowed)
    return search.leaks


async def _has_heard(search: Search, listener: Listener, way: str) -> bool:
    """Whether they have heard all they are told, or were turned away."""
    told = bytes(listener.heard[way])
    if not is_served(listener):
        return way in listener.ended and any(code in told for code in TURNED_AWAY)
    found = search.look("", told, lambda _: True)
    return not search.missing(found, partial(is_heard, listener, way))
