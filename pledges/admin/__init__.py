"""The desk: Django's admin, one module an area. Importing the package registers everything."""

from . import (
    alerts,
    desk,
    digests,
    editions,
    intake,
    keeping,
    knowledge,
    newsroom,
    notices,
    people,
    pledges,
    reference,
    retractions,
    updates,
    watch,
)

__all__ = [
    "alerts",
    "desk",
    "digests",
    "editions",
    "intake",
    "keeping",
    "knowledge",
    "newsroom",
    "notices",
    "people",
    "pledges",
    "reference",
    "retractions",
    "updates",
    "watch",
]
