"""The days on which pledges are due for another look, as a calendar that a person at the desk subscribes to."""

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from pledges.accounts import calendar_address
from pledges.models import Newsroom, Pledge
from pledges.queries import visibility
from pledges.site.shared import ical

if TYPE_CHECKING:
    from icalendar import Calendar
from pledges.site.shared.page_cache import origin_of


@require_safe
@cache_control(private=True, no_cache=True)
@conditional_page
def review_days(request: HttpRequest, token: str) -> HttpResponse:
    """The days on which the review intervals of public pledges end, in the person's language; 404 for a token that is
    not or no longer anybody's."""
    person = calendar_address.person_of(token)
    if person is None:
        raise Http404("nobody has this token")
    with translation.override(person.language):
        response = ical.answer(_calendar(request))
    response["X-Robots-Tag"] = "noindex"
    return response


def _calendar(request: HttpRequest) -> "Calendar":
    origin = origin_of(request)
    host = urlsplit(origin).hostname or ""
    name = _("%(tracker)s: due for another look") % {"tracker": Newsroom.get().name}
    calendar = ical.calendar(name=name, host=host, address=origin + request.path)
    pledges = visibility.public_pledges().prefetch_related("wordings")
    for pledge in pledges.order_by("pk"):
        times = _times_of_changes(pledge)
        calendar.add_component(
            ical.event(
                uid=f"review-{pledge.pk}@{host}",
                day=pledge.review_due_on,
                summary=_("Look again: %(title)s") % {"title": pledge},
                lines=[_("Every %(days)s days.") % {"days": pledge.review_interval_days}],
                url=origin + reverse("admin:pledges_pledge_change", args=[pledge.pk]),
                at=max(times),
                # Each of these times only ever grows, so their sum grows with each change of any.
                sequence=sum(int(time.timestamp()) // 60 for time in times),
            )
        )
    return calendar


def _times_of_changes(pledge: Pledge) -> list[datetime]:
    """When what an event shows was changed last (UTC): the day on which the interval began, which is no change of the
    pledge's frame, its length, and the title."""
    began = datetime.combine(pledge.last_interval_start, time(), UTC)
    return [began, pledge.updated_at, *(wording.updated_at for wording in [pledge.public_wording] if wording)]
