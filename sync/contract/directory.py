"""目录 (directory): who is in the federation, who may read what, and whose key is whose.

A directory is a JWS signed by the registrar; everybody keeps the last good copy and checks it offline. It is the only
trust there is between committees: no key is ever fetched from anybody else.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Literal

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.channels import log_of, parts_of
from sync.contract.committees import CommitteeRecord, CommitteeState
from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.levels import Level

TYPE = "liandong-directory+jws"
Use = Literal["event", "token", "request", "code", "enc"]
"""What a key of a committee is for: log heads, user tokens, request proofs, check-in codes, sealed bodies."""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One committee or gateway as the directory shows it.

    Attributes:
        keys: Use → public JWKs in force, newest first.
        nats_account: Public NATS account key.
        login_url: Where its users sign in; None: they cannot through a gateway.
        nbf_tokens: Tokens issued before this moment (Unix seconds) are void.
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


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What is signed. Times in Unix seconds; `serial` only grows."""

    serial: int
    issued_at: int
    expires_at: int
    entries: list[Listed]
    mechanisms: list[ListedMechanism] = []


def signed(contents: Contents, registrar: ECKey) -> str:
    return jose.sign(TYPE, msgspec.json.encode(contents), registrar)


class Directory:
    """The federation as one signed directory shows it. Immutable; a newer one replaces it whole."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.entries = {each.id: each for each in contents.entries}
        self.mechanisms = {each.id: each for each in contents.mechanisms}

    @classmethod
    def read(cls, text: str, registrar: ECKey, at_least: int = 0) -> "Directory":
        """The directory in `text`.

        Raises:
            jose.Untrusted: not signed by the registrar, malformed, or older than serial `at_least`.
        """
        try:
            contents = msgspec.json.decode(jose.opened(TYPE, text, registrar), type=Contents)
        except msgspec.DecodeError as error:
            raise jose.Untrusted(str(error)) from None
        if contents.serial < at_least:
            raise jose.Untrusted("an older directory")
        return cls(contents)

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

    def keys(self, id: str, use: Use) -> list[ECKey]:
        """Keys in force of an active committee or gateway; none of anybody else."""
        if not self.is_active(id):
            return []
        return self._imported(id, use)

    def _imported(self, id: str, use: Use) -> list[ECKey]:
        known = self._keys
        if (id, use) not in known:
            known[id, use] = [jose.read_key(dict(jwk)) for jwk in self.entries[id].keys.get(use, [])]
        return known[id, use]

    @cached_property
    def _keys(self) -> dict[tuple[str, Use], list[ECKey]]:
        return {}

    # ── kinship ──

    def parent(self, id: str) -> str | None:
        found = self.entries.get(id)
        return found.parent if found and found.parent in self.entries else None

    def ancestors(self, id: str) -> list[str]:
        """From the parent up."""
        found: list[str] = []
        at = self.parent(id)
        while at and at not in found:
            found.append(at)
            at = self.parent(at)
        return found

    def children(self, id: str) -> list[str]:
        return self._children.get(id, [])

    def subtree(self, id: str) -> list[str]:
        """Everybody below `id`, without itself, in the directory's order."""
        return [each for each in self.committees if id in self.ancestors(each)]

    def partners(self, id: str) -> list[str]:
        """Everybody with whom `id` shares a mechanism."""
        found = {member for each in self.mechanisms.values() if id in each.members for member in each.members}
        return [each for each in self.committees if each in found and each != id]

    def neighbours(self, id: str) -> list[str]:
        """Parent, children, siblings and mechanism partners: with these a committee deals directly."""
        up = self.parent(id)
        near = {up, *self.children(id), *(self.children(up) if up else ()), *self.partners(id)} - {id}
        return [each for each in self.committees if each in near]

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for each in self.committees.values():
            if each.parent_id:
                found.setdefault(each.parent_id, []).append(each.id)
        return found

    # ── who may read what ──

    def channels_of(self, owner: str) -> list[str]:
        """Every channel this committee may write; the hub accepts no other."""
        mine = [f"m_{each.rpartition('.')[2]}" for each, of in self.mechanisms.items() if owner in of.members]
        return ["c", "p", "n", "d", "o", *mine, *(f"x_{each}" for each in self.neighbours(owner))]

    def readers(self, log: str) -> list[str]:
        """Nearest first; whoever stands here may read the log and, holding it, may hand it on to the others here."""
        owner, channel = parts_of(log)
        ancestors = self.ancestors(owner)
        match channel[0]:
            case "c":
                found: Iterable[str] = ancestors[:1]
            case "p":
                found = [each for each in ancestors if self.entries[each].level is not Level.NATION]
            case "n":
                found = ancestors
            case "d":
                found = self.subtree(owner)
            case "o":
                found = self.neighbours(owner)
            case "x":
                found = [channel[2:]]
            case _:
                found = self._party(owner, channel)
        return [each for each in found if each != owner and each in self.committees]

    def _party(self, owner: str, channel: str) -> list[str]:
        for id, mechanism in self.mechanisms.items():
            if f"m_{id.rpartition('.')[2]}" == channel and owner in mechanism.members:
                return mechanism.members
        return []

    def follows(self, reader: str) -> list[str]:
        """Every log that this committee may read, by owner."""
        return [
            log for owner in self.committees if owner != reader
            for log in (log_of(owner, channel) for channel in self._between(owner, reader))
        ]  # fmt: skip

    def reach(self, owner: str, reader: str) -> list[str]:
        """Channels of `owner` whose records `reader` may see; open ones are read live by every active committee."""
        if not self.is_active(reader):
            return []
        found = self._between(owner, reader)
        return found if "o" in found else [*found, "o"]

    def _between(self, owner: str, reader: str) -> list[str]:
        found: list[str] = []
        ancestors = self.ancestors(owner)
        if reader in ancestors:
            found += ["c"] if reader == ancestors[0] else []
            found += ["p"] if self.entries[reader].level is not Level.NATION else []
            found += ["n"]
        if owner in self.ancestors(reader):
            found.append("d")
        if reader in self.neighbours(owner):
            found += ["o", f"x_{reader}"]
        for id, mechanism in self.mechanisms.items():
            if owner in mechanism.members and reader in mechanism.members:
                found.append(f"m_{id.rpartition('.')[2]}")
        return found
