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


def over(name: str, seconds: float, attributes: Attributes) -> None:
    """A span within the one that lasts, of something that took so long until now."""
    if is_collected() and trace.get_current_span().is_recording():
        now = time.time_ns()
        made = _tracer().start_span(name, attributes=attributes, start_time=now - int(seconds * _NANOSECONDS))
        made.end(now)


def current() -> str | None:
    """The traceparent of the span that lasts; None: nobody collects it."""
    if not is_collected() or not trace.get_current_span().get_span_context().is_valid:
        return None
    carried: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carried)
    return carried.get(PARENT)


def _tracer() -> Any:
    return trace.get_tracer("liandong")
