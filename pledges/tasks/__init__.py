"""The watch as Celery tasks: load by id, ask the monitor, write through actions. No rule lives here.

Messages carry ids and only say "look": what waits is in the rows, so a lost message or a killed worker costs time and
never work, and a task that runs twice changes nothing the second time.
"""

from .digest import tell_editors
from .polling import poll, read_source, read_sources
from .reading import read_article, read_articles

__all__ = ["poll", "read_article", "read_articles", "read_source", "read_sources", "tell_editors"]
