"""What an action says when it may not be done."""

from django.core.exceptions import ValidationError


class Refused(ValidationError):
    """The action is not possible now; its messages say why and what to do. Nothing was written."""


class Changed(Refused):
    """Raised when a row is not the version any more that the person has looked at."""
