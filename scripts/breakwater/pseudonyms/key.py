"""The pseudonym key: read from a file or the environment, never from a command line, never printed."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from breakwater.errors import Refusal
from breakwater.manifest import KEY_ID

VARIABLE = "BREAKWATER_PSEUDONYM_KEY"
SHORTEST = 16  # bytes; 32 are recommended, as many as SHA-256 gives out
BLOCK = 64  # bytes of one SHA-256 block


@dataclass(frozen=True)
class PseudonymKey:
    """A key and the id by which it is spoken of. The secret is left out of any printing of the object."""

    id: str
    secret: bytes = field(repr=False)

    def pads(self) -> tuple[bytes, bytes]:
        """Return the inner and the outer key block of HMAC-SHA-256, 64 bytes each.

        Source: RFC 2104, section 2. A key longer than a block would be hashed first; `read_key` refuses it.
        """
        block = self.secret.ljust(BLOCK, b"\0")
        return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def read_key(key_file: Path | None) -> PseudonymKey:
    """Return the key of a file with the lines `id: NAME` and `key: HEX`, or of the environment variable.

    BREAKWATER_PSEUDONYM_KEY holds `NAME:HEX`. Raises Refusal when there is no key or it is malformed.
    """
    if key_file is not None:
        return _key_from_file(key_file)
    if told := os.environ.get(VARIABLE):
        key_id, _, secret = told.partition(":")
        return _key(key_id, secret, VARIABLE)
    raise Refusal(f"no pseudonym key: give --key-file, or set {VARIABLE} to ID:HEX")


def _key_from_file(path: Path) -> PseudonymKey:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refusal(f"{path.name} cannot be read: give a key file with lines `id:` and `key:`") from None
    found = dict(re.findall(r"^(id|key):[ \t]*(\S+)[ \t]*$", text, flags=re.MULTILINE))
    return _key(found.get("id", ""), found.get("key", ""), path.name)


def _key(key_id: str, secret: str, source: str) -> PseudonymKey:
    if not KEY_ID.fullmatch(key_id):
        raise Refusal(f"{source}: the key has no id of letters, digits, dots and dashes")
    try:
        binary = bytes.fromhex(secret)
    except ValueError:
        raise Refusal(f"{source}: the key is not written in hexadecimal") from None
    if not SHORTEST <= len(binary) <= BLOCK:
        raise Refusal(
            f"{source}: the key must have {SHORTEST} to {BLOCK} bytes; make one with 32 random bytes"
        )
    return PseudonymKey(key_id, binary)
