"""How personal data looks to who may know that it is there, and not what it is: 138****5678, 张*三, 1968-**."""

import re

from sync.contract.errors import Code, Refusal, Said

_HIDDEN = "*"
_LONG = 11
_MIDDLE = 4
_OFFICE = re.compile(
    r"(0\d{2,3})?[2-9]\d{6,7}((转|分机|-|x)\d{1,6})?"  # a landline, with its extension
    r"|[48]00\d{7}|1\d{2}|12\d{3}|1[05]\d{3,6}|9[56]\d{3,4}"  # 400 lines, 110, 12345, 10086, 95598
)
_BETWEEN = re.compile(r"[\s()（）]|(?<=^0\d\d)-|(?<=^0\d{3})-|(?<=^[48]00)-|(?<=^[48]00-\d{3})-|(?<=^[48]00-\d{4})-")
"""Blanks, brackets, and the dashes behind an area code; the dash before an extension stays."""


def phone(told: str) -> str:
    """A mobile number keeps its first three and last four digits; of a shorter one the middle is hidden; text too."""
    bare = told.strip()
    if len(bare) >= _LONG:
        return f"{bare[:3]}{_HIDDEN * (len(bare) - 7)}{bare[-4:]}"
    shown = 2 if len(bare) > _MIDDLE else 0
    return f"{bare[:shown]}{_HIDDEN * (len(bare) - 2 * shown)}{bare[len(bare) - shown :]}"


def is_office(told: str) -> bool:
    """Whether it is a number of an office: a landline or a service line, which nobody takes home. What cannot be told
    apart is a person's.
    """
    return _OFFICE.fullmatch(_BETWEEN.sub("", told.strip())) is not None


def contact(told: str) -> str:
    """An office's number as it stands; a person's masked."""
    return told if is_office(told) else phone(told)


def unmasked(field: str, told: str | None, standing: str | None) -> str | None:
    """A number that was shown masked and comes back as it was shown stays what it is.

    Raises:
        Refusal: BAD_VALUE, a mask that is not of what stands here.
    """
    if told and standing and told.strip() == phone(standing):
        return standing
    if told and is_masked(told):
        raise Refusal(Code.BAD_VALUE, field=field, why=Said("请填写完整号码", "write the whole number"))
    return told


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
