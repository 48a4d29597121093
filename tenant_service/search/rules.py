"""The piece of a text that shows why it was found; pure."""

import unicodedata

LONGEST_SNIPPET = 80
"""Characters, the dots at its ends not counted."""
_BEFORE = 20
"""Characters shown before the first word."""
_DOTS = "…"


def snippet(texts: list[str], words: list[str]) -> str:
    """The piece of these texts where the first of the words stands, as plain text of one line.

    The words are as the index compares them; the piece is as the record has it.
    """
    line = " · ".join(" ".join(text.split()) for text in texts if text)
    start = min((at for word in words if (at := _where(line, word)) is not None), default=0)
    begin = max(0, min(start - _BEFORE, len(line) - LONGEST_SNIPPET))
    end = begin + LONGEST_SNIPPET
    return (_DOTS if begin else "") + line[begin:end] + (_DOTS if end < len(line) else "")


def _where(line: str, word: str) -> int | None:
    """Where a folded word begins in a line that is not folded: one character may fold into several."""
    folded, places = "", list[int]()
    for place, character in enumerate(line):
        each = unicodedata.normalize("NFKC", character).lower()
        folded += each
        places += [place] * len(each)
    at = folded.find(word)
    return None if at < 0 else places[at]
