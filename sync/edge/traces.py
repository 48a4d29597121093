"""Traces, where OpenTelemetry is installed and somebody collects them; where not, nothing happens.

The context travels as W3C `traceparent`. Attributes are ids of committees, states and figures: no document, no
variables, nothing about a person.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

trace: Any = None
try:
    from opentelemetry import trace as found
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    trace = found
except ImportError:  # the extra `observability` is not installed
    pass

PARENT = "traceparent"
_NANOSECONDS = 1_000_000_000
Attributes = Mapping[str, str | int | float | bool]


def is_collected() -> bool:
    """Whether anybody has said where spans go."""
    return bool(trace) and not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


@contextmanager
def span(name: str, attributes: Attributes, parent: str | None = None) -> Iterator[None]:
    """While it lasts, what is done is done within this span; `parent` is a traceparent that came from elsewhere."""
    if not is_collected():
        yield
        return
    context = TraceContextTextMapPropagator().extract({PARENT: parent}) if parent else None
    with _tracer().start_as_current_span(name, context, attributes=attributes, record_exception=False):
        yield


class Begun:
    """A span of what somebody else does meanwhile, within the one that lasts; `context`: its traceparent, for them."""

    def __init__(self, name: str, attributes: Attributes) -> None:
        self._began = time.time_ns()
        self._span = _tracer().start_span(name, attributes=attributes, start_time=self._began)
        carried: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(carried, trace.set_span_in_context(self._span))
        self.context = carried[PARENT]

    def end(self, seconds: float, attributes: Attributes) -> None:
        """It has taken so long."""
        self._span.set_attributes(attributes)
        self._span.end(self._began + int(seconds * _NANOSECONDS))


def is_within() -> bool:
    """Whether a span lasts that somebody collects, or that says that nobody does of this trace."""
    return is_collected() and bool(trace.get_current_span().get_span_context().is_valid)


def over(name: str, seconds: float, attributes: Attributes) -> None:
    """A span within the one that lasts, of something that took so long until now."""
    if is_within():
        now = time.time_ns()
        made = _tracer().start_span(name, attributes=attributes, start_time=now - int(seconds * _NANOSECONDS))
        made.end(now)


def _tracer() -> Any:
    return trace.get_tracer("liandong")
