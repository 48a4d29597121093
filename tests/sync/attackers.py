"""What a member with its own credentials can send, and everything at the hub that it must not move."""

from collections.abc import Iterable
from typing import Any

from nats.aio.client import Client

from sync.bus.streams import asked_of, directory_of, question_of
from sync.hub.sightings import Kind
from tests.sync.hubs import CITY, COUNTY, DELTA, PARTNER, PROVINCE, SISTER, Hub
from tests.sync.watched import Watched

NEXT, ACK, HEAD, API = "$JS.API.CONSUMER.MSG.NEXT", "$JS.ACK", "$JS.API.DIRECT.GET", "$JS.API"
OWN = "sh.33.01.02."
OTHERS = "sh.33.01.10.c"
PULL = b'{"batch":10,"expires":300000000}'
MECHANISM = f"m_{DELTA.rpartition('.')[2]}"

RESERVED = ("_R_.abc.def", f"{ACK}.SH_33.{CITY}.1.3.3.1.0", f"{ACK}.SH_33.{SISTER}.1.1.1.1.0")
"""Reply subjects that only the server itself may name; it tells of whoever else does."""
QUIET = (
    "_INBOX.mine.1",
    f"{OWN}c",
    OTHERS,
    "sh.31.01.18.c",
    f"{API}.STREAM.DELETE.SH_33",
    f"{API}.STREAM.DELETE.SH_31",
    f"{API}.STREAM.PURGE.SH_33",
    f"{API}.STREAM.UPDATE.SH_33",
    f"{API}.STREAM.MSG.DELETE.SH_33",
    f"{API}.CONSUMER.CREATE.SH_33.{SISTER}",
    f"{API}.CONSUMER.DELETE.SH_33.{CITY}",
    f"{NEXT}.SH_33.{CITY}",
    f"{NEXT}.SH_33.{SISTER}",
    f"{HEAD}.SH_33.{OTHERS}",
    question_of(COUNTY, CITY),
    question_of(CITY, SISTER),
    f"rpc.{COUNTY}.graphql",
    directory_of(CITY),
    "$SYS.REQ.CLAIMS.UPDATE",
    "$JS.EVENT.ADVISORY.API",
)
"""Reply subjects that lead nowhere: an answer comes back into the account of whoever asked, where nobody else listens.
The server writes nothing about them."""
REPLIES = (*RESERVED, *QUIET)


class Attacker:
    """SISTER's credentials in the hands of somebody with a plain client."""

    def __init__(self, watched: Watched, client: Client) -> None:
        self.watched, self.hub, self.client = watched, watched.hub, client
        self.who = SISTER
        self.before: dict[str, Any] = {}

    async def start(self) -> "Attacker":
        self.before = await everything(self.hub)
        return self

    async def sends(self, requests: Iterable[tuple[str, bytes]], replies: Iterable[str] = REPLIES) -> int:
        """Each request with each reply subject; how many that were."""
        count = 0
        for subject, body in requests:
            for reply in replies:
                await self.client.publish(subject, body, reply=reply)
                count += 1
            await self.client.flush()
        return count

    async def moved_nothing(self) -> None:
        """Whatever it has sent so far was worked off, and nothing at the hub is different but its own log."""
        impossible = {"Nats-Expected-Last-Subject-Sequence": "999999"}  # answered in its turn, and stores nothing
        told = await self.client.request(f"{OWN}p", b"", headers=impossible, timeout=10)
        assert b"wrong last sequence" in told.data
        assert await everything(self.hub) == self.before
        assert await self.hub.controller.plan() == []

    async def was_told(self, times: int, *kinds: Kind) -> None:
        """In the figures and in the audit file, under its name."""

        def seen() -> int:
            return sum(self.watched.seen(kind, self.who) for kind in kinds)

        await self.watched.until(lambda: seen() >= times, f"{times} of {kinds}")
        assert seen() == times
        assert sum(line.times for kind in kinds for line in self.watched.audited(kind, self.who)) == times
        assert f'committee="{self.who}"' in self.watched.watch.figures.page()


async def everything(hub: Hub) -> dict[str, Any]:
    """Accounts, streams with their settings and what each log holds, consumers with how far they are.

    SISTER's own logs and consumers, which it may move, are left out.
    """
    found = await hub.controller._found()
    state: dict[str, Any] = {"accounts": {each.name: each.nats for each in found.accounts.values()}}
    jetstream = hub.controller.jetstream
    for stream, config in found.streams.items():
        info = await jetstream.stream_info(stream, subjects_filter=">")
        held = {subject: count for subject, count in (info.state.subjects or {}).items() if not subject.startswith(OWN)}
        state[stream] = config, held, info.state.num_deleted or 0
        for each in await hub.controller._consumers(stream):
            if each.name.removesuffix("_boot") != SISTER:
                state[f"{stream}/{each.name}"] = (
                    each.config.filter_subjects,
                    each.delivered,
                    each.ack_floor,
                    each.config,
                )
    return state


PUBLISHING_AS_ANOTHER = [
    (OTHERS, b"forged"),
    (f"sh.33.01.10.{MECHANISM}", b"forged"),
    (f"sh.33.01.10.x_{PARTNER}", b"forged"),
    ("sh.33.00.00.d", b"forged"),
    ("sh.31.01.18.c", b"forged"),
    (f"rpc.{COUNTY}.graphql", b"{}"),
    (question_of(COUNTY, CITY), b"\x90"),
    (question_of(CITY, COUNTY), b"\x90"),
]
READING_ANOTHERS_CHANNEL = [
    (f"{NEXT}.SH_33.{CITY}", PULL),
    (f"{NEXT}.SH_33.{CITY}_boot", PULL),
    (f"{NEXT}.SH_33.{PROVINCE}", PULL),
    (f"{HEAD}.SH_33.{OTHERS}", b""),
    (f"{HEAD}.SH_33", b'{"last_by_subj":"sh.33.01.10.c"}'),
    (f"{HEAD}.SH_33", b'{"batch":100,"seq":1}'),
    (f"{API}.STREAM.MSG.GET.SH_33", b'{"last_by_subj":"sh.33.01.10.c"}'),
    (f"{API}.STREAM.INFO.SH_33", b'{"subjects_filter":">"}'),
    (f"{API}.STREAM.NAMES", b""),
    (f"{API}.STREAM.LIST", b""),
    (f"{API}.CONSUMER.LIST.SH_33", b""),
    (f"{API}.STREAM.SNAPSHOT.SH_33", b'{"deliver_subject":"_INBOX.mine"}'),
]
_EPHEMERAL = b'{"stream_name":"SH_33","config":{"ack_policy":"none","deliver_subject":"_INBOX.mine"}}'
_WIDER = (
    b'{"stream_name":"SH_33","action":"","config":{"durable_name":"330102","name":"330102","ack_policy":"all",'
    b'"filter_subjects":["sh.33.01.10.c"]}}'
)
ALTERING_CONSUMERS = [
    (f"{API}.CONSUMER.CREATE.SH_33", _EPHEMERAL),
    (f"{API}.CONSUMER.CREATE.SH_33.{SISTER}", _WIDER),
    (f"{API}.CONSUMER.CREATE.SH_33.{SISTER}.{OTHERS}", _WIDER),
    (f"{API}.CONSUMER.DURABLE.CREATE.SH_33.{SISTER}", _WIDER),
    (f"{API}.CONSUMER.PAUSE.SH_33.{CITY}", b'{"pause_until":"2099-01-01T00:00:00Z"}'),
    (f"{API}.CONSUMER.RESET.SH_33.{CITY}", b'{"seq":1}'),
    (f"{API}.CONSUMER.LEADER.STEPDOWN.SH_33.{CITY}", b""),
    (f"{API}.CONSUMER.INFO.SH_33.{CITY}", b""),
    (f"{ACK}.SH_33.{CITY}.1.3.3.1.0", b"+ACK"),
    (f"{ACK}.SH_33.{CITY}.1.3.3.1.0", b"+TERM"),
    (f"{ACK}.SH_33.{CITY}.1.3.3.1.0", b"-NAK"),
]
PURGING = [
    (f"{API}.STREAM.PURGE.SH_33", b""),
    (f"{API}.STREAM.PURGE.SH_33", b'{"filter":"sh.33.01.10.c"}'),
    (f"{API}.STREAM.PURGE.SH_31", b'{"keep":1}'),
]
DELETING = [
    (f"{API}.STREAM.DELETE.SH_33", b""),
    (f"{API}.STREAM.MSG.DELETE.SH_33", b'{"seq":1}'),
    (f"{API}.CONSUMER.DELETE.SH_33.{CITY}", b""),
    (f"{API}.CONSUMER.DELETE.SH_33.{SISTER}", b""),
    (f"{API}.STREAM.UPDATE.SH_33", b'{"name":"SH_33","subjects":["x"]}'),
    (f"{API}.STREAM.CREATE.MINE", b'{"name":"MINE","subjects":["sh.>"]}'),
    (f"{API}.STREAM.RESTORE.SH_33", b"{}"),
    (f"{API}.STREAM.LEADER.STEPDOWN.SH_33", b""),
    (f"{API}.ACCOUNT.PURGE.HUB", b""),
    (f"{API}.META.LEADER.STEPDOWN", b""),
]
RULING = [
    ("$SYS.REQ.CLAIMS.UPDATE", b"anything"),
    ("$SYS.REQ.CLAIMS.DELETE", b"anything"),
    ("$SYS.REQ.CLAIMS.LIST", b""),
    ("$SYS.REQ.SERVER.PING", b""),
    ("$SYS.REQ.ACCOUNT.PING.STATZ", b""),
    ("$SYS.ACCOUNT.x.CONNECT", b"{}"),
    ("$JS.EVENT.ADVISORY.API", b"{}"),
]
LEGAL = [
    (f"{OWN}c", b"x"),
    (f"{NEXT}.SH_33.{SISTER}", PULL),
    (f"{HEAD}.SH_33.{OWN}c", b""),
    (f"{ACK}.SH_33.{SISTER}.1.1.1.1.0", b""),
    (question_of(CITY, SISTER), b"x"),
    (directory_of(SISTER), b""),
]
"""What SISTER may ask, by which an answer goes to the reply subject."""
EARS = (
    ">", "sh.>", f"{OTHERS}", "_INBOX_.>", "_R_.>", "*.>", f"rpc.{COUNTY}.>", asked_of(COUNTY), f"{ACK}.>", "$JS.>",
    "$SYS.>", directory_of(COUNTY),
)  # fmt: skip
