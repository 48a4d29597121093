"""`python -m tests.canaries.planted_demo FOLDER PORT [DATABASE]`: the federation as real processes, founded as the demo
is, with canaries in the databases of two of its committees and an ear at the hub. DATABASE: of the sibling.
"""

import asyncio
import datetime as dt
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from nats.aio.client import Client, RawCredentials
from nats.aio.msg import Msg

from deploy.demo import founding, running, seeding
from deploy.demo.layout import Layout
from deploy.demo.supervisor import forked
from sync.bus import connection, credentials
from sync.bus.trust import Trust
from sync.hub.server import Place as HubPlace
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.identity import accounts, passwords
from tenant_service.identity.keys import keys_in
from tenant_service.identity.policy import FOR_A_BODY, Role
from tenant_service.storage.engine import open_engine
from tenant_service.storage.migrate import migrate
from tenant_service.storage.unit_of_work import Units
from tests.canaries import federation
from tests.canaries.federation import COMMITTEES, OWNER, OWNERS, PARTNER, SIBLING
from tests.canaries.markers import Markers
from tests.canaries.planting import Planting

ROLES = (*seeding.ROLES, Role.DEPARTMENT)
_PLAIN = "metrics = true\nguest_days = 3650\n"
_WIDE = "[limits]\n" + "".join(
    f"{name} = 100000000\n" for name in ("cost", "tokens", "fields", "aliases", "repeated", "depth", "fragments")
)


def found(layout: Layout, folder: Path, port: int, database: str) -> None:
    """Keys, directory and settings; one committee is suspended afterwards, as it is in the demo of another scene."""
    founding.found(federation.layout(folder, port, before=True))
    founding.found(layout)
    for id in COMMITTEES:
        file = layout.committee(id) / "tenant.toml"
        told = file.read_text(encoding="utf-8")
        if id == SIBLING and database:
            told = told.replace(f'"sqlite:///{layout.database(id)}"', f'"{database}"')
        file.write_text(_PLAIN + told + _WIDE, encoding="utf-8")
    gateway = layout.gateway / "gateway.toml"
    told = "most_cost = 100000000\ncost_per_minute = 2000000000\nrequests_per_minute = 100000\n"
    gateway.write_text(told + "strangers_per_minute = 100000\n" + gateway.read_text(encoding="utf-8"), encoding="utf-8")


def fill(layout: Layout, id: str, database: str) -> None:
    """Accounts of every role; at the owners, canaries."""
    url = database if id == SIBLING and database else f"sqlite:///{layout.database(id)}"
    engine = open_engine(url)
    migrate(engine)
    directory, keys = running.directory_of(layout), keys_in(layout.committee(id) / "keys")
    units = Units(engine, id, ExchangeOutbox(Trust(id, directory, keys.event, [keys.enc])))
    with units.write() as unit:
        body = unit.new_id("body")
        for role in ROLES:
            draft = accounts.Draft(
                role.value, f"{id}{role.label}", frozenset({role}), body=body if role in FOR_A_BODY else None
            )
            accounts.create(unit, accounts.founder(id), draft, passwords.hashed(seeding.PASSWORD), must_change=False)
    if id in OWNERS:
        markers, now = Markers(), dt.datetime.now(dt.UTC)
        planting = Planting(id, PARTNER if id == OWNER else OWNER, directory, markers, now, asked(layout, id))
        planting.plant(units)
        markers.write(layout.folder / f"markers-{id}.json")
    engine.dispose()


def asked(layout: Layout, id: str) -> list[str]:
    """Some requests of the first owner, which the second has answered."""
    before = [each for each in OWNERS if each != id and (layout.folder / f"markers-{each}.json").exists()]
    kept = Markers.read(*(layout.folder / f"markers-{each}.json" for each in before))
    return [each.text for each in kept if each.column == "request.id"][:3]


def listen(place: HubPlace, file: Path) -> None:
    """Whatever is said in the hub's own accounts is written down, with the hub's own rights."""

    async def run() -> None:
        keys, said = place.keys(), file.open("ab", buffering=0)

        async def note(message: Msg) -> None:
            told = "".join(f"{name}: {value}\n" for name, value in (message.headers or {}).items())
            said.write(f"{message.subject}\n{told}".encode() + message.data + b"\n")

        lines: list[Client] = []
        for name, account in (("system", keys.system), ("hub", keys.hub)):
            creds = RawCredentials(credentials.user_credentials(account, f"ear-{name}", int(time.time())))
            lines.append(await connection.connect(place.url, creds, f"ear-{name}"))
            await lines[-1].subscribe(">", cb=note)
            await lines[-1].flush()
        file.with_suffix(".ready").touch()
        await asyncio.Event().wait()

    asyncio.run(run())


def main(folder: Path, port: int, database: str) -> None:
    (folder / "temporary").mkdir(parents=True)
    os.environ["TMPDIR"] = str(folder / "temporary")
    layout = federation.layout(folder, port)
    running.preload()
    found(layout, folder, port, database)
    for id in COMMITTEES:
        pid = forked(_filling(layout, id, database), layout.committee(id) / "filling.log")
        if os.waitpid(pid, 0)[1]:
            raise SystemExit((layout.committee(id) / "filling.log").read_text())
    hub, supervisor = HubPlace(layout.hub, layout.ports.hub), running.supervise(layout)
    heard = folder / "bus.heard"
    services = supervisor.services
    supervisor.add(
        "ear", lambda: forked(lambda: listen(hub, heard), folder / "ear.log"), heard.with_suffix(".ready").exists
    )
    supervisor.services = {name: services[name] for name in ("hub", "controller", "ear", *COMMITTEES, "gateway")}
    try:
        running.start_all(layout, supervisor, lambda *_: None)
        supervisor.run()
    finally:
        supervisor.end()


def _filling(layout: Layout, id: str, database: str) -> Callable[[], None]:
    return lambda: fill(layout, id, database)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
