"""`/metrics`: what the gateway does, in Prometheus' text format, for a program that watches it.

It tells ids of committees that are in the directory, codes and figures; no names, no documents. Off unless the setting
says otherwise, and never for whoever comes through a reverse proxy: the pages are public there, and this is not.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from gateway.counters import Counters
from gateway.federation.asking.breaker import Breaker
from gateway.federation.committees import Federation
from gateway.federation.engine import Gateway
from gateway.rates import Rates
from sync.edge.places import Places
from sync.edge.streams.audience import EVENTS, SOCKET, Audience

_FORWARDED = ("x-forwarded-for", "forwarded")


@dataclass(frozen=True)
class Seen(Collector):
    """Everything there is to see, read when somebody looks."""

    counters: Counters
    audience: Audience
    rates: Rates
    breaker: Breaker
    gateway: Gateway
    federation: Federation
    listeners: Places
    is_connected: Callable[[], bool]

    def collect(self) -> Iterable[Metric]:
        yield from self._work()
        yield from self._streams()
        yield from self._committees()
        yield from self._state()

    def _work(self) -> Iterable[Metric]:
        requests = CounterMetricFamily("liandong_gateway_requests", "Requests answered.", labels=("status", "code"))
        for (status, code), times in sorted(self.counters.requests.items()):
            requests.add_metric((str(status), code), times)
        yield requests
        limited = CounterMetricFamily("liandong_gateway_limited", "Requests over an allowance.", labels=("limit",))
        for what in ("requests", "cost", "places", "full"):
            limited.add_metric((what,), self.rates.refused[what])
        limited.add_metric(("streams",), self.audience.places.refused)
        limited.add_metric(("subscriptions",), self.listeners.refused)
        yield limited
        plans = CounterMetricFamily("liandong_gateway_documents", "Documents, by whether known.", labels=("found",))
        known = self.gateway.documents.remembered
        plans.add_metric(("hit",), known.hits)
        plans.add_metric(("miss",), known.misses)
        yield plans
        yield CounterMetricFamily(
            "liandong_gateway_shared_questions", "Questions that waited for an equal one under way.",
            value=self.gateway.fanout.flights.shared,
        )  # fmt: skip

    def _streams(self) -> Iterable[Metric]:
        opened = GaugeMetricFamily("liandong_gateway_streams", "Streams open.", labels=("transport",))
        delivered = CounterMetricFamily("liandong_gateway_deliveries", "Sent over streams.", labels=("transport",))
        for transport in (SOCKET, EVENTS):
            opened.add_metric((transport,), self.audience.open[transport])
            delivered.add_metric((transport,), self.audience.delivered[transport])
        over = CounterMetricFamily(
            "liandong_gateway_streams_ended", "Streams that are over.", labels=("transport", "how")
        )  # fmt: skip
        files = CounterMetricFamily("liandong_gateway_files", "Exported files.", labels=("format", "how"))
        for family, told in ((over, self.audience.ended), (files, self.counters.files)):
            for labels, times in sorted(told.items()):
                family.add_metric(labels, times)
        yield from (opened, delivered, over, files)

    def _committees(self) -> Iterable[Metric]:
        listed = self.federation.now().listed
        questions = CounterMetricFamily(
            "liandong_gateway_questions", "Questions, by what came of them.", labels=("committee", "state")
        )  # fmt: skip
        for (committee, state), times in sorted(self.counters.questions.items()):
            if committee in listed:
                questions.add_metric((committee, state), times)
        yield questions
        resting = GaugeMetricFamily(
            "liandong_gateway_left_in_peace", "1: silent so often that it is not asked now.", labels=("committee",)
        )  # fmt: skip
        for committee in self.breaker.resting():
            if committee in listed:
                resting.add_metric((committee,), 1)
        yield resting

    def _state(self) -> Iterable[Metric]:
        expires = self.federation.now().directory.contents.expires_at
        for name, what, value in (
            ("under_way", "Requests under way.", self.rates.places.count),
            ("line", "1: there is a line to the hub.", int(self.is_connected())),
            ("directory_expires_timestamp_seconds", "When the directory ends to be in force.", expires),
        ):
            yield GaugeMetricFamily(f"liandong_gateway_{name}", what, value=value)


class Metrics:
    """An endpoint for `/metrics`."""

    def __init__(self, seen: Seen, *, is_on: bool) -> None:
        self._seen, self._is_on = seen, is_on

    async def answer(self, request: Request) -> Response:
        if not self._is_on or any(name in request.headers for name in _FORWARDED):
            return PlainTextResponse("Not Found", 404)
        return Response(self.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def text(self) -> bytes:
        """The figures as they are now."""
        return generate_latest(_Whole(self._seen))


class _Whole(Collector):
    """The figures that are read now, and those that were observed."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def collect(self) -> Iterable[Metric]:
        yield from self._seen.collect()
        yield from self._seen.counters.registry.collect()
