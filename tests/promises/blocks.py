"""Blocks of a page that the code writes: all between `<!-- made: NAME -->` and `<!-- end -->`."""

import re
from collections.abc import Callable, Mapping

_BLOCK = re.compile(r"<!-- made: ([\w-]+) -->\n(.*?)\n<!-- end -->", re.DOTALL)

Maker = Callable[[str], str]
"""Given what the block says now, what it has to say; a signature that still holds is kept."""


def made_in(page: str) -> dict[str, str]:
    """Name → what stands in the block."""
    return dict(_BLOCK.findall(page))


def remade(page: str, makers: Mapping[str, Maker]) -> str:
    """The page with every block as its maker makes it. Raises: KeyError, nobody makes a block of this name."""
    return _BLOCK.sub(lambda found: f"<!-- made: {found[1]} -->\n{makers[found[1]](found[2])}\n<!-- end -->", page)


def without_blocks(page: str) -> str:
    """What people wrote, without code of their own either."""
    prose = re.sub(r"```.*?```", "", _BLOCK.sub("", page), flags=re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", prose)


def fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"


def inside(block: str) -> str:
    """What stands within the fence."""
    return "\n".join(block.splitlines()[1:-1])


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(each)} |" for each in lines)
