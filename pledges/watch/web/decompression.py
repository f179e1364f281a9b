"""Decompression of Content-Encoding, with a cap on the result: a few bytes may expand to gigabytes."""

import zlib

import brotli
import zstandard

from pledges.domain.messages import UserFacingError, deferred_message

ACCEPTED = "gzip, deflate, br, zstd"
_MOST_ENCODINGS = 2
# Other encodings, registered with IANA or used by some servers.
_UNSUPPORTED = frozenset("aes128gcm compress x-compress dcb dcz exi pack200-gzip bzip2 x-bzip2 lzma xz sdch".split())
_MOST_GZIP_MEMBERS = 1000
_LARGEST_WINDOW = 8 * 1024 * 1024  # the limit of RFC 9659 for zstd on the web


class Damaged(UserFacingError):
    """The encoding is unknown, or the data is damaged or truncated; `sentence` is for an editor."""


class Oversized(ValueError):
    """The result is larger than the cap."""


def unpack(body: bytes, encoding: str, most: int) -> bytes:
    """Decompress `body`; `encoding` is the Content-Encoding header. Raises Damaged, or Oversized above `most` bytes.

    Values that are not encodings (utf-8, none) are ignored, as in browsers.
    """
    names = [part.partition(";")[0].strip(" \t\"'") for part in encoding.lower().split(",")]
    names = [name for name in names if name in _UNPACK or name in _UNSUPPORTED]
    if not body:
        return body
    if len(names) > _MOST_ENCODINGS or not _UNSUPPORTED.isdisjoint(names):
        message = deferred_message(
            "The site answers in a packing that we did not ask for (%(packing)s).", packing=encoding[:60]
        )
        raise Damaged(message)
    for name in reversed(names):
        try:
            body = _UNPACK[name](body, most)
        except (zlib.error, brotli.error, zstandard.ZstdError, MemoryError) as error:
            raise Damaged(deferred_message("The site's answer is packed, and damaged or cut short.")) from error
    return body


def _deflate(body: bytes, most: int) -> bytes:
    raw = body[0] & 0x0F != 8 or int.from_bytes(body[:2], "big") % 31  # some servers omit zlib's header
    return _inflate(body, -zlib.MAX_WBITS if raw else zlib.MAX_WBITS, most)


def _gzip(body: bytes, most: int) -> bytes:
    return _inflate(body, zlib.MAX_WBITS | 32, most)


def _inflate(body: bytes, window: int, most: int) -> bytes:
    unpacked = bytearray()
    for _member in range(_MOST_GZIP_MEMBERS):  # a gzip body may be several members in a row
        stream = zlib.decompressobj(window)
        unpacked += stream.decompress(body, most + 1 - len(unpacked))
        if len(unpacked) > most:
            raise Oversized
        if not stream.eof:
            raise zlib.error("cut short")
        body = stream.unused_data.lstrip(b"\0")  # some servers pad a block with zeros
        if body[:2] != b"\x1f\x8b":
            return bytes(unpacked)
    raise zlib.error("too many members")


def _brotli(body: bytes, most: int) -> bytes:
    stream, unpacked = brotli.Decompressor(), bytearray()
    while not stream.is_finished():
        piece = stream.process(body, output_buffer_limit=most + 1 - len(unpacked))
        unpacked += piece
        if len(unpacked) > most:
            raise Oversized
        if not piece and not stream.is_finished():
            raise brotli.error("cut short")
        body = b""
    return bytes(unpacked)


def _zstd(body: bytes, most: int) -> bytes:
    packed = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
    unpacked = packed.stream_reader(body, read_across_frames=True).read(most + 1)
    if len(unpacked) > most:
        raise Oversized
    while body:  # the reader above accepts a truncated frame; now that the size is known to be safe, check for that
        frame = packed.decompressobj()
        frame.decompress(body)
        if not frame.eof:
            raise zstandard.ZstdError("cut short")
        body = frame.unused_data
    return unpacked


_UNPACK = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd}
