"""Prints every benchmark's table: python -m tests.benchmarks [gateway] [tenant] …"""

import importlib
import sys
from pathlib import Path


def names() -> list[str]:
    """Every module here that measures; the programs that are measured stand beside them."""
    found = (path.stem for path in sorted(Path(__file__).parent.glob("*.py")))
    return [name for name in found if not name.startswith("__") and not name.endswith("_programs")]


if __name__ == "__main__":
    for name in sys.argv[1:] or names():
        importlib.import_module(f"tests.benchmarks.{name}").main()
