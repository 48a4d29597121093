"""A picture is written anew: only what one sees of it is kept, not where, when and with what it was taken, nor anything
that was hidden in the file beside it.
"""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageOps

from sync.contract.errors import Code, Refusal, Said
from tenant_service.files.rules import MB, MOST_BYTES, FileKind

MOST_PIXELS = 40_000_000
MOST_PIXELS_OF_REPORTER = 25_000_000
LONGEST_SIDE = 3_000
"""Pixels; what is larger is made smaller."""
_BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, OverflowError, TypeError, AttributeError,
    struct.error, zlib.error,
)  # fmt: skip
"""What Pillow raises of files that are not what they say: a stranger made these, so nothing is taken for granted."""


def written_anew(name: str, data: bytes, kind: FileKind, most: int = MOST_PIXELS) -> tuple[bytes, int, int]:
    """The picture's bytes as they are kept, and its sides. Of a moving picture the first one is kept.

    Raises:
        Refusal: FILE_UNSAFE, more pixels than anybody needs; FILE_DAMAGED; FILE_TOO_LARGE.
    """
    try:
        with Image.open(BytesIO(data), formats=(kind.value,)) as opened:
            if opened.width * opened.height > most:  # the header says so, and nothing was unpacked yet
                raise _too_many_pixels(name, most)
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # of a large JPEG no more is unpacked than is kept
            opened.load()
            made = _bare(opened)
    except Image.DecompressionBombError:  # so many that it was not even opened
        raise _too_many_pixels(name, most) from None
    except _BROKEN:
        raise Refusal(Code.FILE_DAMAGED, name=name) from None
    out = BytesIO()
    made.save(out, kind.value, **({} if kind is FileKind.PNG else {"quality": 85}))
    kept = out.getvalue()
    if len(kept) > MOST_BYTES:
        raise Refusal(Code.FILE_TOO_LARGE, name=name, most=MOST_BYTES // MB)
    return kept, made.width, made.height


def _too_many_pixels(name: str, most: int) -> Refusal:
    said = Said(f"图片超过{most // 10_000}万像素", f"it has over {most} pixels")
    return Refusal(Code.FILE_UNSAFE, name=name, why=said)


def _bare(opened: Image.Image) -> Image.Image:
    """The pixels alone, turned as the camera said, on a picture that was never anything else."""
    turned = ImageOps.exif_transpose(opened)
    is_clear = turned.format != FileKind.JPEG.value and turned.has_transparency_data
    plain = turned.convert("RGBA" if is_clear and opened.format != FileKind.JPEG.value else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    made = Image.new(plain.mode, plain.size)
    made.paste(plain)
    return made
