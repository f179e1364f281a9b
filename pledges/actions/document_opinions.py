"""A model's second opinion on the candidates in a document, stored beside the matcher's own, never in its place."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from pledges.actions.intake import ExtractedPledge, candidate_of
from pledges.models import Candidate, Intake


@transaction.atomic
def record_second_look(
    *, intake: int, confidences: Mapping[int, float], missed: Sequence[ExtractedPledge], alike: Sequence[int | None]
) -> bool:
    """Set the confidences of these candidates (by id) and add the sentences that were missed.

    False if the document does not wait for a second opinion (any more). Candidates that were decided or added by an
    editor in the meantime stay as they are.
    """
    document = _waiting(intake)
    if document is None:
        return False
    candidates = list(document.candidates.select_for_update())
    for candidate in candidates:
        confidence = confidences.get(candidate.pk)
        if candidate.state != Candidate.State.OPEN or confidence is None or confidence == candidate.confidence:
            continue
        candidate.plain_confidence, candidate.confidence = candidate.confidence, confidence
        candidate.save(update_fields=["plain_confidence", "confidence"])
    for extracted, pledge in zip(missed, alike, strict=True):
        start, end = extracted.starts_at, extracted.ends_at
        overlapping = [row for row in candidates if row.starts_at < end and row.ends_at > start]
        if any(row.state != Candidate.State.PASSED for row in overlapping):
            continue
        new = candidate_of(document, extracted, pledge)
        new.by_model = True
        if overlapping:
            new.pk, new.why_not = overlapping[0].pk, overlapping[0].why_not
        new.save()
        candidates = [*(row for row in candidates if row.pk != new.pk), new]
    document.second_look = Intake.SecondLook.DONE
    document.save(update_fields=["second_look"])
    return True


@transaction.atomic
def record_no_second_look(*, intake: int, problem: str) -> bool:
    """Record why there is no second opinion; False if the document does not wait for one (any more)."""
    document = _waiting(intake)
    if document is None:
        return False
    document.second_look, document.second_look_problem = Intake.SecondLook.FAILED, problem
    document.save(update_fields=["second_look", "second_look_problem"])
    return True


def _waiting(pk: int) -> Intake | None:
    rows = Intake.objects.select_for_update().defer("text")
    return rows.filter(pk=pk, second_look=Intake.SecondLook.WAITING).first()
