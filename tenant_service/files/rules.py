"""What may be attached, and how much of it. Pure: no clock, no database, no network."""

from sync.contract.errors import Code, Refusal, Said
from sync.contract.kinds import Kind

MB = 1024 * 1024
MOST_BYTES = 10 * MB
"""Of one file."""
MOST_OF_A_RECORD = 20
MOST_A_DAY, MOST_BYTES_A_DAY = 200, 500 * MB
"""What one account uploads; in bytes also reporters, who have none, all together."""
MOST_A_DAY_OF_REPORTERS = 1_000


class FileKind(Kind):
    """附件类型: what is taken, told by the first bytes and never by the name."""

    JPEG = "JPEG", "JPEG图片"
    PNG = "PNG", "PNG图片"
    WEBP = "WEBP", "WebP图片"
    PDF = "PDF", "PDF文件"
    DOCX = "DOCX", "Word文件"
    XLSX = "XLSX", "Excel文件"

    @property
    def ending(self) -> str:
        return {"JPEG": "jpg"}.get(self.value, self.value.lower())

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]

    @property
    def is_picture(self) -> bool:
        return self in PICTURES


_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES = {
    FileKind.JPEG: "image/jpeg", FileKind.PNG: "image/png", FileKind.WEBP: "image/webp",
    FileKind.PDF: "application/pdf", FileKind.DOCX: f"{_OFFICE}.wordprocessingml.document",
    FileKind.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
}  # fmt: skip
PICTURES = (FileKind.JPEG, FileKind.PNG, FileKind.WEBP)
ACCEPTED = ",".join(_MEDIA_TYPES.values())
"""As a form's field says what may be chosen."""


def room_for(count: int, today: int, bytes_today: int, more: int, most: int = MOST_A_DAY) -> None:
    """One more may be attached, of so many bytes: to a record that has `count`, by who uploaded so much today and
    may upload `most` files.

    Raises:
        Refusal: FILES_OF_RECORD, FILES_OF_THE_DAY.
    """
    if count >= MOST_OF_A_RECORD:
        raise Refusal(Code.FILES_OF_RECORD, most=MOST_OF_A_RECORD)
    if today >= most:
        raise Refusal(Code.FILES_OF_THE_DAY, most=Said(f"{most}个", f"{most} files"))
    if bytes_today + more > MOST_BYTES_A_DAY:
        raise Refusal(Code.FILES_OF_THE_DAY, most=f"{MOST_BYTES_A_DAY // MB}MB")
