"""What was found where, and whether it may be there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from tests.canaries.finding import Digests, found_in
from tests.canaries.markers import Marker, Markers

Allowed = Callable[[Marker], bool]


@dataclass
class Search:
    """Gathers what is where it may not be."""

    markers: Markers
    leaks: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._digests = Digests(self.markers)

    def look(self, where: str, data: bytes, allowed: Allowed) -> set[str]:
        """The canaries in it. What is not allowed there is noted, a hash of such a one as well."""
        found = found_in(data) & self.markers.by_token.keys()
        for token in found | self._digests.found_in(data):
            marker = self.markers[token]
            if not allowed(marker):
                self.leaks.add(f"{_named(marker)} in {where}")
        return found

    def look_for_hashes(self, where: str, data: bytes, allowed: Allowed) -> None:
        """Notes hashes that lie in it as bytes, of what is not allowed there."""
        for token in self._digests.raw_in(data):
            if not allowed(self.markers[token]):
                self.leaks.add(f"a hash of {_named(self.markers[token])} in {where}")

    def missing(self, found: Iterable[str], wanted: Allowed) -> set[str]:
        """What should have been found and was not: in none of the rows that are told to the same."""
        seen = {_named(self.markers[token]) for token in found}
        return {_named(each) for each in self.markers if wanted(each)} - seen


def _named(marker: Marker) -> str:
    told = {f"{each.circle} on {'+'.join(each.channels)}" for each in marker.leaves}
    return f"{marker.owner} {marker.column} ({', '.join(sorted(told)) or 'of nobody else'})"


def nowhere(_marker: Marker) -> bool:
    return False


def everything_in(url: str) -> bytes:
    """All bytes of a database: SQLite's files as they lie there, every row of PostgreSQL's tables."""
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///"))
        return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")))
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        rows = [row for table in tables for row in connection.execute(sa.text(f'SELECT * FROM "{table}"'))]
    engine.dispose()
    return b"\n".join(value if isinstance(value, bytes) else repr(value).encode() for row in rows for value in row)
