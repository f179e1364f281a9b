"""The watch as Celery tasks: load by id, ask the monitor, write through actions. No rule lives here.

Messages carry ids and only say "look": what waits is in the rows, so a lost message or a killed worker costs time and
never work, and a task that runs twice changes nothing the second time.
"""

from .alerts import drop_alerts, send_alerts
from .digest import tell_editors
from .finding import find_source
from .keeping import archive_evidence, drop_unused, keep_evidence
from .notices import send_notices
from .opinions import ask_opinion
from .polling import poll, read_source, read_sources
from .reading import read_article, read_articles
from .schedule import publish_scheduled
from .second_looks import look_twice, look_twice_at_lost
from .upkeep import drop_lookups, measure_watch

__all__ = [
    "archive_evidence",
    "ask_opinion",
    "drop_alerts",
    "drop_lookups",
    "drop_unused",
    "find_source",
    "keep_evidence",
    "look_twice",
    "look_twice_at_lost",
    "measure_watch",
    "poll",
    "publish_scheduled",
    "read_article",
    "read_articles",
    "read_source",
    "read_sources",
    "send_alerts",
    "send_notices",
    "tell_editors",
]
