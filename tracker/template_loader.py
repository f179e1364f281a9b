"""Templates without the white space that only who reads the source needs: readers neither fetch nor see it.

Line breaks go from inside tags, from beside block-level ones, and from the inner edges of links and the like, which
would underline them; any other is the one space that a browser shows for it.
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

# Not form: the desk shows some beside text.
BLOCKS = (
    "address|article|aside|blockquote|body|br|caption|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|h[1-4]|"
    "head|header|hr|html|legend|li|link|main|meta|nav|ol|option|p|pre|section|select|summary|table|tbody|td|tfoot|th|thead|"
    "title|tr|ul"
)
INLINE = "a|b|button|code|em|label|q|span|strong|time"
TEMPLATE_TAG = r"\{%.*?%\}|\{\{.*?\}\}"
VERBATIM = r"<(?P<name>pre|textarea|script)\b.*?</(?P=name)>"
TAG = re.compile(rf"""({VERBATIM})|<[a-z](?>"(?>{TEMPLATE_TAG}|[^"])*+"|'[^']*'|{TEMPLATE_TAG}|[^>"'])*+>""", re.DOTALL)
# Of a tag alone on its line: the outer breaks of an {% if %} or {% with %} are kept, and of a {% for %} those before it
# and after each turn.
ALONE = re.compile(r"\s*\{% (if|elif|else|endif|for|empty|endfor|with|endwith)\b((?!%\}).)*%\}\s*")
NO_BREAK_BEFORE = {"elif", "else", "endif", "endwith"}
NO_BREAK_AFTER = {"if", "elif", "else", "with", "for", "empty", "endfor"}
WITHIN = rf"(?>{TEMPLATE_TAG}|[^>])*+"  # never taken back: else a long page costs minutes
EDGES = [
    re.compile(rf"({VERBATIM})|\n\s*(</(?:{INLINE})>)", re.DOTALL),
    re.compile(rf"({VERBATIM})|(?:(?<=\s)|^)(<(?:{INLINE})\b{WITHIN}>)\n\s*", re.DOTALL),
    re.compile(rf"({VERBATIM})|(?:\n\s*)?(</?(?:{BLOCKS})\b{WITHIN}>)(?:\n\s*)?", re.DOTALL),
]
REST = re.compile(rf"({VERBATIM})|\n\s*", re.DOTALL)


def _one_line(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    tag = re.sub(r"\n\s*(\{% (?:if|elif|else)\b.*?%\})\s*", r"\1 ", found[0])  # what they switch brings its own space
    return re.sub(r"\n\s*", " ", re.sub(r"\n\s*(\{% endif %\}|>)", r"\1", tag))


def _join_control_tags(source: str) -> str:
    parts, follows = [], True
    for line in source.split("\n"):
        alone = ALONE.fullmatch(line)
        name = alone[1] if alone else ""
        if not follows and name not in NO_BREAK_BEFORE:
            parts.append("\n")
        parts.append(line.strip() if name or follows else line)
        follows = name in NO_BREAK_AFTER
    return "".join(parts)


def compact(source: str) -> str:
    """The source of an HTML template on one line, with the white space that is shown; <pre> and the like as is."""
    source = _join_control_tags(TAG.sub(_one_line, source))
    for edge in EDGES:
        source = edge.sub(lambda found: found[1] or found[3], source)
    return REST.sub(lambda found: found[1] or " ", source).strip(" ") + "\n"


class Loader(filesystem.Loader):
    """Loads from the same folders as Django's."""

    def get_contents(self, origin: Origin) -> str:
        """The source of a template; of HTML compacted. Raises TemplateDoesNotExist."""
        source = super().get_contents(origin)
        return compact(source) if str(origin.name).endswith(".html") else source
