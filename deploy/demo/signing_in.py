"""Bearer tokens of the demo's accounts, as any client of the API gets them."""

import httpx2


class Refused(Exception):
    """The committee gave no token; says what it answered."""


def sign_in(url: str, username: str, password: str, gateways: list[str]) -> str:
    """A bearer token for the committee at `url` and these gateways.

    Raises:
        Refused: the committee says no. httpx2.HTTPError: it does not answer.
    """
    asked = {"username": username, "password": password, "gateways": gateways}
    told = httpx2.post(f"{url}/token", json=asked, timeout=20)
    if not told.is_success:
        raise Refused(told.text[:300])
    return str(told.json()["token"])
