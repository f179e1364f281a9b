"""The desk: Django's admin, one module an area. Importing the package registers everything."""

from . import desk, digests, editions, keeping, knowledge, newsroom, notices, pledges, reference, updates, watch

__all__ = [
    "desk",
    "digests",
    "editions",
    "keeping",
    "knowledge",
    "newsroom",
    "notices",
    "pledges",
    "reference",
    "updates",
    "watch",
]
