"""Submission, review, publication and corrections. Each publication is an edition."""

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
from pledges.actions.edition_snapshots import changed_snapshots
from pledges.actions.errors import Changed, Refused, RefusedItems
from pledges.actions.figures import name_series, renamed_series, seal_observations
from pledges.actions.locks import lock_draft, lock_evidence, lock_pledges
from pledges.actions.pledge_corrections import corrected_pledge, move_alerts
from pledges.actions.preservation import keep_evidence_of
from pledges.actions.retraction import close_leads, refuse_retracted
from pledges.actions.verification import changed_captures, changed_rows
from pledges.actions.withdrawal import (
    moved_problem,
    refuse_moved,
    refuse_withdrawn,
    update_problems,
    with_moved,
    withdrawal_problems,
)
from pledges.domain.rules import edition_hash
from pledges.models import (
    EDITION_LOCK,
    Draftable,
    Edition,
    EditionItem,
    Indicator,
    Observation,
    Pledge,
    PledgeCorrection,
    Retraction,
    State,
    Update,
    User,
    Withdrawal,
    Wording,
)
from pledges.queries import pulse, visibility
from pledges.queries.sealed_content import content_digest, with_content
from pledges.queries.search import fulltext

Act = tuple[str, models.Model]


@transaction.atomic
def make_edition(*, acts: Sequence[Act], by: User) -> Edition:
    """Write the next edition, of these (action, row) pairs, and refresh the pulse (the caches' key) on commit.

    The content sealed is that of the rows in this transaction. An advisory lock serialises publications, so that
    numbers have no gaps and each edition carries the hash of the one before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [EDITION_LOCK])
    last = Edition.objects.order_by("-number").first()
    number = last.number + 1 if last else 1
    with translation.override(settings.LANGUAGE_CODE):  # titles are sealed: not in the language of whoever publishes
        items = [
            EditionItem(
                edition_id=number,
                action=action,
                kind=str(row._meta.model_name),
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


def publication_problems(item: Draftable, *, by: User) -> list[str]:
    """The reasons why `by` cannot publish the item now, each a sentence that says what to do; empty if none."""
    if item.is_published:
        return [_("This is already published. To change it, publish a correction.")]
    if visibility.is_retracted(item.pledge_id):
        return [_("This pledge was retracted: nothing more is published of it.")]
    problems = two_person_rule(item, by=by)
    if isinstance(item, Update):
        if not item.evidence.exists():
            problems.append(_("Add at least one piece of evidence: an update without evidence cannot be published."))
        if not item.pledge.wordings.filter(state=State.PUBLISHED).exists():
            problems.append(_("Publish the pledge with its criteria first."))
        problems += update_problems(item)
    if isinstance(item, Withdrawal):
        problems += withdrawal_problems(item)
        others = publication_problems(item.moved_to, by=by) if item.moved_to else []
        at = _("At the other pledge: %(problem)s")
        problems += [at % {"problem": each} for each in others if each not in (*problems, moved_problem())]
    if isinstance(item, Retraction) and not item.pledge.wordings.filter(state=State.PUBLISHED).exists():
        problems.append(_("Only a published pledge can be retracted."))
    for row in [item, item.pledge] if isinstance(item, Wording) else [item]:
        try:
            row.clean()
        except ValidationError as error:
            problems += error.messages
    before = item.state, item.publish_at, item.scheduled_by_id
    item.state, item.publish_at, item.scheduled_by_id = State.PUBLISHED, None, None
    try:
        item.validate_constraints(exclude={"edition", "published_by"})
    except ValidationError as error:
        problems += error.messages
    finally:
        item.state, item.publish_at, item.scheduled_by_id = before
    return problems


def check_version(item: Draftable, seen: datetime | None) -> None:
    """Optimistic locking: raise `Changed` unless the item's `updated_at` is still `seen`; None is not checked."""
    if seen is not None and item.updated_at != seen:
        raise Changed(_("This was changed since you opened it. Look at what changed before you go on."))


TAKES_BACK: dict[type[models.Model], str] = {
    Retraction: EditionItem.Action.RETRACTED,
    Withdrawal: EditionItem.Action.WITHDRAWN,
}


@transaction.atomic
def publish(
    *items: Draftable,
    by: User,
    also: Sequence[models.Model] = (),
    seen: datetime | None = None,
) -> Edition:
    """Publish drafts in one edition, with the updates that withdrawals among them move.

    Raises `RefusedItems` with the problems of each.

    `seen` is the version of a single item that the publisher has read; `Changed` is raised if it was saved since.
    `also` are rows of other kinds that become public with them (topics, documents, indicators and their observations).
    Constraints and triggers enforce the same rules; they are checked here for readable messages.
    """
    acts: list[Act] = []
    ordered = with_moved(items)
    lock_pledges({item.pledge_id for item in ordered})
    locked = [
        type(item).objects.select_for_update(of=("self",)).select_related("pledge").get(pk=item.pk) for item in ordered
    ]
    updates = [item for item in locked if isinstance(item, Update)]
    lock_evidence(updates)
    wordings = {item.pledge_id for item in locked if isinstance(item, Wording)}
    moved = {item.moved_to_id for item in locked if isinstance(item, Withdrawal)}
    problems = {}
    for item in locked:
        if isinstance(item, Update) and item.pk in moved:  # its problems are among those of its withdrawal
            continue
        check_version(item, seen)
        item_problems = publication_problems(item, by=by)
        if isinstance(item, Update) and item.pledge_id in wordings:  # its pledge becomes public in this edition
            first = _("Publish the pledge with its criteria first.")
            item_problems = [problem for problem in item_problems if problem != first]
        if item_problems:
            problems[item] = item_problems
    if problems:
        raise RefusedItems(problems)
    for item in locked:
        of_pledge = isinstance(item, PledgeCorrection)
        corrected = of_pledge or bool(getattr(item, "corrects_id", None)) or getattr(item, "number", 1) > 1
        act = EditionItem.Action.CORRECTED if corrected else EditionItem.Action.PUBLISHED
        acts.append((TAKES_BACK.get(type(item), act), item))
        if isinstance(item, Wording) and item.number == 1:
            acts.append((EditionItem.Action.PUBLISHED, item.pledge))
        if isinstance(item, PledgeCorrection):
            acts.append(corrected_pledge(item))
    acts += [(EditionItem.Action.PUBLISHED, row) for row in also]
    edition = make_edition(acts=acts, by=by)
    for item in locked:
        item.state, item.published_by, item.edition = State.PUBLISHED, by, edition
        item.publish_at = item.scheduled_by = None
        item.save(update_fields=["state", "published_by", "edition", "publish_at", "scheduled_by", "updated_at"])
    seal_observations(edition, acts)
    close_leads(pledges={item.pledge_id for item in locked if isinstance(item, Retraction)}, by=by)
    keep_evidence_of(updates=updates, now=timezone.now())
    move_alerts(item for item in locked if isinstance(item, PledgeCorrection))
    fulltext.index({item.pledge_id for item in locked})
    return edition


@transaction.atomic
def record_change(*rows: models.Model, by: User) -> Edition | None:
    """Make an edition of a change to rows that readers see: mandates, topics, documents, indicators, the newsroom, …

    Call it after the rows are saved, in the same transaction. An indicator includes its unpublished observations and
    the changed names of its series. Returns None if nothing is public: a pledge without a published wording is left
    out.
    """
    lock_pledges(fulltext.affected(rows))
    sign_first_wordings(rows=rows, by=by)
    indicators = [row.pk for row in rows if isinstance(row, Indicator)]
    name_series(indicators=indicators)
    acts: list[Act] = []
    for row, known in _reread(rows):
        if isinstance(row, Pledge) and row.public_wording is None:
            continue
        acts.append((EditionItem.Action.CHANGED if known else EditionItem.Action.PUBLISHED, row))
        if isinstance(row, Indicator):
            acts += [(EditionItem.Action.PUBLISHED, observation) for observation in row.new_observations]
    acts += renamed_series(indicators=indicators)
    if not acts:
        return None
    edition = make_edition(acts=acts, by=by)
    seal_observations(edition, acts)
    fulltext.index(fulltext.affected(row for _action, row in acts))
    return edition


def _reread(rows: Sequence[models.Model]) -> Iterator[tuple[models.Model, bool]]:
    """The rows read again with all that an edition seals, and whether an earlier edition has an item of them.

    The number of queries does not depend on the number of rows.
    """
    keys: dict[type[models.Model], list[int]] = defaultdict(list)
    for row in rows:
        keys[type(row)].append(row.pk)
    fresh: dict[tuple[type[models.Model], int], models.Model] = {}
    known: set[tuple[str, str]] = set()
    unpublished = Prefetch(
        "observations", Observation.objects.filter(edition=None).select_related("indicator"), "new_observations"
    )
    for model, pks in keys.items():
        items = EditionItem.objects.filter(kind=model._meta.model_name, key__in=list(map(str, pks)))
        known |= set(items.values_list("kind", "key"))
        fields: list[str | Prefetch] = ["wordings"] if model is Pledge else [unpublished] if model is Indicator else []
        fresh |= {(model, row.pk): row for row in with_content(model).filter(pk__in=pks).prefetch_related(*fields)}
    for row in rows:
        yield fresh[type(row), row.pk], (str(row._meta.model_name), str(row.pk)) in known


def submission_problems(item: Draftable, *, by: User) -> list[str]:
    """The reasons why the item cannot be submitted for review now, as in `publication_problems`; empty if none."""
    if item.state != State.DRAFT:
        return [_("Only a draft can be submitted for review.")]
    allowed = two_person_rule(item, by=by)  # it hinders publishing, not submitting
    return [problem for problem in publication_problems(item, by=by) if problem not in allowed]


@transaction.atomic
def submit_for_review(*, item: Draftable, by: User, seen: datetime | None = None) -> None:
    """Submit a draft for review. Raises `Refused` if it is not a draft or could not be published as it is.

    `seen` is as in `publish`.
    """
    item = type(item).objects.select_for_update(of=("self",)).select_related("pledge").get(pk=item.pk)
    check_version(item, seen)
    if problems := submission_problems(item, by=by):
        raise Refused(problems)
    item.state, item.submitted_at, item.review_note = State.REVIEW, timezone.now(), ""
    item.save(update_fields=["state", "submitted_at", "review_note", "updated_at"])


@transaction.atomic
def send_back(*, item: Draftable, by: User, note: str) -> None:
    """Send a draft back from review with a note, which is stored as a comment too; this ends its schedule.

    Raises `Refused` if the note is empty, or the draft does not wait for review.
    """
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
    """A draft that corrects a published update, with a copy of its text and evidence; an existing draft is reused.

    Raises `Refused` if the update is not published, or was corrected already (then the correction is to be corrected).
    """
    update = Update.objects.select_for_update(of=("self",)).get(pk=update.pk)
    if not update.is_published:
        raise Refused(_("Only a published update can be corrected; a draft can simply be changed."))
    refuse_retracted(update.pledge_id)
    refuse_withdrawn(update)
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
    """A draft of the pledge's next wording, with a copy of the last one; an existing draft is reused.

    Raises `Refused` if the pledge was retracted.
    """
    Pledge.objects.select_for_update().get(pk=pledge.pk)
    refuse_retracted(pledge.pk)
    # Not `pledge.wordings`: the caller may have prefetched some of them only.
    last = Wording.objects.filter(pledge=pledge).order_by("-number").first()
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
    if last.deadline_end and last.deadline_end < pledge.made_on:  # published before a trigger refused it
        last.deadline, last.deadline_precision = None, ""
    last._state.adding = True
    last.save(force_insert=True)
    return last


@transaction.atomic
def discard_draft(*, item: Draftable, by: User) -> None:
    """Delete a draft; the leads that an update was made from are reopened, so that nothing is lost.

    Raises `Refused` if it is published.
    """
    draft = lock_draft(type(item), item.pk)
    if draft is None:  # somebody else has just discarded it
        return
    if draft.is_published:
        raise Refused(_("What is published is never deleted. To change it, publish a correction."))
    moved = draft.moved_to if isinstance(draft, Withdrawal) else None
    if isinstance(draft, Update):
        refuse_moved(draft)
        draft.leads.update(state="open", decided_by=None, decided_at=None, update=None)
        if visibility.is_retracted(draft.pledge_id):
            close_leads(pledges={draft.pledge_id}, by=by)
    draft.delete()
    if moved:
        discard_draft(item=moved, by=by)


@transaction.atomic
def mark_reviewed(*, pledge: Pledge, by: User) -> None:
    """Record that a person reviewed the pledge today and found nothing to change. Makes no edition."""
    Pledge.objects.filter(pk=pledge.pk).update(reviewed_on=timezone.localdate())
    transaction.on_commit(pulse.refresh)


def verify() -> list[str]:
    """Recompute the whole chain of editions, and compare rows, captures and snapshots with it.

    Each problem is a sentence that names what was tampered with.
    """
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
    return [*problems, *changed_rows(latest), *changed_captures(), *changed_snapshots()]
