"""The headline: a sentence that says how many pledges are kept, in the active language."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from pledges.domain.rules import Status

WORDS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve".split(),
    # Feminine, because they count "promesas".
    "es": "cero una dos tres cuatro cinco seis siete ocho nueve diez once doce".split(),
}


def counted(number: int) -> str:
    """A number in words up to twelve and in figures above, as newspapers write it."""
    words = WORDS.get((get_language() or "en")[:2], WORDS["en"])
    return words[number] if number < len(words) else str(number)


def headline(tally: dict[str, int], person: str, mandate: str = "") -> str:
    """How many of the pledges are kept, as a sentence. It says of whom: `person` made all of them, or, if that is "",
    they are the pledges of a `mandate`, as in "Ana Paz (2021–25)"."""
    total, kept = sum(tally.values()), tally.get(Status.KEPT, 0)
    if not total:
        return _("No pledges are published yet.")
    values = {"kept": counted(kept), "total": counted(total), "person": person, "mandate": mandate}
    if tally.get(Status.NOT_RATED, 0) == total:
        sentence = _unrated(person, total) % values
    else:
        sentence = (_of_person(kept, total) if person else _of_mandate(kept, total)) % values
    return sentence[:1].upper() + sentence[1:]


def _unrated(person: str, total: int) -> str:
    """That none is kept would be a verdict."""
    if person:
        return ngettext(
            "The one pledge that %(person)s made is not yet rated.",
            "None of the %(total)s pledges that %(person)s made is rated yet.",
            total,
        )
    return ngettext(
        "The one pledge in the mandate of %(mandate)s is not yet rated.",
        "None of the %(total)s pledges in the mandate of %(mandate)s is rated yet.",
        total,
    )


def _of_person(kept: int, total: int) -> str:
    if kept == 0:
        return ngettext(
            "The one pledge that %(person)s made is not kept.",
            "None of the %(total)s pledges that %(person)s made is kept.",
            total,
        )
    if kept == total:
        return ngettext(
            "The one pledge that %(person)s made is kept.",
            "All %(total)s pledges that %(person)s made are kept.",
            total,
        )
    return ngettext(
        "%(kept)s of the %(total)s pledges that %(person)s made is kept.",
        "%(kept)s of the %(total)s pledges that %(person)s made are kept.",
        kept,
    )


def _of_mandate(kept: int, total: int) -> str:
    if kept == 0:
        return ngettext(
            "The one pledge in the mandate of %(mandate)s is not kept.",
            "None of the %(total)s pledges in the mandate of %(mandate)s is kept.",
            total,
        )
    if kept == total:
        return ngettext(
            "The one pledge in the mandate of %(mandate)s is kept.",
            "All %(total)s pledges in the mandate of %(mandate)s are kept.",
            total,
        )
    return ngettext(
        "%(kept)s of the %(total)s pledges in the mandate of %(mandate)s is kept.",
        "%(kept)s of the %(total)s pledges in the mandate of %(mandate)s are kept.",
        kept,
    )
