"""The content of every row as an edition of the past sealed it: of the row itself, or where that has changed since, of
its history. What a digest was not made of is never taken for it.
"""

from collections.abc import Iterator
from itertools import chain, islice, product
from typing import Any, NamedTuple

from django.db import models

from pledges.domain.rules import digest
from pledges.models import EditionItem, Indicator, Pledge
from pledges.models.indicator import IndicatorPledge
from pledges.models.pledge import PledgeCarried, PledgeInstitution, PledgeTopic
from pledges.queries.record_changes import recorded_states, row_of
from pledges.queries.sealed_content import LINKS, content, link_name, with_content

# The tables between, whose history says what was linked when, and their column for the other side.
HISTORIES: dict[tuple[type[models.Model], str], tuple[Any, str]] = {
    (Pledge, "carried_into"): (PledgeCarried, "mandate"),
    (Pledge, "topics"): (PledgeTopic, "topic"),
    (Pledge, "institutions"): (PledgeInstitution, "institution"),
    (Indicator, "pledges"): (IndicatorPledge, "pledge"),
}


MOST_TRIED = 10_000  # states of what a row is linked to, for each state of the row itself


class NotSealed(Exception):
    """A row cannot be had as an edition sealed it; the message names the row."""


class SealedRow(NamedTuple):
    """A row by its key, the newest edition that published it (None if none did), its pledge's key, and its content."""

    key: int
    edition: int | None
    pledge: int | None
    content: dict[str, Any]


def latest_items(number: int, kind: str) -> dict[str, EditionItem]:
    """By the row's key, the newest item of each row of a kind in the editions up to this one."""
    items = EditionItem.objects.filter(edition__lte=number, kind=kind).order_by("key", "-edition_id")
    return {item.key: item for item in items.distinct("key").only("key", "edition_id", "sha256", "pledge_id")}


def sealed_rows(number: int, model: type[models.Model]) -> Iterator[SealedRow]:
    """All rows of a model as the editions up to this one sealed them last.

    Raises NotSealed for a row of which neither the table nor its history has what was sealed.
    """
    items = latest_items(number, str(model._meta.model_name))
    rows = with_content(model)
    if any(field.name == "edition" for field in model._meta.fields):
        rows = rows.filter(edition__lte=number)
    for row in rows.order_by("pk").iterator(chunk_size=500):
        item = items.pop(str(row.pk), None)
        if item is None:
            continue
        sealed = content(row)
        if digest(sealed) != item.sha256:
            sealed = _former(row, item)
        yield SealedRow(row.pk, item.edition_id, item.pledge_id, sealed)
    for key in items:
        raise NotSealed(f"{model._meta.verbose_name} {key} is gone")


def unsealed_rows(model: type[models.Model], slugs: set[str]) -> Iterator[SealedRow]:
    """The rows with these slugs as they are: pledges refer to them, but no edition names them."""
    for row in with_content(model).filter(slug__in=slugs).order_by("pk"):
        yield SealedRow(row.pk, None, None, content(row))


def _former(row: models.Model, item: EditionItem) -> dict[str, Any]:
    """The content of which an item's digest was made. Raises NotSealed if the row never was like that.

    Which of its former states it was, only the digest says: the history has times, but several editions may have been
    published in one transaction, and the clocks of a database and a web server may differ.
    """
    model = type(row)
    history: list[Any] = [row]
    if hasattr(model, "pgh_event_model"):
        history += reversed(recorded_states(model, [str(row.pk)]).get(str(row.pk), []))
    names = LINKS.get(model, ())
    linked = list(islice(product(*(_link_states(row, name) for name in names)), MOST_TRIED))
    no_links = dict.fromkeys(names, ())
    tried = set()
    for event in history:
        state = row_of(event, model)
        if (own := digest(content(state, no_links))) in tried:
            continue
        tried.add(own)
        for links in linked:
            sealed = content(state, dict(zip(names, links, strict=True)))
            if digest(sealed) == item.sha256:
                return sealed
    raise NotSealed(
        f"{model._meta.verbose_name} {row.pk} ({row}): neither the row nor its history has what edition "
        f"{item.edition_id} published"
    )


def _link_states(row: models.Model, name: str) -> list[tuple[str, ...]]:
    """The names of what a row was linked to at different times by a relation, the newest first; after that, the same
    under the names that these rows had before: a draft may be renamed, or deleted. `MOST_TRIED` at most."""
    through, column = HISTORIES[type(row), name]
    linked = set(getattr(row, name).values_list("pk", flat=True))
    owner = {str(row._meta.model_name): row.pk}
    events = through.pgh_event_model.objects.filter(**owner).order_by("-pgh_id")
    states = [frozenset(linked)]
    for label, key in events.values_list("pgh_label", column):
        change = linked.discard if label == "insert" else linked.add
        change(key)
        states.append(frozenset(linked))
    # What was linked before there was a history of it: rows are numbered as they are added.
    kept = list(getattr(type(row), name).through.objects.filter(**owner).order_by("pk").values_list(column, flat=True))
    states += [frozenset(kept[:count]) for count in reversed(range(len(kept)))]
    other: Any = row._meta.get_field(name).related_model
    keys = frozenset[Any]().union(*states)
    names = {pk: {link_name(each): True} for pk, each in other._default_manager.in_bulk(keys).items()}  # in order
    former = other.pgh_event_model.objects.filter(pgh_obj_id__in=keys).order_by("-pgh_id")
    for pk, slug in former.values_list("pgh_obj_id", "slug"):
        names.setdefault(pk, {})[slug] = True
    known = [state for state in dict.fromkeys(states) if names.keys() >= state]
    newest = (tuple(next(iter(names[pk])) for pk in state) for state in known)
    earlier = chain.from_iterable(product(*(names[pk] for pk in state)) for state in known)
    return list(dict.fromkeys(islice(chain(newest, earlier), MOST_TRIED)))
