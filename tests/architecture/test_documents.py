"""What docs/ says can be found, in both languages where there are two."""

import re
from pathlib import PurePosixPath

from tests.architecture.tree import ROOT, files, text

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
CHANGE = re.compile(r"(?:\d+|\+[\w-]+)\.(?:feature|fix|change|removal|security|doc)(?:\.\d+)?\.md")


def sections(markdown: str) -> list[tuple[int, str, str]]:
    """Level, title and text of each section; a line in a code block is no heading."""
    found: list[tuple[int, str, list[str]]] = []
    in_code = False
    for line in markdown.splitlines():
        in_code ^= line.startswith("```")
        heading = None if in_code else re.match(r"(#+) (.+)", line)
        if heading:
            found.append((len(heading[1]), heading[2], []))
        elif found:
            found[-1][2].append(line)
    return [(level, title, "\n".join(lines)) for level, title, lines in found]


def commands(section: str) -> list[str]:
    """Lines of code blocks without the remark behind them, and inline code."""
    blocks = re.findall(r"^```\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return lines + sorted(
        re.findall(r"`([^`\n]+)`", re.sub(r"^```\n.*?^```", "", section, flags=re.DOTALL | re.MULTILINE))
    )


def test_both_readmes_have_the_same_headings() -> None:
    english, chinese = sections(text("README.md")), sections(text("README.zh-CN.md"))
    assert [level for level, _, _ in english] == [level for level, _, _ in chinese]
    assert all(re.search(r"[\u4e00-\u9fff]", title) for _, title, _ in chinese)


def test_both_readmes_tell_the_same_commands_and_pages() -> None:
    for (_, title, english), (_, _, chinese) in zip(
        sections(text("README.md"))[1:], sections(text("README.zh-CN.md"))[1:], strict=True
    ):
        assert commands(english) == commands(chinese), title
        assert LINK.findall(english) == LINK.findall(chinese), title


def test_every_link_leads_somewhere() -> None:
    lost = [
        f"{path} → {target}"
        for path in files()
        if path.endswith(".md")
        for target in LINK.findall(text(path))
        if "://" not in target and not (ROOT / PurePosixPath(path).parent / target.partition("#")[0]).exists()
    ]
    assert not lost


def test_every_decision_is_in_the_list_and_numbered_once() -> None:
    pages = [PurePosixPath(path).name for path in files() if re.match(r"docs/decisions/\d{4}-", path)]
    listed = LINK.findall(text("docs/decisions/README.md"))
    assert sorted(pages) == sorted(listed)
    assert [name[:4] for name in sorted(pages)] == [f"{number:04}" for number in range(1, len(pages) + 1)]


def test_every_change_is_described_under_a_name_that_the_change_log_takes() -> None:
    names = [PurePosixPath(path).name for path in files() if path.startswith("docs/changes/")]
    assert not [name for name in names if name != "README.md" and not CHANGE.fullmatch(name)]


def test_the_licence_is_whole() -> None:
    licence = text("LICENSE")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
