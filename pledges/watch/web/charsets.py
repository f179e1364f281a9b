"""Bytes into text as the wild has them: headers, declarations and the bytes themselves rarely agree."""

import codecs
import re
from collections.abc import Iterator

import webencodings

from pledges.watch.sources.metatags import charset_of, meta_tags
from pledges.watch.text.markup import mend_references

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LOOKED_AT = 200_000  # bytes in which a page's own declaration is looked for: some stand behind long scripts
_ASCII, _HIGH = bytes(range(128)), bytes(range(128, 256))
_MOST_BROKEN = 0.1  # of what is not ASCII; above it the claimed encoding is not the text's
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# A document type is for checking, and its entities are for attacks: neither road gets to see one.
_DOCUMENT_TYPE = re.compile(r"<!(?:doctype|entity|element|attlist|notation)\b[^<>]*>?(?:\s*\]\s*>)?", re.IGNORECASE)
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_CONTROLS = bytes(code for code in _NOT_XML if code < 32)


def _windows_1252(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.reason == "unexpected end of data":
        return "\ufffd", error.end  # a character cut in two, not a stray
    bad = error.object[error.start : error.end]
    return bad.decode("windows-1252", "replace"), error.end


codecs.register_error("pledges.windows-1252", _windows_1252)


def decode(body: bytes, content_type: str = "", *, page: bool = False) -> str:
    """The text of `body`; it never fails.

    `content_type` is the whole header. With `page`, the charset that an HTML page names in a <meta> counts too.

    A byte-order mark is believed first, then the zeros of UTF-16. What is UTF-8, or is but for a few stray bytes, is
    UTF-8, whatever header or declaration may claim. Then the header's charset is tried, then the document's own, each
    read by the WHATWG's labels, as browsers do (iso-8859-1 is windows-1252). A character that is broken or cut off
    does not make a claim wrong, many do. Where nothing else is claimed, it is UTF-8 with strays of windows-1252 among
    it, or the other way round: what there is more of wins, or UTF-8 where it is claimed and not by far the less.
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "pledges.windows-1252" if charset == "utf-8" else "replace")
    claims = list(_claims(body, content_type, page))
    if charset := _utf_16(body, claims):
        return body.decode(charset, "replace")
    if "iso-2022-jp" in claims and b"\x1b" in body:  # seven bits: it would pass for UTF-8
        return _codec("iso-2022-jp").decode(body, "replace")[0]
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    whole, strays = _utf_8(body)
    for charset in claims:
        if charset.startswith(("utf-", "iso-2022")) or (charset == "windows-1252" and not page):
            continue  # tried already; or a server's default, which nobody has noticed before a feed
        if charset == "windows-1252" or whole > 4 * strays:  # no other encoding makes UTF-8 by chance so often
            break
        text = _by_claim(body, charset)
        if text is not None:
            return text
    if whole > strays or ("utf-8" in claims and 4 * whole >= strays):
        return body.decode("utf-8", "pledges.windows-1252")
    return body.decode("windows-1252", "replace")


def _claims(body: bytes, content_type: str, page: bool) -> Iterator[str]:
    """The WHATWG's names of the encodings that the header and the document claim, the header's first."""
    labels = [header.group(1)] if (header := _HEADER.search(content_type)) else []
    labels += [own.group(1).decode("ascii")] if (own := _DECLARED.search(body[:1024])) else []
    if page:
        labels += [charset_of(tag) for tag in meta_tags(body[:_LOOKED_AT].decode("latin-1"))]
    for label in labels:
        encoding = webencodings.lookup(label)
        if encoding and encoding.name not in ("replacement", "x-user-defined"):
            yield encoding.name


def _utf_16(body: bytes, claims: list[str]) -> str:
    """The byte order of UTF-16 without a mark, told by the zeros in its ASCII letters or claimed; or ""."""
    start = body[:64]
    for charset, zeros, letters in (("utf-16-le", start[1::2], start[::2]), ("utf-16-be", start[::2], start[1::2])):
        if zeros.count(0) > len(zeros) / 2 and 0 not in letters:
            return charset
    claimed = next((name for name in claims if name.startswith("utf-16")), "")
    return claimed if b"\0" in body else ""


def _utf_8(body: bytes) -> tuple[int, int]:
    """How many characters outside ASCII are whole in UTF-8, and how many bytes are strays.

    What is cut off at the end is no stray, unless there is nothing else.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("ignore")
    text = decoder.decode(body)
    kept = text.encode()
    whole = len(text) - len(kept.translate(None, _HIGH))
    cut_off = len(decoder.getstate()[0]) if whole else 0
    return whole, len(body) - len(kept) - cut_off


def _codec(label: str) -> codecs.CodecInfo:
    encoding = webencodings.lookup(label)
    assert encoding, label
    return encoding.codec_info


def _by_claim(body: bytes, charset: str) -> str | None:
    """The text by the encoding claimed, or None where too much of it is broken by that."""
    codec = _codec("gb18030" if charset == "gbk" else charset)  # as the standard has it
    text = codec.decode(body, "replace")[0]
    foreign = len(text.encode("utf-8", "replace").translate(None, _ASCII))
    broken = text.count("\ufffd")
    return None if broken > 2 and broken * 3 > foreign * _MOST_BROKEN else text


def readable_xml(text: str) -> str:
    """The text without its XML declaration, its document type and what XML does not allow in it."""
    text = mend_references(_XML_DECLARATION.sub("", text).lstrip("\ufeff \t\r\n"))
    if "<!" in text:
        text = _DOCUMENT_TYPE.sub("", text)
    plain = text.encode("utf-8", "surrogatepass")  # bytes are searched several times as fast
    if len(plain.translate(None, _CONTROLS)) != len(plain) or "\ufffe" in text or "\uffff" in text:
        return text.translate(_NOT_XML)
    return text
