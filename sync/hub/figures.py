"""What the watch counts, and the page of it that a Prometheus server reads."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.hub.sightings import Kind


class Traffic(NamedTuple):
    """Of one account at this server since the server's start; `received`: from it, `sent`: to it."""

    connections: int = 0
    received: int = 0
    received_bytes: int = 0
    sent: int = 0
    sent_bytes: int = 0
    slow: int = 0


class Stored(NamedTuple):
    """One stream; `behind`: consumer → messages it has not fetched or not acknowledged, if any."""

    messages: int
    bytes: int
    consumers: int
    behind: dict[str, int]


@dataclass
class Figures:
    """Counted since the hub's process started; the audit file goes further back.

    Attributes:
        seen: (kind, committee or "") → how often.
        abandoned: (stream, the server's reason) → batches begun and not finished.
        traffic: Committee or gateway → its share of this server.
        streams: As they were when they were last looked at.
        store: Bytes of all of them then, and what they may take.
        asked: Moment (Unix seconds) of that look; 0: not yet.
    """

    seen: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    abandoned: Counter[tuple[str, str]] = field(default_factory=Counter)
    traffic: dict[str, Traffic] = field(default_factory=dict)
    streams: dict[str, Stored] = field(default_factory=dict)
    store: tuple[int, int] = (0, 0)
    asked: float = 0.0
    serial: int = 0
    acts: bool = True
    audit_entries: int = 0

    def page(self) -> str:
        """In Prometheus's text format 0.0.4."""
        return "".join(_series(*each) for each in self._all())

    def _all(self) -> Iterable[tuple[str, str, str, list[tuple[dict[str, str], float]]]]:
        by = sorted(self.traffic.items())
        yield (
            "violations_total", "counter", "Attempts at what is not theirs, by kind and party.",
            [({"kind": kind, "committee": who}, count) for (kind, who), count in sorted(self.seen.items())],
        )  # fmt: skip
        yield (
            "batches_abandoned_total", "counter", "Batches begun and not finished.",
            [({"stream": stream, "reason": why}, count) for (stream, why), count in sorted(self.abandoned.items())],
        )  # fmt: skip
        yield "connections", "gauge", "Open connections.", [({"committee": who}, told.connections) for who, told in by]
        for name, text, at in (
            ("received_messages_total", "Messages taken from a party.", 1),
            ("received_bytes_total", "Bytes taken from a party.", 2),
            ("sent_messages_total", "Messages given to a party.", 3),
            ("sent_bytes_total", "Bytes given to a party.", 4),
            ("slow_consumers_total", "Connections ended because they did not take what they asked for.", 5),
        ):
            yield name, "counter", text, [({"committee": who}, told[at]) for who, told in by]
        streams = sorted(self.streams.items())
        for name, text, at in (
            ("stream_messages", "Messages kept.", 0),
            ("stream_bytes", "Bytes kept.", 1),
            ("stream_consumers", "Consumers declared.", 2),
        ):
            values = [({"stream": stream}, told) for stream, each in streams if isinstance(told := each[at], int)]
            yield name, "gauge", text, [(labels, float(value)) for labels, value in values]
        yield (
            "consumer_pending", "gauge", "Messages not fetched or not acknowledged; consumers with none have no line.",
            [
                ({"stream": stream, "consumer": consumer}, count)
                for stream, each in streams
                for consumer, count in sorted(each.behind.items())
            ],
        )  # fmt: skip
        used, most = self.store
        yield "store_bytes", "gauge", "Bytes of all streams at this server.", [({}, used)]
        yield "store_most_bytes", "gauge", "Bytes that they may take.", [({}, most)]
        yield "streams_seen_seconds", "gauge", "When the streams were last looked at.", [({}, self.asked)]
        yield "directory_serial", "gauge", "Serial of the directory that is followed.", [({}, self.serial)]
        yield "acting", "gauge", "1: this process declares what the directory says.", [({}, float(self.acts))]
        yield "audit_entries_total", "counter", "Lines ever written to the audit file.", [({}, self.audit_entries)]


def _series(name: str, kind: str, text: str, values: list[tuple[dict[str, str], float]]) -> str:
    name = f"liandong_hub_{name}"
    lines = [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]
    for labels, value in values:
        told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        lines.append(f"{name}{{{told}}} {value:.15g}" if told else f"{name} {value:.15g}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
