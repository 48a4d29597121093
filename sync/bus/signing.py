"""The owner's signature over pages of its own log: made when they leave, whoever asked for them."""

from sync.bus import wire
from sync.bus.trust import Trust
from sync.log import Event


def signed(trust: Trust, log: str, page: list[Event]) -> list[Event]:
    """The page with my signature over its last head. A hole that I signed with a key that the directory does not show
    any more is signed anew, or who has not read so far never would.
    """
    for at, each in enumerate(page):
        if each.hole and not trust.erased(log, each.head()._replace(proof=each.hole.proof)):
            anew = each.head()._replace(proof=trust.sign_erasure(log, each.head()))
            page[at] = wire.hole(log, anew, each.prev)
    if page:
        page[-1] = page[-1]._replace(proof=trust.sign(log, page[-1].head()))
    return page
