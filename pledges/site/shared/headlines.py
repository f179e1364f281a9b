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


def headline(tally: dict[str, int], person: str) -> str:
    """How many of the pledges are kept, as a sentence; `person` made all of them, or is "" if several people did."""
    total, kept = sum(tally.values()), tally.get(Status.KEPT, 0)
    if not total:
        return _("No pledges are published yet.")
    values = {"kept": counted(kept), "total": counted(total), "person": person}
    if kept == 0:
        text = (
            ngettext(
                "The one pledge that %(person)s made is not kept.",
                "None of the %(total)s pledges that %(person)s made is kept.",
                total,
            )
            if person
            else ngettext("The one pledge is not kept.", "None of the %(total)s pledges is kept.", total)
        )
    elif kept == total:
        text = (
            ngettext(
                "The one pledge that %(person)s made is kept.",
                "All %(total)s pledges that %(person)s made are kept.",
                total,
            )
            if person
            else ngettext("The one pledge is kept.", "All %(total)s pledges are kept.", total)
        )
    elif person:
        text = ngettext(
            "%(kept)s of the %(total)s pledges that %(person)s made is kept.",
            "%(kept)s of the %(total)s pledges that %(person)s made are kept.",
            kept,
        )
    else:
        text = ngettext(
            "%(kept)s of the %(total)s pledges is kept.", "%(kept)s of the %(total)s pledges are kept.", kept
        )
    sentence = text % values
    return sentence[:1].upper() + sentence[1:]
