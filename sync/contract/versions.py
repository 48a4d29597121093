"""Which shapes this release speaks, and the oldest release that can read them.

A record's schema is `<kind>/<number>`. Adding a field keeps the number; a change that an older reader would
misunderstand raises it, and older readers keep such an event unread until they are upgraded.
"""

from sync.contract.records import RECORDS

API_VERSION = 1
"""Number that `@since(version:)` compares with; raised by every release that adds to the joint schema."""

_RAISED: dict[str, int] = {}
"""Kinds whose shape has changed so that an older reader would misunderstand it."""
SCHEMAS = {kind: _RAISED.get(kind, 1) for kind in RECORDS}
"""Kind of record → number of the shape that this release writes, and the highest that it reads."""

MESSAGES = {
    "envelope": 1, "hole": 1, "erased-place": 1, "rows-ask": 1, "rows-answer": 1, "receipt": 1, "receipt-sent": 1,
    "receipt-answer": 1, "erase-ask": 1, "erase-answer": 1, "directory-ask": 1, "directory-told": 1,
    "charter": 1, "directory-part": 1, "descriptor": 1, "invite": 1, "invite-answer": 1,
    "approval": 1, "token": 1, "proof": 1, "check-in-code": 1, "audit-head": 1,
    "sign-in-ask": 1, "sign-in-told": 1, "changes-ask": 1, "changes-told": 1,
}  # fmt: skip
"""Whatever else travels → number of its shape. It is not written in the message: a release that raises one must read
the one before as well, and writes the new one only when nobody reads the old one any more."""


def schema_of(kind: str) -> str:
    return f"{kind}/{SCHEMAS[kind]}"


def is_readable(schema: str) -> bool:
    """Whether this release knows how to read such a record."""
    kind, _, number = schema.partition("/")
    return kind in SCHEMAS and number.isdigit() and int(number) <= SCHEMAS[kind]
