"""What a committee says of a refusal, as far as it is passed on to the client.

A committee may be anybody's program: in the place of a reason it could send its database's address, a stack, or an
advertisement. So of a code that this release knows, its words are taken only if they are the code's own sentence, and
what fills its gaps is short and looks like no address, path or query; else our sentence stands there, with its gaps
left open. A code of a newer release is passed on, the words beside it are not.
"""

import re
from functools import lru_cache
from typing import Any

from sync.contract.errors import Code, Refusal

_CODE = re.compile(r"[A-Z][A-Z_]{1,39}")
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,99}")
_GAP = re.compile(r"\\\{\w+\\\}")
_LONGEST_FILLING = 100
_MOST_STEPS = 40
_MOST_ROWS = 2**31
_INWARD = re.compile(
    r"""://|@|[\r\n\t]                              # a URL, an account, a stack
    |\d+\.\d+\.\d+\.\d+|[0-9a-fA-F]*:[0-9a-fA-F]*::?  # addresses
    |(?<![\w.-])[A-Za-z][\w.-]*:\d{2,5}(?!\d)       # a host and its port
    |/\w+/|\\\w+\\|\.py\b|\bline\ \d                # a path
    |\b(?:SELECT|INSERT|UPDATE|DELETE|Traceback)\b""",
    re.VERBOSE,
)
INTERNAL = {"code": "INTERNAL", "message": "internal error", "zh": "系统内部错误，请稍后重试"}
NEWER = ("it refused for a reason of a newer release", "对方以较新版本的理由拒绝")
"""What is said beside a code that this release does not know."""


def words(message: str, extensions: dict[str, Any]) -> dict[str, str]:
    """Code, and the words in both languages: `code`, `message`, `zh`."""
    told, zh = extensions.get("code"), extensions.get("zh")
    if not isinstance(told, str) or told == "INTERNAL" or not _CODE.fullmatch(told):
        return INTERNAL
    code = Code.known(told)
    if code is None:
        return {"code": told, "message": NEWER[0], "zh": NEWER[1]}
    if isinstance(zh, str) and _says(code.en, message) and _says(code.zh, zh):
        return {"code": told, "message": message, "zh": zh}
    ours = Refusal(code)
    return {"code": told, "message": ours.en, "zh": ours.zh}


def steps(path: list[Any]) -> list[Any]:
    """A path inside an answer, as far as it is one: names of GraphQL and places in lists."""
    for at, step in enumerate(path):
        is_step = 0 <= step < _MOST_ROWS if isinstance(step, int) else isinstance(step, str) and _NAME.fullmatch(step)
        if not is_step or at >= _MOST_STEPS:
            return path[:at]
    return path


def _says(sentence: str, told: str) -> bool:
    """Whether these words are that sentence with its gaps filled, harmlessly."""
    found = _sentence(sentence).fullmatch(told)
    return found is not None and not any(map(_INWARD.search, found.groups()))


@lru_cache(maxsize=500)
def _sentence(text: str) -> re.Pattern[str]:
    return re.compile(_GAP.sub(f"(.{{0,{_LONGEST_FILLING}}})", re.escape(text)))
