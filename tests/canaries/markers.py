"""Canaries: texts that nobody can guess, each of one column of one row, with who may be told it."""

import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from sync.contract.visibility import Visible

PREFIX = "ca9a17e5"
"""Every canary begins so. It is 32 hex digits, so that it fits into an id as well."""


class Leave(msgspec.Struct):
    """A field in which the canary stands: told to this circle of those whom the record's channels reach.

    Attributes:
        on_the_spot: Shown beside the record where it is, and told to nobody's database.
        names: It is the record's id, which stands on the envelope.
    """

    circle: Visible
    channels: list[str]
    on_the_spot: bool = False
    names: bool = False


class Marker(msgspec.Struct):
    """One canary: whose, in which column, and the leaves it has to be told. Without one it is the owner's alone.

    Attributes:
        text: The whole value that it stands in.
    """

    token: str
    owner: str
    column: str
    text: str
    leaves: list[Leave] = []


class Markers:
    """All that were made, by token."""

    def __init__(self, made: Iterable[Marker] = ()) -> None:
        self.by_token = {each.token: each for each in made}

    def new(self, owner: str, column: str, form: str = "金丝雀{}") -> Marker:
        token = PREFIX + secrets.token_hex(12)
        made = self.by_token[token] = Marker(token, owner, column, form.format(token), [])
        return made

    def __getitem__(self, token: str) -> Marker:
        return self.by_token[token]

    def __iter__(self) -> Iterator[Marker]:
        return iter(self.by_token.values())

    def write(self, file: Path) -> None:
        file.write_bytes(msgspec.json.encode(list(self.by_token.values())))

    @classmethod
    def read(cls, *files: Path) -> "Markers":
        return cls(each for file in files for each in msgspec.json.decode(file.read_bytes(), type=list[Marker]))
