"""Bytes into text as the wild has them: headers, declarations and the bytes themselves rarely agree."""

import codecs
import re

from pledges.monitor.markup import mend_references

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"), (b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"))
_WESTERN = frozenset({"iso8859-1", "cp1252", "ascii", "iso8859-15"})
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_TRIED_BYTES = 200_000
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# A document type is for checking, and its entities are for attacks: neither road gets to see one.
_DOCUMENT_TYPE = re.compile(r"<!(?:doctype|entity|element|attlist|notation)\b[^<>]*>?(?:\s*\]\s*>)?", re.IGNORECASE)
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_CONTROLS = bytes(code for code in _NOT_XML if code < 32)


def _windows_1252(error: UnicodeDecodeError) -> tuple[str, int]:
    bad = error.object[error.start : error.end]
    return bad.decode("windows-1252", "replace"), error.end


codecs.register_error("pledges.windows-1252", _windows_1252)


def decode(body: bytes, content_type: str = "", *, declaration: re.Pattern[bytes] = _DECLARED) -> str:
    """The text of `body`; it never fails.

    A byte-order mark is believed first. What decodes as UTF-8 is UTF-8, whatever header or declaration may claim;
    then the header's charset is tried, then the document's own. Latin-1 is read as windows-1252, as browsers do. Where
    nothing fits, it is UTF-8 with strays of windows-1252 among it, or the other way round: what there is more of wins.
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "pledges.windows-1252" if charset == "utf-8" else "replace")
    for start, charset in _UNMARKED:
        if body[:4].lstrip(b" ").startswith(start):
            return body.decode(charset, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for charset in _claims(body, content_type, declaration):
        if charset in _WESTERN or charset.startswith(("utf", "unicode")):
            continue  # UTF-8 it is not, and the rest is what the last line does
        try:
            return body.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    sample = body[:_TRIED_BYTES]
    sequences = _SEQUENCE.findall(sample)
    strays = len(_NOT_ASCII.findall(sample)) - sum(map(len, sequences))
    if len(sequences) > strays:
        return body.decode("utf-8", "pledges.windows-1252")
    return body.decode("windows-1252", "replace")


def _claims(body: bytes, content_type: str, declaration: re.Pattern[bytes]) -> list[str]:
    header, own = _HEADER.search(content_type), declaration.search(body[:1024])
    names = [header.group(1)] if header else []
    names += [own.group(1).decode("ascii")] if own else []
    known = []
    for name in names:
        try:
            info = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        if info._is_text_encoding:
            known.append(info.name)
    return known


def readable_xml(text: str) -> str:
    """The text without its XML declaration, its document type and what XML does not allow in it."""
    text = mend_references(_XML_DECLARATION.sub("", text).lstrip("\ufeff \t\r\n"))
    if "<!" in text:
        text = _DOCUMENT_TYPE.sub("", text)
    plain = text.encode("utf-8", "surrogatepass")  # bytes are searched several times as fast
    if len(plain.translate(None, _CONTROLS)) != len(plain) or "\ufffe" in text or "\uffff" in text:
        return text.translate(_NOT_XML)
    return text
