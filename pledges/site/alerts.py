"""E-mail alerts without an account: the page to ask for one, and the pages that the links in its mails lead to."""

from urllib.parse import urlencode

from allauth.core import ratelimit
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from pledges.actions import alerts
from pledges.jobs.mail import reader_alerts
from pledges.models import Alert, Newsroom
from pledges.queries import pulse
from pledges.queries.standings import Standing, standings
from pledges.site.alert_forms import AlertForm
from pledges.site.shared import limits
from pledges.site.shared.page_cache import PublicRequest, today

LINK = ["GET", "HEAD", "POST"]
ASKED_BY_ALL = 60  # in a minute: about as many as are mailed


def _public() -> tuple[Standing, ...]:
    return standings(pulse.current().edition, today())


@never_cache
@require_http_methods(LINK)
def alert(request: PublicRequest) -> HttpResponse:
    """The form, and what the alert would report; it has the query of the list of pledges. POST asks for the alert."""
    public = _public()
    try:
        wish = reader_alerts.read(request.GET, public)
    except reader_alerts.TooLong:
        return render(request, "pledges/alert.html", {"too_long": True}, status=422)
    except LookupError as error:
        raise Http404("no public pledge has this address") from error
    request.page_parameters = wish.pairs
    can = reader_alerts.mail_works() and not Newsroom.get().is_closed(today())
    form = AlertForm(request.POST if request.method == "POST" else None)
    status = 422 if wish.unknown else 200
    if request.method == "POST" and can and form.is_valid():
        if _is_too_often(request):
            status = 429
        else:
            _ask(request, form, wish)
            return HttpResponseRedirect(reverse("alert_asked"))
    elif request.method == "POST":
        status = 422
    context = {
        "wish": wish,
        "words": reader_alerts.words(wish, public),
        "form": form,
        "can": can,
        "too_often": status == 429,
        "wish_query": f"?{urlencode(wish.pairs)}" if wish.pairs else "",
        "page_query": f"?{wish.query}" if wish.kind == reader_alerts.Kind.SEARCH and wish.query else "",
    }
    return render(request, "pledges/alert.html", context, status=status)


def _ask(request: PublicRequest, form: AlertForm, wish: reader_alerts.AlertRequest) -> None:
    """Ask for the alert, unless a program sent the form or too many mails went to this address today.

    The answer is the same in each case, so that nobody can find out which addresses have alerts."""
    email = form.cleaned_data["email"]
    if form.is_trap or not ratelimit.consume(request, action="alert_address", key=email):
        return
    language = get_language()[:2]
    alerts.ask_for_alert(email=email, language=language, kind=wish.kind, query=wish.query, now=timezone.now())


def _is_too_often(request: PublicRequest) -> bool:
    """Whether this network, or all together, asked too often. The count that is kept for a day comes last: the broker
    evicts nothing, and a stranger may have networks without end."""
    return (
        not ratelimit.consume(request, action="alert")
        or limits.seconds_to_wait(request, "alert", for_one=0, for_all=ASKED_BY_ALL) > 0
        or not ratelimit.consume(request, action="alert_day")
    )


@never_cache
@require_safe
def asked(request: PublicRequest) -> HttpResponse:
    """The page after the form. It says that a mail is on its way, and is the same for every address."""
    return render(request, "pledges/alert_link.html", {"state": "asked"})


# The token is the permission. A mail program that ends an alert by itself (RFC 8058) has no cookie for CSRF checks.
@csrf_exempt
@never_cache
@require_http_methods(LINK)
def confirm(request: PublicRequest, token: str) -> HttpResponse:
    """A page with one button, since virus scanners open every link in a mail; POST confirms."""
    if request.method == "POST":
        row = alerts.confirm_alert(token=token, now=timezone.now(), today=today())
        state = "confirmed"
    else:
        row = Alert.objects.filter(token=token).first()
        state = "confirmed" if row and row.confirmed_at else "confirm"
    return _link(request, row, state)


@csrf_exempt
@never_cache
@require_http_methods(LINK)
def end(request: PublicRequest, token: str) -> HttpResponse:
    """A page with one button; POST ends the alert and deletes its row. Ending it twice is not an error."""
    if request.method == "POST":
        alerts.end_alert(token=token)
        return render(request, "pledges/alert_link.html", {"state": "ended"})
    return _link(request, Alert.objects.filter(token=token).first(), "end")


def _link(request: PublicRequest, row: Alert | None, state: str) -> HttpResponse:
    """The page that a link in a mail leads to; an explanation with status 404 if the alert no longer exists."""
    if row is None:
        return render(request, "pledges/alert_link.html", {"state": "gone"}, status=404)
    public = _public()
    words = reader_alerts.words(reader_alerts.stored(row, public), public)
    context = {"state": state, "alert": row, "words": words}
    return render(request, "pledges/alert_link.html", context)
