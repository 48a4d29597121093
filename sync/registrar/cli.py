"""`liandong directory`: who is in the federation, for whoever registers committees."""

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sync.contract.levels import Level

if TYPE_CHECKING:
    from sync.registrar.office import Office
    from sync.registrar.register import Party
    from sync.registrar.settings import Settings

app = typer.Typer(help="目录：登记机关的登记、签名与核验。 Who is in the federation.", no_args_is_help=True)

_DEFAULT = Path("directory.toml")
Config = Annotated[Path, typer.Option("--config", "-c", help="TOML file with the registrar's settings.")]
By = Annotated[str, typer.Option("--by", help="Your name, as it is to stand in the ledger.")]
Why = Annotated[str, typer.Option(help="The reason, as it is to stand in the ledger.")]
Party_ = Annotated[str, typer.Argument(metavar="ID", help="Committee or gateway: 330102, gw-330100.")]
Out = Annotated[Path | None, typer.Option(help="File to write it into; without one it is printed.")]
_ALARMED = 2
"""Exit code of a directory that holds, but in which something is void."""


@app.command()
def init(
    prefix: Annotated[list[str] | None, typer.Option(help="Beginning of the ids that it may define.")] = None,
    name: Annotated[str, typer.Option(help="Of this registrar.")] = "登记处",
    config: Config = _DEFAULT,
) -> None:
    """Make a registrar's folder. With `--prefix` a root as well, whose charter lets this registrar define those ids;
    without, only its key, to be handed to whoever keeps the root.
    """
    with _office(config) as office:
        if prefix is None:
            office.join()
            print(f"hand over {office.folder / 'registrar.jwk'}; what comes back are root.jwk and charter.jws")
            return
        office.found(name, prefix)
        office.sign()
        print(f"everybody is configured with {office.folder / 'root.jwk'}; {office.directory} is for the hub")
        print(f"now take {office.folder / 'root.private.jwk'} off this machine, and keep a copy of it in a safe")


@app.command()
def grant(
    name: Annotated[str, typer.Argument(help="Of the registrar, as alarms name it.")],
    key: Annotated[Path, typer.Argument(help="Its registrar.jwk.")],
    prefix: Annotated[list[str] | None, typer.Option(help="Beginning of ids; none: it may define nobody.")] = None,
    config: Config = _DEFAULT,
) -> None:
    """Sign a charter by which another registrar may define ids. Needs the root's private key in the folder."""
    from sync.contract.trust import descriptors
    from sync.edge.key_files import public_key_in

    with _office(config) as office:
        charter = office.grant(name, descriptors.root_of(public_key_in(key)), prefix or [])
        for each in charter.registrars:
            print(f"{each.name}  {' '.join(each.prefixes) or '（全部）'}")
        office.sign()


@app.command()
def invite(
    id: Party_,
    by: By,
    *,
    level: Annotated[Level, typer.Option(help="Of the committee.")] = Level.COUNTY,
    parent: Annotated[str | None, typer.Option(help="Committee that it stands below.")] = None,
    gateway: Annotated[bool, typer.Option("--gateway", help="It is a gateway.")] = False,
    out: Out = None,
    config: Config = _DEFAULT,
) -> None:
    """Write an invite for one id, to be answered once within 72 hours. Nothing in it is secret."""
    import secrets

    from sync.registrar import service

    with _office(config) as office:
        jti, kind = secrets.token_urlsafe(18), "gateway" if gateway else "committee"
        _write(out, service.invite(office, id, by, jti, int(time.time()), kind=kind, level=level, parent=parent))


@app.command()
def admit(
    what: Annotated[str, typer.Argument(metavar="FILE|ID", help="An answer, an approval, or the id of a candidate.")],
    by: By,
    fingerprint: Annotated[str, typer.Option(help="As the candidate told it by another way; with an ID.")] = "",
    config: Config = _DEFAULT,
) -> None:
    """Take in a candidate, in three steps and in any order after the first: its answer (a file), the approval of a
    person there (a file), and the approval of a person here (its ID and the fingerprint). With both it is active.
    """
    from sync.contract import jose
    from sync.contract.trust import admission
    from sync.registrar import service

    with _office(config) as office:
        if not Path(what).exists():
            _told(service.approve_here(office, what, fingerprint, by))
            return
        text = Path(what).read_text(encoding="utf-8").strip()
        is_approval = jose.type_and_signer(text)[0] == admission.APPROVAL
        _told((service.approve_there if is_approval else service.receive)(office, text, by))


@app.command()
def suspend(id: Party_, by: By, why: Why, config: Config = _DEFAULT) -> None:
    """Cut a party off at once: its keys are void, its account at the hub is closed, its logs are followed by nobody."""
    from sync.registrar.acts import Suspended

    with _office(config) as office:
        _told(office.act(Suspended(id=id, why=why), by).party(id))


@app.command()
def resume(id: Party_, by: By, why: Why = "", config: Config = _DEFAULT) -> None:
    """Let a suspended party in again."""
    from sync.registrar.acts import Resumed

    with _office(config) as office:
        _told(office.act(Resumed(id=id, why=why), by).party(id))


@app.command()
def rotate(
    descriptor: Annotated[Path, typer.Argument(help="The party's newer descriptor.")],
    by: By,
    parent: Annotated[str | None, typer.Option(help="Committee that it stands below from now on.")] = None,
    config: Config = _DEFAULT,
) -> None:
    """Take in a newer descriptor: other keys, another address, another name."""
    from sync.registrar import service

    with _office(config) as office:
        _told(service.rotate(office, descriptor.read_text(encoding="utf-8").strip(), by, parent))


@app.command(name="void-tokens")
def void_tokens(id: Party_, by: By, why: Why, config: Config = _DEFAULT) -> None:
    """Void every token that the party has issued until now, everywhere: somebody may have its `token` key."""
    from sync.registrar.acts import Voided

    with _office(config) as office:
        _told(office.act(Voided(id=id, nbf_tokens=int(time.time()), why=why), by).party(id))


@app.command()
def close(
    id: Party_,
    by: By,
    why: Why,
    successor: Annotated[str | None, typer.Option(help="Committee that took over.")] = None,
    config: Config = _DEFAULT,
) -> None:
    """End a party for good; it stays listed, with its successor. Its id is never used again."""
    from sync.registrar.acts import Closed

    with _office(config) as office:
        _told(office.act(Closed(id=id, successor=successor, why=why), by).party(id))


@app.command()
def recode(
    id: Party_,
    code: Annotated[str, typer.Argument(help="GB/T 2260 code in force today.")],
    by: By,
    config: Config = _DEFAULT,
) -> None:
    """Note that a committee's administrative code changed; its id stays."""
    from sync.registrar.acts import Recoded

    with _office(config) as office:
        _told(office.act(Recoded(id=id, current_code=code), by).party(id))


@app.command()
def mechanism(
    id: Annotated[str, typer.Argument(help="330110.mechanism.<32 hex digits>")],
    name: Annotated[str, typer.Argument(help="Of the mechanism.")],
    by: By,
    member: Annotated[list[str] | None, typer.Option(help="One of our committees that is in it.")] = None,
    config: Config = _DEFAULT,
) -> None:
    """Say which of our own committees are in a mechanism; those of others are named by their own registrars."""
    from sync.registrar.acts import Joined

    with _office(config) as office:
        office.act(Joined(id=id, name=name, members=member or []), by)


@app.command()
def keep(config: Config = _DEFAULT) -> None:
    """Sign the directory anew every hour, and whenever another registrar's part is put into the folder `parts`, until
    SIGTERM or Ctrl-C.
    """
    from sync.registrar import service

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    settings = _settings(config)

    async def run(office: "Office") -> None:
        ended = asyncio.Event()
        for each in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(each, ended.set)
        await service.keep(office, settings.resign_seconds, ended)

    with _office(config) as office:
        office.seat()
        asyncio.run(run(office))


@app.command()
def show(config: Config = _DEFAULT) -> None:
    """Print where every party stands, until when the directory and the keys in it are good, and what is void."""
    from sync.registrar.report import lines

    with _office(config) as office:
        for line in lines(office, int(time.time())):
            print(line)


@app.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="A directory; without one, the one written here.")] = None,
    root: Annotated[Path | None, typer.Option(help="The federation's root.jwk; without it, the one here.")] = None,
    config: Config = _DEFAULT,
) -> None:
    """Check a directory offline, from anywhere. Ends with 1 if it is not to be trusted, with 2 if something is void."""
    from sync.contract.trust import signed_directory
    from sync.edge.key_files import public_key_in
    from sync.registrar.report import about

    with _office(config) as office:
        text = (file or office.directory).read_text(encoding="utf-8")
        found = signed_directory.read(text, public_key_in(root) if root else office.root())
        for line in about(found, int(time.time())):
            print(line)
        if found.contents.alarms:
            raise typer.Exit(_ALARMED)


@app.command()
def audit(
    against: Annotated[Path | None, typer.Option(help="A directory that somebody else kept.")] = None,
    config: Config = _DEFAULT,
) -> None:
    """Print the ledger, oldest first, once it was found to be what was written. Ends with 1 if it is not."""
    from sync.registrar.report import told

    with _office(config) as office:
        _, lines = office.register()
        if against is not None and not office.compare(lines, against.read_text(encoding="utf-8")):
            raise _stopped("no part of this registrar is in it")
        for line in lines:
            print(told(line))
        print(f"whole, up to line {lines[-1].n}: {lines[-1].hash}" if lines else "whole, and empty")


def _told(party: "Party") -> None:
    from sync.registrar.report import about_party

    for line in about_party(party):
        print(line)


def _write(out: Path | None, text: str) -> None:
    if out is None:
        print(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")


def _settings(config: Path) -> "Settings":
    from sync.edge.configured import BadSetting, configured, usual
    from sync.registrar.settings import PREFIX, Settings

    here = config != _DEFAULT or config.exists()  # a registrar needs no file: every setting has its default
    try:
        return configured(Settings, usual(config, _DEFAULT, os.environ, PREFIX) if here else None, os.environ, PREFIX)
    except BadSetting as error:
        raise _stopped(error) from None


@contextmanager
def _office(config: Path) -> Iterator["Office"]:
    from sync.contract.errors import Refusal
    from sync.registrar.office import TROUBLE, Office

    settings = _settings(config)
    try:
        yield Office(settings.folder, settings.directory, lambda: int(time.time()))
    except Refusal as refusal:
        raise _stopped(f"{refusal.code}: {refusal.message}") from None
    except TROUBLE as error:
        raise _stopped(error) from None


def _stopped(why: object) -> typer.Exit:
    print(f"liandong directory: {why}", file=sys.stderr)
    return typer.Exit(1)
