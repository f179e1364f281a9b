"""The log of corrections: corrected and withdrawn updates, changed wordings, corrected and retracted pledges, revised
figures.

The index of the whole log has three values an entry; only the entries of one page are read in full.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet, Subquery, Value

from pledges.models import Observation, PledgeCorrection
from pledges.queries import pledge_corrections, visibility
from pledges.queries.published import PublicCorrection


class CorrectionEntry(NamedTuple):
    """An entry of the log: the edition that published it, the letter of its kind, and the key of its row."""

    edition: int
    letter: str
    pk: int

    @property
    def anchor(self) -> str:
        """Its anchor on the page, as links and citations use it: "c12"."""
        return f"{self.letter}{self.pk}"


def _rows_by_letter() -> dict[str, QuerySet]:
    """The rows of all entries by the letter of their kind; within an edition the kinds have this order."""
    figures = Observation.objects.filter(edition__isnull=False)
    return {
        "c": visibility.public_updates().filter(corrects__isnull=False),
        "w": visibility.public_wordings().filter(number__gt=1),
        "p": visibility.public_pledge_corrections(),
        "r": visibility.public_retractions(),
        "u": visibility.public_withdrawals(),
        "f": figures.annotate(replaced=Subquery(visibility.replaced_figures().values("pk")[:1])).filter(
            replaced__isnull=False
        ),
    }


def index(edition: int) -> list[CorrectionEntry]:
    """Every entry of the log as of an edition, the newest first."""
    by_letter = _rows_by_letter()
    first, *others = (
        rows.filter(edition__lte=edition).order_by().values_list("edition", Value(letter), "pk")
        for letter, rows in by_letter.items()
    )
    letters = list(by_letter)
    entries = (CorrectionEntry(*values) for values in first.union(*others, all=True))
    return sorted(entries, key=lambda entry: (-entry.edition, letters.index(entry.letter), entry.pk))


def details(entries: Iterable[CorrectionEntry]) -> list[dict[str, object]]:
    """The entries with what the page shows: "anchor", and "update", or "retraction", or "withdrawal", or "wording" or
    "figure" with the row that it replaced as "was", or "correction" of a pledge with what it "changed" in words."""
    entries = list(entries)
    rows = {
        letter: logged.filter(pk__in=[entry.pk for entry in entries if entry.letter == letter])
        for letter, logged in _rows_by_letter().items()
    }
    retractions = rows["r"].select_related("edition", "pledge").prefetch_related("pledge__wordings")
    shown: dict[str, dict[int, dict[str, object]]] = {
        "c": _corrections(rows["c"]),
        "w": _wordings(rows["w"]),
        "f": _figures(rows["f"]),
        "p": {row.pk: of_pledge(row) for row in _of_pledges(rows["p"])},
        "r": {row.pk: {"retraction": row} for row in retractions},
        "u": _withdrawals(rows["u"]),
    }
    return [{"anchor": entry.anchor, **shown[entry.letter][entry.pk]} for entry in entries]


def _corrections(rows: QuerySet) -> dict[int, dict[str, object]]:
    rows = rows.select_related("corrects__edition", "edition", "pledge")
    rows = rows.prefetch_related("evidence", "corrects__evidence", "pledge__wordings")
    return {row.pk: {"update": row} for row in rows}


def _withdrawals(rows: QuerySet) -> dict[int, dict[str, object]]:
    rows = rows.select_related("update", "edition", "pledge", "moved_to__pledge")
    rows = rows.prefetch_related("update__evidence", "pledge__wordings", "moved_to__pledge__wordings")
    return {row.pk: {"withdrawal": row} for row in rows}


def _wordings(published: QuerySet) -> dict[int, dict[str, object]]:
    rows = list(published.select_related("edition", "pledge"))
    of_pledges = visibility.public_wordings().filter(pledge__in=[row.pledge_id for row in rows])
    earlier = {(row.pledge_id, row.number): row for row in of_pledges}
    return {row.pk: {"wording": row, "was": earlier[row.pledge_id, row.number - 1]} for row in rows}


def _of_pledges(published: QuerySet) -> QuerySet:
    related = ("pledge", "edition", "mandate", "was_mandate")
    return published.select_related(*related).prefetch_related("pledge__wordings")


def of_pledge(correction: PledgeCorrection | PublicCorrection) -> dict[str, object]:
    """What the page shows of a correction of a pledge, published or not."""
    return {"correction": correction, "changed": pledge_corrections.in_words(correction)}


def _figures(published: QuerySet) -> dict[int, dict[str, object]]:
    rows = list(published.select_related("indicator", "edition"))
    replaced = Observation.objects.select_related("indicator").in_bulk([row.replaced for row in rows])
    return {row.pk: {"figure": row, "was": replaced[row.replaced]} for row in rows}
