"""This committee's private keys, in a folder that only its owner may read: one for each use, and those before it.

`event.jwk` is the newest, `event-<number>.jwk` those before it. A key that was replaced stays while the directory shows
it, and one that bodies were sealed to for good: old copies are opened with it.
"""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.directory import Use

USES: tuple[Use, ...] = tuple(use for use in get_args(Use) if use != "request")
"""All but request proofs, which only gateways sign."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyTrouble(Exception):
    """A key file cannot be used; the message names it and says what to do."""


@dataclass(frozen=True)
class Keys:
    """Private keys by use; `older`: use → those that were replaced, newest first."""

    token: ECKey
    event: ECKey
    code: ECKey
    enc: ECKey
    older: dict[Use, list[ECKey]] = field(default_factory=lambda: {use: [] for use in USES})

    def public(self) -> dict[Use, list[dict[str, Any]]]:
        """What the directory is to show of them: of sealing keys only the newest, so that nothing new is sealed to an
        old one.
        """
        kept = {use: [] if use == "enc" else self.older[use] for use in USES}
        return {use: [jose.public(key) for key in (getattr(self, use), *kept[use])] for use in USES}


def keys_in(folder: Path) -> Keys:
    """The keys in `folder`; those that are not there are made.

    Raises:
        KeyTrouble: a file is no key, or others may read it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    newest = {use: _key(folder / f"{use}.jwk") for use in USES}
    older: dict[Use, list[ECKey]] = {use: [_key(file) for file in reversed(_replaced(folder, use))] for use in USES}
    return Keys(**newest, older=older)


def replace_key(folder: Path, use: Use) -> Keys:
    """A new key for this use; the one before it stays beside it. Returns the keys as they are now.

    Raises:
        KeyTrouble: a file is no key, or others may read it; nothing was changed.
    """
    keys_in(folder)
    newest = folder / f"{use}.jwk"
    numbers = [int(file.stem.rpartition("-")[2]) for file in _replaced(folder, use)]
    os.link(newest, folder / f"{use}-{max(numbers, default=0) + 1:03d}.jwk")
    _write(newest, jose.new_key())
    return keys_in(folder)


def _replaced(folder: Path, use: Use) -> list[Path]:
    """Oldest first."""
    return sorted(file for file in folder.glob(f"{use}-*.jwk") if file.stem.rpartition("-")[2].isdecimal())


def _key(file: Path) -> ECKey:
    if not file.exists():
        _write(file, jose.new_key())
    if file.stat().st_mode & _OTHERS:
        raise KeyTrouble(
            f"{file} is readable by others: chmod 600 it, and tell the registrar if they might have read it"
        )
    try:
        key = jose.read_key(file.read_bytes())
    except jose.Untrusted as error:
        raise KeyTrouble(f"{file} is no private key on P-256: {error}") from None
    if not key.is_private:
        raise KeyTrouble(f"{file} is a public key; the private one is needed here")
    return key


def _write(file: Path, key: ECKey) -> None:
    """The file holds the key, whole or not at all: a process that dies while writing leaves no half of one."""
    made = file.with_suffix(".new")
    made.unlink(missing_ok=True)
    opened = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as writing:
        writing.write(msgspec.json.encode({**key.as_dict(private=True), "kid": key.kid}))
        writing.flush()
        os.fsync(writing.fileno())
    made.rename(file)
