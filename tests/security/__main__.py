"""Writes the table of bad credentials into docs/operate/security.md: `python -m tests.security`."""

from tests.architecture.tree import ROOT
from tests.promises.blocks import remade
from tests.security.table import page

PAGE = ROOT / "docs" / "operate" / "security.md"

if __name__ == "__main__":
    PAGE.write_text(remade(PAGE.read_text(encoding="utf-8"), {"credentials": lambda _: page()}), encoding="utf-8")
