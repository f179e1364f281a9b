"""Everything that changes what the public sees: submission, publication, corrections. Each is an edition."""

import gzip
import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Prefetch
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pledges.actions.contributors import sign_first_wordings, sign_for_those_before, two_person_rule
from pledges.actions.drafts import comment
from pledges.actions.errors import Changed, Refused
from pledges.actions.figures import name_series, renamed_series
from pledges.actions.locks import hold, hold_evidence, lock_pledges
from pledges.actions.preservation import keep_evidence_of
from pledges.actions.retraction import close_leads, refuse_retracted
from pledges.domain.rules import edition_hash
from pledges.models import (
    EDITION_LOCK,
    Capture,
    Edition,
    EditionItem,
    Indicator,
    Observation,
    Pledge,
    Retraction,
    State,
    Update,
    User,
    Wording,
)
from pledges.queries import pulse, visibility
from pledges.queries.sealed_content import KINDS, content_digest, with_content
from pledges.queries.search import fulltext

Act = tuple[str, models.Model]


@transaction.atomic
def make_edition(*, acts: Sequence[Act], by: User) -> Edition:
    """Write the next edition over (action, row) pairs and tell the caches once it is committed.

    The rows are read as they stand in this transaction. Acts of publication wait for each other here, so numbers have
    no gaps and each edition carries the hash of the one before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [EDITION_LOCK])
    last = Edition.objects.order_by("-number").first()
    number = last.number + 1 if last else 1
    with translation.override(settings.LANGUAGE_CODE):  # titles are sealed, so they do not depend on who looks
        items = [
            EditionItem(
                edition_id=number,
                action=action,
                kind=row._meta.model_name,
                key=str(row.pk),
                title=str(row)[:300],
                pledge=row if isinstance(row, Pledge) else getattr(row, "pledge", None),
                sha256=content_digest(row),
            )
            for action, row in acts
        ]
    now = timezone.now()
    previous = last.hash if last else ""
    edition = Edition.objects.create(
        number=number,
        published_at=now,
        published_by=by,
        publisher=by.public_name,
        previous_hash=previous,
        hash=edition_hash(number, now, by.public_name, map(sealed, items), previous),
    )
    EditionItem.objects.bulk_create(items)
    transaction.on_commit(pulse.refresh)
    return edition


def sealed(item: EditionItem) -> dict[str, str]:
    """The part of an edition's item that its hash covers."""
    return {
        "action": str(item.action),
        "kind": item.kind,
        "key": item.key,
        "title": item.title,
        "sha256": item.sha256,
    }


def publication_problems(item: Wording | Update | Retraction, *, by: User) -> list[str]:
    """Why `by` cannot publish the item now, each a sentence that says what to do; empty if nothing does."""
    problems = []
    if item.is_published:
        return [_("This is already published. To change it, publish a correction.")]
    if visibility.is_retracted(item.pledge_id):
        return [_("This pledge was retracted: nothing more is published of it.")]
    problems += two_person_rule(item, by=by)
    if isinstance(item, Update):
        if not item.evidence.exists():
            problems.append(_("Add at least one piece of evidence: an update without evidence cannot be published."))
        if not item.pledge.wordings.filter(state=State.PUBLISHED).exists():
            problems.append(_("Publish the pledge with its criteria first."))
    if isinstance(item, Retraction) and not item.pledge.wordings.filter(state=State.PUBLISHED).exists():
        problems.append(_("Only a published pledge can be retracted."))
    for row in [item, item.pledge] if isinstance(item, Wording) else [item]:
        try:
            row.clean()
        except ValidationError as error:
            problems += error.messages
    was = item.state, item.publish_at, item.scheduled_by_id
    item.state, item.publish_at, item.scheduled_by_id = State.PUBLISHED, None, None
    try:
        item.validate_constraints(exclude={"edition", "published_by"})
    except ValidationError as error:
        problems += error.messages
    finally:
        item.state, item.publish_at, item.scheduled_by_id = was
    return problems


def check_version(item: Wording | Update | Retraction, seen: datetime | None) -> None:
    """Raise `Changed` when somebody has saved the item since the version of `seen` (its `updated_at`; None: any)."""
    if seen is not None and item.updated_at != seen:
        raise Changed(_("This was changed since you opened it. Look at what changed before you go on."))


@transaction.atomic
def publish(
    *items: Wording | Update | Retraction,
    by: User,
    also: Sequence[models.Model] = (),
    seen: datetime | None = None,
) -> Edition:
    """Publish wordings, updates and retractions, all of them in one edition. Raises `Refused` with every problem found.

    `seen` is the version of a single item that was looked at: when it is another one by now, `Changed` is raised.
    `also` are rows of other kinds that become public with them (topics, documents, indicators and their observations).
    The database holds the same rules by itself (constraints and triggers); the check here is for the words.
    """
    acts: list[Act] = []
    lock_pledges({item.pledge_id for item in items})
    locked = [
        type(item).objects.select_for_update(of=("self",)).select_related("pledge").get(pk=item.pk)
        for item in sorted(items, key=lambda item: isinstance(item, Update))
    ]
    updates = [item for item in locked if isinstance(item, Update)]
    hold_evidence(updates)
    wordings = {item.pledge_id for item in locked if isinstance(item, Wording)}
    problems = []
    for item in locked:
        check_version(item, seen)
        found = publication_problems(item, by=by)
        if isinstance(item, Update) and item.pledge_id in wordings:  # it becomes public in this very edition
            found = [problem for problem in found if problem != _("Publish the pledge with its criteria first.")]
        problems += found
    if problems:
        raise Refused(list(dict.fromkeys(problems)))
    for item in locked:
        corrected = bool(getattr(item, "corrects_id", None)) or getattr(item, "number", 1) > 1
        act = EditionItem.Action.CORRECTED if corrected else EditionItem.Action.PUBLISHED
        acts.append((EditionItem.Action.RETRACTED if isinstance(item, Retraction) else act, item))
        if isinstance(item, Wording) and item.number == 1:
            acts.append((EditionItem.Action.PUBLISHED, item.pledge))
    acts += [(EditionItem.Action.PUBLISHED, row) for row in also]
    edition = make_edition(acts=acts, by=by)
    for item in locked:
        item.state, item.published_by, item.edition = State.PUBLISHED, by, edition
        item.publish_at = item.scheduled_by = None
        item.save(update_fields=["state", "published_by", "edition", "publish_at", "scheduled_by", "updated_at"])
    _seal_observations(edition, acts)
    close_leads(pledges={item.pledge_id for item in locked if isinstance(item, Retraction)}, by=by)
    keep_evidence_of(updates=updates, now=timezone.now())
    fulltext.index({item.pledge_id for item in locked})
    return edition


def _seal_observations(edition: Edition, acts: Sequence[Act]) -> None:
    """Mark the observations among what was published as this edition's: they are final from here on."""
    observations = [row.pk for _action, row in acts if isinstance(row, Observation)]
    Observation.objects.filter(pk__in=observations).update(edition=edition)


@transaction.atomic
def record_change(*rows: models.Model, by: User) -> Edition | None:
    """Make an edition of a change to rows that readers see: mandates, topics, documents, indicators, the newsroom, …

    Call it after the rows are saved, in the same transaction. An indicator takes its new observations along, and what
    its series are called. A pledge that is not public yet makes none: the answer is then None.
    """
    lock_pledges(fulltext.affected(rows))
    sign_first_wordings(rows=rows, by=by)
    indicators = [row.pk for row in rows if isinstance(row, Indicator)]
    name_series(indicators=indicators)
    acts: list[Act] = []
    for row, known in _as_they_stand(rows):
        if isinstance(row, Pledge) and row.public_wording is None:
            continue
        acts.append((EditionItem.Action.CHANGED if known else EditionItem.Action.PUBLISHED, row))
        if isinstance(row, Indicator):
            acts += [(EditionItem.Action.PUBLISHED, observation) for observation in row.new_observations]
    acts += renamed_series(indicators=indicators)
    if not acts:
        return None
    edition = make_edition(acts=acts, by=by)
    _seal_observations(edition, acts)
    fulltext.index(fulltext.affected(row for _action, row in acts))
    return edition


def _as_they_stand(rows: Sequence[models.Model]) -> Iterator[tuple[models.Model, bool]]:
    """The rows read anew, with all that an edition seals, and whether one has named them before.

    The number of queries does not depend on how many rows there are.
    """
    keys = defaultdict(list)
    for row in rows:
        keys[type(row)].append(row.pk)
    fresh, known = {}, set()
    new = Prefetch(
        "observations", Observation.objects.filter(edition=None).select_related("indicator"), "new_observations"
    )
    for model, pks in keys.items():
        items = EditionItem.objects.filter(kind=model._meta.model_name, key__in=list(map(str, pks)))
        known |= set(items.values_list("kind", "key"))
        also = {Pledge: ["wordings"], Indicator: [new]}.get(model, [])
        fresh |= {(model, row.pk): row for row in with_content(model).filter(pk__in=pks).prefetch_related(*also)}
    for row in rows:
        yield fresh[type(row), row.pk], (row._meta.model_name, str(row.pk)) in known


@transaction.atomic
def submit_for_review(*, item: Wording | Update | Retraction, by: User, seen: datetime | None = None) -> None:
    """Hand a draft over to whoever reviews. Raises `Refused` when it lacks what a reviewer needs or is not a draft.

    `seen` is as in `publish`.
    """
    item = type(item).objects.select_for_update(of=("self",)).select_related("pledge").get(pk=item.pk)
    check_version(item, seen)
    if item.state != State.DRAFT:
        raise Refused(_("Only a draft can be submitted for review."))
    own = two_person_rule(item, by=by)  # no reason against handing it over
    problems = [problem for problem in publication_problems(item, by=by) if problem not in own]
    if problems:
        raise Refused(problems)
    item.state, item.submitted_at, item.review_note = State.REVIEW, timezone.now(), ""
    item.save(update_fields=["state", "submitted_at", "review_note", "updated_at"])


@transaction.atomic
def send_back(*, item: Wording | Update | Retraction, by: User, note: str) -> None:
    """Return what waits for review to its author with a note, which is a comment on it as well; it is not scheduled
    any more. Raises `Refused` when there is no note or no review."""
    if not note.strip():
        raise Refused(_("Say what should be changed."))
    changed = (
        type(item)
        .objects.filter(pk=item.pk, state=State.REVIEW)
        .update(
            state=State.DRAFT,
            submitted_at=None,
            publish_at=None,
            scheduled_by=None,
            review_note=f"{by.public_name}: {note.strip()}",
            updated_at=timezone.now(),
        )
    )
    if not changed:
        raise Refused(_("This does not wait for review any more."))
    comment(item=item, by=by, text=note)


@transaction.atomic
def start_correction(*, update: Update, by: User) -> Update:
    """A draft that corrects a published update, filled in with its text and evidence; an open one is given again.

    Raises `Refused` when the update is not published or was corrected already (the correction is then what to correct).
    """
    update = Update.objects.select_for_update(of=("self",)).get(pk=update.pk)
    if not update.is_published:
        raise Refused(_("Only a published update can be corrected; a draft can simply be changed."))
    refuse_retracted(update.pledge_id)
    existing = Update.objects.filter(corrects=update).first()
    if existing and existing.is_published:
        raise Refused(_("This was corrected already: correct the correction instead."))
    if existing:
        return existing
    copied = (
        *("pledge_id", "happened_on", "happened_precision", "status", "failure_reason"),
        *("reason_detail_en", "reason_detail_es", "text_en", "text_es"),
    )
    draft = Update.objects.create(author=by, corrects=update, **{name: getattr(update, name) for name in copied})
    for piece in update.evidence.all():
        piece.pk, piece.update = None, draft
        piece.save(force_insert=True)
    return draft


@transaction.atomic
def start_wording(*, pledge: Pledge, by: User) -> Wording:
    """A draft of the pledge's next wording, filled in with the last one; an open draft is given again.

    Raises `Refused` for a pledge that was retracted.
    """
    Pledge.objects.select_for_update().get(pk=pledge.pk)
    refuse_retracted(pledge.pk)
    last = Wording.objects.filter(pledge=pledge).order_by("-number").first()  # whatever part the caller has prefetched
    if last is None:
        first = Wording.objects.create(pledge=pledge, author=by)
        sign_for_those_before(wordings=[first])
        return first
    if not last.is_published:
        return last
    last.pk, last.number, last.state, last.author = None, last.number + 1, State.DRAFT, by
    last.edition = last.published_by = last.edited_by = last.submitted_at = None
    last.publish_at = last.scheduled_by = None
    last.change_note_en = last.change_note_es = last.review_note = ""
    if last.deadline and last.deadline_end < pledge.made_on:  # published before the database refused it
        last.deadline, last.deadline_precision = None, ""
    last._state.adding = True
    last.save(force_insert=True)
    return last


@transaction.atomic
def discard_draft(*, item: Wording | Update | Retraction, by: User) -> None:
    """Delete a draft; the leads that an update was made from are open again, so that nothing is lost.

    Raises `Refused` for what is published.
    """
    item = hold(type(item), item.pk)
    if item is None:  # somebody else has just discarded it
        return
    if item.is_published:
        raise Refused(_("What is published is never deleted. To change it, publish a correction."))
    if isinstance(item, Update):
        item.leads.update(state="open", decided_by=None, decided_at=None, update=None)
        if visibility.is_retracted(item.pledge_id):
            close_leads(pledges={item.pledge_id}, by=by)
    item.delete()


@transaction.atomic
def mark_reviewed(*, pledge: Pledge, by: User) -> None:
    """Note that a person looked at the pledge today and found nothing to change. Not a change of public content."""
    Pledge.objects.filter(pk=pledge.pk).update(reviewed_on=timezone.localdate())
    transaction.on_commit(pulse.refresh)


def verify() -> list[str]:
    """Recompute the whole chain of editions; each problem found is a sentence that names what was tampered with."""
    problems: list[str] = []
    previous = ""
    latest: dict[tuple[str, str], EditionItem] = {}
    expected = 1
    for edition in Edition.objects.order_by("number").prefetch_related("items"):
        if edition.number != expected:
            problems.append(f"Edition {expected} is missing: the next one found is {edition.number}.")
        if edition.previous_hash != previous:
            problems.append(f"Edition {edition.number} does not carry the hash of the edition before it.")
        items = list(edition.items.all())
        if edition.hash != edition_hash(
            edition.number, edition.published_at, edition.publisher, map(sealed, items), edition.previous_hash
        ):
            problems.append(f"Edition {edition.number} does not match its hash: its row or its items were changed.")
        previous, expected = edition.hash, edition.number + 1
        latest |= {(item.kind, item.key): item for item in items}
    return problems + _changed_rows(latest) + _changed_captures()


def _changed_captures() -> list[str]:
    """The captures behind published evidence whose bytes are not what their hash says."""
    captures = Capture.objects.filter(evidence__update__state=State.PUBLISHED).distinct().order_by("pk")
    return [
        f"capture {capture.pk} of {capture.url} is not the page whose SHA-256 was published."
        for capture in captures.iterator(chunk_size=20)
        if not _intact(capture)
    ]


def _intact(capture: Capture) -> bool:
    try:
        return hashlib.sha256(gzip.decompress(capture.body)).hexdigest() == capture.sha256
    except (OSError, EOFError, zlib.error):  # not what gzip writes
        return False


def _changed_rows(latest: dict[tuple[str, str], EditionItem]) -> list[str]:
    """The rows that are not what the newest edition that published them says, and published rows that none names."""
    problems = []
    for kind, model in KINDS.items():
        items = {key: item for (found, key), item in latest.items() if found == kind}
        for row in with_content(model).iterator(chunk_size=500):
            item = items.pop(str(row.pk), None)
            where = f"{model._meta.verbose_name} {row.pk} ({row})"
            if item is None:
                if getattr(row, "edition_id", None):
                    problems.append(f"{where} says it is published, but no edition names it.")
            elif content_digest(row) != item.sha256:
                problems.append(f"{where} is not what edition {item.edition_id} published.")
            elif hasattr(row, "edition_id") and row.edition_id != item.edition_id:
                problems.append(f"{where} names edition {row.edition_id}, but edition {item.edition_id} published it.")
        problems += [
            f"{model._meta.verbose_name} {key} ({item.title}), published by edition {item.edition_id}, is gone."
            for key, item in items.items()
        ]
    return problems
