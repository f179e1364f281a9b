"""A column that keeps a sentence, so that each reader has it in their own language."""

from typing import Any

from django.db import models

from pledges.domain.messages import DeferredMessage, from_text, to_text


class MessageField(models.TextField):
    """A `DeferredMessage`, or plain text as rows that are older than this hold it; "" where there is nothing to say.

    In the database it is text: the template in English with its values, as JSON (`pledges.domain.messages.to_text`).
    """

    def deconstruct(self) -> tuple:
        """To migrations it is a TextField: history must not depend on where this class lives."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def from_db_value(self, value: str | None, _expression, _connection) -> DeferredMessage | str | None:
        """What the column holds."""
        return self.to_python(value)

    def to_python(self, value: object) -> DeferredMessage | str | None:
        """The sentence in a text; a sentence is one already."""
        return value if value is None or isinstance(value, DeferredMessage) else from_text(str(value))

    def get_prep_value(self, value: Any) -> str | None:
        """As the column holds it."""
        value = super().get_prep_value(value)
        return value if value is None else to_text(value)

    def value_to_string(self, row: models.Model) -> str:
        """As Django's own dumps of data hold it: as the column does."""
        return to_text(self.value_from_object(row))
