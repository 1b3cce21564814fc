"""Entries one after the other in a file, each with its checksum.

What a killed process left half written, or a disk damaged, is found and passed over.
"""

import struct
import zlib
from collections.abc import Iterable

_MAGIC = b"\xf5PL1"
_HEAD = struct.Struct("<4sII")


def framed(payloads: Iterable[bytes]) -> list[bytes]:
    """Payloads as they stand in a file, in parts: joining them would copy every number again."""
    parts: list[bytes] = []
    for payload in payloads:
        parts.append(_HEAD.pack(_MAGIC, len(payload), zlib.crc32(payload)))
        parts.append(payload)
    return parts


class Frames:
    """Reads a file's content from its beginning; `damaged` counts the places that were no frame.

    `at` is where the next one begins.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.at = 0
        self.damaged = 0

    def take(self, most: int) -> list[bytes]:
        """The next payloads, at most so many; none at the end."""
        payloads: list[bytes] = []
        while len(payloads) < most and self.at < len(self._content):
            if (payload := self._payload()) is not None:
                payloads.append(payload)
                self.at += _HEAD.size + len(payload)
                continue
            self.damaged += 1
            following = self._content.find(_MAGIC, self.at + 1)
            self.at = following if following >= 0 else len(self._content)
        return payloads

    def _payload(self) -> bytes | None:
        start = self.at + _HEAD.size
        if start > len(self._content):
            return None
        magic, length, checksum = _HEAD.unpack_from(self._content, self.at)
        payload = self._content[start : start + length]
        whole = magic == _MAGIC and len(payload) == length
        return payload if whole and zlib.crc32(payload) == checksum else None
