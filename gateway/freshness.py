"""How whole and how fresh an answer is, in words: pages, files and the API's texts say it in these and no others."""

from collections.abc import Callable, Sequence

from sync.edge.shell.words import say

NOT_ALL_LIVE = say("未全部实时")


def freshness(asked: int, live: int, stale: Sequence[str] = (), into: Callable[[str], str] = str) -> list[str]:
    """`13/13 已计入`, and then `全部实时`, or how many are and since when the others are not.

    `全部实时` is said only where nobody is missing.

    Args:
        asked: Committees that should have a part.
        live: Those of them that answered now.
        stale: Of each other one that has a part, since when it is true, in words; the oldest first. Empty words: that
            is told elsewhere.
        into: The reader's language.
    """
    counted = live + len(stale)
    told = [into(say("%(counted)s/%(asked)s 已计入")) % {"counted": counted, "asked": asked}]
    if live == asked:
        return [*told, into(say("全部实时"))] if asked else told
    if stale and stale[0]:
        alike = say("其中 %(live)s 实时，%(stale)s 截至 %(at)s")
        since = alike if len({*stale}) == 1 else say("其中 %(live)s 实时，%(stale)s 最早截至 %(at)s")
        return [*told, into(since) % {"live": live, "stale": len(stale), "at": stale[0]}]
    return [*told, into(say("其中 %(live)s 实时")) % {"live": live}] if counted else told
