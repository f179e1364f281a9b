"""Templates without the white space that only who reads the source needs, so that readers do not fetch it.

Line breaks and indentation go from inside tags and from beside block-level ones, where browsers show no white space.
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

BLOCKS = """address article aside blockquote body br caption dd details div dl dt fieldset figcaption figure footer form h1 h2
    h3 h4 head header hr html legend li link main meta nav ol option p pre section select summary table tbody td tfoot th
    thead title tr ul""".split()
TEMPLATE_TAG = r"\{%.*?%\}|\{\{.*?\}\}"
VERBATIM = r"<(?P<name>pre|textarea|script)\b.*?</(?P=name)>"
TAG = re.compile(rf"""({VERBATIM})|<[a-z](?:"(?:{TEMPLATE_TAG}|[^"])*"|'[^']*'|{TEMPLATE_TAG}|[^>"'])*>""", re.DOTALL)
BESIDE_BLOCK = re.compile(
    rf"({VERBATIM})|(?:\n\s*)?(</?(?:{'|'.join(BLOCKS)})\b(?:{TEMPLATE_TAG}|[^>])*>)(?:\n\s*)?", re.DOTALL
)


def _one_line(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    tag = re.sub(r"\n\s*(\{% (?:if|elif|else)\b.*?%\})\s*", r"\1 ", found[0])  # what they switch brings its own space
    return re.sub(r"\n\s*", " ", re.sub(r"\n\s*(\{% endif %\}|>)", r"\1", tag))


def compact(source: str) -> str:
    """The source of an HTML template without line breaks in tags, beside block-level tags, and without indentation."""
    source = TAG.sub(_one_line, source)
    source = BESIDE_BLOCK.sub(lambda found: found[1] or found[3], source)
    return re.sub(rf"({VERBATIM})|\n +", lambda found: found[1] or "\n", source, flags=re.DOTALL)


class Loader(filesystem.Loader):
    """Loads from the same folders as Django's."""

    def get_contents(self, origin: Origin) -> str:
        """The source of a template; of HTML compacted. Raises TemplateDoesNotExist."""
        source = super().get_contents(origin)
        return compact(source) if str(origin.name).endswith(".html") else source
