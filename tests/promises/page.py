"""docs/federation.md and who makes its blocks."""

from tests.architecture.tree import ROOT
from tests.promises import examples, tables
from tests.promises.blocks import Maker
from tests.promises.figures import figures

PAGE = ROOT / "docs" / "federation.md"


def makers() -> dict[str, Maker]:
    return {
        **examples.makers(), "figures": figures, "channels": tables.channels, "fields": tables.fields,
        "envelope-fields": tables.envelope_fields, "permissions": tables.permissions, "stream": tables.stream,
    }  # fmt: skip
