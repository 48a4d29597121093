"""What the commands of a committee share: where their settings are, a database beside the running service, the end."""

import os
import pwd
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sync.contract.trust.directory import Directory
    from tenant_service.identity.actor import Actor
    from tenant_service.settings import Settings
    from tenant_service.storage.unit_of_work import Units

Config = Annotated[Path, typer.Option("--config", "-c", help="TOML file with the committee's settings.")]
DEFAULT = Path("tenant.toml")
_LONGEST_LOGIN = 64


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
    """The committee's database, beside the running service. What is done there is told to no other committee, and goes
    by the directory that the service keeps on disk.

    Raises: typer.Exit, no committee was set up there; it was said.
    """
    from sqlalchemy import inspect

    from tenant_service.storage.engine import open_engine
    from tenant_service.storage.unit_of_work import Units

    engine = open_engine(settings.database)
    try:
        if not inspect(engine).has_table("account"):
            raise stopped("本会尚未设立，请先运行 liandong tenant init。 run liandong tenant init first")
        yield Units(engine, settings.committee, _NothingIsTold(_directory(settings)))
    finally:
        engine.dispose()


def at_machine(committee: str) -> "Actor":
    """Who works here, as the audit log names them."""
    from tenant_service.identity import accounts

    return accounts.console(committee, login())


def login() -> str:
    """As whom the operating system knows who runs this, also behind sudo: what it says, and no proof of it."""
    try:
        name = os.environ.get("SUDO_USER") or pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return "".join(each for each in name if each.isascii() and each.isprintable())[:_LONGEST_LOGIN]


def _directory(settings: "Settings") -> "Directory":
    """The copy on disk; where there is none that goes back to the root, nobody is listed."""
    from sync.bus.directory_copy import DirectoryCopy
    from sync.contract import jose
    from sync.contract.trust.directory import NOBODY_LISTED

    try:
        root = jose.read_key(settings.root.read_bytes())
        return DirectoryCopy(settings.directory, root, settings.committee).read()
    except (OSError, jose.Untrusted):
        return NOBODY_LISTED


class _NothingIsTold:
    def __init__(self, directory: "Directory") -> None:
        self.directory = directory

    def put_all(self, *_: object) -> None:
        raise AssertionError("a command tells other committees nothing")

    delete = put_all
