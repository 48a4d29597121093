"""Signing in through a gateway: what a gateway asks a user's home at `rpc.<home>.token`, and what it is told.

The browser is sent to its home's sign-in page and comes back with a code; the gateway redeems it, and renews the token
for as long as the browser stays signed in at home. Every ask carries the gateway's proof (`trust.proofs`, over its
bytes and an empty token), and every token told is bound to the key that made that proof.
"""

from typing import Literal

import msgspec

from sync.contract.strangers import reading

Grant = Literal["code", "renew", "exchange", "end"]

PATH = "/gateway-sign-in"
"""Page of a committee that sends a signed-in browser back to a gateway: `?gateway=<id>&state=<opaque>`. It returns to
the gateway's `login_url` in the directory, with `code` and `state`."""
LIVES = 300
"""Seconds that a token told here lives at most."""


class TokenAsk(msgspec.Struct, frozen=True):
    """A gateway asks for a token.

    Attributes:
        grant: code: redeem the code in `value`, once, within a minute. renew: `value` is the handle told then.
            exchange: `value` is an API token that names this gateway. end: the handle in `value` is void from now on.
    """

    grant: Grant
    value: str


class TokenTold(msgspec.Struct, frozen=True):
    """What the home answers.

    Attributes:
        token: For FEDERATION, bound to the gateway's key; empty: refused, or ended.
        expires_in: Seconds it lives from now.
        handle: Renews it; secret, only after `code`.
        code: Of the refusal (`sync.contract.errors`): sign in again, or give up.
    """

    token: str = ""
    expires_in: int = 0
    handle: str = ""
    code: str = ""


write = msgspec.json.Encoder().encode
read_ask = reading(msgspec.json.Decoder(TokenAsk).decode)
read_told = reading(msgspec.json.Decoder(TokenTold).decode)
