"""An indicator's unpublished figures: uploaded in a file or read from a source, checked, published with the page."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pledges.actions import figures as figure_actions
from pledges.actions.figures import PeriodValue
from pledges.desk.reference.forms import FiguresForm
from pledges.desk.shared.base import DeskAdmin
from pledges.jobs import desk_requests
from pledges.models import Indicator

MOST_UPLOADED = 5000
SALT = "pledges.figures"
HOUR = 3600


class WaitingFigures(DeskAdmin):
    """Mixin for the admin of indicators: views and panel for figures that no edition has published."""

    change_form_template = "admin/pledges/indicator/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/figures/", wrap(self.figures_view), name="pledges_indicator_figures"),
            path("<int:pk>/discard/", wrap(self.discard_view), name="pledges_indicator_discard"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs) -> HttpResponse:
        """With the waiting figures, each beside the value that is published now."""
        indicator: Indicator | None = context.get("original")
        if indicator:
            context["waiting"] = figure_actions.waiting_figures(indicator=indicator)
            context["may_upload"] = request.user.has_perm("pledges.add_observation")
        return super().render_change_form(request, context, *args, **kwargs)

    def figures_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the figures of an uploaded file; a second POST, with `figures`, stores them until publication."""
        indicator = self._editable(request, pk)
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
            series = desk_requests.figures_in(data["file"].read(), path=data["data_path"], units=units, **columns)
        except desk_requests.Problem as error:
            form.add_error("file", str(error.sentence))
            return self._figures_page(request, indicator, form, status=422)
        figures = series.figures
        if len(figures) > MOST_UPLOADED:
            form.add_error(
                "file", _("These are more than %(most)s figures: upload them in parts.") % {"most": MOST_UPLOADED}
            )
            return self._figures_page(request, indicator, form, status=422)
        news = figure_actions.news_in(indicator=indicator, series=data["series"], figures=figures)
        signed = {
            "indicator": indicator.pk,
            **{name: data[name] for name in ("series", "source", "url")},
            "figures": [_plain(new.figure) for new in news],
        }
        return self._figures_page(
            request,
            indicator,
            form,
            news=news,
            known=len(figures) - len(news),
            notes=series.notes,
            kept=signing.dumps(signed, salt=SALT, compress=True),
        )

    @method_decorator(require_POST)
    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete all waiting figures: none of them was ever public."""
        indicator = self._editable(request, pk)
        if not isinstance(indicator, Indicator):
            return indicator
        count = figure_actions.discard_figures(indicator=indicator)
        words = ngettext("%(count)s figure is discarded.", "%(count)s figures are discarded.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(indicator))

    def _editable(self, request: HttpRequest, pk: int) -> Indicator | HttpResponse:
        """The indicator, or a response if there is none. Raises PermissionDenied unless the person may add figures."""
        if not request.user.has_perm("pledges.add_observation"):
            raise PermissionDenied
        return self.get_object(request, str(pk)) or self.not_found(request, pk)

    def _keep(self, request: HttpRequest, indicator: Indicator) -> HttpResponse:
        """Store the figures that were shown, until publication."""
        try:
            signed = signing.loads(request.POST["figures"], salt=SALT, max_age=HOUR)
        except signing.BadSignature:
            signed = {}
        if signed.get("indicator") != indicator.pk:
            self.message_user(request, _("This was shown too long ago: upload the file again."), messages.ERROR)
            return self._figures_page(request, indicator, FiguresForm(), status=422)
        count = figure_actions.record_figures(
            indicator=indicator,
            series=signed["series"],
            figures=[_figure(*row) for row in signed["figures"]],
            source=signed["source"],
            url=signed["url"],
        )
        words = ngettext(
            "%(count)s figure waits. Look at it below; saving this page publishes it.",
            "%(count)s figures wait. Look at them below; saving this page publishes them.",
            count,
        )
        self.message_user(request, words % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(indicator))

    def _figures_page(
        self, request: HttpRequest, indicator: Indicator, form: FiguresForm, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        context |= {"original": indicator, "opts": self.opts, "form": form, "title": _("Figures from a file")}
        shared = self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/pledges/indicator/figures.html", {**shared, **context}, status=status)


@dataclass(frozen=True)
class ShownFigure:
    """A figure as it was shown and signed."""

    period: str
    starts_on: date
    ends_on: date
    value: Decimal


def _figure(period: str, starts_on: str, ends_on: str, value: str) -> ShownFigure:
    return ShownFigure(period, date.fromisoformat(starts_on), date.fromisoformat(ends_on), Decimal(value))


def _plain(figure: PeriodValue) -> list[str]:
    return [figure.period, figure.starts_on.isoformat(), figure.ends_on.isoformat(), str(figure.value)]
