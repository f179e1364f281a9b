"""The health of the watched sources: which need an editor's attention, and a sentence for each. Times are UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledges.domain.dates import written
from pledges.models import Source

SILENT_GAPS = 6  # times the usual gap
SILENT_LEAST = timedelta(days=1)
FAILING_LONG = timedelta(hours=24)
WEEK = timedelta(days=7)


def _silent(now: datetime) -> Q:
    gap = ExpressionWrapper(F("usual_gap_minutes") * Value(timedelta(minutes=SILENT_GAPS)), DurationField())
    # The sample newswire publishes everything at once, and nothing is expected of it later.
    return Q(active=True, sample=False, failing_since=None, usual_gap_minutes__isnull=False) & Q(
        last_item_at__lt=Value(now) - Greatest(gap, Value(SILENT_LEAST, DurationField()))
    )


def silent(sources: QuerySet[Source], *, now: datetime) -> QuerySet[Source]:
    """Active sources that are read without failures, but have brought nothing for much longer than is usual for them.

    That is six times the usual time between two items, and at least a day.
    """
    return sources.filter(_silent(now))


def gone(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Sources that answered that they are gone for good (HTTP 410); the watch has switched them off."""
    return sources.filter(gone_at__isnull=False)


def needing_a_hand(sources: QuerySet[Source], *, now: datetime) -> QuerySet[Source]:
    """The sources that an editor should look at: failing for a day, silent, or gone within the last week.

    A failure that ends by itself ends within a day.
    """
    return sources.filter(
        Q(active=True, failing_since__lt=now - FAILING_LONG) | _silent(now) | Q(gone_at__gte=now - WEEK)
    )


def with_items(sources: QuerySet[Source], *, now: datetime) -> QuerySet[Source]:
    """The sources with `recent`: how many articles each has brought in the last seven days."""
    recent = Count("articles", filter=Q(articles__found_at__gte=now - WEEK), distinct=True)
    return sources.annotate(recent=recent)  # type: ignore[no-redef]  # the model names what the desk puts on rows


@dataclass(frozen=True)
class Health:
    """The health of one source: a code, a sentence for editors, and whether it needs their attention."""

    state: str  # good, never, failing, silent, gone, off
    sentence: str
    urgent: bool


def is_silent(source: Source, *, now: datetime) -> bool:
    """Whether a source that is already loaded is one of `silent`."""
    if not source.active or source.sample or source.failing_since:
        return False
    if source.usual_gap_minutes is None or source.last_item_at is None:
        return False
    return now - source.last_item_at > max(SILENT_GAPS * timedelta(minutes=source.usual_gap_minutes), SILENT_LEAST)


def of(source: Source, *, now: datetime | None = None) -> Health:
    """The health of a source at `now`, in the active language; for a week it also says where the source moved from."""
    now = now or timezone.now()
    state, sentence, urgent = _state(source, now)
    if source.moved_at and now - source.moved_at < WEEK:
        moved = _("Moved on %(day)s from %(address)s.") % {"day": _day(source.moved_at), "address": source.moved_from}
        sentence = f"{sentence} {moved}"
    if source.left_out and state in ("good", "silent"):
        sentence = f"{sentence} {source.left_out}"
    return Health(state, sentence, urgent)


def _state(source: Source, now: datetime) -> tuple[str, str, bool]:
    if source.gone_at:
        words = _("Gone for good since %(day)s: it said so itself (410). Give it another address, or leave it off.")
        return "gone", words % {"day": _day(source.gone_at)}, now - source.gone_at < WEEK
    if not source.active:
        return "off", _("Not watched."), False
    if source.failing_since:
        words = _("Failing since %(day)s: %(reason)s") % {"day": _day(source.failing_since), "reason": source.failure}
        return "failing", words, True
    if not source.last_success_at:
        return "never", _("Not read yet."), False
    if source.last_item_at and source.usual_gap_minutes is not None and is_silent(source, now=now):
        words = _("Unusually silent: nothing new since %(day)s, where it usually brings something every %(gap)s.")
        return "silent", words % {"day": _day(source.last_item_at), "gap": gap_in_words(source.usual_gap_minutes)}, True
    return "good", _("Good."), False


def gap_in_words(minutes: float) -> str:
    """A length of time in the largest unit that fits: "40 minutes", "3 hours", "2 days"."""
    if minutes < 90:
        count = max(1, round(minutes))
        return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}
    if minutes < 36 * 60:
        count = round(minutes / 60)
        return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}
    count = round(minutes / 1440)
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def digest(*, now: datetime) -> str:
    """The sources that need attention, one line for each, for the message to editors; "" if there are none."""
    sources = needing_a_hand(Source.objects.all(), now=now).order_by("name")
    return "\n".join(f"- {source.name}: {of(source, now=now).sentence}" for source in sources)


def _day(when: datetime) -> str:
    return written(timezone.localdate(when))
