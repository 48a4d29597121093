"""Writes the blocks of docs/federation.md that the code makes: `python -m tests.promises`."""

from tests.promises.blocks import remade
from tests.promises.page import PAGE, makers

if __name__ == "__main__":
    PAGE.write_text(remade(PAGE.read_text(encoding="utf-8"), makers()), encoding="utf-8")
