"""Headers of messages, written and read at a fraction of what nats-py takes: every event of a batch has some."""

_BLANK = " \t\r\n\v\f"


class Clean(str):
    """A header's value without line ends or spaces around it; nats-py would make it so again with every message, which
    costs more than sending it.
    """

    __slots__ = ()

    @classmethod
    def of(cls, value: str) -> "Clean":
        return cls(" ".join(value.split()))

    def strip(self, _chars: str | None = None, /) -> "Clean":
        return self

    def translate(self, _table: object, /) -> "Clean":
        return self


def header_lines(raw: bytes) -> dict[str, str]:
    """What nats-py makes of a block of headers, at a fifth of the cost: it looks at each letter of each name."""
    found = {}
    for line in raw.decode("utf-8", "replace").split("\r\n"):
        told, colon, value = line.partition(":")
        name = told.strip(_BLANK)
        if colon and name.isascii() and (not name or name.split() == [name]):
            found[name] = value.strip(_BLANK)
    return found
