"""Addresses at the desk, proposed from the title or name: by script as one types, else when the form is saved."""

import json
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pledges.desk.shared.forms import BilingualForm
from pledges.domain.languages import LANGUAGES
from pledges.models import Indicator, Institution, Mandate, Pledge, SourceDocument, Topic
from pledges.queries.addresses import free_address, is_free

# What an address is made from; a name in two languages without its language.
MADE_FROM: dict[type[Model], tuple[str, ...]] = {
    Pledge: ("title",),
    Mandate: ("person",),
    Topic: ("name",),
    Institution: ("name",),
    Indicator: ("name",),
    SourceDocument: ("publisher", "title"),
}
MADE = gettext_lazy("Leave it empty, and it is made from the name or title.")


class AddressedForm(BilingualForm):
    """A form whose address may be left empty: it is then made when the form is saved, as `made_address`.

    `prefix_of_words` is the prefix of the fields in MADE_FROM where they belong to another form of the page.
    """

    prefix_of_words = ""
    made_address = ""

    class Media:
        js = [Script("admin/pledges/address.js", defer=True)]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("slug")
        if field and not field.disabled:
            field.required = False
            field.help_text = f"{field.help_text} {MADE}"
            model = self._meta.model
            field.widget.attrs |= {
                "data-made-from": json.dumps([[f"id_{name}" for name in names] for names in self._words()]),
                "data-proposals": reverse("admin:address", args=[model._meta.model_name]),
            }

    def _words(self) -> list[list[str]]:
        """For each part of an address the names of the fields that may hold it, the one in this language first."""
        active = (get_language() or "")[:2]
        languages = sorted(LANGUAGES, key=lambda code: code != active)
        parts = MADE_FROM[self._meta.model]
        return [
            [f"{self.prefix_of_words}{part}{code}" for code in ("", *(f"_{code}" for code in languages))]
            for part in parts
        ]

    def words(self) -> str:
        """What is typed or stored that an address can be made from."""
        return " ".join(next((text for name in names if (text := self.data.get(name))), "") for names in self._words())

    def clean(self) -> dict[str, Any] | None:
        """Make an empty address; refuse one that is taken, with another that is free."""
        cleaned = super().clean()
        field = self.fields.get("slug")
        if field is None or field.disabled or "slug" in self.errors:
            return cleaned
        model, own, typed = self._meta.model, self.instance.pk, self.cleaned_data.get("slug", "")
        if not typed:
            self.made_address = self.cleaned_data["slug"] = free_address(model, self.words(), own=own)
            if not self.made_address:
                self.add_error(
                    "slug", _("Write a title or a name, and the address is made from it; or write an address.")
                )
        elif not is_free(model, typed, own=own):
            text = _("The address “%(typed)s” is taken. This one is free: %(free)s")
            self.add_error("slug", text % {"typed": typed, "free": free_address(model, typed, own=own)})
        return cleaned


@require_GET
def proposal(request: HttpRequest, model: str) -> JsonResponse:
    """A free address for `?text=…`, for who may add such rows."""
    kind = next((each for each in MADE_FROM if each._meta.model_name == model), None)
    if kind is None:
        raise Http404
    if not admin.site.get_model_admin(kind).has_add_permission(request):
        raise PermissionDenied
    return JsonResponse({"address": free_address(kind, request.GET.get("text", "")[:500])})
