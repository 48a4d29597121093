"""留存: what personal data is kept how long, by setting; how much of it is over, and how it goes.

The running service goes through the list daily, in slices; `liandong tenant retention` shows it and changes nothing.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sync.contract.errors import Refusal
from sync.edge.shell.words import say
from tenant_service import rooms
from tenant_service.identity import account_acts, accounts, disclosures
from tenant_service.identity.audit_log import segments as audit_segments
from tenant_service.members import personal as members
from tenant_service.personal_data import service
from tenant_service.personal_data.models import RetentionRunRow
from tenant_service.room import Retention, days_before
from tenant_service.settings import Settings
from tenant_service.storage.unit_of_work import Unit

EVERY = dt.timedelta(days=1)
"""So often the running service goes through the rules."""


@dataclass(frozen=True)
class Rule:
    """What is kept for a while here, and for how long: as long as the number of its setting says."""

    of: Retention
    number: int

    @property
    def kept(self) -> str:
        """How long, in words for a terminal."""
        return self.of.kept.format(self.number)

    def due(self, session: Session, now: dt.datetime) -> int:
        """How many rows are over at that moment."""
        return self.of.due(session, now, self.number)

    def drop(self, unit: Unit) -> int:
        """Some of them are gone; how many, 0 when none is left."""
        return self.of.drop(unit, self.number)


_OF_ACCOUNTS = (
    Retention(
        "disclosures", "audit_months", "who was shown personal data, and why", "{} whole months",
        say("谁看过、导出过什么，及其事由：满 %(n)s 个月"),
        lambda session, now, months: disclosures.count_before(session, audit_segments.kept_from(now, months)),
        lambda unit, months: disclosures.forget_before(unit.session, audit_segments.kept_from(unit.now, months)),
    ),
    Retention(
        "accounts", "audit_months", "what was done to accounts, and why", "{} whole months",
        say("对账号做过什么，及其事由：满 %(n)s 个月"),
        lambda session, now, months: account_acts.count_before(session, audit_segments.kept_from(now, months)),
        lambda unit, months: account_acts.forget_before(unit.session, audit_segments.kept_from(unit.now, months)),
    ),
    Retention(
        "audit", "audit_months", "entries of the audit log", "{} whole months", say("审计日志：满 %(n)s 个月"),
        lambda session, now, months: sum(count for _, count in audit_segments.due(session, months, now)),
        audit_segments.drop,
    ),
)  # fmt: skip
_WHO_LEFT = Retention(
    "left", "left_person_years", "who people were that left", "{} years after they left",
    say("离任人员是谁：离任后 %(n)s 年"),
    lambda session, now, years: len(members.left_before(session, days_before(now, 365 * years))),
    lambda unit, years: _erase_left(unit, days_before(unit.now, 365 * years)),
)  # fmt: skip
KEEPS = (*rooms.KEEPS, *_OF_ACCOUNTS, _WHO_LEFT)


def rules_of(settings: Settings) -> list[Rule]:
    """What this committee keeps how long; what its settings say is kept for good is not there."""
    return [Rule(each, number) for each in KEEPS if (number := getattr(settings, each.setting))]


@dataclass(frozen=True)
class Standing:
    """One rule: what its last run removed, what it would remove now, and what at the next run."""

    rule: Rule
    ran_at: dt.datetime | None
    removed: int
    emptied_at: dt.datetime | None
    emptied: int
    due: int
    next_at: dt.datetime
    due_next: int


def standings(rules: Sequence[Rule], session: Session, now: dt.datetime) -> list[Standing]:
    """Each rule as it stands; the next run comes a day after the last, or soon where none was yet or it is late."""
    found = []
    for rule in rules:
        row = session.get(RetentionRunRow, rule.of.code)
        then = max(row.ran_at + EVERY, now) if row else now
        found.append(
            Standing(
                rule, row.ran_at if row else None, row.removed if row else 0, row.emptied_at if row else None,
                row.emptied if row else 0, rule.due(session, now), then, rule.due(session, then),
            )
        )  # fmt: skip
    return found


def note_run(unit: Unit, rule: Rule, removed: int) -> None:
    """It stands there that the rule was gone through now, and how much that removed."""
    row = unit.session.get(RetentionRunRow, rule.of.code)
    if row is None:
        row = RetentionRunRow(rule=rule.of.code, emptied_at=None, emptied=0)
        unit.session.add(row)
    row.ran_at, row.removed = unit.now, removed
    if removed:
        row.emptied_at, row.emptied = unit.now, removed


def _erase_left(unit: Unit, day: dt.date) -> int:
    """The next one who can be erased is; one whose account still administers this system is left to people."""
    for id in members.left_before(unit.session, day):
        try:
            with unit.attempt():
                service.erase_over(unit, accounts.console(unit.committee), id)
                return 1
        except Refusal:
            continue
    return 0
