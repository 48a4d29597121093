"""The bytes that travel besides the envelope: an event read out of them, the owner's signature over a head, a reader's
ask and its receipt, with what they are answered.

Bodies are hashed and signed as sent and never encoded again. A proof of a head is a detached JWS over
`sync.log.statement`; asks, receipts and their answers are msgpack.
"""

import re
from collections.abc import Callable
from typing import TypeVar

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.channels import log_of, parts_of
from sync.contract.strangers import reading
from sync.contract.trust.directory import Directory
from sync.log import Event, Head, Hole, Verify, erasure_statement, statement

HEAD = "liandong-head+jws"
ERASED = "liandong-erased+jws"
STAND = "liandong-stand+jws"
UNREADABLE = "999999-unreadable"
"""Epoch of a message on the hub that is no event of its log: nobody signed it, so the rules call it a stranger's."""
_EPOCH = re.compile(r"[0-9]{6}-[0-9a-f]{4,32}")
_CHAIN = 32
_MOST_SEQ = 2**31
"""What every database keeps as a number."""

Signer = Callable[[str, Head], str]
"""(log, head) → proof, made with this committee's event key."""


class Unreadable(Exception):
    """These bytes are no event of this log, or no ask or answer."""


class _Place(msgspec.Struct):
    """As much of an envelope as the log's rules need; the rest may be of a release that is not known here."""

    source: str
    channel: str
    epoch: str
    seq: int
    prev: str
    erased: str = ""
    chain: str = ""


class HoleBody(msgspec.Struct):
    """What travels and is kept in place of an erased body; bytes of it are made in one way only.

    Attributes:
        source, channel, epoch, seq, prev: As they were in the event that was erased.
        chain: The chain after it, in hex.
        erased: The owner's signature that it was erased (`sync.log.erasure_statement`).
    """

    source: str
    channel: str
    epoch: str
    seq: int
    prev: str
    chain: str
    erased: str
    type: str = "cn.liandong.log.erased"
    op: str = "erased"


_place = reading(msgspec.json.Decoder(_Place).decode)
_hole_body = msgspec.json.Encoder().encode
_HOLE_ENDS = b'"type":"cn.liandong.log.erased","op":"erased"}'


def event(body: bytes, proof: str = "", log: str = "") -> Event:
    """The place in the log, read out of the bytes. What else they say is not looked at.

    Raises:
        Unreadable: no envelope, no possible place, or of another log than `log` (the one their subject names).
    """
    try:
        told = _place(body)
        found = Event(told.epoch, told.seq, bytes.fromhex(told.prev), body, proof)
        if told.erased:  # made anew: nothing vouches for what else these bytes may say
            of = log_of(told.source.rpartition(":")[2], told.channel)
            head = Head(told.epoch, told.seq, bytes.fromhex(told.chain), told.erased)
            found = hole(of, head, found.prev)._replace(proof=proof)
    except (msgspec.DecodeError, ValueError) as error:
        raise Unreadable(str(error)) from None
    if log and (said := log_of(told.source.rpartition(":")[2], told.channel)) != log:
        raise Unreadable(f"{said[:80]} under the subject of {log}")
    chain = found.hole.chain if found.hole else found.prev
    if len(found.prev) != _CHAIN or not is_place(Head(found.epoch, found.seq, chain)):
        raise Unreadable(f"no place in a log: {found.epoch[:80]}/{found.seq}")
    return found


def hole(log: str, head: Head, prev: bytes) -> Event:
    """What is left of the event at this head, which followed `prev`; `head.proof` is its owner's word for it."""
    owner, channel = parts_of(log)
    body = _hole_body(
        HoleBody(
            f"urn:liandong:{owner}", channel, head.epoch, head.seq, prev.hex(), head.chain.hex(), head.proof
        )
    )  # fmt: skip
    return Event(head.epoch, head.seq, prev, body, hole=Hole(head.chain, head.proof))


def is_hole(body: bytes) -> bool:
    """Whether these kept bytes, taken in by `event` once, stand in place of an erased body."""
    return body.endswith(_HOLE_ENDS)


def is_place(head: Head) -> bool:
    """Whether this can be the place of an event."""
    return bool(_EPOCH.fullmatch(head.epoch)) and 0 < head.seq < _MOST_SEQ and len(head.chain) == _CHAIN


# ── who vouches for a head ──


def signer(key: ECKey) -> Signer:
    return lambda log, head: jose.sign_detached(HEAD, statement(log, head), key)


def eraser(key: ECKey) -> Signer:
    """Signs that the event at a head was erased."""
    return lambda log, head: jose.sign_detached(ERASED, erasure_statement(log, head), key)


def verifier(directory: Callable[[], Directory], typ: str = HEAD) -> Verify:
    """Checks heads (or, as `ERASED`, holes) with the event keys of the directory in force at that moment."""
    said = statement if typ == HEAD else erasure_statement

    def verify(log: str, head: Head) -> bool | None:
        if not head.proof:
            return False
        try:
            kid = jose.header_of(head.proof).get("kid")
        except jose.Untrusted:
            return False
        owner, _ = parts_of(log)
        for key in directory().keys(owner, "event"):
            if key.kid == kid:
                return jose.is_signed(typ, head.proof, said(log, head), key)
        return None

    return verify


# ── asking the hub to forget ──


class Erase(msgspec.Struct, array_like=True, frozen=True):
    """The hub is to drop what it keeps at these places of a log of mine, at most MOST_ERASED."""

    channel: str
    epoch: str
    seqs: list[int]


class Erased(msgspec.Struct, array_like=True, frozen=True):
    """The hub keeps nothing at those places any more; `dropped`: messages that it had and dropped."""

    dropped: int


# ── asking a holder ──


class Ask(msgspec.Struct, array_like=True, frozen=True):
    """I stand here, with the owner's signature to show for it; give me what follows.

    Attributes:
        have: The asker's head; None: nothing yet.
        upto: Up to this seq at most; None: as far as there is.
        room: Bytes of bodies that may come back; 0: only the holder's head.
        nonce: Drawn anew for each ask; the owner signs it into its answer.
    """

    log: str
    have: Head | None = None
    upto: int | None = None
    room: int = 512 * 1024
    nonce: str = ""


class Answer(msgspec.Struct, array_like=True, frozen=True):
    """What a holder gives.

    Attributes:
        head: Where the holder stands; None: it has nothing, or says nothing.
        rows: Body and proof of each event, ascending, at most 500, ending on a signed head.
        busy: Seconds; ask again later, or somebody else.
        refused: NOT_A_READER: the directory doesn't entitle you to this log. NOT_A_HOLDER: I don't follow it.
        stand: The owner's signature that its log ended at `head` when it was asked with the ask's nonce; "" from a
            fellow reader. An older answer that somebody kept and hands out again does not have it.
    """

    head: Head | None = None
    rows: list[tuple[bytes, str]] = []
    busy: float = 0.0
    refused: str = ""
    stand: str = ""


# ── confirming to an owner ──


class Receipt(msgspec.Struct, array_like=True, frozen=True, tag="receipt"):
    """So far I have applied your logs; the text is `sync.bus.receipts`'. An older release finds it unreadable."""

    signed: str


class Confirmed(msgspec.Struct, array_like=True, frozen=True):
    """What an owner answers to a receipt.

    Attributes:
        kept: Logs of which it now knows, from this receipt or an earlier one, that they stand there or further.
        busy: Seconds; tell me again later.
        refused: NOT_SIGNED: the receipt is not yours, or not for me.
    """

    kept: list[str] = []
    busy: float = 0.0
    refused: str = ""


# ── asking the hub for the directory ──


class DirectoryAsk(msgspec.Struct, array_like=True, frozen=True):
    """Attributes:
    digest: SHA-256 of the text that I have, in hex; empty: none.
    """

    digest: str = ""


class DirectoryTold(msgspec.Struct, array_like=True, frozen=True):
    """What the hub hands out.

    Attributes:
        text: The directory as it was signed; empty: you have it, or not now.
        busy: Seconds; ask again later.
    """

    text: str = ""
    busy: float = 0.0


MOST_ERASED = 500
"""Places in one request to forget."""
T = TypeVar("T")
pack = msgspec.msgpack.Encoder().encode


def _reader(kind: type[T]) -> Callable[[bytes], T]:
    """Reads messages of this kind; raises Unreadable where the bytes are none."""
    decode = reading(msgspec.msgpack.Decoder(kind).decode)

    def read(data: bytes) -> T:
        try:
            return decode(data)
        except (msgspec.DecodeError, ValueError) as error:
            raise Unreadable(str(error)) from None

    return read


read_ask, read_answer = _reader(Ask), _reader(Answer)
read_confirmed, read_erased = _reader(Confirmed), _reader(Erased)
read_directory_ask, read_directory_told = _reader(DirectoryAsk), _reader(DirectoryTold)
_receipt, _erase = _reader(Receipt), _reader(Erase)


def read_question(data: bytes) -> Ask | Receipt:
    """What somebody sent to a holder: an ask, or a receipt. Raises: Unreadable, neither."""
    try:
        return _receipt(data)
    except Unreadable:
        return read_ask(data)


def read_erase(data: bytes) -> Erase:
    """Raises: Unreadable."""
    told = _erase(data)
    if len(told.seqs) > MOST_ERASED:
        raise Unreadable(f"{len(told.seqs)} places")
    return told
