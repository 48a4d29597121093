"""Private keys and other secrets in files that only their owner may read."""

import os
import stat
from pathlib import Path

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyTrouble(Exception):
    """A key file cannot be used; the message names it and says what to do."""


def key_in(file: Path) -> ECKey:
    """The private key in `file`; made if there is none.

    Raises:
        KeyTrouble: the file is no key, or others may read it.
    """
    if not file.exists():
        write_key(file, jose.new_key())
    return kept_key(file)


def kept_key(file: Path) -> ECKey:
    """The private key in `file`.

    Raises:
        KeyTrouble: it is not there, is no key, or others may read it.
    """
    _check_kept(file, "tell the registrar")
    try:
        key = jose.read_key(file.read_bytes())
    except jose.Untrusted as error:
        raise KeyTrouble(f"{file} is no private key on P-256: {error}") from None
    if not key.is_private:
        raise KeyTrouble(f"{file} is a public key; the private one is needed here")
    return key


def kept_secret(file: Path) -> str:
    """The secret in `file` that somebody else gave us, without the space around it.

    Raises:
        KeyTrouble: it is not there, is empty or no text, or others may read it.
    """
    _check_kept(file, "ask whoever gave it out for another one")
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise KeyTrouble(f"{file} is no text in UTF-8") from None
    if not secret:
        raise KeyTrouble(f"{file} is empty")
    return secret


def _check_kept(file: Path, otherwise: str) -> None:
    """Raises: KeyTrouble, it is not there, or others may read it; `otherwise`: what to do if they might have."""
    if not file.exists():
        raise KeyTrouble(f"{file} is not there")
    if file.stat().st_mode & _OTHERS:
        raise KeyTrouble(f"{file} is readable by others: chmod 600 it, and {otherwise} if they might have read it")


def public_key_in(file: Path) -> ECKey:
    """The public key in `file`; of a private one its public half. Raises: OSError; KeyTrouble, it is no key."""
    try:
        return jose.read_key(jose.public(jose.read_key(file.read_bytes())))
    except jose.Untrusted as error:
        raise KeyTrouble(f"{file} is no key on P-256: {error}") from None


def write_key(file: Path, key: ECKey) -> None:
    """The file holds the key, whole or not at all: a process that dies while writing leaves no half of one."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = file.with_suffix(".new")
    made.unlink(missing_ok=True)
    opened = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as writing:
        writing.write(msgspec.json.encode({**key.as_dict(private=True), "kid": key.kid}))
        writing.flush()
        os.fsync(writing.fileno())
    made.rename(file)


def write_public(file: Path, key: ECKey) -> None:
    file.write_bytes(msgspec.json.encode(jose.public(key)) + b"\n")
