"""The other side of a registrar: what a committee or a gateway does to be listed, and to stay listed.

Two machines take part. The service's machine has the keys in use and tells their public halves (`Particulars`); the
root key lies elsewhere, offline, and signs descriptors there.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.errors import Code, Refusal
from sync.contract.trust import admission, descriptors
from sync.contract.trust.admission import Approval, Invite
from sync.contract.trust.descriptors import KEY_LIVES, OVERLAP, Descriptor, PublicKey
from sync.contract.trust.directory import Use

EARLIER = 60
"""Seconds before now from which a new key counts, for clocks that are behind."""


class Particulars(msgspec.Struct, frozen=True, kw_only=True):
    """What a service's machine knows of itself.

    Attributes:
        keys: Use → public JWKs, newest first.
        held: Thumbprint of a key → its word that it is held there, for one invite.
    """

    id: str
    keys: dict[Use, list[dict[str, Any]]]
    kind: Literal["committee", "gateway"] = "committee"
    login_url: str | None = None
    nats_account: str = ""
    held: dict[str, str] = {}


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """What people say about it; None: as before."""

    name: str | None = None
    short_name: str | None = None
    contact: str | None = None
    parent: str | None = None


def particulars(of: Particulars, invite: Invite | None, keys: Iterable[ECKey]) -> Particulars:
    """With the word of each private key, where there is an invite to answer."""
    if invite is None:
        return of
    return msgspec.structs.replace(of, held={jose.thumbprint(key): admission.held(invite, key) for key in keys})


def first(of: Particulars, invite: Invite, wording: Wording, root: ECKey, now: int) -> str:
    """The descriptor that answers an invite. Raises: Refusal INVITE_INVALID, it is for somebody else."""
    if (of.id, of.kind) != (invite.id, invite.kind):
        raise Refusal(Code.INVITE_INVALID)
    told = Descriptor(
        id=of.id, seq=1, issued_at=now, kind=of.kind, name=wording.name or of.id, short_name=wording.short_name or "",
        level=invite.level, parent=invite.parent, keys=keys_of(of, {}, now), nats_account=of.nats_account,
        login_url=of.login_url, contact=wording.contact or "", root=descriptors.root_of(root),
    )  # fmt: skip
    return descriptors.signed(told, root)


def answer(of: Particulars, invite: Invite, descriptor: str, root: ECKey) -> str:
    """Raises: Refusal BAD_DESCRIPTOR, the service's machine did not say that it holds each key."""
    told, _ = descriptors.read(descriptor)
    held = [of.held.get(thumbprint(key), "") for key in told.keys]
    made = admission.answered(invite, descriptor, root, held)
    admission.read_answer(made)
    return made


def renewed(
    of: Particulars, before: str, wording: Wording, root: ECKey, now: int, without: Iterable[str] = ()
) -> str | None:
    """The descriptor after `before`; None: nothing would be different.

    `without`: kids of keys that are not to be shown any longer, because somebody may have them.

    Raises:
        Refusal: ROOT_CHANGED, the root key is another one; BAD_DESCRIPTOR, another party's.
    """
    was, thumb = descriptors.read(before)
    if thumb != jose.thumbprint(root):
        raise Refusal(Code.ROOT_CHANGED)
    if (of.id, of.kind) != (was.id, was.kind):
        raise Refusal(Code.BAD_DESCRIPTOR, why=was.id)
    known = {thumbprint(key): key for key in was.keys}
    left_out = set(without)
    kept = [key for key in keys_of(of, known, now) if thumbprint(key) not in left_out]
    said = {
        name: value for name in ("name", "short_name", "contact", "parent")
        if (value := getattr(wording, name)) is not None
    }  # fmt: skip
    told = msgspec.structs.replace(was, keys=kept, login_url=of.login_url, nats_account=of.nats_account, **said)
    if told == was:
        return None
    return descriptors.signed(msgspec.structs.replace(told, seq=was.seq + 1, issued_at=now), root)


def keys_of(of: Particulars, known: Mapping[str, PublicKey], now: int) -> list[PublicKey]:
    """Each key with its time: a new one from now on; one that was replaced for a while yet, so that the two overlap.

    Of a use other than `event`, one whose time is over is left out. What an `event` key signed is read years later. One
    that was replaced and is not `known` was withdrawn, or never shown: it does not come back.
    """
    found = []
    for use, jwks in of.keys.items():
        for at, jwk in enumerate(jwks):
            key = descriptors.public_key(jwk, use, now - EARLIER, now + KEY_LIVES)
            if at > 0 and known and thumbprint(key) not in known:
                continue
            key = known.get(thumbprint(key), key)
            if at > 0:
                key = msgspec.structs.replace(key, exp=min(key.exp, now + OVERLAP))
            if use == "event" or key.exp > now:
                found.append(key)
    return found


def approval(of: str, fingerprint: str, by: str, root: ECKey, now: int) -> str:
    """The word of a person here that the registrar received this very descriptor.

    Raises:
        Refusal: WRONG_FINGERPRINT, it received another one; ROOT_CHANGED.
    """
    told, thumb = descriptors.read(of)
    here = descriptors.fingerprint(of)
    if thumb != jose.thumbprint(root):
        raise Refusal(Code.ROOT_CHANGED)
    if descriptors.spelled(fingerprint) != descriptors.spelled(here):
        raise Refusal(Code.WRONG_FINGERPRINT, here=here)
    return admission.signed_approval(Approval(id=told.id, fingerprint=here, by=by, at=now), root)


def thumbprint(key: PublicKey) -> str:
    return jose.thumbprint(jose.read_key({"kty": key.kty, "crv": key.crv, "x": key.x, "y": key.y}))
