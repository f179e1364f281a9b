"""The <meta> tags of an HTML page, found without parsing it: charset and refresh."""

import re
from collections.abc import Iterator
from html import unescape

# One pass: an unclosed comment or script extends to the end of the page, so no part is scanned twice.
_TAGS = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|noscript|template|textarea|title|iframe)\b.*?(?:</\1|\Z)|<meta\b([^>]{0,2000})",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_REFRESH = re.compile(r"""\s*(\d{0,6})(?:\.[\d.]*)?(?=[\s;,]|$)[\s;,]*(?:url\s*=\s*)?(.*)""", re.IGNORECASE | re.DOTALL)


def meta_tags(html: str) -> Iterator[dict[str, str]]:
    """The attributes of each <meta> tag, names in lower case, outside comments, scripts and <noscript>."""
    for match in _TAGS.finditer(html):
        if match.group(2):
            attributes: dict[str, str] = {}
            for name, *values in _ATTRIBUTE.findall(match.group(2)):
                attributes.setdefault(name.lower(), unescape("".join(values)))
            yield attributes


def charset_of(tag: dict[str, str]) -> str:
    """The label of the charset that a <meta> tag declares, or ""."""
    if label := tag.get("charset", "").strip():
        return label[:40]
    if tag.get("http-equiv", "").strip().lower() != "content-type":
        return ""
    match = _CHARSET.search(tag.get("content", ""))
    return match.group(1) if match else ""


def refresh_of(value: str) -> tuple[int, str]:
    """(seconds, address as written) of a Refresh header or the content of <meta http-equiv="refresh">.

    The address is "" if the page reloads itself; (-1, "") for an empty or invalid value.
    """
    match = _REFRESH.match(value)
    if not match or not value.strip():
        return -1, ""
    address = match.group(2).strip()
    if address[:1] in ("'", '"'):
        address = address[1:].partition(address[0])[0]
    return int(match.group(1) or 0), address.strip()
