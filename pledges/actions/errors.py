"""What actions raise when they are refused."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError


class Refused(ValidationError):
    """The action is not possible now. Its messages say why and what to do; nothing was written."""


class Changed(Refused):
    """Optimistic locking: somebody has saved the row since the version that the person has seen."""


class RefusedItems(Refused):
    """Some of several items are refused, so nothing was written. `reasons` are the messages of each refused item."""

    def __init__(self, reasons: Mapping[Any, Sequence[str]]) -> None:
        self.reasons = reasons
        super().__init__(list(dict.fromkeys(chain.from_iterable(reasons.values()))))
