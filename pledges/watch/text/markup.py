"""HTML in untrusted text: which "<" begins a tag and which is a plain sign, and invalid character references.

Everything here takes linear time, however deep the tags are nested.
"""

import re
from functools import lru_cache
from html import escape
from html.entities import html5
from itertools import groupby

import nh3

_BLOCKS = (
    "address article aside blockquote body br center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p "
    "plaintext pre search section summary table tbody td tfoot th thead tr ul xmp"
)
_INLINE = (
    "a abbr acronym applet area audio b base basefont bdi bdo bgsound big blink button canvas caption circle cite "
    "clippath code col colgroup content data datalist defs del dfn ellipse em embed font frame frameset g head i "
    "iframe image img input ins isindex kbd keygen label line link map mark marquee math menuitem meta meter nobr "
    "noembed noframes noscript object output param path picture polygon polyline portal progress q rb rect rp rt "
    "rtc ruby s samp select shadow slot small source spacer span strike strong sub sup svg symbol template text "
    "textarea time title track tspan tt u use var video wbr"
)


def _names(names: str) -> str:
    """A pattern for one of the names, grouped by first letter: many times faster than a plain alternation."""
    grouped = groupby(sorted(names.split()), key=lambda name: name[0])
    return "|".join(f"{first}(?:{'|'.join(name[1:] for name in rest)})" for first, rest in grouped)


_SWITCHES = (
    "allowfullscreen|async|autoplay|checked|controls|defer|disabled|hidden|itemscope|loop|multiple|muted|nomodule|"
    "noshade|nowrap|open|playsinline|readonly|required|reversed|selected"
)
# After a tag's name comes nothing, or attributes. "a<b entonces todo" and "<Plan País>" are text: no attribute has a
# value. Quotes count only after an equals sign, and what is not closed extends to the end, as in browsers.
_ATTRIBUTES = r"""(?:[^>=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?+)*+(?:>|\Z)"""
_MARKUP = re.compile(
    rf"""<(?:
        (?P<raw>/?(?:script|style))(?=[\s/>]){_ATTRIBUTES}
      | /?(?P<bare>[a-zA-Z][a-zA-Z0-9]*+)\s*+/?>
      | (?P<tag>[a-zA-Z][\w:-]*+)(?=\s[^<>"'=]*=\s*["']){_ATTRIBUTES}
      | (?P<known>{_names(f"{_BLOCKS} {_INLINE}")})(?=[\s/][^<>]*=|\s+(?:{_SWITCHES})[\s/>]){_ATTRIBUTES}
      | /(?P<end>[a-zA-Z][\w:-]*+)[^<>]*(?:>|\Z)
      | (?P<other>!--.*?(?:--!?>|\Z)|!\[CDATA\[|(?:o|v|w|m|st\d|fb|g):[a-zA-Z]+\s*+/?>)
      | (?P<declared>[!?](?=[a-zA-Z\[]))
    )?|(?P<close>\]\]>)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_BLOCK = frozenset(_BLOCKS.split())
_REPLACEMENTS = dict.fromkeys(_INLINE.split(), "") | dict.fromkeys(_BLOCK, " ")
# For elements whose content is not text (scripts, styles) and for declarations.
_CLEANER = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style"})
_ENTITY = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<(?![a-z_:/!?])|&(?:(#[0-9]+|#x[0-9a-f]+|[a-z][a-z0-9]*);)?", re.IGNORECASE | re.DOTALL
)
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_REFERENCES = re.compile(r"(?:&#(?:x[0-9a-f]++|[0-9]++);?+)++", re.IGNORECASE)
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]+)|([0-9]+));?", re.IGNORECASE)
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_NOT_CHARACTERS = frozenset({*range(9), 11, 12, *range(14, 32), *_HIGH, *_LOW, 0xFFFE, 0xFFFF})


def without_tags(text: str) -> str:
    """The text without tags, comments, scripts and styles; character references stay.

    A "<" that begins no tag becomes `&lt;`. Tags are removed before the HTML parser sees the text: it builds a tree,
    and takes quadratic time in the depth of nesting.
    """
    if "<" not in text:
        return text
    text = _MARKUP.sub(_replacement, text)
    return _CLEANER.clean(text) if "<" in text else text


def _replacement(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "bare":  # a tag without attributes; any name counts in a closing tag such as "</nombre>"
        tag = match.group()
        other = "" if tag.startswith("</") else f"&lt;{tag[1:]}"
        return _REPLACEMENTS.get(match["bare"].lower(), other)
    if kind is None:
        return "&lt;"
    if kind == "raw":
        return f"<{match['raw']}>"
    if kind == "declared":
        return match.group()
    return " " if match[kind].lower() in _BLOCK else ""


def mend_references(text: str) -> str:
    """The text with references to surrogate pairs replaced by the character ("&#55357;&#56832;" is 😀).

    References to what is not an XML character (lone surrogates, control characters, too large numbers) are dropped.
    """
    return _REFERENCES.sub(_mended, text) if "&#" in text else text


def mend_ampersands(text: str) -> str:
    """Make XML well-formed: HTML entities become characters; other "&" and each "<" that begins no tag are escaped."""
    return _ENTITY.sub(_entity, text)


def _entity(match: re.Match[str]) -> str:
    matched, name = match.group(), match.group(1)
    if matched == "<":
        return "&lt;"
    if matched.startswith("<") or (name and (name.startswith("#") or name in _XML_ENTITIES)):
        return matched
    character = html5.get(f"{name};") if name else None
    return escape(character) if character else f"&amp;{matched[1:]}"


def _mended(match: re.Match[str]) -> str:
    run = match.group()
    return _one_reference(run) if len(run) < 10 else _valid_references(run)


def _valid_references(run: str) -> str:
    """What is valid of a run of references."""
    characters: list[str] = []
    high: int | None = None
    for reference in _REFERENCE.finditer(run):
        code = _code(reference)
        if high is not None and code is not None and code in _LOW:
            characters.append(chr(0x10000 + (high - _HIGH.start << 10) + (code - _LOW.start)))
        elif code is not None and code not in _NOT_CHARACTERS:
            characters.append(reference.group())
        high = code if code in _HIGH else None
    return "".join(characters)


_one_reference = lru_cache(maxsize=1_000)(_valid_references)  # the dashes and quotation marks of a feed recur


def _code(reference: re.Match[str]) -> int | None:
    """The code point; None if it is beyond Unicode."""
    hexadecimal, decimal = reference.groups()
    digits = (hexadecimal or decimal).lstrip("0") or "0"
    code = int(digits, 16 if hexadecimal else 10) if len(digits) < 8 else 0x110000
    return code if code <= 0x10FFFF else None
