"""The small addresses that browsers and crawlers ask for without being told."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

# The second group is the watch itself (`monitor.robots.AGENT`), which reads the sample newswire like any other source.
ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /newswire/

User-agent: PledgeTracker
Disallow: /admin/
"""


@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """The icon, for pages that name none (the desk's)."""
    return HttpResponseRedirect(static("icon.svg"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be indexed; the desk and, but for the watch, the sample newswire may not."""
    return HttpResponse(ROBOTS, content_type="text/plain")
