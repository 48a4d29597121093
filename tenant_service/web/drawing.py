"""QR codes as part of a page: drawn by attributes alone, because inline styles are forbidden."""

import io

import segno
from markupsafe import Markup


def qr(text: str, error: str = "m") -> Markup:
    """The code as an SVG element of class `qr`; what it says belongs beside it in words."""
    out = io.BytesIO()
    segno.make(text, error=error, micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, border=2, svgclass="qr", lineclass=None, omitsize=True
    )
    return Markup(out.getvalue().decode())  # noqa: S704 — made here, of squares
