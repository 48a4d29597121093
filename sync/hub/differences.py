"""What each act of a plan changes, for people and for programs; nothing here reads or writes the hub."""

from collections.abc import Iterable
from enum import Enum
from typing import Any

import msgspec
from nats.js.api import StreamConfig

from sync.bus.credentials import Claims
from sync.hub.plan import COMPARED, Act, Admit, DeclareConsumer, DeclareStream, DropConsumer, Found, PushAccount


class Difference(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One act.

    Attributes:
        act: In words, as the log of the hub tells it.
        kind: party, account, stream or consumer.
        name: Of the party, the stream, or `stream/consumer`.
        added, removed: What is listed there (subjects, filters, imports …) → the entries.
        changed: Setting → what it is and what it becomes.
    """

    act: str
    kind: str
    name: str
    added: dict[str, list[str]] = {}
    removed: dict[str, list[str]] = {}
    changed: dict[str, tuple[Any, Any]] = {}

    def lines(self) -> Iterable[str]:
        yield self.act
        for sign, told in (("+", self.added), ("-", self.removed)):
            for what, entries in told.items():
                yield from (f"    {sign} {what} {each}" for each in entries)
        for what, (old, new) in self.changed.items():
            yield f"    {what}: {_word(new)}" if old is None else f"    {what}: {_word(old)} → {_word(new)}"


def differences(acts: Iterable[Act], found: Found) -> list[Difference]:
    return [_difference(each, found) for each in acts]


def text(found: list[Difference]) -> str:
    """The acts in their order, and how many there are of each kind."""
    if not found:
        return "the hub is as the directory says"
    kinds = [each.kind for each in found]
    counts = ", ".join(f"{kind} {kinds.count(kind)}" for kind in dict.fromkeys(kinds))
    return "\n".join([*(line for each in found for line in each.lines()), f"{len(found)} acts: {counts}"])


def _difference(act: Act, found: Found) -> Difference:
    told = str(act)
    match act:
        case Admit(id):
            return Difference(act=told, kind="party", name=id)
        case PushAccount(id, public, claims):
            account = found.accounts.get(public)
            return _between(told, "account", id, _listed(account.nats if account else {}), _listed(claims))
        case DeclareStream(config):
            stream = found.streams.get(config.name or "")
            return _between(told, "stream", config.name or "", _of_stream(stream) if stream else {}, _of_stream(config))
        case DeclareConsumer(stream_name, consumer):
            known = found.consumers.get((stream_name, consumer.name or ""))
            had, has = sorted(known.filters) if known else [], consumer.filter_subjects or []
            return _between(told, "consumer", f"{stream_name}/{consumer.name}", {"filter": had}, {"filter": has})
        case DropConsumer(stream_name, name):
            gone = found.consumers.get((stream_name, name))
            changed = {"not fetched": (gone.pending, 0)} if gone and gone.pending else {}
            return Difference(act=told, kind="consumer", name=f"{stream_name}/{name}", changed=changed)


def _of_stream(config: StreamConfig) -> dict[str, Any]:
    return {each: getattr(config, each) for each in COMPARED} | {"subject": config.subjects or []}


def _between(act: str, kind: str, name: str, was: dict[str, Any], now: dict[str, Any]) -> Difference:
    found = Difference(act=act, kind=kind, name=name, added={}, removed={}, changed={})
    for what in [*now, *(each for each in was if each not in now)]:
        old, new = was.get(what), now.get(what)
        if isinstance(old or new, list):
            _compare(found, what, old or [], new or [])
        elif old != new:
            found.changed[what] = old, new
    return found


def _compare(found: Difference, what: str, old: list[str], new: list[str]) -> None:
    if added := sorted(set(new) - set(old)):
        found.added[what] = added
    if removed := sorted(set(old) - set(new)):
        found.removed[what] = removed


def _listed(claims: Claims) -> dict[str, Any]:
    """Claims as lists and single values: `import`, `export`, `may publish`, `may listen`, each limit."""
    allowed = claims.get("default_permissions") or {}
    found: dict[str, Any] = {
        "import": [_imported(each) for each in claims.get("imports", ())],
        "export": [each["subject"] for each in claims.get("exports", ())],
        "may publish": (allowed.get("pub") or {}).get("allow", []),
        "may listen": (allowed.get("sub") or {}).get("allow", []),
    }
    if "resp" in allowed:
        found["may answer for seconds"] = allowed["resp"].get("ttl", 0) // 10**9
    if "revocations" in claims:
        found["disabled"] = True
    return found | {f"limit {name}": value for name, value in (claims.get("limits") or {}).items()}


def _imported(claim: Claims) -> str:
    at = claim.get("local_subject")
    return f"{claim['subject']} as {at}" if at else str(claim["subject"])


def _word(value: Any) -> str:
    return "none" if value is None else str(value.value if isinstance(value, Enum) else value)
