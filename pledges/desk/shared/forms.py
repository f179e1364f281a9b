"""What forms of several areas share: fields in two languages, and stored values in words."""

from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy

from pledges.domain.dates import written
from pledges.domain.languages import LANGUAGES

OTHER_LANGUAGE = {
    "en": gettext_lazy("Not written yet: readers of English see the Spanish."),
    "es": gettext_lazy("Not written yet: readers of Spanish see the English."),
}


def shown_value(row: models.Model, name: str) -> str:
    """A stored field as a person reads it; "" for nothing."""
    field: Any = row._meta.get_field(name)
    value = getattr(row, field.attname)
    if value in (None, ""):
        return ""
    if field.is_relation:
        return str(field.related_model._default_manager.filter(pk=value).first() or "")
    if isinstance(value, date):
        return written(value)
    return str(dict(field.flatchoices).get(value, value))


class BilingualForm(forms.ModelForm):
    """A form with fields that end in _en and _es: marks each with its language, and says when only one is written."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            base, _underscore, language = name.rpartition("_")
            if language not in LANGUAGES or not base:
                continue
            field.widget.attrs["lang"] = language
            other = f"{base}_{'es' if language == 'en' else 'en'}"
            if other in self.fields and self[other].value() and not self[name].value():
                field.widget.attrs["class"] = f"{field.widget.attrs.get('class', '')} not-written".strip()
                field.help_text = self[name].help_text = OTHER_LANGUAGE[language]

    def add_error(self, field: str | None, error: Any) -> None:
        """Show the model's errors about fields that are not in this form above it, where Django raises ValueError."""
        if field is None and hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                super().add_error(name if name in self.fields else None, errors)
        else:
            super().add_error(field, error)
