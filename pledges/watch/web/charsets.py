"""Decoding of bytes from the web, where headers, declarations and the bytes themselves rarely agree."""

import codecs
import re
from collections.abc import Iterator

import webencodings

from pledges.watch.sources.metatags import charset_of, meta_tags
from pledges.watch.text.markup import mend_references

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LOOKED_AT = 200_000  # bytes in which a page's declaration is searched: it may come after long scripts
_ASCII, _HIGH = bytes(range(128)), bytes(range(128, 256))
_MOST_BROKEN = 0.1  # of the characters outside ASCII; with more, the declared encoding is wrong
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# A document type is of no use here, and its entities allow attacks: neither feed parser gets to see one.
_DOCUMENT_TYPE = re.compile(r"<!(?:doctype|entity|element|attlist|notation)\b[^<>]*>?(?:\s*\]\s*>)?", re.IGNORECASE)
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_CONTROLS = bytes(code for code in _NOT_XML if code < 32)


def _windows_1252(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.reason == "unexpected end of data":
        return "\ufffd", error.end  # a truncated character, not a stray byte
    bad = error.object[error.start : error.end]
    return bad.decode("windows-1252", "replace"), error.end


codecs.register_error("pledges.windows-1252", _windows_1252)


def decode(body: bytes, content_type: str = "", *, page: bool = False) -> str:
    """The text of `body`; never raises.

    `content_type` is the whole header. With `page`, the charset in a <meta> tag of an HTML page counts too.

    In order: a byte-order mark; the zero bytes of UTF-16; UTF-8, if all but a few stray bytes are valid, whatever
    header or declaration say; the charset of the header; that of the document. Labels are those of the WHATWG, as in
    browsers (iso-8859-1 is windows-1252). A few broken characters do not disprove a declared charset, many do. If
    nothing else is declared, the text is UTF-8 with stray bytes of windows-1252 or the reverse, whichever there is more
    of; UTF-8 also if it is declared and not much rarer.
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "pledges.windows-1252" if charset == "utf-8" else "replace")
    declared = list(_declared_encodings(body, content_type, page))
    if charset := _utf_16(body, declared):
        return body.decode(charset, "replace")
    if "iso-2022-jp" in declared and b"\x1b" in body:  # 7-bit: it would be valid UTF-8
        return _codec("iso-2022-jp").decode(body, "replace")[0]
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    whole, strays = _utf_8(body)
    for charset in declared:
        if charset.startswith(("utf-", "iso-2022")) or (charset == "windows-1252" and not page):
            continue  # tried already; or a server's default, which goes unnoticed with feeds
        if charset == "windows-1252" or whole > 4 * strays:  # so much valid UTF-8 is no coincidence
            break
        text = _decoded_as(body, charset)
        if text is not None:
            return text
    if whole > strays or ("utf-8" in declared and 4 * whole >= strays):
        return body.decode("utf-8", "pledges.windows-1252")
    return body.decode("windows-1252", "replace")


def _declared_encodings(body: bytes, content_type: str, page: bool) -> Iterator[str]:
    """The WHATWG names of the encodings that the header and the document declare, the header's first."""
    labels = [header.group(1)] if (header := _HEADER.search(content_type)) else []
    labels += [own.group(1).decode("ascii")] if (own := _DECLARED.search(body[:1024])) else []
    if page:
        labels += [charset_of(tag) for tag in meta_tags(body[:_LOOKED_AT].decode("latin-1"))]
    for label in labels:
        encoding = webencodings.lookup(label)
        if encoding and encoding.name not in ("replacement", "x-user-defined"):
            yield encoding.name


def _utf_16(body: bytes, declared: list[str]) -> str:
    """The variant of UTF-16 without a byte-order mark, from the zero bytes of ASCII letters or as declared; or ""."""
    start = body[:64]
    for charset, zeros, letters in (("utf-16-le", start[1::2], start[::2]), ("utf-16-be", start[::2], start[1::2])):
        if zeros.count(0) > len(zeros) / 2 and 0 not in letters:
            return charset
    return next((name for name in declared if name.startswith("utf-16")), "") if b"\0" in body else ""


def _utf_8(body: bytes) -> tuple[int, int]:
    """The number of valid UTF-8 characters outside ASCII, and of stray bytes.

    A truncated character at the end is not a stray, unless there is no valid character.
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


def _decoded_as(body: bytes, charset: str) -> str | None:
    """The text in the declared encoding; None if too much of it is broken."""
    codec = _codec("gb18030" if charset == "gbk" else charset)  # as in the WHATWG's standard
    text = codec.decode(body, "replace")[0]
    non_ascii = len(text.encode("utf-8", "replace").translate(None, _ASCII))
    broken = text.count("\ufffd")
    return None if broken > 2 and broken * 3 > non_ascii * _MOST_BROKEN else text


def readable_xml(text: str) -> str:
    """The text without its XML declaration, its document type and characters that XML does not allow."""
    text = mend_references(_XML_DECLARATION.sub("", text).lstrip("\ufeff \t\r\n"))
    if "<!" in text:
        text = _DOCUMENT_TYPE.sub("", text)
    plain = text.encode("utf-8", "surrogatepass")  # searching bytes is several times faster
    if len(plain.translate(None, _CONTROLS)) != len(plain) or "\ufffe" in text or "\uffff" in text:
        return text.translate(_NOT_XML)
    return text
