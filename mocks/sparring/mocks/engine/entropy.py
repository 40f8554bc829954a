"""The only source of randomness on a stage: keyed, so that one draw never changes another."""

import base64
import hashlib

import msgspec

_ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

_VARIANTS = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
"""RFC 9562 section 5.4: the two bits that are fixed, by the four that were drawn."""

_encode = msgspec.json.Encoder().encode


class Entropy:
    """Bytes derived from a seed and a label (purpose, grant, counter): same seed and label, same bytes.

    There is no stream to advance, so an extra request for the keys cannot change the next token.
    """

    def __init__(self, seed: int) -> None:
        self._seeded = hashlib.shake_256(hashlib.sha256(f"sparring entropy {seed}".encode()).digest())

    def draw(self, size: int, *label: str | int) -> bytes:
        """``size`` bytes for that label."""
        drawing = self._seeded.copy()
        drawing.update(_encode(label))
        return drawing.digest(size)

    def hex(self, size: int, *label: str | int) -> str:
        """``size`` bytes in lower-case hexadecimal."""
        return self.draw(size, *label).hex()

    def urlsafe(self, size: int, *label: str | int) -> str:
        """``size`` bytes in base64url without padding."""
        return base64.urlsafe_b64encode(self.draw(size, *label)).rstrip(b"=").decode()

    def alnum(self, length: int, *label: str | int) -> str:
        """``length`` letters and digits (each from two bytes, so the bias is below one in a thousand)."""
        raw = self.draw(2 * length, *label)
        return "".join(_ALNUM[int.from_bytes(raw[i : i + 2]) % len(_ALNUM)] for i in range(0, 2 * length, 2))

    def uuid(self, *label: str | int) -> str:
        """A version 4 UUID in its usual form."""
        drawing = self._seeded.copy()
        drawing.update(_encode(label))
        drawn = drawing.hexdigest(16)
        return f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-{_VARIANTS[drawn[16]]}{drawn[17:20]}-{drawn[20:]}"
