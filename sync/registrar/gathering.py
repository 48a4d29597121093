"""The whole directory, put together from the charter and the parts of all registrars, at the hub.

What does not fit is left out where it is put together, so that one registrar's fault does not keep everybody else's
news back: its last part that did fit stays in the directory until it expires.
"""

from collections.abc import Mapping

from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.trust import descriptors, signed_directory
from sync.contract.trust.directory import Directory
from sync.contract.trust.directory_parts import joined, read_charter


def gathered(
    charter: str, root: ECKey, parts: Mapping[str, str], fitting: Mapping[str, str], before: Directory | None
) -> tuple[str, dict[str, str], dict[str, str]]:
    """The directory's text, the parts in it, and why others are not.

    `parts`: name → a part with its descriptors, as it came in; `fitting`: the same as it fitted last.

    Raises:
        jose.Untrusted: not even with those that fitted last is it a directory that may follow `before`.
    """
    known = {descriptors.thumbprint(each.key) for each in read_charter(charter, root).registrars}
    parts = {name: text for name, text in parts.items() if _signer(text) in known}
    chosen = {name: text for name, text in fitting.items() if _signer(text) in known}
    if _trouble(charter, root, parts, before) is None:
        return _text(charter, parts), dict(parts), {}
    left_out = {}
    for name, text in parts.items():
        trouble = _trouble(charter, root, chosen | {name: text}, before)
        if trouble is None:
            chosen[name] = text
        else:
            left_out[name] = trouble
    text = _text(charter, chosen)
    signed_directory.read(text, root, before)
    return text, chosen, left_out


def bundle(part: str, texts: list[str]) -> str:
    """A part as its registrar hands it over: with the descriptors that it names."""
    return "\n".join([part, *texts])


def _signer(text: str) -> object:
    try:
        return jose.type_and_signer(text.partition("\n")[0])[1]
    except jose.Untrusted:
        return None


def _trouble(charter: str, root: ECKey, parts: Mapping[str, str], before: Directory | None) -> str | None:
    try:
        signed_directory.read(_text(charter, parts), root, before)
    except jose.Untrusted as error:
        return str(error)
    return None


def _text(charter: str, parts: Mapping[str, str]) -> str:
    lines = {name: text.split() for name, text in parts.items()}
    return joined(charter, [each[0] for each in lines.values()], [told for each in lines.values() for told in each[1:]])
