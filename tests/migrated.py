"""A SQLite file as migrations make it: made once by each process of the tests, and copied.

That migrations make what the models say is proven in tests/tenant_service/storage.
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tenant_service.storage.engine import open_engine
from tenant_service.storage.migrate import migrate


def migrated(file: Path) -> str:
    """The URL of the database in this file: empty and brought up to this release, or as it is where there is one."""
    if not file.exists():
        file.write_bytes(_made())
    return f"sqlite:///{file}"


@cache
def _made() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "committee.db"
        engine = open_engine(f"sqlite:///{file}")
        migrate(engine)
        engine.dispose()  # the last connection that closes leaves all in the one file
        return file.read_bytes()
