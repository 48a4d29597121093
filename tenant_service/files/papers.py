"""Papers: PDF, DOCX and XLSX are kept as they came, so it is looked at whether they are whole, and harmless to unpack.

A DOCX or XLSX is an archive that a stranger packed. What it says of itself is bounded first, then everything is
unpacked once into nothing: what lies about its size or is broken shows.
"""

import re
import zipfile
import zlib
from html import unescape
from io import BytesIO

from sync.contract.errors import Code, Refusal, Said
from tenant_service import wording
from tenant_service.files.rules import MB, FileKind

MOST_PARTS = 2_000
MOST_UNPACKED = 100 * MB
MOST_PACKED = 200
"""Times that a whole archive may shrink; what was written by people shrinks less."""
_SMALL = 10 * MB
"""What unpacks to no more may shrink as it likes."""
_END, _END_BYTES = b"PK\x05\x06", 22
_MOST_TEXT = 400_000
"""Characters of a paper that are looked through for marks."""
_MAIN = {FileKind.DOCX: "word/document.xml", FileKind.XLSX: "xl/workbook.xml"}
_TEXTS = re.compile(r"word/(document|header\d*|footer\d*)\.xml|xl/(sharedStrings|worksheets/sheet\d+)\.xml")
_PARAGRAPH = re.compile(r"</w:p>|</si>|</is>|</(?:\w+:)?oddHeader>")
_TAG = re.compile(r"<[^>]*>")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def whole_pdf(name: str, data: bytes) -> None:
    """Raises: Refusal FILE_DAMAGED, its end is missing."""
    if b"%%EOF" not in data[-2048:]:
        raise Refusal(Code.FILE_DAMAGED, name=name)


def office_kind(name: str, data: bytes) -> FileKind:
    """DOCX or XLSX.

    Raises:
        Refusal: FILE_KIND, another archive; FILE_DAMAGED; FILE_UNSAFE, a bomb, a path that leads out, a password, or
            macros; CLASSIFIED, it carries a mark.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            _harmless(name, parts, len(data))
            kind = next((each for each, main in _MAIN.items() if main in archive.namelist()), None)
            if kind is None or "[Content_Types].xml" not in archive.namelist():
                raise Refusal(Code.FILE_KIND, name=name)
            _ends_there(name, data)
            _unpacked(archive, parts)
    except _BROKEN:
        raise Refusal(Code.FILE_DAMAGED, name=name) from None
    return kind


def _harmless(name: str, parts: list[zipfile.ZipInfo], size: int) -> None:
    names = [each.filename for each in parts]
    unpacked = sum(each.file_size for each in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or (unpacked > _SMALL and unpacked > MOST_PACKED * size):
        raise _unsafe(name, "解压后过大", "it unpacks to too much")
    if len(set(names)) < len(names) or any(_leads_out(each) for each in names):
        raise _unsafe(name, "内部路径不正常", "its parts lead elsewhere")
    if any(each.flag_bits & 1 for each in parts):
        raise _unsafe(name, "已加密", "it has a password")
    if any(each.lower().endswith("vbaproject.bin") for each in names):
        raise _unsafe(name, "含有宏", "it has macros")


def _leads_out(part: str) -> bool:
    return part.startswith("/") or "\\" in part or ":" in part or ".." in part.split("/")


def _unsafe(name: str, zh: str, en: str) -> Refusal:
    return Refusal(Code.FILE_UNSAFE, name=name, why=Said(zh, en))


def _ends_there(name: str, data: bytes) -> None:
    """Nothing stands behind the archive. Raises: Refusal FILE_DAMAGED."""
    at = data.rfind(_END)
    comment = int.from_bytes(data[at + 20 : at + 22], "little")
    if at < 0 or at + _END_BYTES + comment != len(data):
        raise Refusal(Code.FILE_DAMAGED, name=name)


def _unpacked(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Each part is read to its end, where its sum is looked at; texts are looked through for marks."""
    for part in parts:
        kept = bytearray()
        is_text = bool(_TEXTS.fullmatch(part.filename))
        with archive.open(part) as opened:
            while piece := opened.read(MB):
                if is_text and len(kept) < _MOST_TEXT:
                    kept += piece
        if is_text:
            text = bytes(kept[:_MOST_TEXT]).decode("utf-8", "ignore")
            wording.unclassified(unescape(_TAG.sub("", _PARAGRAPH.sub("\n", text))))
