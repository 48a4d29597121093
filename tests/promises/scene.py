"""A small federation whose keys, ids, epochs and clock are fixed, so that what it says is the same bytes every time.

Only signatures and sealed bodies are drawn anew at every writing: ES256 and ECDH-ES are.
"""

import datetime as dt
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey

from sync.bus.trust import Trust
from sync.contract import jose
from sync.contract.channels import log_of
from sync.contract.ids import Id, record_id
from sync.contract.levels import Level
from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityRecord, ActivityState
from sync.contract.shapes.participations import ParticipationRecord, ParticipationRole, ParticipationState
from sync.contract.shapes.requests import AnswerRecord, RequestKind, RequestRecord, RequestState
from sync.contract.trust.directory import Contents, Directory, Listed, ListedMechanism
from sync.log import Event
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.exchange.own_logs import OwnLogs
from tenant_service.storage.columns import Row
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Units

NATION, PROVINCE, CITY, COUNTY, SISTER, PARTNER = "100000", "330000", "330100", "330110", "330102", "310118"
GATEWAY = "gw-330100"
MECHANISM = "0195ec2b0c0070008000000000000100"
DELTA = f"{COUNTY}.mechanism.{MECHANISM}"
BEGAN = dt.datetime(2026, 4, 1, 8, tzinfo=dt.UTC)
TAG = "9f86d0818f3e21aa"
NAMES = {
    NATION: "全国政协", PROVINCE: "浙江省政协", CITY: "杭州市政协", COUNTY: "余杭区政协", SISTER: "上城区政协",
    PARTNER: "青浦区政协",
}  # fmt: skip
_LEVELS = {NATION: Level.NATION, PROVINCE: Level.PROVINCE, CITY: Level.CITY}
_PARENTS = {PROVINCE: NATION, CITY: PROVINCE, COUNTY: CITY, SISTER: CITY}

HOST, ACTIVITY, PLACE = (
    COUNTY,
    record_id(COUNTY, "activity", f"{1:032x}"),
    record_id(COUNTY, "participation", f"{2:032x}"),
)
MEMBER = record_id(PARTNER, "person", f"{3:032x}")
REQUEST, ANSWER = record_id(PARTNER, "request", f"{4:032x}"), record_id(COUNTY, "answer", f"{5:032x}")


def key(of: str) -> ECKey:
    """The key pair that everybody can make again: the SHA-256 of its name is the secret. For examples only."""
    number = int.from_bytes(hashlib.sha256(f"liandong example {of}".encode()).digest())
    pair = ec.derive_private_key(number, ec.SECP256R1())
    public = pair.public_key().public_numbers()
    made = jose.read_key({"kty": "EC", "crv": "P-256", "x": _b64(public.x), "y": _b64(public.y), "d": _b64(number)})
    assert made.kid == jose.thumbprint(made)
    return made


def _b64(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes(32)).rstrip(b"=").decode()


def contents() -> Contents:
    """The federation of the examples."""
    entries = [
        Listed(
            id=id, name=name, short_name=name.removesuffix("政协"), level=_LEVELS.get(id, Level.COUNTY),
            parent=_PARENTS.get(id),
            keys={"event": [jose.public(key(f"event {id}"))], "enc": [jose.public(key(f"enc {id}"))]},
        )
        for id, name in NAMES.items()
    ]  # fmt: skip
    gateway = Listed(
        id=GATEWAY, kind="gateway", name="杭州网关", keys={"request": [jose.public(key(f"request {GATEWAY}"))]}
    )
    return Contents(
        serial=7, issued_at=int(BEGAN.timestamp()), expires_at=int(BEGAN.timestamp()) + 7 * 86_400,
        entries=[*entries, gateway],
        mechanisms=[ListedMechanism(id=DELTA, name="青余协商联动机制", members=[COUNTY, PARTNER])],
    )  # fmt: skip


class Author:
    """One committee's database, its outbox and its logs, as the service has them."""

    def __init__(self, file: Path, id: str) -> None:
        self.id, self.now, self._next = id, BEGAN, count(1)
        self.trust = Trust(id, Directory(contents()), key(f"event {id}"), [key(f"enc {id}")])
        self.engine = open_engine(f"sqlite:///{file}")
        Row.metadata.create_all(self.engine)
        outbox = ExchangeOutbox(self.trust, lambda: TAG, self._event_id)
        self.units = Units(self.engine, id, outbox, lambda: self.now)
        self.own = OwnLogs(self.units, self.trust)
        self.once: dict[str, list[Event]] = {}
        """Channel → the log as it was before something in it was erased."""

    def _event_id(self) -> str:
        return f"0195ec2b1c00700080000000{next(self._next):08x}"

    def says(self, record: Any, version: int, *channels: str) -> None:
        with self.units.write() as unit:
            unit.publish(record, version, set(channels))
        self.now += dt.timedelta(minutes=10)

    def erases(self, record: Any, version: int) -> None:
        self.once = {channel: self.log(channel) for channel in self.own.heads()}
        with self.units.write() as unit:
            unit.erase(record, version)
        self.now += dt.timedelta(minutes=10)

    def log(self, channel: str) -> list[Event]:
        """The whole log, unsigned."""
        with self.own.view(log_of(self.id, channel)) as mine:
            return mine.page(0)


Told = Callable[[str], list[Event]]


@contextmanager
def told(folder: Path) -> Iterator[dict[str, Author]]:
    """What the host and its partner said of one activity: shared, changed, no longer shared with the partner, gone; and
    of a member of the partner's at it.
    """
    host, partner = Author(folder / "host.db", HOST), Author(folder / "partner.db", PARTNER)
    try:
        host.says(activity(), 1, "c", "o", f"m_{MECHANISM}")
        moved = BEGAN + dt.timedelta(days=9, hours=6)
        host.says(activity(revision=2, starts_at=moved, change_note="改到下午", changed_at=host.now), 2, "c", "o")
        host.erases(activity(revision=3), 3)
        partner.says(request(), 1, f"x_{HOST}")
        host.says(participation(), 1, f"x_{PARTNER}")
        host.says(answer(), 1, f"x_{PARTNER}")
        yield {HOST: host, PARTNER: partner}
    finally:
        for each in (host, partner):
            each.engine.dispose()


# ── records ──


def activity(**changed: Any) -> ActivityRecord:
    about: dict[str, Any] = {
        "id": ACTIVITY, "committee_id": Id(COUNTY), "title": "老旧小区加装电梯协商会",
        "kind": ActivityKind.HALL_SESSION, "format": ActivityFormat.ONSITE, "state": ActivityState.PUBLISHED,
        "starts_at": BEGAN + dt.timedelta(days=9), "ends_at": None, "place": "南苑街道民生议事堂", "venue_id": None,
        "host_ids": [Id(COUNTY), Id(PARTNER)], "mechanism_id": Id(DELTA), "series": None, "issue_no": None,
        "ordinal": None, "organizer": "城乡建设委员会", "capacity": 30, "sign_up_until": None, "leader_present": None,
        "members_present": None, "headcount": None, "suggestions": None, "report": None, "backfilled": None,
        "change_note": None, "revision": 1, "changed_at": BEGAN,
    }  # fmt: skip
    return ActivityRecord(**(about | changed))


def participation() -> ParticipationRecord:
    return ParticipationRecord(
        id=PLACE, committee_id=Id(COUNTY), activity_id=ACTIVITY, person_id=MEMBER, home_id=Id(PARTNER),
        role=ParticipationRole.ATTENDEE, state=ParticipationState.REGISTERED, checked_in_at=None, checked_out_at=None,
        reason=None, revision=1,
    )  # fmt: skip


def request() -> RequestRecord:
    return RequestRecord(
        id=REQUEST, committee_id=Id(PARTNER), to_id=Id(COUNTY), kind=RequestKind.SIGN_UP, subject_id=ACTIVITY,
        person_id=MEMBER, person_name="沈一帆", text=None, detail=None, asked_at=BEGAN,
    )  # fmt: skip


def answer() -> AnswerRecord:
    return AnswerRecord(
        id=ANSWER, committee_id=Id(COUNTY), request_id=REQUEST, state=RequestState.ACCEPTED, code=None, reason_zh=None,
        reason_en=None, result_id=Id(PLACE), answered_at=BEGAN,
    )  # fmt: skip
