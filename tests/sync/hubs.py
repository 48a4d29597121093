"""A real hub for the length of a test: nats-server, controller, a signed directory, and every party's credentials."""

import shutil
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
from joserfc.jwk import ECKey
from nats.aio.client import Client
from nats.errors import Error as NatsError

from sync.bus import connection
from sync.bus.line import Line
from sync.contract import envelope, jose
from sync.contract.channels import parts_of
from sync.contract.levels import Level
from sync.contract.shapes.committees import CommitteeState
from sync.contract.trust import signed_directory
from sync.contract.trust.directory import Contents, Directory, Listed, ListedMechanism
from sync.hub.controller import Controller
from sync.hub.server import Place, Server
from sync.log import Event, Head, genesis
from tests.directories import signed

PROVINCE, CITY, COUNTY, SISTER = "330000", "330100", "330110", "330102"
PARTNER = "310118"
GATEWAY = "gw-hangzhou"
DELTA = "330110.mechanism.0192f0c1d2e34567890abcdef0123456"
EPOCH = "000001-9f86d0818f3e21aa"


def parties(keys: dict[str, ECKey]) -> list[Listed]:
    """A province, its city, two counties of it, a partner in another province, a gateway."""
    told = [
        Listed(id=PROVINCE, name="浙江省政协", level=Level.PROVINCE),
        Listed(id=CITY, name="杭州市政协", level=Level.CITY, parent=PROVINCE),
        Listed(id=COUNTY, name="余杭区政协", parent=CITY),
        Listed(id=SISTER, name="上城区政协", parent=CITY),
        Listed(id=PARTNER, name="青浦区政协"),
        Listed(id=GATEWAY, kind="gateway", name="杭州网关"),
    ]
    return [
        msgspec.structs.replace(each, keys={"event": [jose.public(keys.setdefault(each.id, jose.new_key()))]})
        for each in told
    ]


class Hub:
    """One hub and those connected to it."""

    def __init__(self, place: Place) -> None:
        self.server, self.creds = Server(place), place.folder / "creds"
        self.root = jose.new_key()
        self.keys: dict[str, ECKey] = {}
        """Event keys by committee."""
        mechanism = ListedMechanism(id=DELTA, name="长三角", members=[COUNTY, PARTNER])
        self.contents = Contents(
            serial=1, issued_at=0, expires_at=2**40, entries=parties(self.keys), mechanisms=[mechanism]
        )
        self.controller: Controller
        self._connections: list[Client] = []
        self._begun = AsyncExitStack()
        """What has begun and is to be ended; less than all where a start was interrupted."""

    @property
    def url(self) -> str:
        return self.server.place.url

    @property
    def text(self) -> str:
        """The directory, signed."""
        return signed(self.contents, self.root)

    @property
    def directory(self) -> Directory:
        return signed_directory.read(self.text, self.root)

    async def start(self) -> "Hub":
        self._begun.push_async_callback(self.server.stop)
        await self.server.start()
        place = self.server.place
        self.controller = Controller(place.keys(), place.url, self.creds, self.directory, self.text)
        self._begun.push_async_callback(self._close_controller)
        await self.controller.open()
        await self.controller.answer()
        await self.controller.declare()
        return self

    async def stop(self) -> None:
        for each in self._connections:
            await connection.close(each)
        await self._begun.aclose()

    async def _close_controller(self) -> None:
        """The one that there is by then: tests put another in its place."""
        await self.controller.close()

    async def lose_store(self) -> None:
        """The server is killed, its store deleted, and started again."""
        self.server.kill()
        shutil.rmtree(self.server.place.store)
        await self.server.start()

    async def connect(self, id: str) -> Client:
        client = await connection.connect(self.url, self.creds / f"{id}.creds", id, wait=0.05)
        self._connections.append(client)
        return client

    async def line(self, id: str, wait: float = 5.0) -> Line:
        return Line(await self.connect(id), id, wait)

    def change(self, *, states: dict[str, CommitteeState] | None = None, members: Iterable[str] | None = None) -> None:
        """A newer directory, with other states of some or other members of the mechanism; not declared yet."""
        states = states or {}
        entries = [
            msgspec.structs.replace(each, state=states.get(each.id, each.state)) for each in self.contents.entries
        ]
        mechanisms = self.contents.mechanisms
        if members is not None:
            mechanisms = [msgspec.structs.replace(mechanisms[0], members=list(members))]
        self.contents = msgspec.structs.replace(
            self.contents, serial=self.contents.serial + 1, entries=entries, mechanisms=mechanisms
        )
        self.controller.learn(self.directory, self.text)

    # ── what the hub holds, seen with its own keys ──

    async def stored(self, stream: str) -> int:
        """Messages in a stream."""
        info = await self.controller.jetstream.stream_info(stream)
        return info.state.messages

    async def state(self) -> dict[str, tuple[int, dict[str, int]]]:
        """Stream → messages, and consumer → place acknowledged."""
        found = {}
        for stream in [str(each.config.name) for each in await self.controller.streams()]:
            consumers = await self.controller._consumers(stream)
            floors = {each.name: each.ack_floor.stream_seq if each.ack_floor else 0 for each in consumers}
            found[stream] = await self.stored(stream), floors
        return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running_hub(
    folder: Path, most_open_batches: int = 500, most_disk_bytes: int = 8 * 1024**3
) -> AsyncIterator[Hub]:
    hub = Hub(Place(folder, free_port(), most_open_batches=most_open_batches, most_disk_bytes=most_disk_bytes))
    try:
        yield await hub.start()
    finally:
        await hub.stop()


def said(log: str, count: int, after: Head | None = None, epoch: str = EPOCH) -> list[Event]:
    """Events of a log, as its owner would write them; unsigned."""
    owner, channel = parts_of(log)
    head = after or Head(epoch, 0, genesis(log, epoch))
    events = []
    for _ in range(count):
        told = envelope.Envelope(
            id=f"{head.seq + 1}", source=f"urn:liandong:{owner}", type="cn.liandong.activity.changed",
            channel=channel, epoch=head.epoch, seq=head.seq + 1, prev=head.chain.hex(), op="put", data={"n": head.seq},
        )  # fmt: skip
        event = Event(head.epoch, head.seq + 1, head.chain, envelope.encode(told))
        events.append(event)
        head = event.head()
    return events


async def refused(client: Client, subject: str, body: bytes = b"", within: float = 0.5) -> bool:
    """Whether nobody answers there but the server itself, that this account has no streams."""
    try:
        told = await client.request(subject, body, timeout=within)
    except (NatsError, TimeoutError):
        return True
    return b"JetStream not enabled for account" in told.data
