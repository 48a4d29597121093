"""Receipts (回执): a reader signs, to the owner, how far it has applied each of the owner's logs.

One receipt tells of all logs of one owner. It is a JWS of the reader's event key, so that the owner can show it to
others; each head in it carries the owner's own signature, so that it is also a witness of a restored database.
"""

import msgspec
from joserfc.jwk import ECKey

from sync.bus import wire
from sync.contract import jose
from sync.contract.strangers import reading
from sync.contract.trust.directory import Directory
from sync.log import Head

TYPE = "liandong-applied+jws"
MOST_LOGS = 200
"""Logs in one receipt; nobody writes so many to one reader."""


class Untrustworthy(Exception):
    """These bytes are no receipt of this reader for this owner."""


class Applied(msgspec.Struct, frozen=True):
    """How far one log was applied.

    Attributes:
        chain: Of that event, in hex.
        proof: The owner's signature over this head, as the reader verified it.
    """

    log: str
    epoch: str
    seq: int
    chain: str
    proof: str

    def head(self) -> Head:
        """Raises: ValueError, the chain is no hex."""
        return Head(self.epoch, self.seq, bytes.fromhex(self.chain), self.proof)


class Told(msgspec.Struct, frozen=True):
    """What a reader signs.

    Attributes:
        reader, owner: Committee ids.
        at: Unix seconds of the reader's clock; shown to people, and decides nothing.
        applied: At most 200 logs of this owner.
    """

    reader: str
    owner: str
    at: int
    applied: list[Applied]


_read = reading(msgspec.json.Decoder(Told).decode)


def signed(reader: str, owner: str, heads: dict[str, Head], at: int, key: ECKey) -> str:
    """The receipt of `reader` for `owner`: log → the verified head that stands here."""
    applied = [
        Applied(log, head.epoch, head.seq, head.chain.hex(), head.proof) for log, head in sorted(heads.items())
    ]  # fmt: skip
    return jose.sign(TYPE, msgspec.json.encode(Told(reader, owner, at, applied)), key)


def opened(text: str, reader: str, owner: str, directory: Directory) -> dict[str, Head]:
    """Log → head, as `reader` signed it for `owner` with a key that the directory shows.

    Raises:
        Untrustworthy: forged, of somebody else, for somebody else, or nothing that can be a receipt.
    """
    try:
        told = _read(_verified(text, reader, directory))
        found = {each.log: each.head() for each in told.applied}
    except (jose.Untrusted, msgspec.DecodeError, ValueError) as error:
        raise Untrustworthy(str(error)) from None
    if (told.reader, told.owner) != (reader, owner):
        raise Untrustworthy(f"of {told.reader[:40]} for {told.owner[:40]}")
    if len(told.applied) > MOST_LOGS or not all(map(wire.is_place, found.values())):
        raise Untrustworthy("too many logs, or no places in them")
    return found


def _verified(text: str, reader: str, directory: Directory) -> bytes:
    kid = jose.header_of(text).get("kid")
    for key in directory.keys(reader, "event"):
        if key.kid == kid:
            return jose.opened(TYPE, text, key)
    raise jose.Untrusted("signed with a key that the directory does not show")
