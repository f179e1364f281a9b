"""A logo's kind and size by its first bytes, and a colour that can be read on light and dark paper."""

import struct

import pytest

from pledges.domain.colours import READABLE, contrast, readable
from pledges.domain.pictures import Measures, NotAPicture, measure

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 320, 80) + b"\x08\x06\0\0\0"
JPEG = (
    b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)  # a segment before that of the size
    + b"\xff\xff\xc2" + struct.pack(">HBHH", 17, 8, 80, 320) + bytes(10)
)  # fmt: skip
LOSSY = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0" + bytes(3) + b"\x9d\x01\x2a" + struct.pack("<HH", 320, 80)
LOSSLESS = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", 319 | 79 << 14)
EXTENDED = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0" + bytes(4) + (319).to_bytes(3, "little") + (79).to_bytes(3, "little")


@pytest.mark.parametrize(
    ("body", "kind"), [(PNG, "png"), (JPEG, "jpeg"), (LOSSY, "webp"), (LOSSLESS, "webp"), (EXTENDED, "webp")]
)
def test_kind_and_size_are_read_from_the_first_bytes_and_no_part_of_them_is_taken_for_all(body, kind):
    assert measure(body) == Measures(kind, 320, 80)
    for end in range(20):
        with pytest.raises(NotAPicture):
            measure(body[:end])


@pytest.mark.parametrize(
    "body", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"\xff\xd8\xff\xd9", b"%PDF"]
)
def test_what_could_hold_a_script_is_no_picture(body):
    with pytest.raises(NotAPicture):
        measure(body)


@pytest.mark.parametrize("paper", ["#fbfaf6", "#15161a"])
@pytest.mark.parametrize("colour", ["#ffff00", "#000000", "#ffffff", "#0a4f8f", "#d91023", "#169b62", "#777777"])
def test_every_colour_has_a_shade_that_can_be_read(colour, paper):
    assert contrast(readable(colour, paper), paper) >= READABLE


def test_a_colour_that_can_be_read_stays_as_it_is():
    assert readable("#0a4f8f", "#fbfaf6") == "#0a4f8f"
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
