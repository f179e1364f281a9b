"""Second opinions on the candidates of a document, from the endpoint that the operator has set; in the background."""

from datetime import timedelta
from typing import TYPE_CHECKING

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.utils import timezone

from pledges.actions import document_opinions
from pledges.domain.lazy import lazy
from pledges.jobs.duplicates import alike
from pledges.models import Candidate, Intake

if TYPE_CHECKING:
    from pledges.watch.extraction import llm_review
else:
    llm_review = lazy("pledges.watch.extraction.llm_review")

LOST = timedelta(minutes=6)  # longer than the task of the first message may run (CELERY_TASK_TIME_LIMIT)


@shared_task(name="pledges.tasks.look_twice")
def look_twice(intake_id: int) -> None:
    """Ask about the candidates of one document and store the answer, or why there is none; once for each document."""
    row = Intake.objects.filter(pk=intake_id, second_look=Intake.SecondLook.WAITING).first()
    if row is None:
        return
    endpoint = llm_review.endpoint(settings.OPINION_URL, settings.OPINION_MODEL, settings.OPINION_KEY)
    if endpoint is None:
        document_opinions.record_no_second_look(intake=row.pk, problem=Intake.Problem.OFF)
        return
    candidates = list(row.candidates.exclude(state=Candidate.State.PASSED).order_by("starts_at", "pk"))
    try:
        review = llm_review.look(candidates, row.text, row.language, endpoint, published_on=row.published_on)
    except llm_review.SharpeningError as error:
        document_opinions.record_no_second_look(intake=row.pk, problem=str(error))
        return
    except SoftTimeLimitExceeded:
        document_opinions.record_no_second_look(intake=row.pk, problem=Intake.Problem.LATE)
        return
    document_opinions.record_second_look(
        intake=row.pk,
        confidences={candidates[index].pk: confidence for index, confidence in review.confidences.items()},
        missed=review.missed,
        alike=alike(review.missed, row.language),
    )


@shared_task(name="pledges.tasks.look_twice_at_lost")
def look_twice_at_lost() -> None:
    """Every five minutes, from beat: enqueue documents whose message was lost or whose worker was killed."""
    lost = Intake.objects.filter(second_look=Intake.SecondLook.WAITING, added_at__lt=timezone.now() - LOST)
    for pk in lost.order_by("pk").values_list("pk", flat=True)[:50]:
        look_twice.delay(pk)
