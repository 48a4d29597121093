"""核验码: by what whoever booked without an account checks in, looks and cancels.

Ten characters of 32 are 50 bits; a device may try ten a minute. It is shown once and kept as a digest.
"""

import hashlib
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Nothing that is taken for another one: no 0 and O, no 1 and I."""
LENGTH, _GROUP = 10, 5
_LONGEST_TYPED = 100


def fresh() -> str:
    """A new code, drawn."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def of_form(secret: bytes, *told: str) -> str:
    """The code of one booking that was sent with one form: sent twice it is the same one, and nobody else finds it."""
    drawn = hashlib.blake2b("\0".join(told).encode("utf-8", "replace"), key=secret, digest_size=LENGTH).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn)


def digest(typed: str) -> str:
    """Of a code as somebody typed it: small letters, blanks and dashes do not matter."""
    bare = "".join(each for each in typed[:_LONGEST_TYPED].upper() if each.isalnum())
    return hashlib.blake2b(bare.encode("utf-8", "replace"), digest_size=32, person=b"booking-code").hexdigest()


def shown(code: str) -> str:
    """In groups, as it is read out and written down."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))
