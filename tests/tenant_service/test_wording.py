"""What may be written: marks of classified matter are found, ordinary words are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract.errors import Code, Refusal
from tenant_service import wording


@pytest.mark.parametrize(
    "marked",
    [
        "【机密】会议纪要",
        "（绝密）",
        "秘密★1年",
        "密级：机密",
        "内部资料，注意保存",
        "第一行\n绝密\n第三行",
        "[秘密]方案",
        "内部资料 不得外传",
    ],
)
def test_marked_matter_is_refused(marked: str) -> None:
    with pytest.raises(Refusal) as refusal:
        wording.text("title", marked, 200)
    assert refusal.value.code is Code.CLASSIFIED


@pytest.mark.parametrize(
    "plain", ["保守商业秘密专题协商", "机密机房消防检查", "完善内部资料管理制度", "绝密级以下文件销毁点选址"]
)
def test_ordinary_words_are_taken(plain: str) -> None:
    assert wording.text("title", plain, 200) == plain


@given(st.text(max_size=50))
def test_what_is_stored_has_no_control_characters_and_fits(told: str) -> None:
    try:
        kept = wording.text("title", told, 20)
    except Refusal:
        return
    assert 0 < len(kept) <= 20
    assert kept == kept.strip()
    assert "\0" not in kept
    assert kept.encode().decode() == kept


@given(st.text(max_size=40))
def test_a_sort_key_is_ascii_and_the_same_for_the_same_name(name: str) -> None:
    assert wording.sort_key(name).isascii()
    assert wording.sort_key(name) == wording.sort_key(f"  {name} ".strip())
