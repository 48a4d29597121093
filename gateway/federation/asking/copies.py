"""What committees have shared with the caller's home, which is asked for it: for those that are read there from the
start, and for those that are silent.

It is always the caller's own home: another committee's copies would show the caller what was shared with that one only.
"""

import asyncio
from dataclasses import dataclass

from gateway.federation.answering.parts import SPOILT, TOO_OLD, Replies
from gateway.federation.answering.reply import OUTDATED, SILENT, UNREACHABLE, Copy, Heard, is_stale
from gateway.federation.asking.post import REPLICA, SHORTEST, Post
from gateway.federation.asking.putting import Letter, Putting
from gateway.federation.planning.plan import is_known
from gateway.federation.roots.root import AskedRoot

Wanted = dict[AskedRoot, list[str]]
"""By root field, the committees of which copies are wanted."""


def at_once(putting: Putting) -> Wanted:
    """Those that are asked about from the start."""
    return {each: list(each.address.copies) for each in putting.asked if each.address.copies}


def silent(putting: Putting, live: dict[str, Heard]) -> Wanted:
    """Those for whom copies may stand in; none if the caller's home is silent itself."""
    home = putting.standpoint.caller.home
    if home is None or (home in live and live[home].state in SILENT):
        return {}
    found = {
        each: [id for id in each.address.live if live[id].state in SILENT]
        for each in putting.asked if each.address.may_stand_in
    }  # fmt: skip
    return {each: owners for each, owners in found.items() if owners}


@dataclass(frozen=True)
class Copies:
    """Asks homes. `ends`, here: the moment of the loop's clock until which that may take."""

    post: Post

    async def ask(self, putting: Putting, wanted: Wanted, ends: float, into: Replies) -> None:
        """What home has of them is in `into`."""
        pieces = [
            (asked, owners[at : at + size])
            for asked, owners in wanted.items() for size in [asked.address.copies_at_once]
            for at in range(0, len(owners), size)
        ]  # fmt: skip
        told = await asyncio.gather(*[self._of(putting, asked, owners, ends) for asked, owners in pieces])
        for (asked, owners), said in zip(pieces, told, strict=True):
            into.copies.setdefault(asked.root.name, []).append((owners, said))

    async def _of(self, putting: Putting, asked: AskedRoot, owners: list[str], ends: float) -> Heard:
        """What home has of `owners`. Where some of it is too old or cannot be used, home is asked again for the rest
        alone: a page holds the first rows of all of them.
        """
        dropped = dict[str, Copy]()
        while True:
            said = await self._home(putting, asked, owners, ends)
            said.copies |= dropped
            out = _unusable(putting, asked, owners, said) if said.data is not None else {}
            if not out:
                return said
            dropped |= {id: Copy(why) for id, why in out.items()}
            owners = [id for id in owners if is_stale(said, id) and id not in out]
            if not owners:
                return Heard(UNREACHABLE, said.seconds, copies=dropped)

    async def _home(
        self, putting: Putting, asked: AskedRoot, owners: list[str], ends: float, *, again: bool = False
    ) -> Heard:
        """`again`: it told of another release than it was known to run, and is asked once more, not for ever."""
        home, left = putting.standpoint.caller.home, ends - asyncio.get_running_loop().time()
        assert home
        if left < SHORTEST:
            return Heard("TIMEOUT", 0.0)
        releases = self.post.releases
        release = releases.of(home)
        if not is_known(asked.root, release):
            return Heard(OUTDATED, 0.0)
        letter = Letter((asked,), putting.body((asked,), owners, release=release), [home], release)
        said = (await self.post.put(putting, [letter], REPLICA, left))[home]
        is_news = not again and said.api and releases.is_news(home, said.api)
        return await self._home(putting, asked, owners, ends, again=True) if is_news else said


def _unusable(putting: Putting, asked: AskedRoot, owners: list[str], said: Heard) -> dict[str, str]:
    """Of whom home has what cannot be used, and why."""
    usable, found = [id for id in owners if is_stale(said, id)], dict[str, str]()
    if (longest := asked.address.max_stale) is not None:
        since = {id: said.copies[id].as_of for id in usable}
        found = {id: TOO_OLD for id, at in since.items() if at is None or putting.standpoint.now - at > longest}
    bad = asked.root.spoilt(asked.address, said.data)
    return found | {id: SPOILT for id in usable if id in bad}
