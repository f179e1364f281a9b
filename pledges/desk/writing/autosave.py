"""Autosave: what is typed into a form and not saved is kept, and offered when the form is opened again."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.db import models
from django.dispatch import receiver
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pledges.accounts.requests import user_of
from pledges.actions import drafts, errors
from pledges.desk.shared.base import DeskAdmin
from pledges.models import Autosave, User

NEW = "new"
NOT_TYPED = ("csrfmiddlewaretoken", "typed_by", "_continue", "_preview", "_submit", "_publish", "_send_back", "_save")
REFUSED, REFUSED_FOR = "refused form", 3600  # the key in the session; seconds


@receiver(user_logged_in)
def keep_refused_form(request: HttpRequest, user: User, **_signal: Any) -> None:
    """After login, autosave the form that was sent after the session had ended, if it was this person's."""
    refused = request.session.pop(REFUSED, None) if hasattr(request, "session") else None
    if refused:
        request.session.set_expiry(None)  # the default of a session with a login
    if refused and refused.pop("person") == str(user.pk):
        version = "".join(refused["data"].get("seen", [])[:1])
        with suppress(errors.Refused):
            drafts.keep_typed(by=user, version=version, **refused)


class AutosavePages(DeskAdmin):
    """Mixin for a page with a form: what a person types there is kept for that person until it is saved.

    The key of a form is its row's id or, for a new row, the pledge that its address names. Restoring fills in the form
    as it was typed; where the row was saved meanwhile, the form shows both versions, as after an attempt to save.
    """

    @property
    def kind(self) -> str:
        """The model's name in permissions, routes and autosaves."""
        return str(self.opts.model_name)

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, f"pledges_{self.kind}_typed"
        rest = super().get_urls()
        for pattern in rest:
            if pattern.name in (f"pledges_{self.kind}_add", f"pledges_{self.kind}_change"):
                pattern.callback = self.keeping_refused_forms(pattern.callback)
        return [
            path("typed/<slug:key>/", wrap(self.typed_view), name=name),
            path("typed/<slug:key>/drop/", wrap(self.drop_view), name=f"{name}_drop"),
            *rest,
        ]

    def keeping_refused_forms(self, view: Callable) -> Callable:
        """Wrap a view so that a form sent after its session has ended is kept until somebody logs in there.

        It is stored in the browser's new, anonymous session: no row is read or written for it. Only the person named
        in the form gets it back after logging in (`keep_refused_form`); nobody else sees it.
        """

        @wraps(view)
        def inner(request: HttpRequest, **where: Any) -> HttpResponse:
            person = request.POST.get("typed_by", "")
            if request.method == "POST" and not request.user.is_authenticated and person.isdecimal():
                data = {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}
                if drafts.fits(data) and ratelimit.consume(request, action="refused_form"):
                    row = where.get("object_id", "")
                    key = row if row.isdecimal() else self.typed_key(request, None)
                    request.session.set_expiry(REFUSED_FOR)
                    request.session[REFUSED] = {"person": person, "kind": self.kind, "key": key[:100], "data": data}
                    words = _("Your session had ended. What you sent is kept: log in here, and it is offered to you.")
                    messages.warning(request, words)
                else:
                    words = _("Your session had ended, and what you sent could not be kept. Go back to copy it.")
                    messages.error(request, words)
            return view(request, **where)

        return inner

    def typed_key(self, request: HttpRequest, row: models.Model | None) -> str:
        """The key of the form on this page."""
        pledge = request.GET.get("pledge", "")
        return str(row.pk) if row else f"{NEW}-{pledge}" if pledge.isdecimal() else NEW

    def typed_of(self, request: HttpRequest, row: models.Model | None) -> Autosave | None:
        """What the person has typed into this form and not saved, if anything."""
        return Autosave.objects.filter(user=user_of(request), kind=self.kind, key=self.typed_key(request, row)).first()

    @method_decorator(require_POST)
    def typed_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """Keep a form as it is sent, without validation. Raises PermissionDenied if the person could not save it."""
        if key.partition("-")[0] == NEW:
            allowed = self.has_add_permission(request)
        else:
            row = self.get_object(request, key)
            allowed = row is not None and self.has_change_permission(request, row)
        if not allowed:
            raise PermissionDenied
        data = {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}
        version = request.POST.get("seen", "")
        try:
            kept = drafts.keep_typed(by=user_of(request), kind=self.kind, key=key[:100], data=data, version=version)
        except errors.Refused as error:
            return JsonResponse({"refused": error.messages}, status=413)
        return JsonResponse({"at": f"{timezone.localtime(kept.saved_at):%H:%M}"})

    @method_decorator(require_POST)
    def drop_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """Delete what was kept of a form."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        drafts.forget_typed(by=user_of(request), kind=self.kind, key=key)
        self.message_user(request, _("Discarded. The form shows what is saved."))
        start, _dash, pledge = key.partition("-")
        if start == NEW:
            add = reverse(f"admin:pledges_{self.kind}_add")
            return HttpResponseRedirect(f"{add}?pledge={pledge}" if pledge.isdecimal() else add)
        return HttpResponseRedirect(reverse(f"admin:pledges_{self.kind}_change", args=[key]))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """The form; with `?autosave=1` filled in with what was kept of it."""
        restored = None
        if request.method == "GET" and request.GET.get("autosave"):
            row = self.get_object(request, object_id) if object_id else None
            may_save = self.has_change_permission(request, row) if row else self.has_add_permission(request)
            kept = self.typed_of(request, row) if may_save and bool(row) == bool(object_id) else None
            restored = _as_sent(kept) if kept else None
        request.restored = restored  # type: ignore[attr-defined]  # for `get_form` and `get_formset_kwargs`
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        """The form, bound to what is restored."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        restored = getattr(request, "restored", None)
        if restored is None:
            return form

        class RestoredForm(form):
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options | {"data": restored})

        return RestoredForm

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict:
        """The same for the inlines."""
        options = super().get_formset_kwargs(request, obj, inline, prefix)
        restored = getattr(request, "restored", None)
        is_complete = restored is not None and f"{prefix}-TOTAL_FORMS" in restored
        return options | ({"data": restored} if is_complete else {})

    def typing_context(self, request: HttpRequest, row: models.Model | None, may_save: bool) -> dict:
        """For the page: the addresses, what is offered, and its texts where the person may not save the form."""
        key, kept = self.typed_key(request, row), self.typed_of(request, row)
        route = f"admin:pledges_{self.kind}_typed"
        pledge = f"pledge={request.GET['pledge']}&" if key.startswith(f"{NEW}-") else ""
        return {
            "url": reverse(route, args=[key]) if may_save else "",
            "drop_url": reverse(f"{route}_drop", args=[key]),
            "take_url": f"?{pledge}autosave=1",
            "offered": kept if request.method == "GET" and not getattr(request, "restored", None) else None,
            "words": self._texts(kept) if kept and not may_save else [],
        }

    def _texts(self, kept: Autosave) -> Sequence[tuple[str, str]]:
        texts = {f.name: str(f.verbose_name) for f in self.opts.fields if isinstance(f, models.TextField)}
        return [(label, value) for name, label in texts.items() for value in kept.data.get(name, []) if value]


def _as_sent(kept: Autosave) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in kept.data.items():
        data.setlist(name, values)
    data["seen"] = kept.version
    return data
