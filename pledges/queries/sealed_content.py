"""The content that an edition seals: the public fields of each kind of row, as plain data.

Any change here changes every digest. A field that is added later is therefore left out of the content while empty.
Other rows name a pledge by its first address, so that a correction of the address leaves their digests as they are.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Prefetch

from pledges.domain.rules import digest
from pledges.models import (
    Evidence,
    Indicator,
    Institution,
    Mandate,
    Newsroom,
    Observation,
    Pledge,
    PledgeCorrection,
    Retraction,
    Series,
    SourceDocument,
    Topic,
    Update,
    Withdrawal,
    Wording,
)

EVIDENCE_FIELDS = ("url", "publisher", "title", "published_on", "language", "sentence")

FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Newsroom: (
        "name_en",
        "name_es",
        "about_en",
        "about_es",
        "country",
        "two_person_rule",
        "contact_email",
        "closed_on",
    ),
    Mandate: ("slug", "person", "office_en", "office_es", "country", "starts_on", "ends_on", "note_en", "note_es"),
    Topic: ("slug", "name_en", "name_es"),
    Institution: ("slug", "name_en", "name_es", "acronym"),
    SourceDocument: (
        *("slug", "publisher", "title_en", "title_es", "published_on", "url", "language", "note_en", "note_es"),
    ),
    Pledge: ("slug", "made_on", "made_on_precision", "headline"),
    Wording: (
        *("number", "title_en", "title_es", "statement_en", "statement_es", "quote", "quote_language"),
        *("kept_en", "kept_es", "partly_kept_en", "partly_kept_es", "in_progress_en", "in_progress_es"),
        *("stalled_en", "stalled_es", "broken_en", "broken_es"),
        *("deadline", "deadline_precision", "deadline_note_en", "deadline_note_es", "change_note_en", "change_note_es"),
    ),
    Update: (
        *("happened_on", "happened_precision", "status", "failure_reason", "reason_detail_en", "reason_detail_es"),
        *("text_en", "text_es", "correction_note_en", "correction_note_es", "corrects_id"),
    ),
    Retraction: ("note_en", "note_es"),
    Withdrawal: ("note_en", "note_es", "update_id", "moved_to_id"),
    PledgeCorrection: (
        *("slug", "made_on", "made_on_precision", "was_slug", "was_made_on", "was_made_on_precision"),
        *("note_en", "note_es"),
    ),
    Indicator: ("slug", "name_en", "name_es", "unit_en", "unit_es", "caveat_en", "caveat_es"),
    Series: ("slug", "name_en", "name_es", "source", "note_en", "note_es"),
    Observation: (*("series", "period", "starts_on", "ends_on", "value", "source", "url", "note_en", "note_es"),),
}
# Fields added after editions had been made without them. Left out while empty, so that earlier digests stay valid.
LATER: dict[type[models.Model], tuple[str, ...]] = {
    Newsroom: (
        *("closing_note_en", "closing_note_es", "data_licence", "data_licence_url", "language", "one_language"),
        *("accent", "logo_id"),
    ),
    Mandate: ("closed_on", "elected_on"),
    Observation: ("source_language",),
}
KINDS = {model._meta.model_name: model for model in FIELDS}


# The many-to-many relations that content names.
LINKS: dict[type[models.Model], tuple[str, ...]] = {
    Pledge: ("carried_into", "topics", "institutions"),
    Indicator: ("pledges",),
}


def link_name(row: models.Model) -> str:
    """The name by which content has a row of the other side of a relation in `LINKS`."""
    return row.first_address if isinstance(row, Pledge) else row.slug  # type: ignore[attr-defined]


def content(item: models.Model, links: Mapping[str, Iterable[str]] | None = None) -> dict[str, object]:
    """The public content of a row of a model in `FIELDS`; related rows are named by their slugs.

    `links` are the names of rows in relations of `LINKS`, if they are others than those that the item has now.
    """
    fields: dict[str, object] = {name: getattr(item, name) for name in FIELDS[type(item)]}
    fields |= {name: value for name in LATER.get(type(item), ()) if (value := getattr(item, name))}
    if isinstance(item, Pledge):
        fields |= {
            "mandate": item.mandate.slug,
            "source_document": item.source_document.slug,
        }
    elif isinstance(item, Wording | Retraction | Withdrawal):
        fields["pledge"] = item.pledge.first_address
    elif isinstance(item, PledgeCorrection):
        fields |= {"pledge": item.pledge.first_address, "mandate": item.mandate.slug}
        fields["was_mandate"] = item.was_mandate.slug
    elif isinstance(item, Update):
        fields["pledge"] = item.pledge.first_address
        fields["author_id"] = item.author_id
        fields["evidence"] = [
            {name: getattr(piece, name) for name in EVIDENCE_FIELDS}
            | {"capture": piece.capture.sha256 if piece.capture else ""}
            for piece in sorted(item.evidence.all(), key=lambda piece: piece.pk)
        ]
    elif isinstance(item, Series):
        fields["indicator"] = item.indicator.slug
    elif isinstance(item, Observation):
        fields["indicator"] = item.indicator.slug
        fields["value"] = f"{item.value:.4f}"
    for name in LINKS.get(type(item), ()):
        names = map(link_name, getattr(item, name).all()) if links is None else links[name]
        fields[name] = sorted(names)
    return fields


def content_digest(item: models.Model) -> str:
    """The SHA-256 of the row's public content, in hexadecimal."""
    return digest(content(item))


# By model, what `content` reads of other tables: the names for select_related and those for prefetch_related.
RELATIONS: dict[type[models.Model], tuple[tuple[str, ...], tuple[str | Prefetch, ...]]] = {
    Pledge: (("mandate", "source_document"), ("carried_into", "topics", "institutions")),
    Wording: (("pledge",), ("pledge__corrections",)),
    Retraction: (("pledge",), ("pledge__corrections",)),
    Withdrawal: (("pledge", "update__pledge"), ("pledge__corrections",)),
    PledgeCorrection: (("pledge", "mandate", "was_mandate"), ("pledge__corrections",)),
    Update: (
        ("pledge",),
        (
            "pledge__corrections",
            Prefetch("evidence", Evidence.objects.select_related("capture").defer("capture__body")),
        ),
    ),
    Indicator: ((), ("pledges__corrections",)),
    Series: (("indicator",), ()),
    Observation: (("indicator",), ()),
}


def with_content(model: type[models.Model]) -> models.QuerySet[Any]:
    """All rows of the model with everything that `content` reads, in a fixed number of queries.

    The bodies of captures are not loaded.
    """
    related, prefetched = RELATIONS.get(model, ((), ()))
    rows = model._default_manager.prefetch_related(*prefetched)
    return rows.select_related(*related) if related else rows
