"""Kind and size of a picture, read from its first bytes: PNG, JPEG and WebP, and no format that can hold a script."""

import struct
from dataclasses import dataclass

CONTENT_TYPES = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}
# Markers of JPEG segments that hold the size: C0 to CF, without those of tables and of arithmetic coding.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


class NotAPicture(ValueError):
    """The bytes are not a PNG, JPEG or WebP picture."""


@dataclass(frozen=True)
class Measures:
    """What a picture is: its kind (a key of CONTENT_TYPES), its width and height in pixels."""

    kind: str
    width: int
    height: int


def measure(body: bytes) -> Measures:
    """Raises NotAPicture unless the bytes begin as a PNG, JPEG or WebP picture and say how large it is."""
    try:
        if body.startswith(b"\x89PNG\r\n\x1a\n") and body[12:16] == b"IHDR":
            return Measures("png", *struct.unpack(">II", body[16:24]))
        if body.startswith(b"\xff\xd8\xff"):
            return _jpeg(body)
        if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
            return _webp(body)
    except (struct.error, IndexError) as error:
        raise NotAPicture("it ends too early") from error
    raise NotAPicture("it is none of these formats")


def _jpeg(body: bytes) -> Measures:
    at = 2
    while body[at] == 0xFF:
        marker = body[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker in _WITHOUT_LENGTH:
            at += 2
        elif marker in _FRAMES:
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return Measures("jpeg", width, height)
        else:
            at += 2 + struct.unpack(">H", body[at + 2 : at + 4])[0]
    raise NotAPicture("it says no size")


def _webp(body: bytes) -> Measures:
    kind = body[12:16]
    if kind == b"VP8 " and body[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", body[26:30])
        return Measures("webp", width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L" and body[20] == 0x2F:
        (bits,) = struct.unpack("<I", body[21:25])
        return Measures("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X":
        width, height = (int.from_bytes(_exactly(body[at : at + 3], 3), "little") + 1 for at in (24, 27))
        return Measures("webp", width, height)
    raise NotAPicture("it is none of the three kinds of WebP")


def _exactly(part: bytes, length: int) -> bytes:
    if len(part) != length:
        raise IndexError("it ends too early")
    return part
