"""What people of the newsroom asked to be told by e-mail, and how it is worded. Reads only; times are UTC."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.domain import rules
from pledges.domain.rules import Timeliness
from pledges.models import Lead, Notice, Pledge, State, Update, User, Wording
from pledges.queries import visibility

Kind, Choice = Notice.Kind, User.Notices
SETTINGS = {Kind.LEAD: "lead_notices", Kind.REVIEW: "review_notices", Kind.DUE: "due_notices"}
FIRST_HOUR = 7  # of the newsroom's day: then what is told once a day goes out
LOOKED_BACK = timedelta(days=7)  # who begins to follow a pledge is not told of its whole past
MOST_LINES = 50
REVIEWED = {"update": Update, "wording": Wording}
DEADLINES = {Timeliness.DUE_SOON, Timeliness.OVERDUE}


@dataclass(frozen=True)
class Line:
    """One thing to tell: its words, and the address of its page at the desk, without the site."""

    words: str
    path: str


@dataclass
class Section:
    """The lines of a kind, under a heading; `more` were left out."""

    heading: str
    lines: list[Line] = field(default_factory=list)
    more: int = 0


def people() -> QuerySet[User]:
    """Who can be told anything: at work here, with an address, and asking for it."""
    asking = Q()
    for name in SETTINGS.values():
        asking |= ~Q(**{name: Choice.NEVER})
    return User.objects.filter(asking, is_active=True, is_staff=True).exclude(email="").order_by("pk")


def wanted(user: User, kind: str) -> bool:
    """Whether a person asks for this kind of notice, and still has the right to see what it is about."""
    if getattr(user, SETTINGS[kind]) == Choice.NEVER:
        return False
    if kind == Kind.REVIEW:
        return any(user.has_perm(f"pledges.publish_{name}") for name in REVIEWED)
    return user.has_perm("pledges.view_lead" if kind == Kind.LEAD else "pledges.view_pledge")


def leads_for(user: User, *, now: datetime) -> QuerySet[Lead]:
    """The open leads, not older than a week, over the person's score, on pledges that the person follows."""
    return Lead.objects.filter(
        state=Lead.State.OPEN,
        raised_at__gte=now - LOOKED_BACK,
        score__gte=user.lead_notice_percent / 100 - 1e-9,
        pledge__followers=user,
    )


def reviews_for(user: User) -> Iterator[Update | Wording]:
    """What waits for review and this person may publish: never what the person wrote in."""
    for name, model in REVIEWED.items():
        if user.has_perm(f"pledges.publish_{name}"):
            rows = model.objects.filter(state=State.REVIEW, publish_at=None).exclude(contributors__person=user)
            yield from rows.select_related("pledge", "author").prefetch_related("pledge__wordings")


def due_now(*, today: date) -> dict[str, tuple[int, str]]:
    """What is due, as {key: (the pledge's id, why)}: a person's look, or a deadline that is near or has passed.

    The key says since when, so that the next round is another notice. Only pledges with such a deadline are rated.
    """
    found = {}
    for pledge in visibility.public_pledges().only("reviewed_on", "created_at", "review_interval_days").order_by():
        day = pledge.review_due_on
        if day <= today:
            found[f"review {pledge.pk} {day}"] = pledge.pk, "review"
    later = visibility.public_wordings().filter(pledge=OuterRef("pledge"), number__gt=OuterRef("number"))
    near = visibility.public_wordings().filter(
        ~Exists(later), deadline__lte=today + timedelta(days=rules.DUE_SOON_DAYS)
    )
    deadlines = {wording.pledge_id: wording.deadline_end for wording in near}
    told: dict[int, list[Update]] = defaultdict(list)
    rows = visibility.public_updates().filter(pledge__in=deadlines)
    for update in rows.only("pledge_id", "happened_on", "status", "corrects_id", "edition_id"):
        told[update.pledge_id].append(update)
    for pk, deadline in deadlines.items():
        changes = [(update.happened_on, update.status) for update in visibility.in_order(told[pk])]
        why = rules.timeliness(*rules.standing(changes, today), deadline, today)
        if why in DEADLINES:
            found[f"{why} {pk} {deadline}"] = pk, str(why)
    return found


def keys_for(user: User, *, now: datetime, due: Iterable[str]) -> Iterator[tuple[str, str]]:
    """All that a person is to be told by now, as (kind, key), told before or not; `due` are the keys of `due_now`."""
    if wanted(user, Kind.LEAD):
        yield from ((Kind.LEAD, str(pk)) for pk in leads_for(user, now=now).values_list("pk", flat=True))
    if wanted(user, Kind.REVIEW):
        for item in reviews_for(user):
            since = item.submitted_at.isoformat(timespec="seconds") if item.submitted_at else ""
            yield Kind.REVIEW, f"{item._meta.model_name} {item.pk} {since}"
    if wanted(user, Kind.DUE):
        yield from ((Kind.DUE, key) for key in due)


def ripe(notice: Notice, user: User, *, now: datetime) -> bool:
    """Whether a notice goes out now: at once, or with those noted before seven in the morning of the newsroom."""
    if getattr(user, SETTINGS[notice.kind]) == Choice.AT_ONCE:
        return True
    today = timezone.make_aware(datetime.combine(timezone.localdate(now), time(FIRST_HOUR)))
    return now >= today and notice.noted_at < today


def sections(user: User, notices: Iterable[Notice], *, now: datetime) -> list[Section]:
    """What is still true of the notices, worded in the active language: what was decided meanwhile is left out."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for notice in notices:
        if wanted(user, notice.kind):
            by_kind[notice.kind].add(notice.key)
    found = [
        Section(_("Leads on pledges that you follow"), list(_lead_lines(user, by_kind[Kind.LEAD]))),
        Section(_("Waiting for your review"), list(_review_lines(user, by_kind[Kind.REVIEW]))),
        Section(_("Due for another look"), list(_due_lines(by_kind[Kind.DUE], now))),
    ]
    for section in found:
        section.more = max(0, len(section.lines) - MOST_LINES)
        del section.lines[MOST_LINES:]
    return [section for section in found if section.lines]


def _lead_lines(user: User, keys: set[str]) -> Iterator[Line]:
    rows = Lead.objects.filter(pk__in=[int(key) for key in keys], state=Lead.State.OPEN, pledge__followers=user)
    rows = rows.select_related("article", "pledge").defer("article__text").prefetch_related("pledge__wordings")
    for lead in rows.order_by("-score"):
        words = _("%(title)s (%(publisher)s): %(percent)s for “%(pledge)s”")
        values = {"title": lead.article.title, "publisher": lead.article.publisher, "percent": round(lead.score * 100)}
        yield Line(words % {**values, "pledge": lead.pledge}, _page(lead))


def _review_lines(user: User, keys: set[str]) -> Iterator[Line]:
    asked = {tuple(key.split()[:2]) for key in keys}
    for item in reviews_for(user):
        if (item._meta.model_name, str(item.pk)) in asked:
            words = _("%(kind)s by %(author)s: %(pledge)s")
            kind = str(item._meta.verbose_name).capitalize()
            yield Line(words % {"kind": kind, "author": item.author.public_name, "pledge": item.pledge}, _page(item))


def _due_lines(keys: set[str], now: datetime) -> Iterator[Line]:
    still = {key: what for key, what in due_now(today=timezone.localdate(now)).items() if key in keys} if keys else {}
    pledges = Pledge.objects.prefetch_related("wordings").in_bulk({pk for pk, _why in still.values()})
    why = {
        "review": _("nobody has looked at it for longer than its interval"),
        str(Timeliness.DUE_SOON): _("its deadline is near"),
        str(Timeliness.OVERDUE): _("its deadline has passed"),
    }
    for pk, reason in still.values():
        yield Line(f"{pledges[pk]}: {why[reason]}", _page(pledges[pk]))


def _page(row: Lead | Update | Wording | Pledge) -> str:
    return reverse(f"admin:pledges_{row._meta.model_name}_change", args=[row.pk])


def address(path: str) -> str:
    """The whole address of a page; "" for no path, or where this installation does not know its own address."""
    return f"{settings.SITE_URL}{path}" if path and settings.SITE_URL else ""
