"""What actions raise when they are refused."""

from django.core.exceptions import ValidationError


class Refused(ValidationError):
    """The action is not possible now. Its messages say why and what to do; nothing was written."""


class Changed(Refused):
    """Optimistic locking: somebody has saved the row since the version that the person has seen."""
