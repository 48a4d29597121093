"""What can be searched for across committees, by which words, and in which order it is found."""

import unicodedata
from collections.abc import Iterator
from itertools import groupby

from sync.contract.errors import Code, Refusal
from sync.contract.kinds import Kind
from sync.contract.records import LABELS

MOST_WORDS = 8
LONGEST_WORD = 40
"""Characters."""


class SearchKind(Kind):
    """检索范围: kinds of records that are searched."""

    ACTIVITY = "ACTIVITY", LABELS["activity"]
    VENUE = "VENUE", LABELS["venue"]
    UNIT = "UNIT", LABELS["unit"]
    CAMPAIGN = "CAMPAIGN", LABELS["campaign"]
    APPRAISAL = "APPRAISAL", LABELS["appraisal"]
    PROCEDURE = "PROCEDURE", LABELS["procedure"]
    TOPIC = "TOPIC", LABELS["topic"]
    ITEM = "ITEM", LABELS["item"]
    ASSIGNMENT = "ASSIGNMENT", LABELS["assignment"]
    CALL = "CALL", LABELS["call"]
    REPORT = "REPORT", LABELS["report"]
    PROPOSAL = "PROPOSAL", LABELS["proposal"]
    POST = "POST", LABELS["post"]
    RECOGNITION = "RECOGNITION", LABELS["recognition"]
    PROGRAMME = "PROGRAMME", LABELS["programme"]
    FORM = "FORM", LABELS["form"]


class SearchOrder(Kind):
    """检索结果排序: total orders every committee can serve."""

    ENTERED_DESC = "ENTERED_DESC", "新录入的在前"
    ENTERED_ASC = "ENTERED_ASC", "早录入的在前"


def plain(words: str) -> str:
    """Text as it is compared: full and half width alike, small letters, one space where there were any, no controls."""
    folded = unicodedata.normalize("NFKC", words).lower()
    return " ".join("".join(" " if unicodedata.category(each)[0] == "C" else each for each in folded).split())


def words_of(asked: str) -> list[str]:
    """The words that are looked for, as they are compared."""
    return [word[:LONGEST_WORD] for word in plain(asked).split()[:MOST_WORDS]]


def runs(words: str) -> Iterator[str]:
    """Letters and digits that stand together in `plain` text."""
    return ("".join(run) for is_word, run in groupby(words, str.isalnum) if is_word)


def sought(asked: str) -> list[str]:
    """The words of a search. A committee refuses a search by this, and a gateway before anybody is asked.

    Raises:
        Refusal: SEARCH_TOO_SHORT, no two characters that stand together.
    """
    words = words_of(asked)
    if not any(len(run) > 1 for word in words for run in runs(word)):
        raise Refusal(Code.SEARCH_TOO_SHORT)
    return words
