"""The data of a pledge's page: a dictionary for JSON, and the rows of its updates for CSV (docs/pledge-data.md).

Texts are in both languages, days are ISO 8601, times are UTC. Keys never change their meaning.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from pledges.domain.languages import LANGUAGES
from pledges.models import CRITERIA, Capture, Newsroom, Preservation, Retraction
from pledges.queries import visibility
from pledges.queries.published import PublicCapture, PublicCorrection, PublicEvidence, PublicUpdate, PublicWording
from pledges.queries.standings import Standing

COLUMNS = (
    "update happened_on happened_precision status failure_reason reason_detail_en reason_detail_es text_en text_es"
    " edition published_at corrects correction_note_en correction_note_es replaced_by url publisher title published_on"
    " language sentence captured_at capture_sha256 archive_url link_dead_since licence"
    " withdrawn_in withdrawn_at withdrawal_note_en withdrawal_note_es moved_to"
).split()
SUMMARY = (
    "slug title_en title_es statement_en statement_es status since timeliness deadline last_changed made_on"
    " made_on_precision mandate person office_en office_es country carried_into topics institutions headline updates"
    " evidence latest_en latest_es url_en url_es edition as_of licence"
).split()


def summary(standing: Standing, *, edition: int, newsroom: Newsroom, addresses: Mapping[str, str]) -> dict[str, object]:
    """A pledge in one row, with `SUMMARY` as its keys, as of this edition and the standing's day.

    `carried_into`, `topics` and `institutions` are lists of slugs; `updates` and `evidence` are numbers of those that
    count; `latest_…` is the text of the last update. `addresses` are those of this edition's page, as "url_en" and
    "url_es".
    """
    pledge, mandate, latest = standing.pledge, standing.pledge.mandate, standing.latest
    return {
        "slug": pledge.slug,
        **both(standing.wording, "title", "statement"),
        "status": str(standing.status),
        "since": iso(standing.since),
        "timeliness": str(standing.timeliness),
        "deadline": iso(standing.wording.deadline_end),
        "last_changed": iso(standing.changed_on),
        "made_on": pledge.made_on.isoformat(),
        "made_on_precision": str(pledge.made_on_precision),
        "mandate": mandate.slug,
        "person": mandate.person,
        **both(mandate, "office"),
        "country": mandate.country,
        "carried_into": sorted(mandate.slug for mandate in standing.mandates[1:]),
        "topics": sorted(topic.slug for topic in standing.topics),
        "institutions": sorted(each.slug for each in standing.institutions),
        "headline": pledge.headline,
        "updates": len(standing.updates),
        "evidence": sum(len(update.evidence) for update in standing.updates),
        **{f"latest_{code}": getattr(latest, f"text_{code}") if latest else "" for code in LANGUAGES},
        **addresses,
        "edition": edition,
        "as_of": standing.day.isoformat(),
        "licence": newsroom.licence,
    }


def as_data(
    standing: Standing,
    *,
    edition: int,
    newsroom: Newsroom,
    kept: Mapping[int, Preservation],
    retraction: Retraction | None,
    addresses: Mapping[str, str],
) -> dict[str, object]:
    """Everything on the page, for JSON, as of this edition and the standing's day.

    `kept` has the preservation of each piece of evidence by its id (see `visibility.kept_evidence`); `retraction` is
    set if the pledge was retracted later; `addresses` are those of this edition's page, as "url_en" and "url_es".
    """
    pledge, wording = standing.pledge, standing.wording
    document = pledge.source_document
    return {
        "tracker": both(newsroom, "name"),
        "licence": newsroom.licence,
        "edition": edition,
        "as_of": standing.day.isoformat(),
        "slug": pledge.slug,
        **addresses,
        **both(wording, "title", "statement"),
        "status": str(standing.status),
        "since": iso(standing.since),
        "timeliness": str(standing.timeliness),
        "deadline": iso(wording.deadline_end),
        "last_changed": iso(standing.changed_on),
        "made_on": pledge.made_on.isoformat(),
        "made_on_precision": str(pledge.made_on_precision),
        "made_by": {
            "mandate": pledge.mandate.slug,
            "person": pledge.mandate.person,
            **both(pledge.mandate, "office"),
            "country": pledge.mandate.country,
            "elected_on": iso(pledge.mandate.elected_by(standing.day)),
        },
        "carried_into": sorted(mandate.slug for mandate in standing.mandates[1:]),
        "source": {
            "publisher": document.publisher,
            **both(document, "title", "note"),
            "published_on": iso(document.published_on),
            "url": document.url,
            "language": document.language,
        },
        "topics": [{"slug": topic.slug, **both(topic, "name")} for topic in standing.topics],
        "institutions": [{"slug": each.slug, **both(each, "name")} for each in standing.institutions],
        "wordings": [_wording(each) for each in standing.wordings],
        "updates": [
            update_data(update, correction, edition=edition, kept=kept)
            for update, correction in with_corrections(standing, edition)
        ],
        "corrections": [_correction(each) for each in standing.corrections],
        "retracted": retraction_data(retraction) if retraction else None,
    }


def as_rows(
    standing: Standing, *, edition: int, newsroom: Newsroom, kept: Mapping[int, Preservation]
) -> list[dict[str, object]]:
    """The updates for CSV, oldest first: a row for each piece of evidence, with `COLUMNS` as its keys."""
    return [
        {
            **_update(update, correction),
            **_withdrawal(update, edition),
            **evidence_data(piece, kept),
            "licence": newsroom.licence,
        }
        for update, correction in with_corrections(standing, edition)
        for piece in update.evidence
    ]


def gone(retraction: Retraction) -> dict[str, object]:
    """The data in place of a retracted pledge's."""
    return {"slug": retraction.pledge.slug, "retracted": retraction_data(retraction)}


def published_updates(standing: Standing, edition: int) -> list[PublicUpdate]:
    """All updates published up to an edition and dated up to the standing's day, oldest first; corrected and withdrawn
    ones too."""
    published = (update for update in standing.pledge.updates if update.edition_id <= edition)
    return sorted(
        (update for update in published if update.happened_on <= standing.day),
        key=lambda update: (update.happened_on, update.edition_id, update.pk),
    )


def update_data(
    update: PublicUpdate, correction: int | None, *, edition: int, kept: Mapping[int, Preservation]
) -> dict[str, object]:
    """An update with its evidence, as an edition has it; `correction` is the id of the update that corrects it."""
    return {
        **_update(update, correction),
        **_withdrawal(update, edition),
        "evidence": [evidence_data(piece, kept) for piece in update.evidence],
    }


def with_corrections(standing: Standing, edition: int) -> Iterable[tuple[PublicUpdate, int | None]]:
    """Each update with the id of its correction, or None."""
    corrections = {u.corrects_id: u.pk for u in standing.pledge.updates if u.edition_id <= edition}
    return ((update, corrections.get(update.pk)) for update in published_updates(standing, edition))


def both(row: object, *names: str) -> dict[str, str]:
    """Texts of a row in each language, such as `title_en` and `title_es`; "" where it has none in a language."""
    return {f"{name}_{code}": getattr(row, f"{name}_{code}") for name in names for code in LANGUAGES}


def iso(value: date | None) -> str | None:
    """A day, or a time in UTC, in ISO 8601."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if value else None


def _wording(wording: PublicWording) -> dict[str, object]:
    return {
        "number": wording.number,
        "edition": wording.edition_id,
        "published_at": iso(wording.edition.published_at),
        **both(wording, "title", "statement"),
        "quote": wording.quote,
        "quote_language": wording.quote_language,
        "criteria": {name: {code: getattr(wording, f"{name}_{code}") for code in LANGUAGES} for name in CRITERIA},
        "deadline": iso(wording.deadline),
        "deadline_precision": str(wording.deadline_precision),
        **both(wording, "deadline_note", "change_note"),
    }


def _correction(correction: PublicCorrection) -> dict[str, object]:
    """A correction of the address, the mandate or the day, with all of them before and after."""
    return {
        "edition": correction.edition_id,
        "published_at": iso(correction.edition.published_at),
        "before": {
            "slug": correction.was_slug,
            "mandate": correction.was_mandate.slug,
            "made_on": iso(correction.was_made_on),
            "made_on_precision": correction.was_made_on_precision,
        },
        "after": {
            "slug": correction.slug,
            "mandate": correction.mandate.slug,
            "made_on": iso(correction.made_on),
            "made_on_precision": correction.made_on_precision,
        },
        **both(correction, "note"),
    }


def _update(update: PublicUpdate, correction: int | None) -> dict[str, object]:
    return {
        "update": update.pk,
        "happened_on": update.happened_on.isoformat(),
        "happened_precision": str(update.happened_precision),
        "status": str(update.status),
        "failure_reason": str(update.failure_reason),
        **both(update, "reason_detail", "text"),
        "edition": update.edition_id,
        "published_at": iso(update.edition.published_at),
        "corrects": update.corrects_id,
        **both(update, "correction_note"),
        "replaced_by": correction,
    }


def _withdrawal(update: PublicUpdate, edition: int) -> dict[str, object]:
    """By which edition up to this one, when and why it was withdrawn, and at which pledge it is told instead."""
    withdrawal = update.withdrawal if visibility.is_withdrawn(update, edition) else None
    return {
        "withdrawn_in": withdrawal.edition_id if withdrawal else None,
        "withdrawn_at": iso(withdrawal.edition.published_at) if withdrawal else None,
        **{f"withdrawal_note_{code}": getattr(withdrawal, f"note_{code}") if withdrawal else "" for code in LANGUAGES},
        "moved_to": withdrawal.moved_to or None if withdrawal else None,
    }


def evidence_data(piece: PublicEvidence, kept: Mapping[int, Preservation]) -> dict[str, object]:
    """A piece of evidence, with how it is preserved (see `as_data`)."""
    row = kept.get(piece.pk)
    capture: Capture | PublicCapture | None = row.capture if row and row.capture else piece.capture
    return {
        "url": piece.url,
        "publisher": piece.publisher,
        "title": piece.title,
        "published_on": iso(piece.published_on),
        "language": piece.language,
        "sentence": piece.sentence,
        "captured_at": iso(capture.captured_at if capture else None),
        "capture_sha256": capture.sha256 if capture else None,
        "archive_url": row.archive_url if row else "",
        "link_dead_since": iso(row.dead_since if row else None),
    }


def retraction_data(retraction: Retraction) -> dict[str, object]:
    """A published retraction: by which edition, when and why."""
    assert retraction.edition, "it is published"
    return {
        "edition": retraction.edition_id,
        "published_at": iso(retraction.edition.published_at),
        **both(retraction, "note"),
    }
