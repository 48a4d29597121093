"""This committee's private keys, in a folder that only its owner may read: one for each use, and those before it.

`event.jwk` is the newest, `event-<number>.jwk` those before it. A key that was replaced stays while the directory shows
it, and one that bodies were sealed to for good: old copies are opened with it.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.trust.directory import Use
from sync.edge.key_files import KeyTrouble, key_in, write_key

USES: tuple[Use, ...] = tuple(use for use in get_args(Use) if use != "request")
"""All but request proofs, which only gateways sign."""

__all__ = ["USES", "KeyTrouble", "Keys", "keys_in", "replace_key"]


@dataclass(frozen=True)
class Keys:
    """Private keys by use; `older`: use → those that were replaced, newest first."""

    token: ECKey
    event: ECKey
    code: ECKey
    enc: ECKey
    older: dict[Use, list[ECKey]] = field(default_factory=lambda: {use: [] for use in USES})

    def of(self, use: Use) -> list[ECKey]:
        """Private keys for this use, newest first."""
        return [getattr(self, use), *self.older[use]]

    def all(self) -> list[ECKey]:
        """Every private key there is."""
        return [key for use in USES for key in self.of(use)]

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
    newest = {use: key_in(folder / f"{use}.jwk") for use in USES}
    older: dict[Use, list[ECKey]] = {use: [key_in(file) for file in reversed(_replaced(folder, use))] for use in USES}
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
    write_key(newest, jose.new_key())
    return keys_in(folder)


def _replaced(folder: Path, use: Use) -> list[Path]:
    """Oldest first."""
    return sorted(file for file in folder.glob(f"{use}-*.jwk") if file.stem.rpartition("-")[2].isdecimal())
