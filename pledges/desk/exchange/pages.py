"""Import and export at the desk: downloads, templates, and a dry run before anything is written."""

import contextlib
import hashlib
import io
import logging
import tempfile
import zlib
from typing import IO, Any

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from pledges.actions import errors
from pledges.desk import exchange
from pledges.desk.exchange.files import LARGEST, explained
from pledges.desk.shared.public_pages import in_edition
from pledges.models import User
from pledges.queries.pulse import UNREACHABLE

log = logging.getLogger(__name__)
SHOWN = 200  # rows of a kind on the page of a dry run
RETRY_AFTER = "30"  # seconds
KEPT_FOR = 3600  # seconds between a dry run and its confirmation
KINDS = (
    ("error", gettext_lazy("Rows with errors")),
    ("changed", gettext_lazy("Rows that change")),
    ("new", gettext_lazy("New rows")),
)


class DeskRequest(HttpRequest):
    """A request after `admin_view` has let it through."""

    user: User
    current_app: str


class UploadForm(forms.Form):
    """A file to be imported."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, XLSX or JSON, up to 15 MB and 10,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.json,.xlsx"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than 15 MB, more than we read at once: import it in parts.")
            )
        return file


def _table(name: str) -> type[exchange.Table]:
    if name not in exchange.BY_NAME:
        raise Http404
    return exchange.BY_NAME[name]


def _page(request: DeskRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    request.current_app = admin.site.name
    context = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, f"admin/pledges/exchange/{name}.html", context, status=status)


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """All tables that this person may export or import."""
    tables = [
        {
            "name": table.name,
            "title": table.title(),
            "may_export": table.may_export(request.user),
            "may_import": table.may_import(request.user),
        }
        for table in exchange.TABLES
    ]
    tables = [table for table in tables if table["may_export"] or table["may_import"]]
    if not tables:
        raise PermissionDenied
    return _page(request, "index", title=_("Import and export"), tables=tables, formats=list(exchange.FORMATS))


def _download(file: IO[bytes], name: str, form: str) -> FileResponse:
    response = FileResponse(file, as_attachment=True, filename=f"{name}.{form}", content_type=exchange.FORMATS[form])
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def export_view(request: DeskRequest, name: str, form: str) -> FileResponse:
    table = _table(name)
    if form not in exchange.FORMATS:
        raise Http404
    if not table.may_export(request.user):
        raise PermissionDenied
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    exchange.export(table(), form, out)
    out.seek(0)
    return _download(out, f"{table.name}-{timezone.localdate():%Y-%m-%d}", form)


@require_GET
def template_view(request: DeskRequest, name: str, form: str) -> FileResponse:
    table = _table(name)
    if form not in {"csv", "xlsx"} or not table.importable:
        raise Http404
    if not table.may_import(request.user):
        raise PermissionDenied
    return _download(io.BytesIO(exchange.template(table, form)), f"{table.name}-template", form)


@csrf_protect
@require_http_methods(["GET", "POST"])
def import_view(request: DeskRequest, name: str) -> HttpResponse:
    """A file's dry run, then its import: the second press of a button writes exactly what the first one showed."""
    table = _table(name)
    if not table.importable:
        raise Http404
    if not table.may_import(request.user):
        raise PermissionDenied
    if request.method == "GET":
        return _import_page(request, table, UploadForm())
    if "kept" in request.POST:
        return _confirm(request, table)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _import_page(request, table, form, status=422)
    return _dry_run(request, table, form, form.cleaned_data["file"].read())


def _dry_run(
    request: DeskRequest, table: type[exchange.Table], form: UploadForm, body: bytes, *, status: int = 200
) -> HttpResponse:
    try:
        sheet = exchange.read(table, body, by=request.user)
    except exchange.BadFile as error:
        for sentence in error.sentences:
            form.add_error("file", sentence)
        return _import_page(request, table, form, status=422)
    result = exchange.import_sheet(sheet, dry_run=True)
    kept = ""
    if not result.is_refused and _written(result):
        kept = hashlib.sha256(body).hexdigest()
        try:
            cache.set(_cache_key(request, table), (kept, zlib.compress(body)), KEPT_FOR)
        except UNREACHABLE as error:
            log.warning("A file cannot be kept for its import: %s", error)
            kept, status = "", 503
            words = _("The file cannot be imported just now: the broker does not answer. Upload it again in a moment.")
            messages.error(request, words)
    status = 422 if result.is_refused else status
    return _import_page(request, table, form, status=status, result=result, kept=kept)


def _confirm(request: DeskRequest, table: type[exchange.Table]) -> HttpResponse:
    key = _cache_key(request, table)
    try:
        kept, packed = cache.get(key) or ("", b"")
    except UNREACHABLE as error:
        log.warning("A file that is kept for its import cannot be read: %s", error)
        words = _("Nothing is imported: the broker does not answer. Go back, and press the button again in a moment.")
        messages.error(request, words)
        return _import_page(request, table, UploadForm(), status=503)
    if not kept or kept != request.POST["kept"]:
        messages.error(request, _("This was shown too long ago: upload the file again."))
        return _import_page(request, table, UploadForm(), status=422)
    body = zlib.decompress(packed)
    try:
        with transaction.atomic():
            result = exchange.import_sheet(exchange.read(table, body, by=request.user))
            if result.is_refused or result.fingerprint != request.POST.get("seen"):
                raise errors.Refused(
                    _("Something changed here since the file was looked at. Nothing is written: look at it again.")
                )
    except errors.Refused as error:
        for message in error.messages:
            messages.error(request, message)
        return _dry_run(request, table, UploadForm(), body, status=422)
    with contextlib.suppress(*UNREACHABLE):  # it is imported, and the file is dropped within the hour
        cache.delete(key)
    count = _written(result)
    words = ngettext("%(count)s row is imported.", "%(count)s rows are imported.", count)
    messages.success(request, words % {"count": count})
    if result.edition:
        messages.success(request, in_edition(_("Published in edition %(number)s."), result.edition))
    listed = table.listed_with or table.model
    return HttpResponseRedirect(reverse(f"admin:pledges_{listed._meta.model_name}_changelist"))


def _cache_key(request: DeskRequest, table: type[exchange.Table]) -> str:
    """Under which a person's last file is kept in the cache: nobody else's confirmation finds it. One for each table,
    since the server evicts nothing."""
    return f"pledges-exchange-{request.user.pk}-{table.name}"


def _written(result: exchange.ImportResult) -> int:
    return result.counts["new"] + result.counts["changed"]


def _import_page(
    request: DeskRequest,
    table: type[exchange.Table],
    form: UploadForm,
    *,
    status: int = 200,
    result: exchange.ImportResult | None = None,
    kept: str = "",
) -> HttpResponse:
    groups = []
    for kind, label in KINDS:
        if rows := [row for row in result.rows if row.kind == kind] if result else []:
            shown: list[Any] = result.causes if result and kind == "error" else rows
            groups.append({"kind": kind, "label": label, "rows": shown[:SHOWN], "more": len(shown) - SHOWN})
    page = _page(
        request,
        "import",
        status=status,
        title=_("Import %(rows)s") % {"rows": table.title()},
        table=table,
        form=form,
        columns=explained(table()),
        drafts=table.name in {"pledges", "updates"},
        fates=result,
        counts=result.counts if result else {},
        kept=kept,
        groups=groups,
    )
    if status == 503:
        page["Retry-After"] = RETRY_AFTER
    return page


view = admin.site.admin_view
urlpatterns = [
    path("", view(index), name="index"),
    path("<slug:name>/export.<str:form>", view(export_view), name="export"),
    path("<slug:name>/template.<str:form>", view(template_view), name="template"),
    path("<slug:name>/import/", view(import_view), name="import"),
]
