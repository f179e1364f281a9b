"""Templates without the indentation of their lines: it is for who reads the source, and readers need not fetch it."""

import re

from django.template import Origin
from django.template.loaders import filesystem

INDENTATION = re.compile(r"(<pre\b.*?</pre>)|^ +", re.MULTILINE | re.DOTALL)


class Loader(filesystem.Loader):
    """Loads from the same folders as Django's. Lines keep their numbers, for error messages; <pre> keeps all."""

    def get_contents(self, origin: Origin) -> str:
        """The source of a template; of HTML without what its lines begin with. Raises TemplateDoesNotExist."""
        source = super().get_contents(origin)
        return INDENTATION.sub(lambda found: found[1] or "", source) if str(origin.name).endswith(".html") else source
