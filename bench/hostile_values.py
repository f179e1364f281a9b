"""Hostile values as hypothesis strategies: texts, numbers, days, addresses, markup, JSON, damaged files, archives."""

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

NUMBERS = (
    *("0", "-1", "-0", "1", "2", "007", "1e309", "-1e309", "NaN", "Infinity", "1_000", "٣", "½", "0x1f", "1.5", " 1 "),
    *("2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 400, "9" * 5000, "+1", "1,2"),
)
DAYS = (
    *("2024-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "-2024-01-01", "2024-1-1", "2999-01-01"),
    *("2024-06-01", "2024-06-01T25:00:00Z", "20240601", "2024-W01", "2024-W54", "9999-W53", "0001-W01", "yesterday"),
    *("٢٠٢٤-٠١-٠١", "2024-06-01\x00", "1/2/3", "2024-06", "2024-06-01T00:00:00+99:99", "1970-01-01"),
)
ADDRESSES = (
    *("http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:5432/", "http://[::1]/", "http://0x7f000001/"),
    *("file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "javascript:alert(1)", "//evil.example", "http://"),
    *("http://user:pass@host:99999/", "http://[::", "http://xn--/", "https://" + "a" * 70 + ".example/", "data:,x"),
    *("/en/pledges/new-prisons/", "/en/mandates/noboa-2023/?day=1&day=2", "/es/promesas/../../admin/", "\\\\host\\x"),
    *("https://testserver/en/pledges/new-prisons/", "http://testserver:80/en/", "http://testserver\x00/", "?", "#"),
)
TEXTS = (
    *("", " ", "\x00", "a\x00b", "\ud800", "\udfff", "\u202eevil\u202c", "\ufeff", "\u2028", "é" * 3000, "a" * 100_000),
    *("' OR 1=1 --", '"; DROP TABLE pledges_pledge; --', "%", "%%", "%s%n", "_", "\\", "\\x00", "{{ 7*7 }}", "${x}"),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]>", "<!--", "&#0;", "&xxe;", "../../etc/passwd"),
    *("..%2f..%2f", "%00", "%ff%fe", "%ED%A0%80", "null", "undefined", "None", "true", "[]", "{}", "[object Object]"),
    *('"' * 50, "(" * 3000, "-" * 500, "a" * 64 + "!", "prison OR (", 'prison "', "-prison", "prison*", "a & b | !c"),
    *("\r\nSet-Cookie: x=1", "\n", "\t", "\x1b[31m", "🏳️‍🌈" * 50, "﷽" * 40, "ﬀ", "İ", "ß", "Z̴̛͉" * 30, "=1+1", "@SUM(1)"),
    *("on", "yes", "new-prisons", "noboa-2023", "homicides-per-year", "broken", "banana", "prison", "prisson", "es"),
)
LEAVES = (None, True, False, 0, -1, 2**31, 2**63, 2**70, 1.5, -0.0, 1e308, *TEXTS[:12], *NUMBERS, *DAYS, *ADDRESSES)


def letters(most: int = 60) -> st.SearchStrategy[str]:
    """Any characters, surrogates and NUL, too."""
    return st.text(st.characters(exclude_categories=()), max_size=most)


def texts() -> st.SearchStrategy[str]:
    """A text that a form, an address or a file may be sent."""
    known = st.sampled_from((*TEXTS, *NUMBERS, *DAYS, *ADDRESSES))
    return st.one_of(known, known, letters(), st.builds(lambda a, b: a[:2000] + b, known, letters(20)))


def any_json() -> st.SearchStrategy[Any]:
    """Data of JSON, deep or with numbers that no float holds."""
    leaves = st.one_of(st.sampled_from(LEAVES), st.text(max_size=20))
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
        max_leaves=12,
    )


def damaged(bodies: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """One of these, cut, with bytes of it replaced, repeated or left out, or with something hostile in the middle."""
    return st.builds(_damage, st.sampled_from(list(bodies)), st.integers(0, 2**32), st.binary(max_size=12))


def _damage(body: bytes, seed: int, inserted: bytes) -> bytes:
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 4)):
        at, end = sorted(chance.randint(0, len(body)) for _ in range(2))
        act = chance.randint(0, 5)
        hostile = chance.choice((*TEXTS, *NUMBERS, *DAYS, *ADDRESSES)).encode("utf-8", "surrogatepass")[:5000]
        if act == 0:
            body = body[:end]
        elif act == 1:
            body = body[:at] + inserted + body[at:]
        elif act == 2:
            body = body[:at] + body[end:]
        elif act == 3:
            body = body[:at] + body[at:end][:2000] * chance.randint(2, 20) + body[end:]
        elif act == 4:
            body = body[:at] + bytes(255 - byte for byte in body[at : at + 8]) + body[at + 8 :]
        else:
            body = body[:at] + hostile + body[at:]
    return body


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def repacked(body: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """An archive with its parts changed: what a workbook or a Word document is with one part that lies."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return packed({name: change(name, archive.read(name)) for name in archive.namelist()})


def damaged_parts(bodies: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """An archive that can be unpacked, with damage in some of its parts."""

    def damage(body: bytes, seed: int) -> bytes:
        chance = random.Random(seed)

        def change(_name: str, part: bytes) -> bytes:
            return _damage(part, chance.randint(0, 2**32), b"") if chance.random() < 0.4 else part

        return repacked(body, change)

    return st.builds(damage, st.sampled_from(list(bodies)), st.integers(0, 2**32))


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
XML_BOMBS = (
    f"<?xml version='1.0'?>{LAUGHS}]><rss><channel><title>&i;</title></channel></rss>".encode(),
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><feed><title>&e;</title></feed>",
    b"<?xml version='1.0'?><!DOCTYPE x SYSTEM 'http://127.0.0.1:1/x.dtd'><rss><channel/></rss>",
    b"<rss><channel>" + b"<item>" * 20_000,
    b"<rss " + b" ".join(b'a%d="x"' % n for n in range(20_000)) + b"/>",
    b"<?xml version='1.0' encoding='utf-32'?><rss/>",
    b"<?xml version='1.0' encoding='hex'?><rss/>",
    b"<html>" + b"<div>" * 30_000 + b"x",
    b"<html><table>" + b"<tr><td>" * 10_000,
    b"[" * 100_000,
    b'{"items":' * 20_000,
)


def archive_bombs() -> tuple[bytes, ...]:
    """Archives that are small, and large when they are unpacked; and such as name what lies outside."""
    nested = packed({"a.zip": packed({"a": b"0" * 5_000_000})})
    return (
        packed({"xl/workbook.xml": b" " * 70_000_000}),
        packed({"word/document.xml": b"<w:document>" + b"<w:p/>" * 3_000_000}),
        packed(
            {"[Content_Types].xml": XML_BOMBS[0], "word/document.xml": XML_BOMBS[0], "xl/workbook.xml": XML_BOMBS[0]}
        ),
        packed({"../../../../tmp/hostile": b"x", "/etc/passwd": b"x"}),
        packed({f"part{number}": b"" for number in range(3_000)}),
        nested,
        gzip.compress(b"0" * 30_000_000),
        b"PK\x03\x04" + b"\x00" * 200,
    )


def as_json(data: Any) -> bytes:
    """As JSON, whatever is in it."""
    return json.dumps(data).encode()
