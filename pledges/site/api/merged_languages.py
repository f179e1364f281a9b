"""One answer out of the changes in each language."""

from collections.abc import Collection, Sequence
from typing import Any

from pledges.domain.languages import LANGUAGES

# Which keys of a change, and of its parts by the part's key, are texts: they differ by language.
TEXTS = ("sentence", "details", "title", "url")
TEXTS_OF_PARTS = {"updates": ("text",), "labels": ("name",), "record": ("name",), "fields": ("before", "after")}


class DifferentContent(Exception):
    """The same changes in two languages differ in what is no text."""


def merge_languages(versions: Sequence[Any], texts: Collection[str] = TEXTS) -> Any:
    """One value out of the same value in each language, in their order: the keys in `texts` get one for each.

    Raises DifferentContent.
    """
    first = versions[0]
    if all(isinstance(version, list) and len(version) == len(first) for version in versions):
        return [merge_languages(each, texts) for each in zip(*versions, strict=True)]
    if all(isinstance(version, dict) for version in versions):
        return _merge(versions, texts)
    if any(version != first for version in versions):
        raise DifferentContent(f"{first!r} differs by language, and is no text")
    return first


def _merge(versions: Sequence[dict[str, Any]], texts: Collection[str]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for key in versions[0]:
        values = [version[key] for version in versions]
        if key in texts:
            merged |= {f"{key}_{code}": value for code, value in zip(LANGUAGES, values, strict=True)}
        else:
            merged[key] = merge_languages(values, TEXTS_OF_PARTS.get(key, ()))
    return merged
