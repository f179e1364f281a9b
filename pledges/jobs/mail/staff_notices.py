"""Notices: what people at the desk asked to be told by e-mail, and its wording. Read-only; times are UTC."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.models import Draftable, Lead, Notice, Pledge, User
from pledges.queries.desk_events import DUE_REASONS, REVIEWED, due_now, recent_leads, review_key, reviews_for

Kind, Choice = Notice.Kind, User.Notices
SETTINGS: dict[str, str] = {Kind.LEAD: "lead_notices", Kind.REVIEW: "review_notices", Kind.DUE: "due_notices"}
FIRST_HOUR = 7  # in the newsroom's time zone, when daily notices are sent
MOST_LINES = 50


@dataclass(frozen=True)
class Line:
    """One line of a message, and the path of the page it is about; "" for none."""

    words: str
    path: str


@dataclass
class Section:
    """Lines under a heading; `more` is how many were left out."""

    heading: str
    lines: list[Line] = field(default_factory=list)
    more: int = 0


def people() -> QuerySet[User]:
    """The active staff who have an address and ask for any notices."""
    asking = Q()
    for name in SETTINGS.values():
        asking |= ~Q(**{name: Choice.NEVER})
    return User.objects.filter(asking, is_active=True, is_staff=True).exclude(email="").order_by("pk")


def wanted(user: User, kind: str) -> bool:
    """Whether a person asks for this kind of notice, and still has the permission to see what it is about."""
    if getattr(user, SETTINGS[kind]) == Choice.NEVER:
        return False
    if kind == Kind.REVIEW:
        return any(user.has_perm(f"pledges.publish_{name}") for name in REVIEWED)
    return user.has_perm("pledges.view_lead" if kind == Kind.LEAD else "pledges.view_pledge")


def leads_for(user: User, *, now: datetime) -> QuerySet[Lead]:
    """The recent leads, at least at the person's score, on pledges that the person follows."""
    return recent_leads(least_percent=user.lead_notice_percent, now=now).filter(pledge__followers=user)


def keys_for(user: User, *, now: datetime, due: Iterable[str]) -> Iterator[tuple[str, str]]:
    """All notices for a person at `now`, as (kind, key), sent already or not; `due` are the keys of `due_now`."""
    if wanted(user, Kind.LEAD):
        yield from ((Kind.LEAD, str(pk)) for pk in leads_for(user, now=now).values_list("pk", flat=True))
    if wanted(user, Kind.REVIEW):
        for item in reviews_for(user):
            yield Kind.REVIEW, review_key(item)
    if wanted(user, Kind.DUE):
        yield from ((Kind.DUE, key) for key in due)


def ripe(notice: Notice, user: User, *, now: datetime) -> bool:
    """Whether a notice is to be sent now: at once, or daily with those stored before `FIRST_HOUR`."""
    if getattr(user, SETTINGS[notice.kind]) == Choice.AT_ONCE:
        return True
    today = timezone.make_aware(datetime.combine(timezone.localdate(now), time(FIRST_HOUR)))
    return now >= today and notice.noted_at < today


def sections(user: User, notices: Iterable[Notice], *, now: datetime) -> list[Section]:
    """The notices as sections of a message in the active language, without those that are out of date by now."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for notice in notices:
        if wanted(user, notice.kind):
            by_kind[notice.kind].add(notice.key)
    all_sections = [
        Section(_("Leads on pledges that you follow"), list(_lead_lines(user, by_kind[Kind.LEAD]))),
        Section(_("Waiting for your review"), list(_review_lines(user, by_kind[Kind.REVIEW]))),
        Section(_("Due for another look"), list(_due_lines(by_kind[Kind.DUE], now))),
    ]
    for section in all_sections:
        section.more = max(0, len(section.lines) - MOST_LINES)
        del section.lines[MOST_LINES:]
    return [section for section in all_sections if section.lines]


def _lead_lines(user: User, keys: set[str]) -> Iterator[Line]:
    rows = Lead.objects.filter(pk__in=[int(key) for key in keys], state=Lead.State.OPEN, pledge__followers=user)
    rows = rows.select_related("article", "pledge").defer("article__text").prefetch_related("pledge__wordings")
    for lead in rows.order_by("-suggestion", "-score"):
        words = _("%(title)s (%(publisher)s): %(percent)s for “%(pledge)s”. %(suggestion)s.")
        values = {"title": lead.article.title, "publisher": lead.article.publisher, "percent": round(lead.score * 100)}
        values |= {"pledge": lead.pledge, "suggestion": lead.suggestion_in_words}
        yield Line(words % values, _page(lead))


def _review_lines(user: User, keys: set[str]) -> Iterator[Line]:
    wanted_items = {tuple(key.split()[:2]) for key in keys}
    for item in reviews_for(user):
        if (item._meta.model_name, str(item.pk)) in wanted_items:
            words = _("%(kind)s by %(author)s: %(pledge)s")
            kind = str(item._meta.verbose_name).capitalize()
            yield Line(words % {"kind": kind, "author": item.author.public_name, "pledge": item.pledge}, _page(item))


def _due_lines(keys: set[str], now: datetime) -> Iterator[Line]:
    due = due_now(today=timezone.localdate(now)) if keys else {}
    still_due = [entry for key, entry in due.items() if key in keys]
    pledges = Pledge.objects.prefetch_related("wordings").in_bulk({entry.pledge for entry in still_due})
    for entry in still_due:
        pledge = pledges[entry.pledge]
        yield Line(f"{pledge}: {DUE_REASONS[entry.reason]}", _page(pledge))


def _page(row: Lead | Pledge | Draftable) -> str:
    return reverse(f"admin:pledges_{row._meta.model_name}_change", args=[row.pk])


def address(path: str) -> str:
    """The absolute URL of a path; "" for no path, or if SITE_URL is not set."""
    return f"{settings.SITE_URL}{path}" if path and settings.SITE_URL else ""
