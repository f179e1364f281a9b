"""What the log of corrections holds: corrections, changed wordings, retractions and revised figures.

The whole log is an index of three values an entry; only the entries of a page are read with their words.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet, Subquery, Value

from pledges.models import Observation
from pledges.queries import visibility


class CorrectionEntry(NamedTuple):
    """An entry of the log: the edition that published it, the letter of its kind, and its row."""

    edition: int
    letter: str
    pk: int

    @property
    def anchor(self) -> str:
        """Its place on the page, as links and citations name it: "c12"."""
        return f"{self.letter}{self.pk}"


def _logged() -> dict[str, QuerySet]:
    """All that was ever in the log by the letters of its anchors, in the order that the kinds have in an edition."""
    figures = Observation.objects.filter(edition__isnull=False)
    return {
        "c": visibility.public_updates().filter(corrects__isnull=False),
        "w": visibility.public_wordings().filter(number__gt=1),
        "r": visibility.public_retractions(),
        "f": figures.annotate(replaced=Subquery(visibility.replaced_figures().values("pk")[:1])).filter(
            replaced__isnull=False
        ),
    }


def index(edition: int) -> list[CorrectionEntry]:
    """Every entry that the log has in an edition, the newest first."""
    logged = _logged()
    first, *others = (
        rows.filter(edition__lte=edition).order_by().values_list("edition", Value(letter), "pk")
        for letter, rows in logged.items()
    )
    letters = list(logged)
    found = map(CorrectionEntry._make, first.union(*others, all=True))
    return sorted(found, key=lambda entry: (-entry.edition, letters.index(entry.letter), entry.pk))


def told(entries: Iterable[CorrectionEntry]) -> list[dict]:
    """The entries with all that the page says of them: "anchor", and the "update", or the "retraction", or the
    "wording" or "figure" beside what it "was"."""
    entries, logged = list(entries), _logged()
    rows = {
        letter: logged[letter].filter(pk__in=[entry.pk for entry in entries if entry.letter == letter])
        for letter in logged
    }
    found = {"c": _corrections(rows["c"]), "w": _wordings(rows["w"]), "f": _figures(rows["f"])}
    retractions = rows["r"].select_related("edition", "pledge").prefetch_related("pledge__wordings")
    found["r"] = {row.pk: {"retraction": row} for row in retractions}
    return [{"anchor": entry.anchor, **found[entry.letter][entry.pk]} for entry in entries]


def _corrections(rows: QuerySet) -> dict[int, dict]:
    rows = rows.select_related("corrects__edition", "edition", "pledge")
    rows = rows.prefetch_related("evidence", "corrects__evidence", "pledge__wordings")
    return {row.pk: {"update": row} for row in rows}


def _wordings(published: QuerySet) -> dict[int, dict]:
    rows = list(published.select_related("edition", "pledge"))
    of_pledges = visibility.public_wordings().filter(pledge__in=[row.pledge_id for row in rows])
    earlier = {(row.pledge_id, row.number): row for row in of_pledges}
    return {row.pk: {"wording": row, "was": earlier[row.pledge_id, row.number - 1]} for row in rows}


def _figures(published: QuerySet) -> dict[int, dict]:
    rows = list(published.select_related("indicator", "edition"))
    replaced = Observation.objects.select_related("indicator").in_bulk([row.replaced for row in rows])
    return {row.pk: {"figure": row, "was": replaced[row.replaced]} for row in rows}
