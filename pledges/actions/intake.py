"""Pledges out of documents: what was found is kept, and an editor decides what becomes of each."""

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

LONGEST_ACTION = 1000  # characters


class ExtractedPledge(Protocol):
    """A sentence that seems to hold a pledge, as the watch finds it."""

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
    """What an editor made of a candidate: the pledge's address and topics, and its words (a row not saved yet)."""

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
    **said: Any,
) -> Intake:
    """Keep a document and the candidates found in it; `alike` has the pledge that each seems to be, or None.

    `passed` are sentences that were told apart from pledges; `looks_twice` makes it wait for a second look. `said` are
    the other fields of the document: title, publisher, url, file_name, sha256, language, published_on, text.
    """
    look = Intake.SecondLook.WAITING if looks_twice else Intake.SecondLook.NONE
    intake = Intake.objects.create(mandate=mandate, added_by=by, second_look=look, **said)
    rows = [candidate_of(intake, one, pledge) for one, pledge in zip(found, alike, strict=True)]
    rows += [candidate_of(intake, one, None) for one in passed]
    Candidate.objects.bulk_create({(row.starts_at, row.action): row for row in rows}.values())
    return intake


@transaction.atomic
def mark_candidate(*, intake: Intake, found: ExtractedPledge, alike: int | None) -> Candidate:
    """Keep a sentence that a person has marked. Raises `Refused` where it stands among the candidates already."""
    row = candidate_of(intake, found, alike)
    there = intake.candidates.filter(starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
    if there.exclude(state=Candidate.State.PASSED).filter(action=row.action).exists():
        raise Refused(_("This sentence stands among those found already."))
    if read := there.filter(state=Candidate.State.PASSED).select_for_update().first():
        row.pk, row.why_not = read.pk, read.why_not
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # two people marked it at once
        raise Refused(_("This sentence stands among those found already.")) from None
    return row


@transaction.atomic
def admit_candidate(*, candidate: Candidate, alike: int | None) -> None:
    """Make a candidate of a sentence that was read and not proposed; nothing where that was done already."""
    Candidate.objects.filter(pk=candidate.pk, state=Candidate.State.PASSED).update(
        state=Candidate.State.OPEN, alike=alike
    )


@transaction.atomic
def dismiss_candidates(*, intake: Intake, by: User, candidates: Iterable[int] | None = None) -> int:
    """Leave out these candidates of a document, or all that are open; how many there were to leave out."""
    rows = intake.candidates.filter(state=Candidate.State.OPEN)
    rows = rows if candidates is None else rows.filter(pk__in=candidates)
    return rows.update(state=Candidate.State.DISMISSED, decided_by=by, decided_at=timezone.now())


@transaction.atomic
def reopen_candidate(*, candidate: Candidate) -> None:
    """Take back that it was left out. Raises `Refused` for one that became a pledge."""
    changed = Candidate.objects.filter(pk=candidate.pk, state=Candidate.State.DISMISSED).update(
        state=Candidate.State.OPEN, decided_by=None, decided_at=None
    )
    if not changed and not Candidate.objects.filter(pk=candidate.pk, state=Candidate.State.OPEN).exists():
        raise Refused(_("This became a pledge: its draft is where it goes on."))


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
    """Make a pledge and the draft of its first wording of each, all of them or none.

    Without a source document, one is made of the document, once; it is then what its next pledges refer to, too. As
    any document that is entered, it makes an edition. Raises `Refused` where a candidate was decided meanwhile, an
    address is not free, or a day cannot be true.
    """
    intake = Intake.objects.select_for_update(of=("self",)).select_related("mandate").get(pk=intake.pk)
    candidates = intake.candidates.select_for_update().in_bulk([draft.candidate for draft in drafts])
    _check(candidates, drafts)
    document = source_document or intake.source_document or _document(intake, publisher=publisher, by=by)
    if intake.source_document_id != document.pk:
        intake.source_document = document
        intake.save(update_fields=["source_document"])
    now, made = timezone.now(), []
    for draft in drafts:
        pledge = Pledge(slug=draft.slug, mandate=intake.mandate, made_on=made_on, source_document=document)
        words = draft.wording
        words.pledge, words.author, words.number = pledge, by, 1
        try:
            pledge.clean()
            words.clean()
        except ValidationError as error:
            raise Refused(error.messages) from None
        pledge.save(force_insert=True)
        pledge.topics.set(draft.topics)
        words.pledge = pledge
        words.quote_language = intake.language if words.quote else ""
        words.save(force_insert=True)
        row = candidates[draft.candidate]
        row.state, row.pledge, row.decided_by, row.decided_at = Candidate.State.TAKEN, pledge, by, now
        row.save(update_fields=["state", "pledge", "decided_by", "decided_at"])
        made.append(pledge)
    return made


def _check(candidates: dict[int, Candidate], drafts: Sequence[Draft]) -> None:
    problems = []
    if not drafts:
        problems.append(_("Tick at least one candidate."))
    if any(draft.candidate not in candidates for draft in drafts):
        problems.append(_("A candidate is not of this document: go back to its page and tick again."))
    decided = [row for row in candidates.values() if row.state != Candidate.State.OPEN]
    problems += [
        _("“%(candidate)s” was decided meanwhile by %(who)s: go back to the document to see what became of it.")
        % {"candidate": row, "who": row.decided_by.public_name}
        for row in decided
    ]
    slugs = [draft.slug for draft in drafts]
    taken = set(Pledge.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    taken |= {slug for slug in slugs if slugs.count(slug) > 1}
    problems += [
        _("A pledge has the address “%(slug)s” already: give this one another.") % {"slug": slug}
        for slug in sorted(taken)
    ]
    if problems:
        raise Refused(problems)


def _document(intake: Intake, *, publisher: str, by: User) -> SourceDocument:
    """The document as readers will find it named. Its title is a name, the same in both languages."""
    stem = slugify(intake.title)[:44].strip("-") or "document"
    used = set(SourceDocument.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = next(number for number in range(1, len(used) + 2) if _numbered(stem, number) not in used)
    document = SourceDocument.objects.create(
        slug=_numbered(stem, number),
        publisher=publisher or intake.publisher,
        title_en=intake.title,
        title_es=intake.title,
        published_on=intake.published_on,
        url=intake.url,
        language=intake.language,
    )
    record_change(document, by=by)
    return document


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


def candidate_of(intake: Intake, found: ExtractedPledge, alike: int | None) -> Candidate:
    """The row of what was found, not saved yet."""
    return Candidate(
        intake=intake,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        sentence=found.sentence,
        speaker=found.speaker[:160],
        action=found.action[:LONGEST_ACTION],
        deadline=found.deadline,
        deadline_precision=found.deadline_precision if found.deadline else "",
        checkable=found.checkable,
        confidence=min(max(found.confidence, 0.0), 1.0),
        reason=found.reason[:200],
        kind=found.kind,
        why_not=found.why_not,
        state=Candidate.State.PASSED if found.why_not else Candidate.State.OPEN,
        alike_id=alike,
    )
