"""The running federation with canaries, as a test looks at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sync.contract import jose
from sync.contract.trust import signed_directory
from sync.contract.trust.directory import Directory
from tests.canaries.federation import OWNERS, SIBLING
from tests.canaries.markers import Markers
from tests.canaries.searching import Search


@dataclass(frozen=True)
class Planted:
    """`told`: demo.json. `database`: of the committee that keeps its records in PostgreSQL; empty: none does."""

    folder: Path
    database: str
    told: dict[str, Any]

    @cached_property
    def markers(self) -> Markers:
        return Markers.read(*(self.folder / f"markers-{each}.json" for each in OWNERS))

    @cached_property
    def directory(self) -> Directory:
        root = jose.read_key((self.folder / "trust" / "root.jwk").read_bytes())
        return signed_directory.read((self.folder / "trust" / "directory.jws").read_text(), root)

    def search(self) -> Search:
        return Search(self.markers)

    def url(self, committee: str) -> str:
        return next(str(each["url"]) for each in self.told["committees"] if each["id"] == committee)

    @property
    def gateway(self) -> str:
        return str(self.told["gateway"]["url"])

    def kept_at(self, committee: str) -> str:
        """Address of the committee's database."""
        if committee == SIBLING and self.database:
            return self.database
        return f"sqlite:///{self.folder / 'committees' / committee / 'tenant.db'}"

    def files(self) -> Iterator[tuple[str, Path]]:
        """Every file there is besides databases and the test's own, by its name below the folder."""
        for file in sorted(each for each in self.folder.rglob("*") if each.is_file()):
            name = str(file.relative_to(self.folder))
            if not name.startswith(("markers-", "bus.")) and "/tenant.db" not in name:
                yield name, file
