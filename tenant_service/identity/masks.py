"""How personal data looks to who may know that it is there, and not what it is: 138****5678, 张*三, 1968-**."""

_HIDDEN = "*"
_LONG = 11
_MIDDLE = 4


def phone(told: str) -> str:
    """A mobile number keeps its first three and last four digits; of a shorter one the middle is hidden; text too."""
    bare = told.strip()
    if len(bare) >= _LONG:
        return f"{bare[:3]}{_HIDDEN * (len(bare) - 7)}{bare[-4:]}"
    shown = 2 if len(bare) > _MIDDLE else 0
    return f"{bare[:shown]}{_HIDDEN * (len(bare) - 2 * shown)}{bare[len(bare) - shown :]}"


def name(told: str) -> str:
    """张三 is 张*, 张小三 is 张*三, 欧阳小三 is 欧**三."""
    if len(told) <= 2:  # noqa: PLR2004 — surname and one character
        return f"{told[:1]}{_HIDDEN}"
    return f"{told[0]}{_HIDDEN * (len(told) - 2)}{told[-1]}"


def birth(told: str) -> str:
    """Of YYYY-MM the year."""
    return f"{told[:4]}-**"


def is_masked(told: str) -> bool:
    return _HIDDEN in told
