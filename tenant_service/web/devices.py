"""A device of somebody without an account: told from others by a cookie of ours, which says nothing of who it is."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from tenant_service.identity.keys import Keys

_A_DAY = 86_400  # seconds
_DRAWN, _PROOF = 16, 12
"""Bytes of what is drawn for a device, and of what proves that it was drawn here."""


@dataclass(frozen=True)
class Device:
    """A browser that was shown a form.

    Attributes:
        id: Drawn for it; also the cookie's value, with a proof that it was drawn here.
        csrf: Goes with every form that it is shown: another site's page knows neither.
    """

    id: str
    csrf: str


def secret_of(keys: Keys, purpose: bytes) -> bytes:
    """A secret of this committee for one purpose, at most 16 bytes long; another one when its keys are replaced."""
    told = str(keys.token.as_dict(private=True)["d"])
    return hashlib.blake2b(told.encode(), digest_size=32, person=purpose).digest()


def known(request: Request, cookie: str, keys: Keys) -> Device | None:
    """The device by its cookie; None: it has none, or none that was drawn here."""
    told, _, proof = request.cookies.get(cookie, "").partition(".")
    right = hmac.compare_digest(proof.encode(), _proof(keys, b"device", told).encode())
    return _device(keys, told) if told and right else None


def fresh(keys: Keys) -> Device:
    """One that was not here before."""
    return _device(keys, secrets.token_hex(_DRAWN))


def mark(response: Response, device: Device, cookie: str, keys: Keys) -> None:
    """The browser keeps who it is for a day."""
    response.set_cookie(
        cookie, f"{device.id}.{_proof(keys, b'device', device.id)}", max_age=_A_DAY, path="/", httponly=True,
        secure=cookie.startswith("__Host-"), samesite="lax",
    )  # fmt: skip


def _device(keys: Keys, id: str) -> Device:
    return Device(id, _proof(keys, b"device-form", id))


def _proof(keys: Keys, purpose: bytes, told: str) -> str:
    made = hashlib.blake2b(told.encode("utf-8", "replace"), key=secret_of(keys, purpose), digest_size=_PROOF)
    return made.hexdigest()
