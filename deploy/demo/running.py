"""The demo's processes: what each runs, in which order they start, and what is written about them."""

import asyncio
import datetime as dt
import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import msgspec

from deploy.demo import seeding
from deploy.demo.founding import office_of
from deploy.demo.layout import Layout
from deploy.demo.scenes import GATEWAY, Place
from deploy.demo.supervisor import Supervisor, forked, spawned
from sync.contract import jose
from sync.contract.instants import SHANGHAI
from sync.contract.trust import signed_directory
from sync.contract.trust.directory import Directory
from sync.hub.audit import Audit
from sync.hub.controller import Controller
from sync.hub.server import Place as HubPlace
from sync.hub.server import configuration, program
from sync.hub.watch import Watch

AT_ONCE = 2
"""Databases that are filled side by side; more cores than that are not counted on."""
PATIENCE = 60.0
"""Seconds that all services together have to answer."""
RESIGN = 3_600.0
"""Seconds."""
Told = Callable[[str, int, int], None]
"""(what is going on, how many are done, of how many)."""


def directory_of(layout: Layout) -> Directory:
    return signed_directory.read(layout.directory.read_text(encoding="utf-8"), jose.read_key(layout.root.read_bytes()))


def fill(layout: Layout, told: Told) -> None:
    """Every committee has its database; those that have one keep it.

    Raises:
        RuntimeError: one could not be filled; its log says why.
    """
    directory, today = directory_of(layout), dt.datetime.now(SHANGHAI).date()
    missing = [place for place in layout.places if not layout.database(place.id).exists()]
    missing.sort(key=lambda place: -place.sessions)  # the longest first, so that none is waited for at the end
    running: dict[int, Place] = {}
    done = 0
    while missing or running:
        while missing and len(running) < AT_ONCE:
            place = missing.pop(0)
            running[_begin_filling(layout, place, directory, today)] = place
        pid, status = os.wait()
        place = running.pop(pid)
        if status:
            raise RuntimeError(f"{place.name}: {(layout.committee(place.id) / 'log').read_text()[-2000:]}")
        done += 1
        told(f"{place.name}", done, done + len(missing) + len(running))


def _begin_filling(layout: Layout, place: Place, directory: Directory, today: dt.date) -> int:
    def work() -> None:
        seeding.seed(layout, place, directory, today)

    return forked(work, layout.committee(place.id) / "log")


# ── what each process runs ──


def supervise(layout: Layout) -> Supervisor:
    """All services, not yet started, in the order in which they start."""
    made = Supervisor(layout.control)
    hub = HubPlace(layout.hub, layout.ports.hub)
    made.add("hub", lambda: _begin_hub(hub), lambda: _greets(layout.ports.hub))
    made.add("controller", lambda: forked(lambda: _control(layout, hub), layout.hub / "controller.log"),
             (layout.hub / "declared").exists)  # fmt: skip
    for place in layout.places:
        made.add(place.id, _starter(layout, place), _answers(layout.url(place.id)))
    made.add("gateway", lambda: forked(lambda: _serve_gateway(layout), layout.gateway / "log"),
             _answers(layout.gateway_url))  # fmt: skip
    made.changed = lambda: write_summary(layout, made)
    return made


def _starter(layout: Layout, place: Place) -> Callable[[], int]:
    folder = layout.committee(place.id)
    return lambda: forked(lambda: _serve_committee(folder / "tenant.toml"), folder / "log")


def _begin_hub(place: HubPlace) -> int:
    """The real nats-server, as production runs it, on the loopback."""
    place.folder.mkdir(parents=True, exist_ok=True)
    file = place.folder / "nats.conf"
    file.write_bytes(msgspec.json.format(msgspec.json.encode(configuration(place, place.keys(), int(time.time())))))
    return spawned([str(program()), "-c", str(file)], place.folder / "server.log")


def _control(layout: Layout, place: HubPlace) -> None:
    """Declares at the hub what the directory says, and keeps it so."""
    text = layout.directory.read_text(encoding="utf-8")
    directory = directory_of(layout)

    async def run() -> None:
        controller = Controller(place.keys(), place.url, layout.credentials, directory, text)
        await controller.open()
        await controller.answer()
        watch = await Watch(controller, place.log, Audit(place.audit), place.watch_state).open()
        await controller.declare()
        (layout.hub / "declared").touch()
        await asyncio.gather(controller.keep(1.0), watch.keep(), _resigning(layout, controller))

    asyncio.run(run())


async def _resigning(layout: Layout, controller: Controller) -> None:
    """The directory is signed anew every hour, so that a demo may stand for longer than a week."""
    while True:
        await asyncio.sleep(RESIGN)
        await asyncio.to_thread(office_of(layout).sign)
        controller.learn(directory_of(layout), layout.directory.read_text(encoding="utf-8"))


def _serve_committee(settings: Path) -> None:
    from tenant_service import app
    from tenant_service.settings import read

    app.serve(read(settings, {}))


def _serve_gateway(layout: Layout) -> None:
    from gateway import service
    from gateway.settings import read

    asyncio.run(service.serve(read(layout.gateway / "gateway.toml", {})))


def preload() -> None:
    """Whatever the services need is loaded once, before they are forked from here."""
    import gateway.service
    import tenant_service.app

    del gateway, tenant_service


# ── whether they answer ──


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 0.5) as line:
            return line.recv(4) == b"INFO"
    except OSError:
        return False


def _answers(url: str) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            return httpx2.get(f"{url}/readyz", timeout=1).is_success
        except httpx2.HTTPError:
            return False

    return ask


def start_all(layout: Layout, supervisor: Supervisor, told: Told) -> None:
    """Everything runs and answers, and demo.json says so.

    Raises:
        RuntimeError: something does not answer; says whose log tells more.
    """
    (layout.hub / "declared").unlink(missing_ok=True)
    names = list(supervisor.services)
    for at, name in enumerate(names):
        supervisor.start(name)
        if name in ("hub", "controller"):
            _wait(supervisor, [name])
        told(name, at + 1, len(names))
    _wait(supervisor, names)
    write_summary(layout, supervisor)


def _wait(supervisor: Supervisor, names: list[str]) -> None:
    slow = supervisor.wait_ready(names, PATIENCE)
    if slow:
        raise RuntimeError(f"no answer from {', '.join(slow)}; see the log in its folder")


def write_summary(layout: Layout, supervisor: Supervisor) -> None:
    """demo.json, whole at every moment: addresses, process ids (0: stopped), databases, logins."""
    pid = {name: service.pid for name, service in supervisor.services.items()}
    told = {
        "hub": {"url": layout.hub_url, "pid": pid["hub"], "store": str(layout.hub / "store")},
        "gateway": {"url": layout.gateway_url, "pid": pid["gateway"], "id": GATEWAY},
        "committees": [
            {
                "id": place.id, "name": place.name, "url": layout.url(place.id), "pid": pid[place.id],
                "database": str(layout.database(place.id)), "creds": str(layout.credentials / f"{place.id}.creds"),
            }
            for place in layout.places
        ],
        "logins": [
            {"committee": place.id, "role": role.value, "username": role.value, "password": seeding.PASSWORD}
            for place in layout.places for role in seeding.ROLES
        ] + [
            {
                "committee": place.id, "role": each.role.value, "username": each.username,
                "password": seeding.PASSWORD, "body": each.body_at(place),
            }
            for place in layout.places for each in seeding.FOR_BODIES
        ],
    }  # fmt: skip
    made = layout.summary.with_suffix(".new")
    made.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    made.replace(layout.summary)
