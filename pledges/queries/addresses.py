"""Free addresses: the last part of a page's address, made from a title or a name."""

from typing import Any

from django.db.models import Model
from django.utils.text import slugify

from pledges.models import Mandate, Pledge
from pledges.queries import visibility

LONGEST = 60  # characters that are proposed; longer ones may be typed
# Pages of the site that stand where a row's page would: the models refuse these, too.
RESERVED: dict[type[Model], frozenset[str]] = {
    Pledge: frozenset({"feed"}),
    Mandate: frozenset({"compare", "comparar"}),
}


def stem(text: str, longest: int = LONGEST) -> str:
    """The text as an address, cut between words; "" if it has neither letters nor digits."""
    slug = slugify(text)
    if len(slug) > longest:
        slug = slug[:longest].rpartition("-")[0] or slug[:longest]
    return slug


def is_free(model: type[Model], address: str, *, own: int | None = None) -> bool:
    """Whether no row but the one with the id `own`, and no page of the site, has this address.

    A public pledge keeps the addresses that it had before corrections.
    """
    return address not in RESERVED.get(model, ()) and _rows_at(model, slug=address) <= {(own, address)}


def free_address(model: type[Model], text: str, *, own: int | None = None) -> str:
    """The text as an address, with a number behind it where that is taken or reserved; "" if the text gives none."""
    field: Any = model._meta.get_field("slug")
    first = stem(text, min(LONGEST, field.max_length - 4))  # room for a number
    if not first or is_free(model, first, own=own):
        return first
    like = {address for _pk, address in _rows_at(model, slug__startswith=f"{first}-")}
    return next(address for number in range(2, len(like) + 3) if (address := f"{first}-{number}") not in like)


def _rows_at(model: type[Model], **address: str) -> set[tuple[int | None, str]]:
    """Whose the addresses are that a lookup of `slug` finds, as (id of the row, address)."""
    found = set(model._default_manager.filter(**address).values_list("pk", "slug"))
    if model is Pledge:
        corrections = visibility.public_pledge_corrections()
        had = corrections.filter(**{f"was_{lookup}": value for lookup, value in address.items()})
        found |= set(had.values_list("pledge", "was_slug"))
    return found
