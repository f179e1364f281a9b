"""Pledges from a document: somebody adds it, candidates are extracted, an editor makes drafts of some."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pledges.accounts.requests import user_of
from pledges.actions import errors, intake
from pledges.desk.documents.forms import IntakeForm, MarkForm, SourceDocumentForm, TakeForm, initial_values
from pledges.desk.shared.base import DeskAdmin, ReadOnly, annotated, refusal_of, title_only
from pledges.desk.shared.languages import newsroom_of
from pledges.desk.shared.work_filters import OpenCandidatesFilter
from pledges.domain.dates import written
from pledges.domain.lazy import lazy
from pledges.models import Candidate, Intake, Mandate, Pledge, Topic

if TYPE_CHECKING:
    from pledges.jobs import documents
else:
    documents = lazy("pledges.jobs.documents")

MOST_AT_ONCE = 30  # drafts on one page: each sends a dozen fields, and Django takes 1,000
TAKING = ("pledges.decide_candidate", "pledges.add_pledge", "pledges.add_wording")


@dataclass
class MarkedPassage:
    """A piece of a text, with the candidates that were found in it."""

    text: str
    candidates: Sequence[Candidate] = ()


def passages(text: str, candidates: Iterable[Candidate]) -> list[MarkedPassage]:
    """A text split where candidates begin and end, in order; candidates that overlap share one passage."""
    pieces: list[MarkedPassage] = []
    end = 0
    places: list[tuple[int, int, list[Candidate]]] = []
    for row in sorted(candidates, key=lambda row: (row.starts_at, row.pk)):
        if places and row.starts_at < places[-1][1]:
            start, last, rows = places[-1]
            places[-1] = (start, max(last, row.ends_at), [*rows, row])
        else:
            places.append((row.starts_at, row.ends_at, [row]))
    for start, last, rows in places:
        if start > end:
            pieces.append(MarkedPassage(text[end:start]))
        pieces.append(MarkedPassage(text[start:last], rows))
        end = last
    return [*pieces, MarkedPassage(text[end:])] if end < len(text) else pieces


@admin.register(Intake)
class IntakeAdmin(ReadOnly, DeskAdmin):
    """Documents that are searched for pledges. Candidates are decided on the document's page."""

    history_parts = [Candidate]
    list_display = [
        *("title", "publisher", "day", "mandate", "language"),
        annotated("waiting", gettext_lazy("open")),
        annotated("taken", gettext_lazy("made pledges")),
        *("added_by", "added_at"),
    ]
    list_filter = [OpenCandidatesFilter, "language", "mandate"]
    search_fields = ["title", "publisher", "url", "file_name"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/drafts/", wrap(self.drafts_view), name="pledges_intake_drafts"),
            path("<int:pk>/admit/", wrap(self.admit_view), name="pledges_intake_admit"),
            path("<int:pk>/mark/", wrap(self.mark_view), name="pledges_intake_mark"),
            path("<int:pk>/dismiss/", wrap(self.dismiss_view), name="pledges_intake_dismiss"),
            path("<int:pk>/reopen/", wrap(self.reopen_view), name="pledges_intake_reopen"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Documents, unlike candidates, are added by people."""
        return request.user.has_perm("pledges.add_intake")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Intake]:
        """With the numbers of candidates, and without the texts, which are read one by one."""
        state = Candidate.State
        rows = super().get_queryset(request).select_related("mandate", "added_by")
        return rows.annotate(
            waiting=Count("candidates", filter=Q(candidates__state=state.OPEN)),
            taken=Count("candidates", filter=Q(candidates__state=state.TAKEN)),
        ).defer("text")

    @admin.display(description=gettext_lazy("published on"), ordering="published_on")
    def day(self, row: Intake) -> str:
        return written(row.published_on)

    # --- adding a document ------------------------------------------------------------------------------------------

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """Read the document within the request; one that was read before is shown again."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            newsroom = newsroom_of(request)
            initial = {
                "mandate": Mandate.objects.order_by("starts_on").last(),
                "language": newsroom.main_language if newsroom.one_language else "",
            }
            return self._add_page(request, IntakeForm(initial=initial))
        form = IntakeForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._add_page(request, form, status=422)
        try:
            document = _read(form)
        except documents.Problem as error:
            form.add_error(form.kind, str(error.sentence))
            return self._add_page(request, form, status=422)
        if known := Intake.objects.filter(Q(sha256=document.sha256) | Q(text=document.text)).first():
            words = _("This document was read already, on %(day)s by %(who)s. What was decided stands below.")
            values = {"day": written(timezone.localdate(known.added_at)), "who": known.added_by.public_name}
            self.message_user(request, words % values, messages.WARNING)
            return HttpResponseRedirect(self.change_url(known))
        if not document.language:
            form.add_error("language", _("The language of the text could not be detected: choose it."))
            return self._add_page(request, form, status=422)
        row = self._save(request, form.cleaned_data, document)
        self.log_addition(request, row, [{"added": {}}])
        words = ngettext(
            "One sentence may hold a pledge. Nothing is made of it until you tick it.",
            "%(count)s sentences may hold pledges. Nothing is made of them until you tick them.",
            len(document.found),
        )
        if not document.found:
            words = _("No pledge was found in it. If you see one, mark it by hand.")
        self.message_user(request, words % {"count": len(document.found)}, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(row))

    def _save(self, request: HttpRequest, data: dict, document: "documents.Document") -> Intake:
        row = intake.record_intake(
            mandate=data["mandate"],
            found=document.found,
            alike=documents.alike(document.found, document.language),
            by=user_of(request),
            passed=document.passed,
            looks_twice=documents.looks_twice(),
            title=data["title"] or document.title[:300] or _("Untitled document"),
            publisher=data["publisher"] or document.publisher[:160],
            url=data["url"],
            file_name=data["file"].name[:200] if data["file"] else "",
            sha256=document.sha256,
            language=document.language,
            published_on=data["published_on"] or document.published_on,
            text=document.text,
        )
        documents.ask_for_second_look(row)
        return row

    def _add_page(self, request: HttpRequest, form: IntakeForm, *, status: int = 200) -> HttpResponse:
        more = {"form": form, "mandates": Mandate.objects.exists(), "wrong": status != 200}
        return self._page(request, "add", status=status, title=_("Pledges from a document"), **more)

    # --- a document's page ------------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """The text with its candidates marked, and a card for each."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        row = self.get_object(request, object_id)
        if row is None:
            return self.not_found(request, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return self._document_page(request, row, MarkForm())

    def _document_page(self, request: HttpRequest, row: Intake, form: MarkForm, *, status: int = 200) -> HttpResponse:
        rows = row.candidates.select_related("alike", "pledge", "decided_by").order_by("starts_at", "pk")
        candidates: list[Candidate] = []
        passed: list[Candidate] = []
        for candidate in rows.prefetch_related(title_only("alike__"), title_only("pledge__")):
            (passed if candidate.state == Candidate.State.PASSED else candidates).append(candidate)
        _mark_tracked_since(row, candidates)
        for number, candidate in enumerate(candidates, 1):
            candidate.number, candidate.by_hand = number, candidate.confidence == 1 and not candidate.reason
        return self._page(
            request,
            "document",
            status=status,
            title=row.title,
            original=row,
            passages=passages(row.text, candidates),
            candidates=candidates,
            passed=passed,
            open_ones=[candidate for candidate in candidates if candidate.state == Candidate.State.OPEN],
            form=form,
            may_decide=request.user.has_perm("pledges.decide_candidate"),
            may_take=request.user.has_perms(TAKING),
        )

    def mark_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add a sentence that the extraction has missed to the candidates."""
        row = self._to_decide(request, pk)
        if not isinstance(row, Intake):
            return row
        form = MarkForm(request.POST)
        if form.is_valid():
            sentence = form.cleaned_data["sentence"]
            try:
                extracted = documents.mark(
                    sentence, text=row.text, language=row.language, published_on=row.published_on
                )
                [alike] = documents.alike([extracted], row.language)
                candidate = intake.mark_candidate(intake=row, found=extracted, alike=alike)
            except documents.Problem as error:
                form.add_error("sentence", str(error.sentence))
            except errors.Refused as error:
                form.add_error("sentence", error.messages)
            else:
                self.message_user(request, _("It is one of the candidates now."), messages.SUCCESS)
                return HttpResponseRedirect(f"{self.change_url(row)}{_anchor([candidate.pk])}")
        return self._document_page(request, row, form, status=422)

    def admit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add a sentence that the extraction has passed over to the candidates."""
        candidate = self._chosen(request, pk)
        if not isinstance(candidate, Candidate):
            return candidate
        [alike] = documents.alike([candidate], candidate.intake.language)
        intake.admit_candidate(candidate=candidate, alike=alike)
        self.message_user(request, _("It is one of the candidates now."), messages.SUCCESS)
        return HttpResponseRedirect(f"{self.change_url(candidate.intake)}{_anchor([candidate.pk])}")

    def dismiss_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Dismiss one candidate, or all that are open."""
        row = self._to_decide(request, pk)
        if not isinstance(row, Intake):
            return row
        chosen = None if "all" in request.POST else _numbers(request.POST.getlist("candidate"))
        count = intake.dismiss_candidates(intake=row, by=user_of(request), candidates=chosen)
        words = ngettext("One candidate is left out.", "%(count)s candidates are left out.", count)
        if not count:
            words = _("There was nothing left to leave out: somebody else has decided it meanwhile.")
        self.message_user(request, words % {"count": count}, messages.SUCCESS if count else messages.WARNING)
        return HttpResponseRedirect(f"{self.change_url(row)}{_anchor(chosen)}")

    def reopen_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Reopen a dismissed candidate."""
        candidate = self._chosen(request, pk)
        if not isinstance(candidate, Candidate):
            return candidate
        try:
            intake.reopen_candidate(candidate=candidate)
        except errors.Refused as error:
            return self.refused(request, error, self.change_url(candidate.intake))
        self.message_user(request, _("It is open again."), messages.SUCCESS)
        return HttpResponseRedirect(f"{self.change_url(candidate.intake)}{_anchor([candidate.pk])}")

    def _chosen(self, request: HttpRequest, pk: int) -> Candidate | HttpResponse:
        """The candidate of a button, or the response if there is none. Raises PermissionDenied as `_to_decide` does."""
        row = self._to_decide(request, pk)
        if not isinstance(row, Intake):
            return row
        candidates = row.candidates.filter(pk__in=_numbers(request.POST.getlist("candidate")))
        return candidates.first() or HttpResponseRedirect(self.change_url(row))

    def _to_decide(self, request: HttpRequest, pk: int) -> Intake | HttpResponse:
        """The document, or a response if there is none. Raises PermissionDenied unless the person may decide."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm("pledges.decide_candidate"):
            raise PermissionDenied
        return self.get_object(request, str(pk)) or self.not_found(request, pk)

    # --- drafts of what is ticked -----------------------------------------------------------------------------------

    def drafts_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A form for each selected candidate; POST makes drafts of all of them, or of none."""
        if not request.user.has_perms(TAKING):
            raise PermissionDenied
        row = self.get_object(request, str(pk))
        if row is None:
            return self.not_found(request, pk)
        data = request.POST if request.method == "POST" else None
        selected = _numbers((request.GET if data is None else data).getlist("candidate"))
        rows = row.candidates.filter(pk__in=selected).select_related("alike").prefetch_related(title_only("alike__"))
        candidates = list(rows if data is not None else rows.filter(state=Candidate.State.OPEN))
        if not candidates:
            self.message_user(request, _("Tick at least one candidate that is open."), messages.WARNING)
            return HttpResponseRedirect(self.change_url(row))
        if len(candidates) > MOST_AT_ONCE:
            words = _("These are the first %(most)s; the others stay open for the next round.")
            self.message_user(request, words % {"most": MOST_AT_ONCE}, messages.WARNING)
            candidates = candidates[:MOST_AT_ONCE]
        initial = {"source_document": row.source_document_id, "publisher": row.publisher, "made_on": row.published_on}
        head = SourceDocumentForm(data, initial=initial)
        topics = [(topic.pk, str(topic)) for topic in Topic.objects.all()]
        made_on = head.cleaned_data["made_on"] if data is not None and head.is_valid() else None
        shared = {
            "text": row.text,
            "language": row.language,
            "topics": topics,
            "made_on": made_on,
            "newsroom": newsroom_of(request),
        }
        forms = [
            TakeForm(data, initial=values, candidate=candidate, **shared)
            for candidate, values in zip(candidates, initial_values(candidates, row.language), strict=True)
        ]
        for form, like in zip(forms, documents.like(candidates, row.language, mandate=row.mandate_id), strict=True):
            form.like = like
        if data is not None and all([head.is_valid(), *(form.is_valid() for form in forms)]):
            try:
                made = self._make_drafts(request, row, head, forms)
            except (DatabaseError, errors.Refused) as error:
                for message in refusal_of(error):
                    head.add_error(None, message)
            else:
                return self._redirect_after_drafts(request, row, len(made))
        return self._page(
            request,
            "drafts",
            status=200 if data is None else 422,
            title=_("Drafts out of “%(title)s”") % {"title": row.title},
            original=row,
            head=head,
            forms=forms,
            topics=topics,
            wrong=data is not None,
        )

    def _make_drafts(
        self, request: HttpRequest, row: Intake, head: SourceDocumentForm, forms: Sequence[TakeForm]
    ) -> list[Pledge]:
        drafts = [
            intake.Draft(
                candidate=form.candidate.pk,
                slug=form.cleaned_data["slug"],
                topics=[int(pk) for pk in form.cleaned_data["topics"]],
                wording=form.save(commit=False),
            )
            for form in forms
        ]
        return intake.take_candidates(intake=row, drafts=drafts, by=user_of(request), **head.cleaned_data)

    def _redirect_after_drafts(self, request: HttpRequest, row: Intake, count: int) -> HttpResponse:
        words = ngettext(
            "One draft is made. It is not public: complete it, then have it reviewed.",
            "%(count)s drafts are made. They are not public: complete them, then have them reviewed.",
            count,
        )
        self.message_user(request, words % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(row))

    def _page(self, request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/pledges/intake/{name}.html", shared, status=status)


def _mark_tracked_since(row: Intake, candidates: Sequence[Candidate]) -> None:
    """Set `alike` on open candidates that a pledge made after the document was read says; it is not stored."""
    unknown = [one for one in candidates if one.state == Candidate.State.OPEN and one.alike_id is None][:MOST_AT_ONCE]
    if not unknown or not Pledge.objects.filter(created_at__gt=row.added_at).exists():
        return
    found = documents.alike(unknown, row.language)
    pledges = Pledge.objects.prefetch_related(title_only()).in_bulk({pk for pk in found if pk})
    for candidate, pk in zip(unknown, found, strict=True):
        candidate.alike = pledges.get(pk)


def _read(form: IntakeForm) -> "documents.Document":
    """The document of a valid form, read. Raises `documents.Problem`."""
    data = form.cleaned_data
    hints = {name: data[name] for name in ("language", "published_on")} | {"speakers": (data["mandate"].person,)}
    if form.kind == "file":
        file = data["file"]
        return documents.read_file(file.read(), name=file.name, content_type=file.content_type or "", **hints)
    if form.kind == "pasted":
        return documents.read_text(data["pasted"], **hints)
    return documents.read_address(data["url"], **hints)


def _numbers(texts: Iterable[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def _anchor(chosen: Sequence[int] | None) -> str:
    return f"#candidate-{chosen[0]}" if chosen else ""
