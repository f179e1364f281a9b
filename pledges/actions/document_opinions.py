"""What a model said of the candidates in a document: kept beside what was found, and never in place of it."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from pledges.actions.intake import ExtractedPledge, candidate_of
from pledges.models import Candidate, Intake


@transaction.atomic
def record_second_look(
    *, intake: int, confidences: Mapping[int, float], missed: Sequence[ExtractedPledge], alike: Sequence[int | None]
) -> bool:
    """Move the confidence of these candidates (by id), and add the sentences that were missed; False where the document
    waits for no second look (any more).

    What was decided meanwhile stays as it is, and so does what an editor has marked meanwhile.
    """
    row = _waiting(intake)
    if row is None:
        return False
    rows = list(row.candidates.select_for_update())
    for one in rows:
        said = confidences.get(one.pk)
        if one.state != Candidate.State.OPEN or said is None or said == one.confidence:
            continue
        one.plain_confidence, one.confidence = one.confidence, said
        one.save(update_fields=["plain_confidence", "confidence"])
    for found, pledge in zip(missed, alike, strict=True):
        there = [one for one in rows if one.starts_at < found.ends_at and one.ends_at > found.starts_at]
        if any(one.state != Candidate.State.PASSED for one in there):
            continue
        new = candidate_of(row, found, pledge)
        new.by_model = True
        if there:
            new.pk, new.why_not = there[0].pk, there[0].why_not
        new.save()
        rows = [*(one for one in rows if one.pk != new.pk), new]
    row.second_look = Intake.SecondLook.DONE
    row.save(update_fields=["second_look"])
    return True


@transaction.atomic
def record_no_second_look(*, intake: int, problem: str) -> bool:
    """Note why it did not come; False where the document waits for none (any more)."""
    row = _waiting(intake)
    if row is None:
        return False
    row.second_look, row.second_look_problem = Intake.SecondLook.FAILED, problem
    row.save(update_fields=["second_look", "second_look_problem"])
    return True


def _waiting(pk: int) -> Intake | None:
    rows = Intake.objects.select_for_update().defer("text")
    return rows.filter(pk=pk, second_look=Intake.SecondLook.WAITING).first()
