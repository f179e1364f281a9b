"""Figures that wait beside an indicator: uploaded in a file or read from a source, seen, published with the page."""

from decimal import Decimal

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.dateparse import parse_date
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_protect

from pledges.actions import figures as figure_actions
from pledges.desk.shared.forms import FiguresForm
from pledges.jobs import desk_requests
from pledges.models import Indicator

MOST_UPLOADED = 5000
SALT = "pledges.figures"
HOUR = 3600


class WaitingFigures:
    """The views and the panel of an indicator's admin for figures that no edition has published."""

    change_form_template = "admin/pledges/indicator/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Uploading and discarding have their addresses."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/figures/", wrap(self.figures_view), name="pledges_indicator_figures"),
            path("<int:pk>/discard/", wrap(self.discard_view), name="pledges_indicator_discard"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs) -> HttpResponse:
        """With the figures that wait, each beside the value that holds now."""
        indicator: Indicator | None = context.get("original")
        if indicator:
            context["waiting"] = figure_actions.waiting_figures(indicator=indicator)
            context["may_upload"] = request.user.has_perm("pledges.add_observation")
        return super().render_change_form(request, context, *args, **kwargs)

    @method_decorator(csrf_protect)
    def figures_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A file's figures are shown first; the second press of a button has them wait for publication."""
        indicator = self._to_be_kept(request, pk)
        if not isinstance(indicator, Indicator):
            return indicator
        if request.method != "POST":
            return self._figures_page(request, indicator, FiguresForm())
        if "figures" in request.POST:
            return self._keep(request, indicator)
        form = FiguresForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._figures_page(request, indicator, form, status=422)
        data = form.cleaned_data
        columns = {name: data[name] for name in ("period_column", "value_column")}
        try:
            units = (indicator.unit_en, indicator.unit_es)
            found = desk_requests.figures_in(data["file"].read(), path=data["data_path"], units=units, **columns)
        except desk_requests.Problem as error:
            form.add_error("file", str(error.sentence))
            return self._figures_page(request, indicator, form, status=422)
        figures = found.figures
        if len(figures) > MOST_UPLOADED:
            form.add_error(
                "file", _("These are more than %(most)s figures: upload them in parts.") % {"most": MOST_UPLOADED}
            )
            return self._figures_page(request, indicator, form, status=422)
        news = figure_actions.news_in(indicator=indicator, series=data["series"], figures=figures)
        kept = {
            "indicator": indicator.pk,
            **{name: data[name] for name in ("series", "source", "url")},
            "figures": [_plain(one.figure) for one in news],
        }
        return self._figures_page(
            request,
            indicator,
            form,
            news=news,
            known=len(figures) - len(news),
            notes=found.notes,
            kept=signing.dumps(kept, salt=SALT, compress=True),
        )

    @method_decorator(csrf_protect)
    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take back all figures that wait: none of them was ever public."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        indicator = self._to_be_kept(request, pk)
        if not isinstance(indicator, Indicator):
            return indicator
        count = figure_actions.discard_figures(indicator=indicator)
        words = ngettext("%(count)s figure is discarded.", "%(count)s figures are discarded.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(indicator))

    def _to_be_kept(self, request: HttpRequest, pk: int) -> Indicator | HttpResponse:
        """The indicator, for who may add figures to it."""
        if not request.user.has_perm("pledges.add_observation"):
            raise PermissionDenied
        return self.get_object(request, str(pk)) or self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))

    def _keep(self, request: HttpRequest, indicator: Indicator) -> HttpResponse:
        """Have the figures that were shown wait for publication."""
        try:
            kept = signing.loads(request.POST["figures"], salt=SALT, max_age=HOUR)
        except signing.BadSignature:
            kept = {}
        if kept.get("indicator") != indicator.pk:
            self.message_user(request, _("This was shown too long ago: upload the file again."), messages.ERROR)
            return self._figures_page(request, indicator, FiguresForm(), status=422)
        count = figure_actions.record_figures(
            indicator=indicator,
            series=kept["series"],
            figures=[Kept(*row) for row in kept["figures"]],
            source=kept["source"],
            url=kept["url"],
        )
        words = ngettext(
            "%(count)s figure waits. Look at it below; saving this page publishes it.",
            "%(count)s figures wait. Look at them below; saving this page publishes them.",
            count,
        )
        self.message_user(request, words % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(indicator))

    def _figures_page(
        self, request: HttpRequest, indicator: Indicator, form: FiguresForm, *, status: int = 200, **context
    ) -> HttpResponse:
        context |= {"original": indicator, "opts": self.opts, "form": form, "title": _("Figures from a file")}
        shared = self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/pledges/indicator/figures.html", {**shared, **context}, status=status)


class Kept:
    """A figure as it was shown and signed."""

    def __init__(self, period: str, starts_on: str, ends_on: str, value: str):
        self.period, self.value = period, Decimal(value)
        self.starts_on, self.ends_on = parse_date(starts_on), parse_date(ends_on)


def _plain(figure) -> list[str]:
    return [figure.period, figure.starts_on.isoformat(), figure.ends_on.isoformat(), str(figure.value)]
