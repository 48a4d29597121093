"""How complete the exchange is, both ways, as programs ask it."""

import datetime as dt

import strawberry

from sync.contract.ids import Id
from sync.contract.visibility import Visible, visible
from tenant_service.exchange import alarms
from tenant_service.exchange.alarms import Alarm
from tenant_service.exchange.copies import Place
from tenant_service.exchange.watching import confirmed, dead_letters
from tenant_service.exchange.watching import freshness as shared
from tenant_service.exchange.watching.confirmed import ToldStatus
from tenant_service.exchange.watching.dead_letters import Letter
from tenant_service.exchange.watching.freshness import LogStatus
from tenant_service.exchange_status import service
from tenant_service.exchange_status.service import Outcome
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.types import Home, shown
from tenant_service.identity.policy import UseCase

TENANT = Visible.TENANT
MOST_LETTERS = 200


@strawberry.type(description="How far a committee's log on a channel was followed.")
class SyncStatus:
    owner: Id = visible(TENANT, "Whose log.")
    channel: str = visible(TENANT, "Which.")
    epoch: str = visible(TENANT, "Life of the owner's database.")
    applied_seq: int = visible(TENANT, "Last event applied.")
    head_seq: int = visible(TENANT, "Last event known to exist.")
    lag_seconds: int | None = visible(TENANT, "Seconds since we last knew to have everything; 0: nothing is missing.")
    as_of: dt.datetime | None = visible(TENANT, "When we last knew to have everything.")
    chain_ok: bool = visible(TENANT, "Whether everything applied is signed and unbroken.")
    trouble: str = visible(TENANT, "Why it does not advance; empty when it does.")
    dead_letters: int = visible(TENANT, "Events that could not be shown.")
    trouble_since: dt.datetime | None = visible(TENANT, "When the trouble was seen that stands now.")
    naks: int = visible(TENANT, "How often something was missing or wrong, so that a holder was asked.")
    quarantined: int = visible(TENANT, "Events dropped because their bytes could not be right.")
    state: str = visible(TENANT, "FOLLOWING; of a log that may no longer be read, what is left: FROZEN or REMOVED.")
    since: dt.datetime | None = visible(TENANT, "When it came to its state.")


@strawberry.type(description="How far a reader has confirmed a log of ours.")
class SyncReader:
    committee_id: Id = visible(TENANT, "Who.")
    seq: int = visible(TENANT, "Last event it signed to have applied, in the present epoch.")
    behind: int = visible(TENANT, "Events that it has not confirmed.")
    as_of: dt.datetime | None = visible(TENANT, "When it last confirmed anything of this log; null: never.")


@strawberry.type(description="How far a log of ours has reached the hub and its readers.")
class SyncTold:
    channel: str = visible(TENANT, "Which.")
    epoch: str = visible(TENANT, "Life of our database.")
    seq: int = visible(TENANT, "Last event said.")
    hub_seq: int | None = visible(TENANT, "Last of them that the hub held; null: it was never seen.")
    hub_as_of: dt.datetime | None = visible(TENANT, "When the hub was seen.")
    readers: list[SyncReader] = visible(TENANT, "Everybody entitled to it today, nearest first.")


@strawberry.type(description="Something about the exchange that people should look at.")
class SyncAlarm:
    log: str = visible(TENANT, "Of which log: OWNER/CHANNEL.")
    code: str = visible(TENANT, "What.")
    text: str = visible(TENANT, "The same in words of the program.")
    times: int = visible(TENANT, "How often it was raised.")
    first_at: dt.datetime = visible(TENANT, "First.")
    last_at: dt.datetime = visible(TENANT, "Last.")
    known_at: dt.datetime | None = visible(TENANT, "When somebody acknowledged it; null: it is open.")
    known_by: str | None = visible(TENANT, "Account that did.")


@strawberry.type(description="An event that could not be shown.")
class SyncDeadLetter:
    log: str = visible(TENANT, "Of which log: OWNER/CHANNEL.")
    epoch: str = visible(TENANT, "Life of the owner's database.")
    seq: int = visible(TENANT, "Its place.")
    record: str = visible(TENANT, "What it is about; empty where it cannot be read at all.")
    error: str = visible(TENANT, "Why, in words of the program.")
    at: dt.datetime = visible(TENANT, "When it was last tried.")


@strawberry.type(description="What came of a replay.")
class ReplayOutcome:
    shown: int = visible(TENANT, "Records that are shown as they count now, or rightly no more.")
    failed: int = visible(TENANT, "Events that failed again.")
    waiting: int = visible(TENANT, "Records that this release cannot show yet.")
    remaining: int = visible(TENANT, "Dead letters that stand now.")
    after: str = visible(TENANT, "Where more are to be tried, ask again with this; empty: all were.")


@strawberry.input(description="One dead letter.")
class DeadLetterInput:
    log: str
    epoch: str
    seq: int

    def place(self) -> Place:
        return Place(self.log, self.epoch, self.seq)


@strawberry.type
class SyncQuery:
    @shown(TENANT, "How complete what we hold of others is.", directives=[Home()])
    def sync_status(self, info: Info) -> list[SyncStatus]:
        info.context.actor.require(UseCase.SEE_SYNC)
        return list(map(_status, shared.status(info.context.unit.session, info.context.unit.now)))

    @shown(TENANT, "How completely what we share has arrived.", directives=[Home()])
    def sync_told(self, info: Info) -> list[SyncTold]:
        context = info.context
        context.actor.require(UseCase.SEE_SYNC)
        return list(map(_told, confirmed.told(context.unit.session, context.actor.committee, context.directory)))

    @shown(TENANT, "Alarms of the exchange, open ones first.", directives=[Home()])
    def sync_alarms(self, info: Info) -> list[SyncAlarm]:
        info.context.actor.require(UseCase.SEE_SYNC)
        return list(map(_alarm, alarms.listed(info.context.unit.session)))

    @shown(TENANT, "Events that could not be shown, the newest 200.", directives=[Home()])
    def sync_dead_letters(self, info: Info) -> list[SyncDeadLetter]:
        info.context.actor.require(UseCase.SEE_SYNC)
        return list(map(_letter, dead_letters.listed(info.context.unit.session, MOST_LETTERS)))


@strawberry.type
class SyncMutation:
    @shown(
        TENANT, "重新处理: try again to show what could not be; of these letters or logs only, where some are named."
    )
    def replay_dead_letters(
        self, info: Info, key: Id, letters: list[DeadLetterInput], logs: list[str], after: str = ""
    ) -> ReplayOutcome:
        context = info.context
        context.actor.require(UseCase.RUN_SYNC)
        done = context.perform(
            "replayDeadLetters", key, plain(letters=letters, logs=logs, after=after),
            lambda unit: service.replay(
                unit, context.actor, context.services.projector, logs=logs,
                places=[each.place() for each in letters], after=after,
            ),
            kept_as=Outcome,
        )  # fmt: skip
        return ReplayOutcome(**vars(done))

    @shown(TENANT, "已知悉: acknowledge an alarm as it was raised `times` times.")
    def acknowledge_alarm(self, info: Info, key: Id, log: str, code: str, times: int) -> SyncAlarm:
        context = info.context
        done = context.perform(
            "acknowledgeAlarm", key, plain(log=log, code=code, times=times),
            lambda unit: service.acknowledge(unit, context.actor, log, code, times), kept_as=Alarm,
        )  # fmt: skip
        return _alarm(done)


def _status(each: LogStatus) -> SyncStatus:
    return SyncStatus(**vars(each) | {"state": each.state.value})


def _told(each: ToldStatus) -> SyncTold:
    return SyncTold(**vars(each) | {"readers": [SyncReader(**vars(reader)) for reader in each.readers]})


def _alarm(each: Alarm) -> SyncAlarm:
    return SyncAlarm(**vars(each))


def _letter(each: Letter) -> SyncDeadLetter:
    return SyncDeadLetter(**each.place._asdict(), record=each.record, error=each.error, at=each.at)
