"""The <meta> tags of an HTML page, found without parsing it: its charset, and where it sends its visitors on to."""

import re
from collections.abc import Iterator
from html import unescape

# One pass: a comment or a script that is never closed ends with the page, so no part is read twice.
_TAGS = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|noscript|template|textarea|title|iframe)\b.*?(?:</\1|\Z)|<meta\b([^>]{0,2000})",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_REFRESH = re.compile(r"""\s*(\d{0,6})(?:\.[\d.]*)?(?=[\s;,]|$)[\s;,]*(?:url\s*=\s*)?(.*)""", re.IGNORECASE | re.DOTALL)


def meta_tags(html: str) -> Iterator[dict[str, str]]:
    """The attributes of each <meta> tag, names in lower case, outside comments, scripts and <noscript>."""
    for found in _TAGS.finditer(html):
        if found.group(2):
            attributes: dict[str, str] = {}
            for name, *values in _ATTRIBUTE.findall(found.group(2)):
                attributes.setdefault(name.lower(), unescape("".join(values)))
            yield attributes


def charset_of(tag: dict[str, str]) -> str:
    """The label of the charset that a <meta> tag declares, or ""."""
    if label := tag.get("charset", "").strip():
        return label[:40]
    if tag.get("http-equiv", "").strip().lower() != "content-type":
        return ""
    found = _CHARSET.search(tag.get("content", ""))
    return found.group(1) if found else ""


def refresh_of(value: str) -> tuple[int, str]:
    """(seconds, address as written) of a Refresh header or of <meta http-equiv="refresh">'s content.

    The address is "" where the page reloads itself. An empty or unreadable value is never: (-1, "").
    """
    found = _REFRESH.match(value)
    if not found or not value.strip():
        return -1, ""
    address = found.group(2).strip()
    if address[:1] in ("'", '"'):
        address = address[1:].partition(address[0])[0]
    return int(found.group(1) or 0), address.strip()
