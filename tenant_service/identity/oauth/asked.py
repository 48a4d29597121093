"""What an application asks, as the library's core reads it, and what it is answered; both without a web framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload

_SAID_BACK = ("client_id", "redirect_uri", "response_type", "grant_type", "scope", "code_challenge_method")
"""Parameters that the library repeats in its errors, where it raises a ValueError at what may not stand there."""
_LONGEST = 2_000
_LONGEST_OF = {"client_assertion": 6_000, "token": 6_000}

Parameters = Mapping[str, tuple[str, ...]]
"""Name → its values, in the order in which they were sent."""


class Asked(OAuth2Request):
    """One request to the server. Every parameter may come once, and in the body or in the query alone.

    Raises:
        InsecureTransportError: over plain HTTP, and not on the loopback.
    """

    def __init__(self, method: str, address: str, told: Parameters) -> None:
        super().__init__(method, address, headers={})
        self._told = {name: values[0] for name, values in told.items() if values and values[0]}
        self.payload = BasicOAuth2Payload(self._told)
        self.payload._datalist = {name: list(values) for name, values in told.items()}  # noqa: SLF001 — no other way in

    @property
    def args(self) -> dict[str, str]:
        return self._told

    @property
    def form(self) -> dict[str, str]:
        return self._told


def check(asked: Asked) -> None:
    """Raises: InvalidRequestError, a parameter came twice, is too long, or is not of the characters it is made of."""
    for name, values in asked.payload.datalist.items():
        if len(values) > 1:
            raise InvalidRequestError("a parameter came more than once")
        if any(len(each) > _LONGEST_OF.get(name, _LONGEST) for each in values):
            raise InvalidRequestError("a parameter is too long")
    for name in _SAID_BACK:
        if any(not " " <= each <= "~" or each in '"\\' for each in asked.form.get(name, "")):
            raise InvalidRequestError("a parameter has characters that it cannot have")


@dataclass
class Answer:
    """A status, a body (JSON where it is a table) and headers. `location`: where the browser goes."""

    status: int
    body: dict[str, Any] | str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")
