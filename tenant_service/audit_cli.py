"""`liandong tenant audit`: whether the audit log is whole, for whoever looks after the committee's machine."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sync.contract.audit import Head
    from tenant_service.settings import Settings

app = typer.Typer(help="审计日志的校验。 Checks of the audit log.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", "-c", help="TOML file with the committee's settings.")]
Heads = Annotated[
    Path | None,
    typer.Option(help="Heads that the parent kept of this committee, as its page of audit heads hands them out."),
]
_DEFAULT = Path("tenant.toml")


@app.command()
def verify(config: Config = _DEFAULT, heads: Heads = None) -> None:
    """Check that no entry of the audit log was changed, taken out, put in or cut off; ends with 1 if one was.

    The months that were dropped are checked by their signed heads. A tail that was cut off together with the row that
    says where the log ends shows only against the heads that the parent kept: name their file with --heads.
    """
    from tenant_service.identity import audit_checking, keys
    from tenant_service.storage.engine import open_engine
    from tenant_service.storage.unit_of_work import Units

    settings = _settings(config)
    try:
        mine = keys.keys_in(settings.keys)
        signing = [mine.event, *mine.older["event"]]
        told = _heads(heads, settings.committee, signing) if heads else []
    except (OSError, keys.KeyTrouble) as error:
        raise _stopped(error) from None
    engine = open_engine(settings.database)
    with Units(engine, settings.committee, _NothingIsTold()).read() as unit:
        found = audit_checking.check(unit.session, signing, told)
    engine.dispose()
    if found.fault is not None:
        raise _stopped(f"the audit log is BROKEN at entry {found.broken_at}: {audit_checking.WHAT[found.fault]}")
    against = f", and contains {len(told)} heads that were told of it" if told else ""
    months = f"; {found.dropped} months are dropped and end as signed" if found.dropped else ""
    typer.echo(f"the audit log is whole: {found.entries} entries{months}{against}")


def _heads(file: Path, committee: str, signing: list) -> "list[Head]":  # type: ignore[type-arg]
    """The heads in a file, one JSON object a line with its `proof`. One that this committee did not sign is no head."""
    import msgspec

    from sync.contract import audit, jose

    found = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        try:
            head = audit.opened(str(msgspec.json.decode(line, type=dict[str, object]).get("proof", "")), signing)
        except (msgspec.DecodeError, jose.Untrusted) as error:
            raise _stopped(f"{file}, line {number}: {error}") from None
        if head.committee != committee:
            raise _stopped(f"{file}, line {number}: a head of {head.committee}")
        found.append(head)
    return found


class _NothingIsTold:
    """A command that only looks publishes nothing."""

    def put_all(self, *_: object) -> None:
        raise AssertionError("this command only looks")

    delete = put_all


def _settings(config: Path) -> "Settings":
    from sync.edge.configured import usual
    from tenant_service.settings import PREFIX, BadSetting, read

    try:
        return read(usual(config, _DEFAULT, os.environ, PREFIX), os.environ)
    except BadSetting as error:
        raise _stopped(error) from None


def _stopped(why: object) -> typer.Exit:
    print(f"liandong tenant: {why}", file=sys.stderr)
    return typer.Exit(1)
