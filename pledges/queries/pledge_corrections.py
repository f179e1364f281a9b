"""Corrections of a pledge's address, mandate and day, in words; and whose an address is."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.models import Mandate, PledgeCorrection
from pledges.queries import visibility
from pledges.queries.published import PublicCorrection, PublicMandate


class Corrected(NamedTuple):
    """One thing that a correction changes, in the active language: its name, what it was and what it is."""

    label: str
    was: str
    now: str


def in_words(correction: PledgeCorrection | PublicCorrection) -> list[Corrected]:
    """What a correction changes, published or not: the day, the mandate, the address, as far as they differ."""
    both = [
        Corrected(
            _("Said on"),
            written(correction.was_made_on, correction.was_made_on_precision),
            written(correction.made_on, correction.made_on_precision),
        ),
        Corrected(_("Made in the mandate"), _mandate(correction.was_mandate), _mandate(correction.mandate)),
        Corrected(
            _("Address"),
            reverse("pledge", args=[correction.was_slug]),
            reverse("pledge", args=[correction.slug]),
        ),
    ]
    return [each for each in both if each.was != each.now]


def sentences(correction: PledgeCorrection | PublicCorrection) -> list[str]:
    """The same as sentences, one for each thing that it changes."""
    text = _("%(what)s: it said %(was)s, it says %(now)s.")
    return [text % {"what": each.label, "was": each.was, "now": each.now} for each in in_words(correction)]


def _mandate(mandate: Mandate | PublicMandate) -> str:
    return f"{mandate.person}, {mandate.office}, {mandate.years}"


def former(addresses: Iterable[str]) -> set[str]:
    """Those of these addresses (slugs) that a public pledge had before a correction: no other pledge gets them."""
    rows: QuerySet[PledgeCorrection] = visibility.public_pledge_corrections().filter(was_slug__in=addresses)
    return set(rows.values_list("was_slug", flat=True))
