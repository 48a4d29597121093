"""What an upload is, is told by its bytes; what was hidden in it is gone, and what would do harm is refused."""

from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sync.contract.errors import Code, Refusal
from tenant_service.files import pictures
from tenant_service.files.inspecting import inspected
from tenant_service.files.names import LONGEST_NAME, cleaned_name
from tenant_service.files.rules import MOST_BYTES, FileKind
from tests.tenant_service.files import samples

REFUSALS = {Code.FILE_TOO_LARGE, Code.FILE_KIND, Code.FILE_DAMAGED, Code.FILE_UNSAFE, Code.CLASSIFIED}


def refusal_of(data: bytes, name: str = "附件.pdf") -> Code:
    with pytest.raises(Refusal) as refusal:
        inspected(name, data)
    return refusal.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_a_picture_only_what_one_sees_is_kept(kind: str) -> None:
    sent = samples.picture(kind)
    assert samples.CAMERA.encode() in sent
    made = inspected("现场.jpeg", sent)
    assert (made.kind, made.width, made.height) == (FileKind.known(kind), 64, 48)
    assert samples.CAMERA.encode() not in made.data
    assert b"Exif" not in made.data
    with Image.open(BytesIO(made.data)) as again:
        assert dict(again.getexif()) == {}
        assert again.size == (64, 48)


def test_a_picture_stands_as_the_camera_was_held() -> None:
    made = inspected("a.jpg", samples.picture(turned=6))
    assert (made.width, made.height) == (48, 64)


def test_a_large_picture_is_made_smaller() -> None:
    made = inspected("a.jpg", samples.picture(size=(6000, 2000)))
    assert (made.width, made.height) == (pictures.LONGEST_SIDE, 1000)


@pytest.mark.parametrize("behind", [samples.HTML, samples.office(), samples.SVG], ids=["html", "zip", "svg"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_stands_behind_a_picture_is_gone(kind: str, behind: bytes) -> None:
    made = inspected("polyglot.jpg", samples.picture(kind) + behind)
    assert behind not in made.data
    assert b"<script" not in made.data
    assert b"PK\x03\x04" not in made.data


def test_of_a_moving_picture_the_first_one_is_kept() -> None:
    out = BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    with Image.open(BytesIO(inspected("a.webp", out.getvalue()).data)) as again:
        assert getattr(again, "n_frames", 1) == 1


@pytest.mark.parametrize(
    "data",
    [samples.SVG, samples.HTML, samples.GIF, samples.OLD_WORD, samples.PROGRAM, b"", b"\n\n" + samples.pdf(),
     samples.office(main="ppt/presentation.xml"), b"{\\rtf1}"],
    ids=["svg", "html", "gif", "doc", "exe", "empty", "pdf behind lines", "pptx", "rtf"],
)  # fmt: skip
def test_another_kind_is_not_taken_whatever_it_is_called(data: bytes) -> None:
    for name in ("a.jpg", "a.pdf", "a.docx"):
        assert refusal_of(data, name) is Code.FILE_KIND


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: samples.picture(size=(400, 300))[:900], Code.FILE_DAMAGED),
        (lambda: samples.picture("PNG", (400, 300))[:-30], Code.FILE_DAMAGED),
        (lambda: samples.picture("WEBP", (400, 300))[:60], Code.FILE_DAMAGED),
        (lambda: b"\xff\xd8\xff" + samples.HTML, Code.FILE_DAMAGED),
        (samples.text_bomb_png, Code.FILE_DAMAGED),
        (samples.huge_png, Code.FILE_UNSAFE),
        (lambda: samples.huge_png(8_000, 6_000), Code.FILE_UNSAFE),
        (lambda: samples.pdf()[:-8], Code.FILE_DAMAGED),
        (lambda: samples.office()[:-10], Code.FILE_DAMAGED),
        (lambda: samples.office() + samples.HTML, Code.FILE_DAMAGED),
        (samples.bomb, Code.FILE_UNSAFE),
        (samples.lying_bomb, Code.FILE_DAMAGED),
        (samples.encrypted, Code.FILE_UNSAFE),
        (lambda: samples.office({"../../etc/passwd": "x"}), Code.FILE_UNSAFE),
        (lambda: samples.office({"/word/x.xml": "x"}), Code.FILE_UNSAFE),
        (lambda: samples.office({"word\\..\\x.xml": "x"}), Code.FILE_UNSAFE),
        (lambda: samples.office({"word/vbaProject.bin": "x"}), Code.FILE_UNSAFE),
        (lambda: samples.office({f"word/{n}.xml": "x" for n in range(2_001)}), Code.FILE_UNSAFE),
        (lambda: samples.pdf() + b"x" * MOST_BYTES, Code.FILE_TOO_LARGE),
        (lambda: samples.docx_saying("【机密】"), Code.CLASSIFIED),
        (lambda: samples.docx_saying("秘密★5年"), Code.CLASSIFIED),
        (lambda: samples.office({"word/header1.xml": "<w:p><w:t>内部资料</w:t></w:p>"}), Code.CLASSIFIED),
        (lambda: samples.office({"xl/sharedStrings.xml": "<si><t>绝密</t></si>"}, main="xl/workbook.xml"),
         Code.CLASSIFIED),
    ],
    ids=["truncated jpeg", "truncated png", "truncated webp", "jpeg in name only", "png with a text bomb",
         "huge png header", "large png header",
         "truncated pdf", "truncated docx", "docx and html behind it", "docx bomb",
         "docx that lies about its size", "docx with a password", "traversal", "absolute part", "backslashes",
         "macros", "too many parts", "too large", "marked docx", "starred docx", "marked header", "marked xlsx"],
)  # fmt: skip
def test_what_would_do_harm_is_refused(made: Callable[[], bytes], code: Code) -> None:
    assert refusal_of(made()) is code


@pytest.mark.parametrize(
    ("data", "kind"),
    [(samples.pdf(), FileKind.PDF), (samples.office(), FileKind.DOCX),
     (samples.office(main="xl/workbook.xml"), FileKind.XLSX)],
)  # fmt: skip
def test_papers_are_kept_as_they_came(data: bytes, kind: FileKind) -> None:
    made = inspected("方案.docx", data)
    assert (made.kind, made.data, made.name) == (kind, data, f"方案.{kind.ending}")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.integers(0, 10_000), st.integers(0, 255), st.data())
def test_a_picture_with_any_byte_changed_is_kept_bare_or_refused(
    kind: str, at: int, byte: int, data: st.DataObject
) -> None:
    sent = bytearray(samples.picture(kind))
    sent[at % len(sent)] = byte
    del sent[data.draw(st.integers(4, len(sent))) :]
    refused: set[Code] = set()
    try:
        made = inspected("a.jpg", bytes(sent))
        assert samples.CAMERA.encode() not in made.data
    except Refusal as refusal:
        refused.add(refusal.code)
    assert refused <= REFUSALS


# ── names ──


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("../../etc/passwd", "passwd.pdf"), ("..\\..\\windows\\system32\\evil.exe", "evil.pdf"),
        ("方案.pdf", "方案.pdf"),
        ("a.pdf.exe", "a.pdf"), ("", "附件.pdf"), ("...", "附件.pdf"), (".htaccess", "htaccess.pdf"), ("/", "附件.pdf"),
        ("报告\u202efdp.exe", "报告fdp.pdf"), ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"), ("a\0b.pdf", "ab.pdf"),
        ('a"b<c>.pdf', "a b c.pdf"), ("第1.2版.pdf", "第1.2版.pdf"), ("司机密码.pdf", "司机密码.pdf"),
        ("CON:x.pdf", "CON x.pdf"),
    ],
)  # fmt: skip
def test_a_name_is_a_name_and_ends_as_what_it_is(told: str, name: str) -> None:
    assert cleaned_name(told, FileKind.PDF) == name


@pytest.mark.parametrize(
    "told",
    [
        "机密.pdf",
        "（秘密）方案.docx",
        "方案-内部资料.pdf",
        "绝密★.pdf",
        "机密级文件.pdf",
        "x/【秘密】y.pdf",
        "方案 机密 v2.pdf",
    ],
)
def test_a_name_that_says_classified_is_refused(told: str) -> None:
    with pytest.raises(Refusal) as refusal:
        cleaned_name(told, FileKind.PDF)
    assert refusal.value.code is Code.CLASSIFIED


@given(st.text(max_size=300))
def test_no_name_leads_anywhere(told: str) -> None:
    try:
        made = cleaned_name(told, FileKind.PDF)
    except Refusal as refusal:
        made, code = "x.pdf", refusal.code
        assert code is Code.CLASSIFIED
    assert made.endswith(".pdf")
    assert not set(made) & set('/\\<>:"|?*\r\n\0')
    assert not made.startswith(".")
    assert len(made) <= LONGEST_NAME + 4
