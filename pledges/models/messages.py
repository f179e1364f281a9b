"""A model field for deferred messages, which each reader sees in their own language."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from pledges.domain.messages import DeferredMessage, from_text, to_text


class MessageField(models.TextField):
    """A `DeferredMessage`, or plain text in rows that are older than this field; "" for no message.

    In the database it is text: the template in English with its values, as JSON (`pledges.domain.messages.to_text`).
    """

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """To migrations it is a TextField, so that they do not depend on where this class is."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def from_db_value(self, value: str | None, *_context: object) -> DeferredMessage | str | None:
        return self.to_python(value)

    def to_python(self, value: object) -> DeferredMessage | str | None:
        """Decode a text; a `DeferredMessage` is returned as it is."""
        return value if value is None or isinstance(value, DeferredMessage) else from_text(str(value))

    def get_prep_value(self, value: Any) -> str | None:
        value = super().get_prep_value(value)
        return value if value is None else to_text(value)

    def value_to_string(self, row: models.Model) -> str:
        """For Django's serializers: as in the database."""
        return to_text(self.value_from_object(row))
