"""共享选择: whom a record of ours is shared with, as its room stores it, and who that comes to today."""

from collections.abc import Iterable
from dataclasses import dataclass

from sync.contract.channels import PLAIN, Scope, Share, deepest, log_of, partner_of
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.trust.directory import Directory
from sync.contract.visibility import Visible


@dataclass(frozen=True)
class Reader:
    """Somebody who will see the record, and how much of it."""

    committee_id: Id
    name: str
    circle: Visible
    channels: tuple[str, ...]


def stored(shares: Iterable[Share]) -> list[str]:
    """As a column keeps them, sorted and each once."""
    return sorted({share.scope.value + (f":{share.target}" if share.target else "") for share in shares})


def chosen(column: Iterable[str]) -> list[Share]:
    """What `stored` wrote."""
    made = []
    for each in column:
        scope, _, target = each.partition(":")
        made.append(Share(Scope.known(scope) or Scope.OPEN, target or None))
    return made


def codes_of(channels: Iterable[str], directory: Directory) -> list[str]:
    """What `stored` would have written for exactly these channels; one that the directory does not give is left out."""
    mechanisms = {id.rpartition(".")[2]: id for id in directory.mechanisms}
    shares = []
    for channel in channels:
        rest = channel[2:]
        if partner_of(channel):
            shares.append(Share(Scope.PARTNER, partner_of(channel)))
        elif channel.startswith("m_"):
            shares += [Share(Scope.MECHANISM, mechanisms[rest])] if rest in mechanisms else []
        else:
            shares += [Share(scope) for scope, plain in PLAIN.items() if plain == channel]
    return stored(shares)


def channels(column: Iterable[str]) -> set[str]:
    return {share.channel for share in chosen(column)}


def check(shares: Iterable[Share], directory: Directory, committee: str) -> list[str]:
    """The choice as it is stored.

    Raises:
        Refusal: UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, or BAD_VALUE for a target that the scope does not take.
    """
    shares = list(shares)
    writable = set(directory.channels_of(committee))
    for share in shares:
        if share.channel in writable:
            continue
        if share.scope is Scope.MECHANISM:
            raise Refusal(Code.UNKNOWN_MECHANISM)
        raise Refusal(Code.UNKNOWN_COMMITTEE, id=share.target or "")
    return stored(shares)


def readers(shares: Iterable[Share], directory: Directory, committee: str) -> list[Reader]:
    """谁将看到: every committee that the choice reaches today, and with what; open records also reach anybody."""
    reached: dict[str, list[str]] = {}
    for share in shares:
        for reader in directory.readers(log_of(committee, share.channel)):
            reached.setdefault(reader, []).append(share.channel)
    return [
        Reader(record.id, record.name, deepest(reached[id]), tuple(reached[id]))
        for id, record in directory.committees.items() if id in reached
    ]  # fmt: skip
