"""The bytes that travel besides the envelope: an event read out of them, the owner's signature over a head, a reader's
ask and its receipt, with what they are answered.

Bodies are hashed and signed as sent and never encoded again. A proof of a head is a detached JWS over
`sync.log.statement`; asks, receipts and their answers are msgpack.
"""

import re
from collections.abc import Callable

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.channels import log_of, parts_of
from sync.contract.directory import Directory
from sync.log import Event, Head, Verify, statement

HEAD = "liandong-head+jws"
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


_place = msgspec.json.Decoder(_Place).decode


def event(body: bytes, proof: str = "", log: str = "") -> Event:
    """The place in the log, read out of the bytes. What else they say is not looked at.

    Raises:
        Unreadable: no envelope, no possible place, or of another log than `log` (the one their subject names).
    """
    try:
        told = _place(body)
        found = Event(told.epoch, told.seq, bytes.fromhex(told.prev), body, proof)
    except (msgspec.DecodeError, ValueError) as error:
        raise Unreadable(str(error)) from None
    if log and (said := log_of(told.source.rpartition(":")[2], told.channel)) != log:
        raise Unreadable(f"{said[:80]} under the subject of {log}")
    if not is_place(Head(found.epoch, found.seq, found.prev)):
        raise Unreadable(f"no place in a log: {found.epoch[:80]}/{found.seq}")
    return found


def is_place(head: Head) -> bool:
    """Whether this can be the place of an event."""
    return bool(_EPOCH.fullmatch(head.epoch)) and 0 < head.seq < _MOST_SEQ and len(head.chain) == _CHAIN


# ── who vouches for a head ──


def signer(key: ECKey) -> Signer:
    return lambda log, head: jose.sign_detached(HEAD, statement(log, head), key)


def verifier(directory: Callable[[], Directory]) -> Verify:
    """Checks heads with the event keys of the directory in force at that moment."""

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
                return jose.is_signed(HEAD, head.proof, statement(log, head), key)
        return None

    return verify


# ── asking a holder ──


class Ask(msgspec.Struct, array_like=True, frozen=True):
    """I stand here, with the owner's signature to show for it; give me what follows.

    Attributes:
        have: The asker's head; None: nothing yet.
        upto: Up to this seq at most; None: as far as there is.
        room: Bytes of bodies that may come back; 0: only the holder's head.
    """

    log: str
    have: Head | None = None
    upto: int | None = None
    room: int = 512 * 1024


class Answer(msgspec.Struct, array_like=True, frozen=True):
    """What a holder gives.

    Attributes:
        head: Where the holder stands; None: it has nothing, or says nothing.
        rows: Body and proof of each event, ascending, at most 500, ending on a signed head.
        busy: Seconds; ask again later, or somebody else.
        refused: NOT_A_READER: the directory doesn't entitle you to this log. NOT_A_HOLDER: I don't follow it.
    """

    head: Head | None = None
    rows: list[tuple[bytes, str]] = []
    busy: float = 0.0
    refused: str = ""


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


pack = msgspec.msgpack.Encoder().encode
_ask = msgspec.msgpack.Decoder(Ask)
_answer = msgspec.msgpack.Decoder(Answer)
_receipt = msgspec.msgpack.Decoder(Receipt)
_confirmed = msgspec.msgpack.Decoder(Confirmed)


def read_ask(data: bytes) -> Ask:
    """Raises: Unreadable."""
    try:
        return _ask.decode(data)
    except (msgspec.DecodeError, ValueError) as error:
        raise Unreadable(str(error)) from None


def read_question(data: bytes) -> Ask | Receipt:
    """What somebody sent to a holder: an ask, or a receipt. Raises: Unreadable, neither."""
    try:
        return _receipt.decode(data)
    except (msgspec.DecodeError, ValueError):
        return read_ask(data)


def read_confirmed(data: bytes) -> Confirmed:
    """Raises: Unreadable."""
    try:
        return _confirmed.decode(data)
    except (msgspec.DecodeError, ValueError) as error:
        raise Unreadable(str(error)) from None


def read_answer(data: bytes) -> Answer:
    """Raises: Unreadable."""
    try:
        return _answer.decode(data)
    except (msgspec.DecodeError, ValueError) as error:
        raise Unreadable(str(error)) from None
