"""Names of persons: how they are written, and where they stand in a list."""

import re
import unicodedata

from tenant_service.members.surnames import place

SHORTEST, LONGEST = 2, 40
"""Characters of a name."""

_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・･", "·"))
_BETWEEN_CHARACTERS = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_NO_NAMES = frozenset(
    {"合计", "总计", "小计", "共计", "备注", "说明", "注", "填表人", "审核人", "制表人", "联系人", "姓名"}
)
_NUMBER = re.compile(r"\d+")


def written(name: str) -> str:
    """张　三 becomes 张三, 艾力•买买提 becomes 艾力·买买提; between Latin words one space stays."""
    plain = unicodedata.normalize("NFKC", name).translate(_DOTS)
    return _BETWEEN_CHARACTERS.sub("", " ".join(plain.split()))


def is_name(name: str) -> bool:
    """Whether this can be a person's name: letters, · and what stands in Latin names; no figures, no brackets."""
    return (
        SHORTEST <= len(name) <= LONGEST
        and name not in _NO_NAMES
        and name[0].isalpha()
        and all(each.isalpha() or unicodedata.category(each)[0] == "M" or each in "· -'." for each in name)
    )


def sort_key(name: str, roster_no: str | None) -> str:
    """ASCII: first those with a roster number, in its natural order; then by strokes of the surname (姓氏笔画)."""
    if roster_no:
        padded = _NUMBER.sub(lambda found: found[0].zfill(10), roster_no.lower())
        return f"0{padded.encode('gb18030', 'replace').hex()}"[:150]
    strokes, kind = place(name[:1])
    return f"1{strokes:02}{kind}{name.lower().encode('gb18030', 'replace').hex()}"[:150]
