"""What an upload is, by its first bytes, and what is kept of it. Takes time for large pictures: outside the domain's
thread where that can be.
"""

from dataclasses import dataclass

from sync.contract.errors import Code, Refusal
from tenant_service.files import papers, pictures
from tenant_service.files.names import cleaned_name
from tenant_service.files.rules import MB, MOST_BYTES, FileKind


@dataclass(frozen=True)
class Inspected:
    """A file that may be kept: its name as it is handed out, its bytes as they are kept, sides of a picture."""

    name: str
    kind: FileKind
    data: bytes
    width: int | None = None
    height: int | None = None


def inspected(name: str, data: bytes, most_pixels: int = pictures.MOST_PIXELS) -> Inspected:
    """Raises: Refusal FILE_TOO_LARGE, FILE_KIND, FILE_DAMAGED, FILE_UNSAFE, CLASSIFIED."""
    shown = name.strip()[-80:] or "附件"
    if len(data) > MOST_BYTES:
        raise Refusal(Code.FILE_TOO_LARGE, name=shown, most=MOST_BYTES // MB)
    kind = _kind(shown, data)
    called = cleaned_name(name, kind)
    if kind.is_picture:
        return Inspected(called, kind, *pictures.written_anew(shown, data, kind, most_pixels))
    if kind is FileKind.PDF:
        papers.whole_pdf(shown, data)
    return Inspected(called, kind, data)


def _kind(name: str, data: bytes) -> FileKind:
    if data.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return FileKind.WEBP
    if data.startswith(b"%PDF-"):
        return FileKind.PDF
    if data.startswith(b"PK\x03\x04"):
        return papers.office_kind(name, data)
    raise Refusal(Code.FILE_KIND, name=name)
