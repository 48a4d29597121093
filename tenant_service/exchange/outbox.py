"""What a transaction tells other committees: one event per channel, in the same transaction as the change.

A copy is kept per (record, channel) and holds what that channel's circle of readers is told; bodies in a partner's
channel are sealed to the partner and to ourselves.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import Any

import msgspec
import uuid_utils
from joserfc.jwk import ECKey
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sync.bus.streams import MOST_BYTES
from sync.bus.trust import Trust
from sync.contract import jose, records
from sync.contract.channels import circle_of, is_channel, partner_of
from sync.contract.errors import Code, Refusal
from sync.contract.ids import kind_of, owner_of
from sync.contract.trust.directory import Directory
from sync.contract.versions import schema_of
from sync.contract.visibility import Visible
from tenant_service.exchange.bulk import upsert
from tenant_service.exchange.erasing import erase_own
from tenant_service.exchange.models import SharedOutRow
from tenant_service.exchange.pen import Pen, Said, Tag, pen
from tenant_service.storage.unit_of_work import Publication, Unit

MOST_DATA = MOST_BYTES - 2048
"""Bytes of one record as it travels; the rest of what the hub takes is envelope and signature."""
_AT_ONCE = 500


@dataclass
class _Telling:
    """What one call will say, by channel: puts before retracts, so that a wider copy stands before a narrower falls."""

    puts: dict[str, list[Said]] = field(default_factory=dict)
    withdrawals: dict[str, list[Said]] = field(default_factory=dict)

    def put(self, channel: str, said: Said) -> None:
        self.puts.setdefault(channel, []).append(said)

    def withdraw(self, channel: str, said: Said) -> None:
        self.withdrawals.setdefault(channel, []).append(said)


def draw_tag() -> str:
    return token_hex(8)


def draw_event_id() -> str:
    return uuid_utils.uuid7().hex


class ExchangeOutbox:
    """The outbox of one committee; a `storage.unit_of_work.Outbox`."""

    def __init__(self, trust: Trust, tag: Tag = draw_tag, event_id: Callable[[], str] = draw_event_id) -> None:
        self.trust, self.tag, self.event_id = trust, tag, event_id

    @property
    def directory(self) -> Directory:
        return self.trust.directory

    def put_all(self, unit: Unit, publications: Sequence[Publication]) -> None:
        """The readers of exactly these channels are told; where a record was shared before and is no longer, it is
        retracted. Each record is named once.

        Raises:
            Refusal: NOT_YOURS; UNKNOWN_MECHANISM or UNKNOWN_COMMITTEE, a new channel that the directory does not give
                us; PARTNER_HAS_NO_KEY; TOO_LARGE.
        """
        was = _told(unit.session, [each.record.id for each in publications])
        telling = _Telling()
        for each in publications:
            before = {channel for channel, shared in was.get(each.record.id, {}).items() if shared}
            self._tell(unit, each, before, telling)
        if telling.puts or telling.withdrawals:
            self._write(unit, telling)

    def delete(self, unit: Unit, record: Any, version: int) -> None:
        """Every channel it was ever shared on is told that it is gone, and where on it something was said of it."""
        self._check_owner(record.id)
        unit.session.flush()
        telling = _Telling()
        said = Said("delete", self.event_id(), unit.now.isoformat(), record.id, version)
        for channel in _told(unit.session, [record.id]).get(record.id, {}):
            for places in erase_own(unit, self.trust, record.id, version, channel):
                telling.withdraw(channel, replace(said, data=msgspec.json.encode(places) if places else None))
        if telling.withdrawals:
            self._write(unit, telling)
            unit.session.execute(delete(SharedOutRow).where(SharedOutRow.record == record.id))

    def _tell(self, unit: Unit, publication: Publication, before: set[str], telling: _Telling) -> None:
        record, version = publication.record, publication.version
        self._check_owner(record.id)
        channels = self._checked(unit, set(publication.channels), before)
        about = {"id": self.event_id(), "time": unit.now.isoformat(), "record": record.id, "version": version}
        schema, told = schema_of(kind_of(record.id)), dict[Visible, bytes]()
        for channel in sorted(channels):
            data = self._data(unit, record, channel, told)
            telling.put(channel, Said("put", **about, schema=schema, data=data))
        for channel in sorted(before - channels):
            telling.withdraw(channel, Said("retract", **about))

    def _check_owner(self, id: str) -> None:
        if owner_of(id) != self.trust.me:
            raise Refusal(Code.NOT_YOURS, owner=owner_of(id))

    def _checked(self, unit: Unit, channels: set[str], before: set[str]) -> set[str]:
        """The channels that can be written. A channel that was lost since (a mechanism left, a partner suspended) keeps
        no act from being done: its copy is retracted.
        """
        writable = set(unit.directory.channels_of(self.trust.me))
        for channel in channels - before:
            if channel in writable:
                continue
            if not is_channel(channel):
                raise Refusal(Code.BAD_VALUE, field="channel", why=channel[:40])
            if channel.startswith("m_"):
                raise Refusal(Code.UNKNOWN_MECHANISM)
            raise Refusal(Code.UNKNOWN_COMMITTEE, id=channel[2:])
        channels = channels - (before - writable)
        for channel, to in [(each, to) for each in channels if (to := partner_of(each))]:
            if not _sealed_to(unit, to):
                if channel not in before:
                    raise Refusal(Code.PARTNER_HAS_NO_KEY, id=to)
                channels = channels - {channel}
        return channels

    def _data(self, unit: Unit, record: Any, channel: str, told: dict[Visible, bytes]) -> bytes:
        """The record as this channel's circle is told it; `told` remembers it by circle."""
        circle = circle_of(channel)
        if circle not in told:
            told[circle] = msgspec.json.encode(records.written(record, circle))
        data = told[circle]
        if to := partner_of(channel):
            partner = _sealed_to(unit, to)[0]
            # And to ourselves: what a restored backup has forgotten is read back out of what was told.
            data = msgspec.json.encode(jose.seal(data, partner, *self.trust.enc[:1]))
        if len(data) > MOST_DATA:
            raise Refusal(Code.TOO_LARGE, most=MOST_DATA)
        return data

    def _write(self, unit: Unit, telling: _Telling) -> None:
        unit.session.flush()
        writer = pen(unit.session, self.trust.me, self.tag, unit.now)
        rows = [
            *_appended(writer, telling.puts, is_shared=True), *_appended(writer, telling.withdrawals, is_shared=False)
        ]  # fmt: skip
        upsert(unit.session, SharedOutRow, rows)


def _appended(writer: Pen, by_channel: Mapping[str, Sequence[Said]], *, is_shared: bool) -> list[dict[str, Any]]:
    """What stands in `shared_out` after these were written."""
    return [
        {"record": said.record, "channel": channel, "seq": seq, "version": said.version, "is_shared": is_shared}
        for channel, each in sorted(by_channel.items())
        for said, seq in zip(each, writer.append(channel, each), strict=True)
    ]


def _told(session: Session, ids: Iterable[str]) -> dict[str, dict[str, bool]]:
    """Record → channel it was ever told on → whether it is shared there now."""
    wanted = list(ids)
    found: dict[str, dict[str, bool]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = select(SharedOutRow.record, SharedOutRow.channel, SharedOutRow.is_shared).where(
            SharedOutRow.record.in_(wanted[start : start + _AT_ONCE])
        )
        for record, channel, is_shared in session.execute(rows):
            found.setdefault(record, {})[channel] = is_shared
    return found


def _sealed_to(unit: Unit, partner: str) -> list[ECKey]:
    """The partner's keys that are in force now, newest first: nothing is sealed to one that has expired or is not yet
    to be used.
    """
    return unit.directory.keys(partner, "enc", int(unit.now.timestamp()))
