"""The exchange as a whole: what we receive, what of ours has arrived, and what somebody should look at."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sync.contract.channels import log_of
from sync.contract.trust.descriptors import KEYS_WARN
from sync.contract.trust.directory import Directory
from sync.contract.trust.directory_parts import WARN_BEFORE
from tenant_service.exchange import alarms
from tenant_service.exchange.alarms import Alarm
from tenant_service.exchange.restoring import lives
from tenant_service.exchange.restoring.lives import LeftEpoch
from tenant_service.exchange.watching import confirmed, dead_letters
from tenant_service.exchange.watching import freshness as shared
from tenant_service.exchange.watching.confirmed import ToldStatus
from tenant_service.exchange.watching.dead_letters import Letter
from tenant_service.exchange.watching.freshness import LogStatus

LATE = dt.timedelta(minutes=15)
"""What is behind for longer is no page on its way any more."""
_LAST = 2**33
"""Unix seconds of the last end that is told as a date: in 2242."""
MOST_LETTERS = 200
"""Dead letters that are listed; all are counted."""


@dataclass(frozen=True)
class Overview:
    """Everything as it stands `at` one moment.

    Attributes:
        received: Every log that is or was followed.
        letters: The newest MOST_LETTERS dead letters.
        hidden: Copies that are whole and wait for a release that can show them.
        salvaged: Events of ours that readers gave back after a restore.
        keys_end: When a use of our own keys is left without one; None: never.
        directory_ends: When our own registrar's word ends, unless the directory is signed anew before.
    """

    at: dt.datetime
    received: list[LogStatus]
    told: list[ToldStatus]
    letters: list[Letter]
    hidden: int
    alarms: list[Alarm]
    left: list[LeftEpoch]
    salvaged: int
    directory_ends: dt.datetime
    keys_end: dt.datetime | None = None

    @property
    def keys_are_ending(self) -> bool:
        return self.keys_end is not None and self.at >= self.keys_end - dt.timedelta(seconds=KEYS_WARN)

    @property
    def directory_is_ending(self) -> bool:
        """It was not signed anew for six days, or has ended: others refuse our people then, and we theirs."""
        return self.at >= self.directory_ends - dt.timedelta(seconds=WARN_BEFORE)

    @property
    def followed(self) -> list[LogStatus]:
        return [log for log in self.received if log.is_followed]

    @property
    def owners(self) -> int:
        """Committees whose logs we follow."""
        return len({log.owner for log in self.followed})

    @property
    def as_of(self) -> dt.datetime | None:
        """Everything that everybody said until then is here; None: some log was never known to its end."""
        return shared.known_until(log.as_of for log in self.followed)

    @property
    def behind(self) -> list[LogStatus]:
        """Logs of which something is known to be missing, or of which the end was never known."""
        return [log for log in self.followed if not log.is_whole and not log.trouble]

    @property
    def troubled(self) -> list[LogStatus]:
        return [log for log in self.followed if log.trouble]

    @property
    def dead(self) -> int:
        """Dead letters."""
        return sum(log.dead_letters for log in self.received)

    @property
    def open_alarms(self) -> list[Alarm]:
        return [each for each in self.alarms if each.known_at is None]

    @property
    def readers(self) -> int:
        """Readers of our logs, counted once for each log that they may read."""
        return sum(len(each.readers) for each in self.told)

    @property
    def confirmed(self) -> int:
        """Of these, who confirmed everything."""
        return sum(each.confirmed for each in self.told)

    @property
    def hub_as_of(self) -> dt.datetime | None:
        """When the hub was last seen by our relay; None: never."""
        return max((each.hub_as_of for each in self.told if each.hub_as_of), default=None)


def overview(session: Session, now: dt.datetime, committee: str, directory: Directory) -> Overview:
    return Overview(
        now, shared.status(session, now), confirmed.told(session, committee, directory),
        dead_letters.listed(session, MOST_LETTERS), dead_letters.hidden(session), alarms.listed(session),
        lives.left(session), lives.salvaged(session), _ends(directory, committee),
        _moment(end) if (end := directory.keys_end(committee)) else None,
    )  # fmt: skip


def _ends(directory: Directory, committee: str) -> dt.datetime:
    return _moment(directory.ends(committee))


def _moment(at: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(min(at, _LAST), dt.UTC)


def wrong(seen: Overview) -> list[str]:
    """What somebody should do something about, one line each, for a person at a terminal or a watching program.

    A reader that has not confirmed yet is not among it: it may be away, and nothing is lost by that.
    """
    found = [f"{log_of(log.owner, log.channel)}: {log.trouble}" for log in seen.troubled]
    for log in seen.behind:
        since = "never known to its end" if log.as_of is None else f"not known to its end since {log.as_of:%F %T}Z"
        if log.as_of is None or log.lag_seconds > LATE.total_seconds():
            found.append(f"{log_of(log.owner, log.channel)}: {since}")
    if seen.told and (seen.hub_as_of is None or seen.at - seen.hub_as_of > LATE):
        found.append(f"the hub was last seen {f'{seen.hub_as_of:%F %T}Z' if seen.hub_as_of else 'never'}")
    if seen.directory_is_ending:
        found.append(f"the directory ends {seen.directory_ends:%F %T}Z and is not signed anew")
    if seen.keys_are_ending:
        found.append(f"our own keys end {seen.keys_end:%F %T}Z: replace them, and renew the descriptor")
    found += [f"{each.log}: alarm {each.code}, {each.times} times: {each.text}" for each in seen.open_alarms]
    return found + ([f"{seen.dead} dead letters"] if seen.dead else [])
