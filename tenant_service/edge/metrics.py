"""`/metrics`: how complete the exchange is, in Prometheus' text format, for a program that watches this one.

It tells ids of committees, codes of channels, and figures; no names. Off unless the setting says otherwise, and never
for whoever comes through a reverse proxy: the site is public there, and this is not.
"""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tenant_service.edge.deps import Deps
from tenant_service.exchange.watching.confirmed import ToldStatus
from tenant_service.exchange.watching.freshness import LogStatus
from tenant_service.exchange_status import queries
from tenant_service.exchange_status.queries import Overview

_FORWARDED = ("x-forwarded-for", "forwarded")
_LOG = ("owner", "channel")

Figure = Callable[[LogStatus], int]


class Metrics:
    def __init__(self, deps: Deps) -> None:
        self._deps, self._site = deps, deps.site

    async def answer(self, request: Request) -> Response:
        if not self._deps.settings.metrics or any(name in request.headers for name in _FORWARDED):
            return PlainTextResponse("Not Found", 404)
        seen = await self._site.domain.run(self._look)
        return Response(text(seen, self._deps.refused()), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _look(self) -> Overview:
        directory = self._site.callers.directory()
        with self._site.units.read() as unit:
            return queries.overview(unit.session, unit.now, unit.committee, directory)


def text(seen: Overview, refused: Mapping[str, int]) -> bytes:
    """The figures as they are now. `refused`: code → asks and receipts that were turned away since the start."""
    registry = CollectorRegistry()
    registry.register(_Seen([*_received(seen.followed), *_told(seen.told), *_whole(seen, refused)]))
    return generate_latest(registry)


class _Seen(Collector):
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _received(logs: list[LogStatus]) -> Iterable[Metric]:
    """One series per log that is followed."""
    for name, what, figure in (
        ("applied_seq", "Last event applied.", lambda log: log.applied_seq),
        ("head_seq", "Last event known to exist.", lambda log: log.head_seq),
        ("lag_seconds", "Since when not everything is known to be here; 0: nothing is known to be missing.",
         lambda log: log.lag_seconds),
        ("whole", "1: everything is here and right, and that is known.", lambda log: int(log.is_whole)),
        ("trouble", "1: its contents, signatures or keys are wrong, so it does not advance.",
         lambda log: int(bool(log.trouble))),
        ("dead_letters", "Events that could not be shown.", lambda log: log.dead_letters),
    ):  # fmt: skip
        yield _series(GaugeMetricFamily(f"liandong_sync_{name}", what, labels=_LOG), logs, figure)
    for name, what, figure in (
        ("naks", "How often something was missing or wrong, so that a holder was asked.", lambda log: log.naks),
        ("quarantined", "Events dropped because their bytes could not be right.", lambda log: log.quarantined),
    ):
        yield _series(CounterMetricFamily(f"liandong_sync_{name}", what, labels=_LOG), logs, figure)


def _series(family: GaugeMetricFamily | CounterMetricFamily, logs: list[LogStatus], figure: Figure) -> Metric:
    for log in logs:
        family.add_metric((log.owner, log.channel), figure(log))
    return family


def _told(logs: list[ToldStatus]) -> Iterable[Metric]:
    """One series per log of ours; what the hub holds only where it was seen."""
    for name, what, figure in (
        ("own_seq", "Last event said.", lambda log: log.seq),
        ("hub_seq", "Last of them that the hub held when it was last seen.", lambda log: log.hub_seq),
        ("hub_seen_timestamp_seconds", "When the hub was last seen.",
         lambda log: log.hub_as_of and log.hub_as_of.timestamp()),
        ("readers", "Committees entitled to it.", lambda log: len(log.readers)),
        ("readers_confirmed", "Of these, how many have signed to have everything.", lambda log: log.confirmed),
    ):  # fmt: skip
        family = GaugeMetricFamily(f"liandong_sync_{name}", what, labels=("channel",))
        for log in logs:
            if (told := figure(log)) is not None:
                family.add_metric((log.channel,), told)
        yield family


def _whole(seen: Overview, refused: Mapping[str, int]) -> Iterable[Metric]:
    alarms = GaugeMetricFamily("liandong_sync_alarms", "Alarms that nobody has acknowledged.", labels=("code",))
    for code in sorted({each.code for each in seen.alarms}):
        alarms.add_metric((code,), sum(each.code == code for each in seen.open_alarms))
    yield alarms
    turned = CounterMetricFamily(
        "liandong_sync_refused", "Asks and receipts of others turned away since the start.", labels=("reason",)
    )
    for reason, times in sorted(refused.items()):
        turned.add_metric((reason,), times)
    yield turned
    ends = seen.directory_ends.timestamp()
    yield GaugeMetricFamily(
        "liandong_sync_directory_expires_timestamp_seconds", "When the directory ends to be in force.", value=ends
    )
    yield GaugeMetricFamily("liandong_sync_hidden", "Records that wait for a newer release.", value=seen.hidden)
