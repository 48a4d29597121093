"""`liandong tenant audit`: whether the audit log is whole, for whoever looks after the committee's machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenant_service.commands_cli import DEFAULT, Config, beside, settings_of, stopped

if TYPE_CHECKING:
    from sync.contract.shapes.audit import Head

app = typer.Typer(help="审计日志的校验。 Checks of the audit log.", no_args_is_help=True)

Heads = Annotated[
    Path | None,
    typer.Option(help="Heads that the parent kept of this committee, as its page of audit heads hands them out."),
]


@app.command()
def verify(config: Config = DEFAULT, heads: Heads = None) -> None:
    """Check that no entry of the audit log was changed, taken out, put in or cut off; ends with 1 if one was.

    The months that were dropped are checked by their signed heads. A tail that was cut off together with the row that
    says where the log ends shows only against the heads that the parent kept: name their file with --heads.
    """
    from tenant_service.identity import keys
    from tenant_service.identity.audit_log import checking as audit_checking

    settings = settings_of(config)
    try:
        mine = keys.keys_in(settings.keys)
        signing = [mine.event, *mine.older["event"]]
        told = _heads(heads, settings.committee, signing) if heads else []
    except (OSError, keys.KeyTrouble) as error:
        raise stopped(error) from None
    with beside(settings) as units, units.read() as unit:
        found = audit_checking.check(unit.session, signing, told)
    if found.fault is not None:
        raise stopped(f"the audit log is BROKEN at entry {found.broken_at}: {audit_checking.WHAT[found.fault]}")
    against = f", and contains {len(told)} heads that were told of it" if told else ""
    months = f"; {found.dropped} months are dropped and end as signed" if found.dropped else ""
    typer.echo(f"the audit log is whole: {found.entries} entries{months}{against}")


@app.command()
def heads(config: Config = DEFAULT) -> None:
    """Print how the audit log of each committee below stands, as its heads tell; ends with 1 if one is in trouble.

    OK; OVERDUE: no head for three hours; BROKEN: it does not continue what was told before; NOT_WHOLE: entries are
    gone, as the committee itself counts; UNSIGNED: the committee did not sign it; UNCOMPARED: it has nothing in common
    with what was told before.
    """
    from sync.bus.directory_copy import DirectoryCopy
    from sync.contract import jose
    from tenant_service.auditing import queries

    settings = settings_of(config)
    try:
        root = jose.read_key(settings.root.read_bytes())
        directory = DirectoryCopy(settings.directory, root, settings.committee).read()
    except (OSError, jose.Untrusted) as error:
        raise stopped(error) from None
    with beside(settings) as units, units.read() as unit:
        found = queries.below(unit.session, directory, settings.committee, unit.now)
    for each in found:
        at = f" at entry {each.broken.broken_at}" if each.broken else ""
        last = f"last entry {each.last.seq}, heard {each.last.last_at:%Y-%m-%dT%H:%MZ}" if each.last else "never heard"
        typer.echo(f"{each.committee_id}  {each.code}{at}  {last}")
    if wrong := [each.committee_id for each in found if not each.is_fine]:
        raise stopped(f"{len(wrong)} below are not as they should be: {', '.join(wrong)}")


def _heads(file: Path, committee: str, signing: list) -> "list[Head]":  # type: ignore[type-arg]
    """The heads in a file, one JSON object a line with its `proof`. One that this committee did not sign is no head."""
    import msgspec

    from sync.contract import jose
    from sync.contract.shapes import audit

    found = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        try:
            head = audit.opened(str(msgspec.json.decode(line, type=dict[str, object]).get("proof", "")), signing)
        except (msgspec.DecodeError, jose.Untrusted) as error:
            raise stopped(f"{file}, line {number}: {error}") from None
        if head.committee != committee:
            raise stopped(f"{file}, line {number}: a head of {head.committee}")
        found.append(head)
    return found
