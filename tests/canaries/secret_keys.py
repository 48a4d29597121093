"""What opens doors in the running federation: private keys, hashes of passwords, sessions and tokens; looked for as it
is, and in each form in which bytes are written.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import sqlalchemy as sa

from tests.canaries.asking import PASSWORD, Asking
from tests.canaries.federation import COMMITTEES
from tests.canaries.finding import cores
from tests.canaries.planted import Planted

_SEED = re.compile(rb"S[UAO][A-Z2-7]{56}")
"""A private key of the hub's: of a user, an account or an operator."""
KEY_FILES = (".jwk", ".creds", ".nk", "/keys/")
"""Endings and folders of files that hold keys, and nothing else."""


def holds_keys(name: str) -> bool:
    return any(name.endswith(each) or each in f"/{name}" for each in KEY_FILES)


def of_the_federation(planted: Planted) -> dict[str, bytes]:
    """Private keys of every file, and the hashes of every account's password."""
    found = dict[str, bytes]()
    for name, file in planted.files():
        data = file.read_bytes()
        if name.endswith(".jwk") and (private := json.loads(data).get("d")):
            found[f"the key of {name}"] = base64.urlsafe_b64decode(private + "==")
        if holds_keys(name):
            found |= {f"the seed of {name}, {number}": each for number, each in enumerate(_SEED.findall(data))}
    for committee in COMMITTEES:
        engine = sa.create_engine(planted.kept_at(committee))
        with engine.connect() as connection:
            for username, told in connection.execute(sa.text("SELECT username, password_hash FROM account")):
                if told.startswith("$argon2"):
                    found[f"the hash of {username} of {committee}"] = told.rpartition("$")[2].encode()
        engine.dispose()
    return found


def of_people(asking: Asking) -> dict[str, bytes]:
    """The password, the tokens that were given so far, and the sessions."""
    found = {"the password": PASSWORD.encode()}
    found |= {f"a token of {asker}": token.rpartition(".")[2].encode() for asker, token in asking.given.items()}
    numbered = enumerate(sorted(asking.sessions, key=str))
    return found | {f"session {number}, of {asker}": value.encode() for number, (asker, value) in numbered}


def forms(secret: bytes) -> Iterator[bytes]:
    """As it is, and in hex and base64, wherever in a longer text it begins."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for core in cores(secret):
        yield core
        yield core.replace(b"-", b"+").replace(b"_", b"/")


def found_in(data: bytes, secrets: dict[str, bytes]) -> set[str]:
    return {name for name, secret in secrets.items() if any(each in data for each in forms(secret))}


def everything(planted: Planted, databases: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """All that is written: databases, what was said on the bus, the hub's store, logs and files that hold no keys."""
    yield from databases
    heard: Path = planted.folder / "bus.heard"
    yield "the bus", heard.read_bytes()
    for name, file in planted.files():
        if not holds_keys(name) and name != "demo.json":  # the demo tells its visitors how they sign in
            yield name, file.read_bytes()
