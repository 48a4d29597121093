"""Words of the pages in two languages.

Pages are written in Chinese, which is what nearly all their readers see; `en.po` beside a folder of templates gives the
English of each text. A test proves that none is missing. `say` marks a text in a Python module for it.
"""

import gettext
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, get_args

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT: Language = "zh-CN"
CATALOG = "en.po"


def say(text: str) -> str:
    """The same text; it is shown on a page, so it has its English in a catalogue."""
    return text


def known(code: str | None) -> Language | None:
    """The language with this code, if pages speak it."""
    return next((each for each in LANGUAGES if each == code), None)


def catalog(folder: Path) -> Catalog:
    """The English of what the templates in `folder` say; an empty one where there is no file."""
    found = folder / CATALOG
    if not found.exists():
        return Catalog(locale="en")
    with found.open("rb") as opened:
        return read_po(opened, locale="en")


class _English(gettext.NullTranslations):
    """A text without its English stays Chinese, as a page that says something beats a page that says nothing."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__()
        self._texts = texts

    def gettext(self, message: str) -> str:
        return self._texts.get(message, message)


def translations(folders: Iterable[Path]) -> dict[Language, gettext.NullTranslations]:
    """Each language's words, from the catalogues in these folders; an earlier folder's word stands."""
    texts: dict[str, str] = {}
    for folder in folders:
        for message in catalog(folder):
            if message.id and message.string:
                texts.setdefault(str(message.id), str(message.string))
    return {"zh-CN": gettext.NullTranslations(), "en": _English(texts)}
