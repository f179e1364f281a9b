"""Paths of pages, as `django.urls` gives them: a page names eighty, mostly the same ones, and each takes 30 µs."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse, translate_url
from django.utils.translation import get_language

# Of pledges that readers look at, in both languages; a path that a reader made up may have 4 kB.
MOST_PATHS, MOST_TRANSLATED = 4_000, 1_000


def path_of(name: str, *args: object) -> str:
    """The path of the page with this URL name and these arguments in the active language. Raises NoReverseMatch."""
    return _reversed(name, args, get_language(), get_script_prefix())


@lru_cache(maxsize=MOST_PATHS, typed=True)
def _reversed(name: str, args: tuple[object, ...], _language: str | None, _prefix: str) -> str:
    return reverse(name, args=args)


@lru_cache(maxsize=MOST_TRANSLATED)
def translated_path(path: str, language: str) -> str:
    """The path of the same page in a language; `path` itself where no page is."""
    return translate_url(path, language)
