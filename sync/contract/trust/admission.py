"""入会 (admission): what passes between a registrar and a candidate before the directory shows it.

    registrar ── invite ──► candidate      signed by the registrar, for one id, once, 72 hours
    registrar ◄── answer ── candidate      its descriptor, and a word by each key in it: they are in its hands
    registrar ◄─ approval ─ candidate      somebody there compared the fingerprint that the registrar received

They travel by whatever way people have: a file, a letter. Nothing in them is secret; what counts is the fingerprint
that two people compare over another way.
"""

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.errors import Code, Refusal, Said
from sync.contract.levels import Level
from sync.contract.strangers import reading
from sync.contract.trust import descriptors
from sync.contract.trust.descriptors import Descriptor, Root

INVITE, ANSWER, APPROVAL = "liandong-invite+jws", "liandong-answer+jws", "liandong-approval+jws"
_HELD = "liandong-held+jws"
INVITE_LIVES = 72 * 3600
"""Seconds in which an invite is to be answered."""


class Invite(msgspec.Struct, frozen=True, kw_only=True):
    """邀请. Times in Unix seconds.

    Attributes:
        jti: Names this invite; it is answered once.
        id: Whom it is for.
        registrar: The key that signs this; its name is beside it.
        root: The federation's root key, which the candidate is to be configured with.
    """

    jti: str
    id: str
    issued_at: int
    expires_at: int
    registrar: Root
    registrar_name: str
    root: Root
    kind: str = "committee"
    level: Level = Level.COUNTY
    parent: str | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The candidate's word, signed by its root key.

    Attributes:
        jti: Of the invite.
        descriptor: As it is to stand in the directory.
        held: A detached signature over the invite's jti by each key of the descriptor, in its order.
    """

    jti: str
    descriptor: str
    held: list[str]


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """The word of a person at the candidate's, signed by its root key.

    Attributes:
        fingerprint: Of the descriptor, as the registrar told it, found to be the same here.
        by: The person's name.
        at: Unix seconds.
    """

    id: str
    fingerprint: str
    by: str
    at: int


def signed_invite(invite: Invite, registrar: ECKey) -> str:
    return jose.sign(INVITE, msgspec.json.encode(invite), registrar)


def read_invite(text: str) -> Invite:
    """An invite, signed by the registrar that it names; whether that is the right one, people compare.

    Raises:
        Refusal: INVITE_INVALID.
    """
    try:
        told = jose.decoded(jose.payload_of(text), _invite)
        jose.opened(INVITE, text, descriptors.key_of(told.registrar))
    except jose.Untrusted:
        raise Refusal(Code.INVITE_INVALID) from None
    return told


def held(invite: Invite, key: ECKey) -> str:
    """The word of a key's holder, made where the key lies: the root key's machine has none of the others."""
    return jose.sign_detached(_HELD, invite.jti.encode(), key)


def answered(invite: Invite, descriptor: str, root: ECKey, held: list[str]) -> str:
    """`held`: the word of each key in the descriptor, in its order."""
    return jose.sign(ANSWER, msgspec.json.encode(Answer(jti=invite.jti, descriptor=descriptor, held=held)), root)


def read_answer(text: str) -> tuple[Answer, Descriptor]:
    """An answer of whoever holds the root key and every other key of the descriptor in it.

    Raises:
        Refusal: BAD_DESCRIPTOR.
    """
    try:
        told = jose.decoded(jose.payload_of(text), _answer)
        descriptor, _ = descriptors.read(told.descriptor)
        jose.opened(ANSWER, text, descriptors.key_of(descriptor.root))
        keys = [jose.read_key({"kty": "EC", "crv": "P-256", "x": each.x, "y": each.y}) for each in descriptor.keys]
    except jose.Untrusted as error:
        raise Refusal(Code.BAD_DESCRIPTOR, why=str(error)) from None
    if len(told.held) != len(keys) or not all(
        jose.is_signed(_HELD, proof, told.jti.encode(), key) for proof, key in zip(told.held, keys, strict=True)
    ):
        raise Refusal(Code.BAD_DESCRIPTOR, why=Said("未证明持有其中的每一把密钥", "a key in it is not in its hands"))
    return told, descriptor


def signed_approval(approval: Approval, root: ECKey) -> str:
    return jose.sign(APPROVAL, msgspec.json.encode(approval), root)


def about(approval: str) -> str:
    """Whom an approval is about, unchecked. Raises: Refusal BAD_APPROVAL, it is none."""
    try:
        return jose.decoded(jose.payload_of(approval), _approval).id
    except jose.Untrusted:
        raise Refusal(Code.BAD_APPROVAL) from None


def read_approval(text: str, root: ECKey) -> Approval:
    """Raises: Refusal BAD_APPROVAL, this root key did not sign it."""
    try:
        return jose.decoded(jose.opened(APPROVAL, text, root), _approval)
    except jose.Untrusted:
        raise Refusal(Code.BAD_APPROVAL) from None


_invite = reading(msgspec.json.Decoder(Invite).decode)
_answer = reading(msgspec.json.Decoder(Answer).decode)
_approval = reading(msgspec.json.Decoder(Approval).decode)
