"""Spans as a program that collects them sees them, in memory."""

from typing import Any

import pytest

from sync.edge import traces


class Spans:
    """What ended since then."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sdk = pytest.importorskip("opentelemetry.sdk.trace", reason="the extra `observability` is not installed")
        exporting = pytest.importorskip("opentelemetry.sdk.trace.export")
        memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
        self._exporter, provider = memory.InMemorySpanExporter(), sdk.TracerProvider()
        provider.add_span_processor(exporting.SimpleSpanProcessor(self._exporter))
        monkeypatch.setattr(traces.trace, "get_tracer_provider", lambda: provider)
        monkeypatch.setattr(traces, "_tracer", lambda: provider.get_tracer("test"))

    def all(self) -> list[Any]:
        return list(self._exporter.get_finished_spans())

    def named(self, name: str) -> list[Any]:
        return [each for each in self.all() if each.name == name]
