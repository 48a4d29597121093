"""The directory as it travels: a charter, a part of each registrar, and the descriptors that the parts name.

A text of compact JWS, one a line: first the charter, then the parts, then the descriptors. The **charter** is signed by
the root, which the hub's operator keeps and everybody is configured with: it says who is a registrar, and of which
ids. Each **part** is signed by its registrar: it says where each of its ids stands, and which root key is whose. A
descriptor is named by its digest, so that one that did not change is known by its text and not checked again.
"""

from collections.abc import Iterable

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.shapes.committees import CommitteeState
from sync.contract.strangers import reading
from sync.contract.trust.descriptors import Root, digest

CHARTER, PART = "liandong-charter+jws", "liandong-directory+jws"
LIVES = 7 * 86_400
"""Seconds for which a part is good; its registrar signs it anew every hour."""
CHARTER_LIVES = 400 * 86_400
"""The same of a charter."""
WARN_BEFORE = 86_400
"""Seconds before its end from which on people are told that a directory is not signed anew."""
CHARTER_WEIGHT = 10**12
"""Serial of a directory = serial of its charter × this + the sum of its parts' serials: it grows with each of them."""


class Registrar(msgspec.Struct, frozen=True, kw_only=True):
    """登记机关: who may define ids, and which: those that begin with one of `prefixes`; `""` is all of them."""

    name: str
    key: Root
    prefixes: list[str]

    def may_define(self, id: str) -> bool:
        return any(id.startswith(each) for each in self.prefixes)


class Charter(msgspec.Struct, frozen=True, kw_only=True):
    """Times in Unix seconds."""

    serial: int
    issued_at: int
    expires_at: int
    registrars: list[Registrar]


class Relations(msgspec.Struct, frozen=True, kw_only=True):
    """What a party is to others, as its registrar says.

    Attributes:
        parent: The committee above; it counts only if the descriptor says the same.
        successor: Who took over when it was closed.
        current_code: GB/T 2260 code in force today; empty: the id.
    """

    parent: str | None = None
    successor: str | None = None
    current_code: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One party.

    Attributes:
        root: Thumbprint (RFC 7638) of its root key; it never changes.
        descriptor: Digest of its descriptor's text.
        nbf_tokens: Tokens issued before this moment (Unix seconds) are void.
    """

    id: str
    state: CommitteeState
    root: str
    descriptor: str
    nbf_tokens: int = 0
    relations: Relations = Relations()


class JointMembers(msgspec.Struct, frozen=True, kw_only=True):
    """Those of this registrar's own committees that are in a mechanism. Each registrar speaks of its own only, and the
    mechanism is there when the registrar of the committee that owns its id says so.
    """

    id: str
    name: str
    members: list[str]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one registrar says. Times in Unix seconds.

    Attributes:
        serial: Grows with every change.
        ledger: Hash of the newest line of its audit log, whose number the serial is: whoever keeps a part can show
            that a log was written anew. Empty: it keeps none.
    """

    serial: int
    issued_at: int
    expires_at: int
    entries: list[Entry]
    mechanisms: list[JointMembers] = []
    ledger: str = ""


def signed_charter(charter: Charter, root: ECKey) -> str:
    return jose.sign(CHARTER, msgspec.json.encode(charter), root)


def signed_part(part: Part, registrar: ECKey) -> str:
    return jose.sign(PART, msgspec.json.encode(part), registrar)


def read_charter(text: str, root: ECKey) -> Charter:
    """Raises: jose.Untrusted, the root did not sign it, or it cannot be read."""
    return jose.decoded(jose.opened(CHARTER, text, root, is_large=True), _charter)


def read_part(text: str, registrar: ECKey) -> Part:
    """Raises: jose.Untrusted, this registrar did not sign it, or it cannot be read."""
    return jose.decoded(jose.opened(PART, text, registrar, is_large=True), _part)


def joined(charter: str, parts: Iterable[str], descriptors: Iterable[str]) -> str:
    """The text that travels; descriptors that several parts name stand in it once."""
    return "\n".join([charter, *parts, *dict.fromkeys(descriptors)])


def taken_apart(text: str) -> tuple[str, list[str], dict[str, str]]:
    """Charter, parts, and descriptors by their digest; nothing is checked but what each line calls itself.

    Raises:
        jose.Untrusted: it is not such a text.
    """
    charter, *rest = text.split() or [""]
    parts: list[str] = []
    for each in rest:
        if jose.type_and_signer(each)[0] != PART:
            break
        parts.append(each)
    return charter, parts, {digest(each): each for each in rest[len(parts) :]}


_charter = reading(msgspec.json.Decoder(Charter).decode)
_part = reading(msgspec.json.Decoder(Part).decode)
