"""占比: how a part stands to its whole, as papers round it."""

UNKNOWN = "含未分类的汇总导入，不能计算占比"
"""Why a kind's part is not known: of a total that is not told by kind, nobody knows how much is of it."""


def percent(numerator: int, denominator: int) -> int | None:
    """Whole percents, a half rounded up: 22 of 34 are 64.7, so 65. None: there is no whole to be a part of."""
    return (200 * numerator + denominator) // (2 * denominator) if denominator > 0 else None


def in_words(numerator: int, denominator: int, *, is_known: bool = True) -> str:
    """22/34，占65%. `is_known`: the part is counted, and no guess."""
    part = percent(numerator, denominator)
    told = UNKNOWN if not is_known else f"占{part}%" if part is not None else ""
    return "，".join(filter(None, [f"{numerator:,}/{denominator:,}", told]))
