"""Import and export at the desk: what can be taken along, templates, and a dry run before anything is written."""

import hashlib
import io
import tempfile
import zlib
from typing import IO

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_http_methods
from import_export.tmp_storages import CacheStorage

from pledges.actions import errors
from pledges.desk import exchange
from pledges.desk.exchange.files import LARGEST

SHOWN = 200  # rows of a kind on the page of a dry run


class Kept(CacheStorage):
    """An uploaded file between its dry run and its confirmation, for an hour, in the cache that all processes share."""

    CACHE_LIFETIME = 3600
    CACHE_PREFIX = "pledges-exchange-"


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

    def clean_file(self):
        """Not larger than what is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than 15 MB, more than we read at once: import it in parts.")
            )
        return file


def _table(name: str) -> type[exchange.Table]:
    if name not in exchange.BY_NAME:
        raise Http404
    return exchange.BY_NAME[name]


def _page(request: HttpRequest, name: str, *, status: int = 200, **context) -> TemplateResponse:
    request.current_app = admin.site.name
    context = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, f"admin/pledges/exchange/{name}.html", context, status=status)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All tables that this person may take along or bring in."""
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
def export_view(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """A table as a file."""
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
def template_view(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """An empty table with headings and an example."""
    table = _table(name)
    if form not in {"csv", "xlsx"} or not table.importable:
        raise Http404
    if not table.may_import(request.user):
        raise PermissionDenied
    return _download(io.BytesIO(exchange.template(table, form)), f"{table.name}-template", form)


@csrf_protect
@require_http_methods(["GET", "POST"])
def import_view(request: HttpRequest, name: str) -> HttpResponse:
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
    request: HttpRequest, table: type[exchange.Table], form: UploadForm, body: bytes, *, status: int = 200
) -> HttpResponse:
    try:
        sheet = exchange.read(table, body, by=request.user)
    except exchange.BadFile as error:
        for sentence in error.sentences:
            form.add_error("file", sentence)
        return _import_page(request, table, form, status=422)
    fates = sheet.table.import_data(sheet.dataset, dry_run=True)
    if fates.base_errors:
        raise fates.base_errors[0].error
    kept = ""
    counts = fates.counts
    if not fates.is_refused and counts["new"] + counts["changed"]:
        storage = Kept(name=_name_for(request, table, body))
        storage.save(zlib.compress(body))
        kept = storage.name.rpartition("-")[2]
    return _import_page(
        request, table, form, status=422 if fates.is_refused else status, fates=fates, counts=counts, kept=kept
    )


def _name_for(request: HttpRequest, table: type[exchange.Table], body: bytes) -> str:
    """Under which a person's file is kept: nobody else's confirmation finds it."""
    return f"{request.user.pk}-{table.name}-{hashlib.sha256(body).hexdigest()}"


def _confirm(request: HttpRequest, table: type[exchange.Table]) -> HttpResponse:
    storage = Kept(name=f"{request.user.pk}-{table.name}-{request.POST['kept'][:64]}")
    kept = storage.read()
    if not kept:
        messages.error(request, _("This was shown too long ago: upload the file again."))
        return _import_page(request, table, UploadForm(), status=422)
    body = zlib.decompress(kept)
    try:
        with transaction.atomic():
            sheet = exchange.read(table, body, by=request.user)
            fates = sheet.table.import_data(sheet.dataset)
            if fates.base_errors:
                raise fates.base_errors[0].error
            if fates.is_refused or fates.fingerprint != request.POST.get("seen"):
                raise errors.Refused(
                    _("Something changed here since the file was looked at. Nothing is written: look at it again.")
                )
    except errors.Refused as error:
        for message in error.messages:
            messages.error(request, message)
        return _dry_run(request, table, UploadForm(), body, status=422)
    storage.remove()
    counts = fates.counts
    words = ngettext("%(count)s row is imported.", "%(count)s rows are imported.", counts["new"] + counts["changed"])
    messages.success(request, words % {"count": counts["new"] + counts["changed"]})
    if fates.edition:
        messages.success(request, _("Published in edition %(number)s.") % {"number": fates.edition.number})
    return HttpResponseRedirect(reverse(f"admin:pledges_{table.home()._meta.model_name}_changelist"))


def _import_page(
    request: HttpRequest, table: type[exchange.Table], form: UploadForm, *, status: int = 200, **context
) -> HttpResponse:
    fates = context.get("fates")
    context["groups"] = [group for kind, label in KINDS if (group := _group(fates, kind, label))] if fates else []
    return _page(
        request,
        "import",
        status=status,
        title=_("Import %(rows)s") % {"rows": table.title()},
        table=table,
        form=form,
        columns=exchange.explained(table()),
        drafts=table.name in {"pledges", "updates"},
        **context,
    )


KINDS = (
    ("error", gettext_lazy("Rows with errors")),
    ("changed", gettext_lazy("Rows that change")),
    ("new", gettext_lazy("New rows")),
)


def _group(fates: exchange.ImportResult, kind: str, label: object) -> dict:
    rows = [row for row in fates.rows if row.kind == kind]
    return {"kind": kind, "label": label, "rows": rows[:SHOWN], "more": len(rows) - SHOWN} if rows else {}


view = admin.site.admin_view
urlpatterns = [
    path("", view(index), name="index"),
    path("<slug:name>/export.<str:form>", view(export_view), name="export"),
    path("<slug:name>/template.<str:form>", view(template_view), name="template"),
    path("<slug:name>/import/", view(import_view), name="import"),
]
