"""What may be written into a record: lengths, line ends, and no classified matter (涉密信息不得录入)."""

import re
import unicodedata

from sync.contract.errors import Code, Refusal, Said

_MARKS = re.compile(
    r"[【\[（(〔]\s*(绝密|机密|秘密|内部资料)[^】\])）〕]{0,8}[】\])）〕]|(绝密|机密|秘密)\s*[★☆]|^\s*(绝密|机密|秘密|内部资料)\s*$"
    r"|(?:密级|保密等级)[:：]?\s*(绝密|机密|秘密)|(内部资料)[，,]?\s*(?:注意保存|不得外传)",
    re.MULTILINE,
)

_MOBILE, _LANDLINE = 11, 7
"""Digits that a mobile number and any other have at least."""


def text(field: str | Said, value: str | None, longest: int, *, needed: bool = True) -> str:
    """The text as it is stored: NFC, no control characters, trimmed, 1–`longest` characters (or empty, if not needed).

    Raises:
        Refusal: BAD_VALUE, too long or missing; CLASSIFIED, it carries a mark of classified matter.
    """
    plain = unicodedata.normalize("NFC", value or "").replace("\r\n", "\n")
    plain = "".join(each for each in plain if each in "\n\t" or unicodedata.category(each)[0] != "C").strip()
    if needed and not plain:
        raise Refusal(Code.BAD_VALUE, field=field, why=Said("必填", "it is needed"))
    if len(plain) > longest:
        raise Refusal(Code.BAD_VALUE, field=field, why=Said(f"最多{longest}字", f"at most {longest} characters"))
    unclassified(plain)
    return plain


def optional(field: str | Said, value: str | None, longest: int) -> str | None:
    """Like `text`, but nothing stays nothing."""
    return text(field, value, longest, needed=False) or None


def phone(field: str | Said, value: str | None, longest: int) -> str:
    """Like `text`: a telephone that can be called, as it was written, with its extension.

    Raises:
        Refusal: BAD_VALUE, it is none, or is too short; CLASSIFIED.
    """
    plain = text(field, value, longest)
    digits = "".join(each for each in unicodedata.normalize("NFKC", plain) if each.isdecimal())
    if not digits:
        raise Refusal(Code.BAD_VALUE, field=field, why=Said("请填写电话号码", "a phone number"))
    if len(digits) < (_MOBILE if digits.startswith("1") else _LANDLINE):
        why = Said("号码不完整，应为11位手机号或区号加座机号", "a mobile number has 11 digits, any other its area code")
        raise Refusal(Code.BAD_VALUE, field=field, why=why)
    return plain


def reason(why: str, longest: int = 500) -> str:
    """Why somebody did what has to be explained. Raises: Refusal NEEDS_REASON, BAD_VALUE, CLASSIFIED."""
    if not why.strip():
        raise Refusal(Code.NEEDS_REASON)
    return text("reason", why, longest)


def unclassified(plain: str) -> None:
    """Raises: Refusal CLASSIFIED, with the mark that was found."""
    if found := _MARKS.search(plain):
        mark = next(each for each in found.groups() if each)
        raise Refusal(Code.CLASSIFIED, mark=mark)


def sort_key(name: str) -> str:
    """ASCII that sorts Chinese names of places by sound: GB 18030 keeps GB 2312's first level in pinyin order."""
    return unicodedata.normalize("NFKC", name).strip().lower().encode("gb18030", "replace").hex()[:120]
