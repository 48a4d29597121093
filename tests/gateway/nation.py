"""The nation's own committee with copies of all others, and a gateway over all of them; nobody else answers.

The committee is real: its database is filled as its inbox fills it, and a gateway asks it over the hub.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import nats

from gateway.app import Parts, assemble
from gateway.identity.callers import Caller
from gateway.schema import joint_sdl
from gateway.settings import Settings
from sync.bus.answerer import Answerer, Question
from sync.contract import jose
from sync.contract.channels import log_of
from sync.contract.ids import Id, record_id
from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityRecord, ActivityState
from sync.contract.shapes.values import IndicatorCode, ValueRecord
from sync.contract.trust.directory import Directory, Listed
from tenant_service.committee import Committee, open_committee
from tenant_service.exchange.copies import Seen
from tenant_service.exchange.models import FollowedRow, FollowedState, ReadingRow
from tenant_service.identity import accounts
from tenant_service.identity.accounts import Account, Draft
from tenant_service.identity.keys import keys_in
from tenant_service.identity.policy import Role
from tenant_service.rooms import projections
from tenant_service.rpc_server import TOO_LARGE
from tenant_service.settings import Settings as CommitteeSettings
from tenant_service.storage.unit_of_work import Unit
from tests.directories import signed
from tests.gateway.committee import WIDE
from tests.gateway.federation import known
from tests.migrated import migrated
from tests.sync.nations import NATION, contents

GATEWAY, CHANNEL = "gateway-000000", "n"
SHARED_AT = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
JANUARY = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
MONTHS = tuple(f"2026-{month:02}" for month in range(1, 11))


class Nation:
    """`count` committees; each has told the nation's of `activities` of its own, and of its figures."""

    def __init__(self, folder: Path, count: int, activities: int) -> None:
        self.key, self.root = jose.new_key(), jose.new_key()
        told = contents(count)
        home = msgspec.structs.replace(told.entries[0], keys=keys_in(folder / "keys").public())
        gate = Listed(id=GATEWAY, kind="gateway", name="网关", keys={"request": [jose.public(self.key)]})
        self.contents = msgspec.structs.replace(told, entries=[home, *told.entries[1:], gate])
        self.directory = Directory(self.contents)
        self.ids = [each.id for each in told.entries]
        self.records = {id: records(id, activities) for id in self.ids[1:]}
        self.home = self._opened(folder)
        self.clerk = self._clerk()
        self.asked: list[Question] = []

    def _opened(self, folder: Path) -> Committee:
        (folder / "directory.jws").write_text(signed(self.contents, self.root))
        (folder / "root.jwk").write_text(json.dumps(jose.public(self.root)))
        chosen = CommitteeSettings(
            committee=NATION, database=migrated(folder / "nation.db"), directory=folder / "directory.jws",
            root=folder / "root.jwk", keys=folder / "keys", limits=WIDE,
        )  # fmt: skip
        made = open_committee(chosen)
        for some in batched(self.records, 100):
            with made.units.write() as unit:
                for id in some:
                    self._tell(unit, id)
        return made

    def _clerk(self) -> Account:
        with self.home.units.write() as unit:
            draft = Draft("chen", "陈某", frozenset({Role.CLERK}))
            return accounts.create(unit, accounts.founder(NATION), draft, "unused", must_change=False)

    def _tell(self, unit: Unit, id: str) -> None:
        log = log_of(id, CHANNEL)
        unit.session.add(FollowedRow(log=log, owner=id, state=FollowedState.FOLLOWING, since=SHARED_AT))
        unit.session.add(_read_to_its_end(log, id))
        project = projections(lambda: self.directory)
        for kind, records in (("activity", self.records[id]), ("value", _values(id))):
            each: Any
            for version, each in enumerate(records, 1):
                seen = Seen(id, each.id, kind, each, version, SHARED_AT, frozenset([CHANNEL]))
                project[kind](unit.session, seen)

    async def gateway(self, stack: AsyncExitStack, url: str, **settings: Any) -> Parts:
        """The committee answers at this hub, and so does a gateway over all."""

        async def answering(question: Question) -> bytes | None:
            self.asked.append(question)
            return await self.home.rpc(question)

        serving, asking = await nats.connect(url), await nats.connect(url)
        stack.push_async_callback(serving.close)
        stack.push_async_callback(asking.close)
        await Answerer(serving, NATION, answering, TOO_LARGE).open()
        await known(serving)
        chosen = Settings(id=GATEWAY, hub=url, credentials=Path(), key=Path(), **settings)
        parts = assemble(chosen, lambda: self.directory, asking, self.key, sdl=joint_sdl())
        await parts.asker.open()
        return parts

    def caller(self) -> Caller:
        """A clerk of the nation's office, signed in at this gateway."""
        token = self.home.issuer.gateway_token(self.clerk, jose.thumbprint(self.key), dt.datetime.now(dt.UTC)).token
        return Caller(token, self.home.callers.claims(token))

    def newest(self, most: int) -> list[str]:
        """Ids in the order of STARTS_AT_DESC, by looking at every record."""
        held = [record for own in self.records.values() for record in own]
        held.sort(key=lambda each: (each.starts_at, each.committee_id, each.id), reverse=True)
        return [record.id for record in held[:most]]


def batched(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    every = iter(ids)
    while some := list(islice(every, size)):
        yield some


def records(owner: str, count: int) -> list[ActivityRecord]:
    """Activities of 2026, the same for the same committee, many at the same moment as somebody else's."""
    luck = Random(owner)
    return [_activity(luck, owner, number) for number in range(count)]


def _activity(luck: Random, owner: str, number: int) -> ActivityRecord:
    kinds: list[ActivityKind] = list(ActivityKind)
    starts = JANUARY + dt.timedelta(hours=luck.randrange(7_000))
    return ActivityRecord(
        id=record_id(owner, "activity", f"{number:032x}"), committee_id=Id(owner), title=f"第{number}期民生议事堂",
        kind=luck.choice(kinds), format=ActivityFormat.ONSITE, state=ActivityState.CLOSED, starts_at=starts,
        ends_at=starts + dt.timedelta(hours=2), place="南星街道", venue_id=None, host_ids=[Id(owner)],
        mechanism_id=None, series=None, issue_no=None, ordinal=None, organizer="提案委员会", capacity=None,
        sign_up_until=None, leader_present=False, members_present=9, headcount=20, suggestions=None, report=None,
        backfilled=False, change_note=None, revision=1, changed_at=starts,
    )  # fmt: skip


def _values(owner: str) -> list[ValueRecord]:
    luck = Random(owner)
    return [
        ValueRecord(
            id=record_id(owner, "value", f"{number:032x}"), committee_id=Id(owner),
            indicator=IndicatorCode.ACTIVITIES_HELD, month=month,
            days={ActivityKind.HALL_SESSION.value: [luck.randrange(3) for _ in range(28)]},
            joint_ids=[], watermark=1, computed_at=SHARED_AT,
        )
        for number, month in enumerate(MONTHS)
    ]  # fmt: skip


def held(owners: list[str]) -> int:
    """What these committees have told of ACTIVITIES_HELD, added up by hand."""
    return sum(sum(numbers) for id in owners for value in _values(id) for numbers in value.days.values())


def _read_to_its_end(log: str, owner: str) -> ReadingRow:
    return ReadingRow(
        log=log, owner=owner, epoch="1", seq=1, chain=b"", proof="", trouble="", stashed=0, is_complete=True,
        told_epoch="1", told_seq=1, known_at=SHARED_AT,
    )  # fmt: skip
