"""The name under which a file is handed out: nothing of what somebody called it leads anywhere or says too much."""

import re
import unicodedata

from sync.contract.errors import Code, Refusal
from tenant_service import wording
from tenant_service.files.rules import FileKind

LONGEST_NAME = 80
"""Characters before the ending."""
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")
_EDGE = r"[\s_\-－—·.,，、;；()（）\[\]【】〔〕《》]"
_MARKED = re.compile(rf"(?:^|{_EDGE})(绝密|机密|秘密|内部资料)(?:$|{_EDGE}|[★☆级件])")


def cleaned_name(told: str, kind: FileKind) -> str:
    """The name under which it is handed out: no path, nothing that a system or a reader could take otherwise, and the
    ending of what it is.

    Raises:
        Refusal: CLASSIFIED, the name carries a mark of classified matter.
    """
    last = unicodedata.normalize("NFC", told).replace("\\", "/").rpartition("/")[2]
    plain = "".join(each for each in last if unicodedata.category(each)[0] != "C")
    plain = " ".join(_FORBIDDEN.sub(" ", plain).split()).strip(". ")
    while found := _ENDING.search(plain):
        plain = plain[: found.start()].strip(". ")
    _unmarked(plain)
    return f"{plain[:LONGEST_NAME].strip('. ') or '附件'}.{kind.ending}"


def _unmarked(name: str) -> None:
    wording.unclassified(name)
    if found := _MARKED.search(name):
        raise Refusal(Code.CLASSIFIED, mark=found[1])
