"""What a gateway counts of its own work, while it runs."""

from collections import Counter

from prometheus_client import CollectorRegistry, Histogram

from sync.bus.asker import Outcome, Reply

LEFT_IN_PEACE = "LEFT_IN_PEACE"
"""What came of a question that was not put, because the committee had been silent too often."""
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10)


class Counters:
    """Counts since the start.

    Attributes:
        requests: (HTTP status, code of the refusal or nothing) → requests.
        files: (csv or xlsx, how it ended) → exported files, and those that were refused.
        questions: (committee, what came of it) → questions that were put, and those that were not: LEFT_IN_PEACE.
        seconds: How long requests took.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter[tuple[int, str]]()
        self.files = Counter[tuple[str, str]]()
        self.questions = Counter[tuple[str, str]]()
        self.seconds = Histogram(
            "liandong_gateway_request_seconds", "Time from a request's first byte to its answer.",
            registry=self.registry, buckets=_SECONDS,
        )  # fmt: skip

    def request(self, status: int, code: str, seconds: float) -> None:
        self.requests[status, code] += 1
        self.seconds.observe(seconds)

    def question(self, committee: str, reply: Reply | None) -> None:
        """None: it was left in peace."""
        outcome: Outcome | str = reply.outcome if reply else LEFT_IN_PEACE
        self.questions[committee, outcome] += 1
