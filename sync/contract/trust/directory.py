"""目录 (directory): who is in the federation, who may read what, and whose key is whose.

This is the directory as it reads once everything in it was checked (`signed_directory`); how it travels is in
`directory_parts`. It is the only trust there is between committees: no key is ever fetched from anybody else.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.channels import log_of, partner, parts_of
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.levels import Level
from sync.contract.shapes.committees import CommitteeRecord, CommitteeState

Use = Literal["event", "token", "request", "code", "enc"]
"""What a key of a committee is for: log heads, user tokens, request proofs, check-in codes, sealed bodies."""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One committee or gateway as the directory shows it.

    Attributes:
        keys: Use → public JWKs, newest first; with `nbf` and `exp` in Unix seconds where they are good for a while.
        nats_account: Public NATS account key.
        login_url: Where its users sign in; None: they cannot through a gateway.
        nbf_tokens: Tokens issued before this moment (Unix seconds) are void.
        root: Thumbprint of the key that signs its descriptors.
        seq: Of its descriptor; `descriptor`: the digest of that.
        expires_at: When its registrar's word for it ends (Unix seconds); None: with the directory.
    """

    id: str
    kind: Literal["committee", "gateway"] = "committee"
    name: str
    short_name: str = ""
    level: Level = Level.COUNTY
    parent: str | None = None
    state: CommitteeState = CommitteeState.ACTIVE
    keys: dict[Use, list[dict[str, Any]]] = {}
    nats_account: str = ""
    login_url: str | None = None
    contact: str = ""
    nbf_tokens: int = 0
    current_code: str = ""
    successor: str | None = None
    root: str = ""
    seq: int = 0
    descriptor: str = ""
    expires_at: int | None = None

    def record(self) -> CommitteeRecord:
        return CommitteeRecord(
            id=Id(self.id), name=self.name, short_name=self.short_name or self.name, level=self.level,
            parent_id=Id(self.parent) if self.parent else None, state=self.state,
            current_code=self.current_code or self.id, successor_id=Id(self.successor) if self.successor else None,
        )  # fmt: skip


class ListedMechanism(msgspec.Struct, frozen=True, kw_only=True):
    """A standing mechanism and who is in it; the agreement itself is a record that every member signs."""

    id: str
    name: str
    members: list[str]


Void = Literal["DEFINED_TWICE", "OUTSIDE_PREFIX", "PARENT_DISPUTED", "MECHANISM_UNKNOWN"]
"""Why something in a directory does not count, see `sync.contract.trust.signed_directory`."""


class DirectoryAlarm(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the directory that does not count, and that people have to look into.

    Attributes:
        id: The party or mechanism it is about.
        registrars: By name, who said it.
    """

    code: Void
    id: str
    registrars: list[str]


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What a directory says, checked. Times in Unix seconds.

    Attributes:
        serial: Only grows.
        issued_at: When the newest of its parts was signed.
        expires_at: When the first of its parts ends to be in force.
        charter: Serial of its charter.
        parts: Thumbprint of a registrar's key → serial of its part.
        alarms: What in it does not count.
    """

    serial: int
    issued_at: int
    expires_at: int
    entries: list[Listed]
    mechanisms: list[ListedMechanism] = []
    charter: int = 0
    parts: dict[str, int] = {}
    alarms: list[DirectoryAlarm] = []


class Directory:
    """The federation as one signed directory shows it. Immutable; a newer one replaces it whole."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.entries = {each.id: each for each in contents.entries}
        self.mechanisms = {each.id: each for each in contents.mechanisms}

    # ── who ──

    @property
    def serial(self) -> int:
        return self.contents.serial

    @cached_property
    def committees(self) -> dict[str, CommitteeRecord]:
        """Active committees in the directory's order."""
        return {
            each.id: each.record() for each in self.contents.entries
            if each.kind == "committee" and each.state is CommitteeState.ACTIVE
        }  # fmt: skip

    def get(self, id: str) -> Listed:
        """Raises: Refusal UNKNOWN_COMMITTEE."""
        if id not in self.entries:
            raise Refusal(Code.UNKNOWN_COMMITTEE, id=id[:40])
        return self.entries[id]

    def is_active(self, id: str) -> bool:
        return id in self.entries and self.entries[id].state is CommitteeState.ACTIVE

    def ends(self, id: str) -> int:
        """When the word of this party's registrar ends, unless it is signed anew (Unix seconds). Of somebody who is not
        listed: when the first of all ends.
        """
        listed = self.entries.get(id)
        until = listed.expires_at if listed else None
        return self.contents.expires_at if until is None else until

    def has_expired(self, id: str, now: int) -> bool:
        """Whether that has ended: nobody knows then whether the party was suspended meanwhile."""
        return self.ends(id) <= now

    def keys(self, id: str, use: Use, now: int | None = None) -> list[ECKey]:
        """Keys of an active committee or gateway, newest first; none of anybody else.

        With `now` (Unix seconds) only those in force then. Heads of logs are checked without: whoever reads them may
        read them years later.
        """
        if not self.is_active(id):
            return []
        known = self._imported(id, use)
        return [key for key, nbf, exp in known if now is None or (nbf <= now and (exp is None or now < exp))]

    def keys_end(self, id: str) -> int | None:
        """When the first use of this party is left without a key in force, unless it shows another one before (Unix
        seconds); None: never.
        """
        shown = self.entries[id].keys.values() if id in self.entries else ()
        ends = [
            None if any("exp" not in each for each in jwks) else max(each["exp"] for each in jwks) for jwks in shown
        ]
        return min((each for each in ends if each is not None), default=None)

    def newest_shown(self, id: str, use: Use, own: Sequence[ECKey], now: int | None = None) -> ECKey:
        """The first of `own` that this party's entry shows; where it shows none of them, the first. `own`: its private
        keys for this use, newest first. With `now` (Unix seconds) only those count that are in force then; give it
        wherever others check with the time.

        So a key can be changed without a moment in which nobody believes its owner.
        """
        shown = {key.kid for key in self.keys(id, use, now)}
        return next((key for key in own if key.kid in shown), own[0])

    def _imported(self, id: str, use: Use) -> list[tuple[ECKey, int, int | None]]:
        known = self._keys
        if (id, use) not in known:
            known[id, use] = [
                (key, jwk.get("nbf", 0), jwk.get("exp"))
                for jwk in self.entries[id].keys.get(use, [])
                if (key := _key(jwk)) is not None
            ]
        return known[id, use]

    @cached_property
    def _keys(self) -> dict[tuple[str, Use], list[tuple[ECKey, int, int | None]]]:
        return {}

    # ── kinship ──
    #
    # Everything below is asked for each of thousands of committees, or for each question of one: what it needs is
    # gathered once, so that no answer walks through all committees.

    def parent(self, id: str) -> str | None:
        found = self.entries.get(id)
        return found.parent if found and found.parent in self.entries else None

    def ancestors(self, id: str) -> list[str]:
        """From the parent up."""
        return list(self._ancestors.get(id, ()))

    @cached_property
    def _ancestors(self) -> dict[str, tuple[str, ...]]:
        found = {}
        for id in self.entries:
            above: list[str] = []
            at = self.parent(id)
            while at and at not in above:
                above.append(at)
                at = self.parent(at)
            found[id] = tuple(above)
        return found

    def children(self, id: str) -> list[str]:
        return self._children.get(id, [])

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for each in self.committees.values():
            if each.parent_id:
                found.setdefault(each.parent_id, []).append(each.id)
        return found

    def subtree(self, id: str) -> list[str]:
        """Everybody below `id`, without itself, in the directory's order."""
        return list(self._subtrees.get(id, ()))

    @cached_property
    def _subtrees(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for id in self.committees:
            for above in self._ancestors[id]:
                found.setdefault(above, []).append(id)
        return found

    @cached_property
    def _mechanisms_of(self) -> dict[str, list[tuple[str, ListedMechanism]]]:
        """Member → channel and contents of each mechanism it is in, in the directory's order."""
        found: dict[str, list[tuple[str, ListedMechanism]]] = {}
        for id, mechanism in self.mechanisms.items():
            for member in dict.fromkeys(mechanism.members):
                found.setdefault(member, []).append((f"m_{id.rpartition('.')[2]}", mechanism))
        return found

    def partners(self, id: str) -> list[str]:
        """Everybody with whom `id` shares a mechanism."""
        return self._in_order({member for _, each in self._mechanisms_of.get(id, ()) for member in each.members} - {id})

    def neighbours(self, id: str) -> list[str]:
        """Parent, children, siblings and mechanism partners: with these a committee deals directly."""
        return list(self._near(id))

    def _near(self, id: str) -> Mapping[str, None]:
        """The same, in the same order, to look somebody up in."""
        known = self._neighbours.get(id)
        if known is None:
            up = self.parent(id)
            near = {*self.children(id), *(self.children(up) if up else ()), *self.partners(id)}
            known = dict.fromkeys(self._in_order((near | {up} if up else near) - {id}))
            if id in self.entries:  # whoever asks of others must not fill the memory
                self._neighbours[id] = known
        return known

    @cached_property
    def _neighbours(self) -> dict[str, Mapping[str, None]]:
        return {}

    def _in_order(self, ids: Iterable[str]) -> list[str]:
        """Those of these that are active committees, in the directory's order."""
        return sorted((each for each in ids if each in self._places), key=self._places.__getitem__)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {id: at for at, id in enumerate(self.committees)}

    # ── who may read what ──

    def channels_of(self, owner: str) -> list[str]:
        """Every channel this committee may write; the hub accepts no other."""
        mine = [channel for channel, _ in self._mechanisms_of.get(owner, ())]
        return ["c", "p", "n", "d", "o", *mine, *(partner(each) for each in self._near(owner))]

    def readers(self, log: str) -> list[str]:
        """Nearest first; whoever stands here may read the log and, holding it, may hand it on to the others here."""
        owner, channel = parts_of(log)
        ancestors = self._ancestors.get(owner, ())
        match channel[0]:
            case "c":
                found: Iterable[str] = ancestors[:1]
            case "p":
                found = [each for each in ancestors if self.entries[each].level is not Level.NATION]
            case "n":
                found = ancestors
            case "d":
                found = self._subtrees.get(owner, ())
            case "o":
                found = self._near(owner)
            case "x":
                found = [channel[2:]]
            case _:
                found = self._party(owner, channel)
        return [each for each in found if each != owner and each in self.committees]

    def _party(self, owner: str, channel: str) -> list[str]:
        return next((each.members for known, each in self._mechanisms_of.get(owner, ()) if known == channel), [])

    def is_reader(self, log: str, who: str) -> bool:
        """Whether `who` stands among the readers of this log."""
        owner, channel = parts_of(log)
        if who == owner or who not in self.committees:
            return False
        match channel[0]:
            case "d":
                return owner in self._ancestors[who]
            case "o":
                return who in self._near(owner)
            case _:
                return who in self.readers(log)

    def follows(self, reader: str) -> list[str]:
        """Every log that this committee may read, by owner."""
        near = {*self._ancestors.get(reader, ()), *self._subtrees.get(reader, ()), *self._near(reader)} - {reader}
        return [log_of(owner, channel) for owner in self._in_order(near) for channel in self._between(owner, reader)]

    def reach(self, owner: str, reader: str) -> list[str]:
        """Channels of `owner` whose records `reader` may see; open ones are read live by every active committee."""
        if not self.is_active(reader):
            return []
        found = self._between(owner, reader)
        return found if "o" in found else [*found, "o"]

    def _between(self, owner: str, reader: str) -> list[str]:
        found: list[str] = []
        ancestors = self._ancestors.get(owner, ())
        if reader in ancestors:
            found += ["c"] if reader == ancestors[0] else []
            found += ["p"] if self.entries[reader].level is not Level.NATION else []
            found += ["n"]
        if owner in self._ancestors.get(reader, ()):
            found.append("d")
        if reader in self._near(owner):
            found += ["o", partner(reader)]
        found += [channel for channel, each in self._mechanisms_of.get(owner, ()) if reader in each.members]
        return found


def _key(jwk: dict[str, Any]) -> ECKey | None:
    """None: it is no key on P-256. A committee that lists such a one harms nobody but itself."""
    try:
        return jose.read_key({name: jwk[name] for name in ("kty", "crv", "x", "y") if name in jwk})
    except jose.Untrusted:
        return None


NOBODY_LISTED = Directory(Contents(serial=0, issued_at=0, expires_at=0, entries=[]))
"""For whoever tells nobody anything."""
