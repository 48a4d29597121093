"""Files as people send them, and as people send them who mean no good."""

import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image

GPS = {1: "N", 2: (30.0, 50.0, 12.0), 3: "E", 4: (120.0, 55.0, 8.0)}
CAMERA = "canary-camera"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), *, turned: int = 1) -> bytes:
    """A photo that says where and with what it was taken, with a thumbnail's worth of text beside it."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = CAMERA, turned
    exif.get_ifd(0x8825).update(GPS)
    out = BytesIO()
    made = Image.new("RGB", size, (200, 30, 30))
    made.putpixel((0, 0), (0, 0, 255))
    made.save(out, kind, exif=exif)
    return out.getvalue()


def pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def office(parts: dict[str, bytes | str] | None = None, *, main: str = "word/document.xml") -> bytes:
    out = BytesIO()
    whole: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types/>", main: "<w:document><w:p><w:t>会议纪要</w:t></w:p></w:document>"
    }  # fmt: skip
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (whole | (parts or {})).items():
            archive.writestr(name, text)
    return out.getvalue()


def docx_saying(text: str) -> bytes:
    return office({"word/document.xml": f"<w:document><w:p><w:t>{text}</w:t></w:p><w:p>正文</w:p></w:document>"})


def bomb() -> bytes:
    """1 GB of nothing in one MB."""
    nothing = b"\0" * (1 << 20)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(1024):
                part.write(nothing)
    return out.getvalue()


def lying_bomb() -> bytes:
    """50 MB of nothing that calls itself 100 bytes."""
    data = bytearray(office({"word/media/x.bin": b"\0" * (50 << 20)}))
    real = struct.pack("<I", 50 << 20)
    for at in range(len(data) - 4):
        if data[at : at + 4] == real:
            data[at : at + 4] = struct.pack("<I", 100)
    return bytes(data)


def encrypted() -> bytes:
    """The flag says that there is a password."""
    data = bytearray(office())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def huge_png(width: int = 60_000, height: int = 60_000) -> bytes:
    """A header that promises so many pixels, and a few bytes of them."""

    def chunk(kind: bytes, told: bytes) -> bytes:
        return struct.pack(">I", len(told)) + kind + told + struct.pack(">I", zlib.crc32(kind + told))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def text_bomb_png() -> bytes:
    """A small picture with a comment that unpacks to 200 MB."""
    whole = picture("PNG")
    told = b"Comment\0\0" + zlib.compress(b"A" * (200 << 20), 9)
    chunk = struct.pack(">I", len(told)) + b"zTXt" + told + struct.pack(">I", zlib.crc32(b"zTXt" + told))
    return whole[:33] + chunk + whole[33:]


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
GIF = b"GIF89a" + b"\x01\0\x01\0\x80\0\0" + b"\0" * 20 + b";"
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
PROGRAM = b"MZ\x90\x00" + b"\0" * 600
