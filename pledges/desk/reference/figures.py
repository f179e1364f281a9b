"""An indicator's unpublished figures: uploaded in a file or read from a source, checked, published with the page."""

import hashlib
import logging
import zlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pledges.accounts.requests import user_of
from pledges.actions import figures as figure_actions
from pledges.actions.figures import PeriodValue
from pledges.desk.reference.forms import FiguresForm
from pledges.desk.shared.base import DeskAdmin
from pledges.domain.lazy import lazy
from pledges.domain.text import visible
from pledges.models import Indicator
from pledges.queries.pulse import UNREACHABLE

if TYPE_CHECKING:
    from pledges.jobs import desk_requests
else:
    desk_requests = lazy("pledges.jobs.desk_requests")

MOST_UPLOADED = 5000
SALT = "pledges.figures"
log = logging.getLogger(__name__)
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
        body = self._body(request, indicator, form)
        if body is None:
            form.add_error("file", _("This was shown too long ago: upload the file again."))
            return self._figures_page(request, indicator, form, status=422)
        try:
            columns = desk_requests.columns_in(body, path=form.cleaned_data["data_path"])
        except desk_requests.Problem as error:
            form.add_error("file", str(error.sentence))
            return self._figures_page(request, indicator, form, status=422)
        form = self._with_columns(request, form, columns)
        data = form.cleaned_data
        if not data["period_column"] or not data["value_column"]:
            return self._figures_page(request, indicator, form, choosing=True)
        return self._shown(request, indicator, form, body)

    def _body(self, request: HttpRequest, indicator: Indicator, form: FiguresForm) -> bytes | None:
        """The file that was uploaded, or was a moment ago; None if that is too long ago. It is kept for an hour."""
        file = form.cleaned_data["file"]
        if file is None:
            try:
                kept, packed = cache.get(_cache_key(request)) or ("", b"")
            except UNREACHABLE as error:
                log.warning("A file that is kept cannot be read: %s", error)
                return None
            return zlib.decompress(packed) if kept and kept == form.cleaned_data["kept_file"] else None
        body: bytes = file.read()
        form.cleaned_data["kept_file"] = hashlib.sha256(body).hexdigest()
        try:
            cache.set(_cache_key(request), (form.cleaned_data["kept_file"], zlib.compress(body)), HOUR)
        except UNREACHABLE as error:  # it is asked for again where it is needed again
            log.warning("A file cannot be kept: %s", error)
        return body

    def _with_columns(self, request: HttpRequest, form: FiguresForm, columns: list[Any]) -> FiguresForm:
        """The form with the file's columns to choose from, the likely ones chosen where none was named."""
        data = request.POST.copy()
        data["kept_file"] = form.cleaned_data["kept_file"]
        if not data.get("period_column"):
            data["period_column"] = next((column.name for column in columns if column.is_period), "")
        if not data.get("value_column"):
            likely = (column.name for column in columns if column.is_value and not column.is_period)
            data["value_column"] = next(likely, "")
        offering = FiguresForm(data)
        offering.is_valid()
        offering.offer([(column.name, _described(column)) for column in columns])
        for name in ("period_column", "value_column"):
            offering.cleaned_data[name] = form.cleaned_data[name]
        return offering

    def _shown(self, request: HttpRequest, indicator: Indicator, form: FiguresForm, body: bytes) -> HttpResponse:
        """The page with the figures that the file would add."""
        data = form.cleaned_data
        columns = {name: data[name] for name in ("period_column", "value_column")}
        texts = {name.removesuffix("_column"): data[name] for name in form.texts if data[name]}
        try:
            units = (indicator.unit_en, indicator.unit_es)
            series = desk_requests.figures_in(
                body, path=data["data_path"], units=units, text_columns=tuple(texts.values()), **columns
            )
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
        rows = {figure.period: figure.row for figure in figures}
        details = [_details(tuple(texts), series.texts.get(rows[new.figure.period], ())) for new in news]
        signed = {
            "indicator": indicator.pk,
            **{name: data[name] for name in ("series", "source", "url")},
            "figures": [[*_plain(new.figure), words] for new, words in zip(news, details, strict=True)],
        }
        return self._figures_page(
            request,
            indicator,
            form,
            news=list(zip(news, details, strict=True)),
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
        figures = [(_figure(*row[:4]), row[4]) for row in signed["figures"]]
        count = figure_actions.record_figures(
            indicator=indicator,
            series=signed["series"],
            figures=[figure for figure, _words in figures],
            source=signed["source"],
            url=signed["url"],
            details={(figure.starts_on, figure.ends_on): words for figure, words in figures},
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


def _cache_key(request: HttpRequest) -> str:
    """Under which a person's last file is kept in the cache: one, since the server evicts nothing."""
    return f"pledges-figures-{user_of(request).pk}"


def _described(column: Any) -> str:
    """A column to choose: its heading or letters, with its first cells."""
    return f"{column.name} ({', '.join(column.samples)}…)" if column.samples else column.name


def _details(names: tuple[str, ...], texts: tuple[str, ...]) -> dict[str, str]:
    """The words of a figure's row, by the field that they go into; a source has up to 200 characters."""
    words = {name: visible(text) for name, text in zip(names, texts, strict=False) if text}
    return words | ({"source": words["source"][:200]} if "source" in words else {})


def _plain(figure: PeriodValue) -> list[str]:
    return [figure.period, figure.starts_on.isoformat(), figure.ends_on.isoformat(), str(figure.value)]
