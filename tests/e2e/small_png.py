"""A screenshot with fewer colours: a PNG of 8-bit RGB(A) becomes one with a palette, a third of its size."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256


def with_palette(png: bytes) -> bytes:
    """The same picture in its 256 commonest colours; every other one becomes the nearest of them."""
    width, height, rows = _pixels(png)
    counted = Counter(pixel for row in rows for pixel in row)
    palette = [colour for colour, _ in counted.most_common(COLOURS)]
    known = {colour: index for index, colour in enumerate(palette)}
    for colour in counted:
        if colour not in known:
            known[colour] = min(range(len(palette)), key=lambda index: _distance(colour, palette[index]))
    lines = b"".join(b"\0" + bytes(known[pixel] for pixel in row) for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", b"".join(map(bytes, palette))),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in parts)


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (size,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += size + 12


def _pixels(png: bytes) -> tuple[int, int, list[list[tuple[int, int, int]]]]:
    """Width, height, and the colours of each row, opaque."""
    parts = list(_chunks(png))
    width, height, depth, kind = struct.unpack_from(">IIBB", parts[0][1])
    if depth != 8 or kind not in {2, 6}:
        message = f"this PNG is of kind {kind} with {depth} bits"
        raise ValueError(message)
    step = 3 if kind == 2 else 4
    data = zlib.decompress(b"".join(body for name, body in parts if name == b"IDAT"))
    before, rows = bytearray(width * step), []
    for at in range(height):
        start = at * (width * step + 1)
        row = bytearray(data[start + 1 : start + 1 + width * step])
        _unfilter(data[start], row, before, step)
        rows.append([(row[x], row[x + 1], row[x + 2]) for x in range(0, width * step, step)])
        before = row
    return width, height, rows


def _unfilter(kind: int, row: bytearray, above: bytearray, step: int) -> None:
    """Undo the filter of a row in place (PNG, third edition, section 9.2)."""
    for x in range(len(row)) if kind else ():
        left = row[x - step] if x >= step else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = above[x]
        elif kind == 3:
            guess = (left + above[x]) // 2
        else:
            corner = above[x - step] if x >= step else 0
            near = left + above[x] - corner
            guess = min((left, above[x], corner), key=lambda value: abs(near - value))
        row[x] = (row[x] + guess) & 255
