"""What a reviewer reads first of a draft: its words, marked where they replace published ones, and its evidence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pledges.desk.shared.base import capture_link
from pledges.desk.shared.forms import shown_value
from pledges.domain.dates import written
from pledges.domain.languages import LANGUAGES
from pledges.models import Draftable, Evidence, SourceDocument, Update, Wording
from pledges.queries import visibility
from pledges.queries.diffs import word_diff

FIRST = ("text", "title", "statement", "quote")  # the sentences that readers see first, before everything else
PRECISIONS = {"happened_on": "happened_precision", "deadline": "deadline_precision"}


@dataclass(frozen=True)
class Line:
    """A field in words. `language` is that of the text, "" where it has none; `is_changed` if it replaces others."""

    label: str
    text: SafeString | str
    language: str = ""
    is_changed: bool = False


@dataclass(frozen=True)
class NewWords:
    """A draft's lines (the changed ones first), the evidence of an update, the document of a pledge's first wording."""

    lines: list[Line]
    evidence: list[tuple[Evidence, SafeString | str]]
    document: SourceDocument | None = None


def replaced_by(item: Draftable) -> Draftable | None:
    """The published row that the item would replace: the update that it corrects, or the wording before it."""
    if isinstance(item, Update):
        return item.corrects
    if not isinstance(item, Wording):
        return None
    return visibility.public_wordings().filter(pledge=item.pledge_id, number__lt=item.number).order_by("number").last()


def with_words(items: Sequence[Draftable]) -> dict[Draftable, Draftable | None]:
    """Read what `new_words` needs of drafts of one kind, in a fixed number of queries; returns what each replaces."""
    pieces = Evidence.objects.select_related("capture").defer("capture__body", "capture__headers")
    updates = [item for item in items if isinstance(item, Update)]
    prefetch_related_objects(updates, Prefetch("evidence", pieces), "corrects__evidence")
    wordings = [item for item in items if isinstance(item, Wording)]
    prefetch_related_objects(wordings, "pledge__mandate", "pledge__source_document", "pledge__topics")
    pledges = [wording.pledge_id for wording in wordings]
    public = list(visibility.public_wordings().filter(pledge__in=pledges).order_by("number"))
    latest = {wording.pledge_id: wording for wording in public}
    found: dict[Draftable, Draftable | None] = {update: update.corrects for update in updates}
    return found | {wording: latest.get(wording.pledge_id) for wording in wordings}


def new_words(item: Draftable, fields: Sequence[str], old: Draftable | None) -> NewWords:
    """The words of a draft in the fields of its form, compared with `old`, the published row that it replaces."""
    lines = list(_lines(item, fields, old))
    if isinstance(item, Update):
        if isinstance(old, Update) and _evidence_text(old) != _evidence_text(item):
            both = word_diff(_evidence_text(old), _evidence_text(item))
            lines.append(Line(str(Evidence._meta.verbose_name_plural), both, is_changed=True))
        evidence = [(piece, capture_link(piece.capture)) for piece in item.evidence.all()]
        return NewWords(_changed_first(lines), evidence)
    if isinstance(item, Wording) and old is None:
        pledge = item.pledge
        said_on = written(pledge.made_on, pledge.made_on_precision)
        lines += [
            Line(_("said on"), said_on),
            Line(_("made in mandate"), str(pledge.mandate)),
            Line(_("topics"), ", ".join(map(str, pledge.topics.all()))),
        ]
        return NewWords([line for line in lines if line.text], [], pledge.source_document)
    return NewWords(_changed_first(lines), [])


def _changed_first(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: not line.is_changed)


def _lines(item: Draftable, fields: Sequence[str], old: Draftable | None) -> Iterator[Line]:
    options: Any = item._meta
    first = [f"{name}{suffix}" for name in FIRST for suffix in ("", *(f"_{code}" for code in LANGUAGES))]
    for name in sorted(fields, key=lambda name: first.index(name) if name in first else len(first)):
        if name in PRECISIONS.values():
            continue
        now = _shown(item, name)
        was = _shown(old, name) if old else now
        if now or was:
            code = name.rpartition("_")[2]
            language = code if code in LANGUAGES else getattr(item, "quote_language", "") if name == "quote" else ""
            text = now if was == now else word_diff(was, now)
            yield Line(str(options.get_field(name).verbose_name), text, language, was != now)


def _shown(row: Draftable, name: str) -> str:
    """A stored field as a person reads it, a day with the precision that is known."""
    if name in PRECISIONS:
        return written(getattr(row, name), getattr(row, PRECISIONS[name]))
    return shown_value(row, name)


def _evidence_text(update: Update) -> str:
    """The evidence of an update, a line for each."""
    rows = ((piece.publisher, piece.title, piece.sentence, piece.url) for piece in update.evidence.all())
    return "\n".join(" · ".join(filter(None, row)) for row in rows)
