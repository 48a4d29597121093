"""What the commands of a committee share: where their settings are, a database beside the running service, the end."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sync.contract.trust.directory import Directory
    from tenant_service.settings import Settings
    from tenant_service.storage.unit_of_work import Units

Config = Annotated[Path, typer.Option("--config", "-c", help="TOML file with the committee's settings.")]
DEFAULT = Path("tenant.toml")


def settings_of(config: Path, word: str = "") -> "Settings":
    """Raises: typer.Exit, there are none, or one of them is wrong; it was said."""
    from sync.edge.configured import usual
    from tenant_service.settings import PREFIX, BadSetting, read

    try:
        return read(usual(config, DEFAULT, os.environ, PREFIX), os.environ)
    except BadSetting as error:
        raise stopped(error, word) from None


def stopped(why: object, word: str = "") -> typer.Exit:
    """The command ends, and says why in the name of `word`."""
    print(f"liandong tenant{word and ' '}{word}: {why}", file=sys.stderr)
    return typer.Exit(1)


@contextmanager
def beside(settings: "Settings") -> Iterator["Units"]:
    """The committee's database, beside the running service. What is done there is told to no other committee."""
    from tenant_service.storage.engine import open_engine
    from tenant_service.storage.unit_of_work import Units

    engine = open_engine(settings.database)
    try:
        yield Units(engine, settings.committee, _NothingIsTold())
    finally:
        engine.dispose()


class _NothingIsTold:
    @property
    def directory(self) -> "Directory":
        from sync.contract.trust.directory import NOBODY_LISTED

        return NOBODY_LISTED

    def put_all(self, *_: object) -> None:
        raise AssertionError("a command tells other committees nothing")

    delete = put_all
