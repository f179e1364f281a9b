"""Pledges from documents: candidates are stored as they are found, and an editor decides about each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pledges.actions.errors import Refused
from pledges.actions.publishing import record_change
from pledges.models import Candidate, Intake, Mandate, Pledge, SourceDocument, User, Wording
from pledges.queries.pledge_corrections import former

LONGEST_ACTION = 1000  # characters


class ExtractedPledge(Protocol):
    """A sentence that may contain a pledge (see watch.extraction.ExtractedPledge)."""

    @property
    def speaker(self) -> str: ...

    @property
    def action(self) -> str: ...

    @property
    def sentence(self) -> str: ...

    @property
    def starts_at(self) -> int: ...

    @property
    def ends_at(self) -> int: ...

    @property
    def deadline(self) -> date | None: ...

    @property
    def deadline_precision(self) -> str: ...

    @property
    def checkable(self) -> bool: ...

    @property
    def confidence(self) -> float: ...

    @property
    def reason(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def why_not(self) -> str: ...


@dataclass(frozen=True)
class Draft:
    """A pledge to be made from a candidate (an id): its slug, its topics (ids) and its wording (an unsaved row)."""

    candidate: int
    slug: str
    topics: Sequence[int]
    wording: Wording


@transaction.atomic
def record_intake(
    *,
    mandate: Mandate,
    found: Sequence[ExtractedPledge],
    alike: Sequence[int | None],
    by: User,
    passed: Sequence[ExtractedPledge] = (),
    looks_twice: bool = False,
    **fields: Any,
) -> Intake:
    """Store a document and the candidates `found` in it; `alike` has the tracked pledge that each seems to be, or None.

    `passed` are sentences that were read and not proposed; with `looks_twice` the document waits for a second opinion.
    `fields` are its other fields: title, publisher, url, file_name, sha256, language, published_on, text.
    """
    look = Intake.SecondLook.WAITING if looks_twice else Intake.SecondLook.NONE
    intake = Intake.objects.create(mandate=mandate, added_by=by, second_look=look, **fields)
    rows = [candidate_of(intake, extracted, pledge) for extracted, pledge in zip(found, alike, strict=True)]
    rows += [candidate_of(intake, extracted, None) for extracted in passed]
    Candidate.objects.bulk_create({(row.starts_at, row.action): row for row in rows}.values())
    return intake


@transaction.atomic
def mark_candidate(*, intake: Intake, found: ExtractedPledge, alike: int | None) -> Candidate:
    """Store a sentence that an editor has marked as a candidate. Raises `Refused` if it is one already."""
    row = candidate_of(intake, found, alike)
    overlapping = intake.candidates.filter(starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
    if overlapping.exclude(state=Candidate.State.PASSED).filter(action=row.action).exists():
        raise Refused(_("This sentence is already among the candidates."))
    if passed := overlapping.filter(state=Candidate.State.PASSED).select_for_update().first():
        row.pk, row.why_not = passed.pk, passed.why_not
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # two people marked it at once
        raise Refused(_("This sentence is already among the candidates.")) from None
    return row


@transaction.atomic
def admit_candidate(*, candidate: Candidate, alike: int | None) -> None:
    """Open a candidate that was not proposed. Does nothing if it is open or decided already."""
    Candidate.objects.filter(pk=candidate.pk, state=Candidate.State.PASSED).update(
        state=Candidate.State.OPEN, alike=alike
    )


@transaction.atomic
def dismiss_candidates(*, intake: Intake, by: User, candidates: Iterable[int] | None = None) -> int:
    """Dismiss the open candidates of a document, all or those with these ids; returns how many."""
    rows = intake.candidates.filter(state=Candidate.State.OPEN)
    rows = rows if candidates is None else rows.filter(pk__in=candidates)
    return rows.update(state=Candidate.State.DISMISSED, decided_by=by, decided_at=timezone.now())


@transaction.atomic
def reopen_candidate(*, candidate: Candidate) -> None:
    """Undo the dismissal of a candidate. Raises `Refused` if it became a pledge."""
    changed = Candidate.objects.filter(pk=candidate.pk, state=Candidate.State.DISMISSED).update(
        state=Candidate.State.OPEN, decided_by=None, decided_at=None
    )
    if not changed and not Candidate.objects.filter(pk=candidate.pk, state=Candidate.State.OPEN).exists():
        raise Refused(_("This became a pledge: go on in its draft."))


@transaction.atomic
def take_candidates(
    *,
    intake: Intake,
    drafts: Sequence[Draft],
    made_on: date,
    by: User,
    source_document: SourceDocument | None = None,
    publisher: str = "",
) -> list[Pledge]:
    """Create a pledge with a draft of its first wording for each of the drafts, all of them or none.

    If the document has no source document, one is created, which is also that of its later pledges; as any new source
    document it makes an edition. Raises `Refused` if a candidate was decided in the meantime, an address is taken, or a
    date is impossible.
    """
    intake = Intake.objects.select_for_update(of=("self",)).select_related("mandate").get(pk=intake.pk)
    candidates = intake.candidates.select_for_update().in_bulk([draft.candidate for draft in drafts])
    _check(candidates, drafts)
    document = source_document or intake.source_document or _make_document(intake, publisher=publisher, by=by)
    if intake.source_document_id != document.pk:
        intake.source_document = document
        intake.save(update_fields=["source_document"])
    now = timezone.now()
    pledges: list[Pledge] = []
    for draft in drafts:
        pledge = Pledge(slug=draft.slug, mandate=intake.mandate, made_on=made_on, source_document=document)
        wording = draft.wording
        wording.pledge, wording.author, wording.number = pledge, by, 1
        try:
            pledge.clean()
            wording.clean()
        except ValidationError as error:
            raise Refused(error.messages) from None
        pledge.save(force_insert=True)
        pledge.topics.set(draft.topics)
        wording.pledge = pledge  # once more, now that it has its id
        wording.quote_language = intake.language if wording.quote else ""
        wording.save(force_insert=True)
        row = candidates[draft.candidate]
        row.state, row.pledge, row.decided_by, row.decided_at = Candidate.State.TAKEN, pledge, by, now
        row.save(update_fields=["state", "pledge", "decided_by", "decided_at"])
        pledges.append(pledge)
    return pledges


def _check(candidates: dict[int, Candidate], drafts: Sequence[Draft]) -> None:
    problems = []
    if not drafts:
        problems.append(_("Tick at least one candidate."))
    if any(draft.candidate not in candidates for draft in drafts):
        problems.append(_("A candidate is not of this document: go back to its page and tick again."))
    decided = [row for row in candidates.values() if row.state != Candidate.State.OPEN]
    problems += [
        _("“%(candidate)s” was decided meanwhile by %(who)s: go back to the document to see what became of it.")
        % {"candidate": row, "who": row.decided_by.public_name if row.decided_by else ""}
        for row in decided
    ]
    slugs = [draft.slug for draft in drafts]
    taken = set(Pledge.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    taken |= former(slugs)
    taken |= {slug for slug in slugs if slugs.count(slug) > 1}
    problems += [
        _("A pledge has the address “%(slug)s” already: give this one another.") % {"slug": slug}
        for slug in sorted(taken)
    ]
    if problems:
        raise Refused(problems)


def _make_document(intake: Intake, *, publisher: str, by: User) -> SourceDocument:
    """Create the source document that readers see. Its title is in the language of the document."""
    stem = slugify(intake.title)[:44].strip("-") or "document"
    taken = set(SourceDocument.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = next(number for number in range(1, len(taken) + 2) if _numbered(stem, number) not in taken)
    document = SourceDocument.objects.create(
        slug=_numbered(stem, number),
        publisher=publisher or intake.publisher,
        **{f"title_{intake.language}": intake.title},
        published_on=intake.published_on,
        url=intake.url,
        language=intake.language,
    )
    record_change(document, by=by)
    return document


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


def candidate_of(intake: Intake, extracted: ExtractedPledge, alike: int | None) -> Candidate:
    """The row of an extracted sentence, not saved; `alike` is the id of the tracked pledge that it seems to be."""
    return Candidate(
        intake=intake,
        starts_at=extracted.starts_at,
        ends_at=extracted.ends_at,
        sentence=extracted.sentence,
        speaker=extracted.speaker[:160],
        action=extracted.action[:LONGEST_ACTION],
        deadline=extracted.deadline,
        deadline_precision=extracted.deadline_precision if extracted.deadline else "",
        checkable=extracted.checkable,
        confidence=min(max(extracted.confidence, 0.0), 1.0),
        reason=extracted.reason[:200],
        kind=extracted.kind,
        why_not=extracted.why_not,
        state=Candidate.State.PASSED if extracted.why_not else Candidate.State.OPEN,
        alike_id=alike,
    )
