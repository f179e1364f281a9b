"""The tasks of the publisher's queues: importing it registers them, without the watch and its libraries."""

from pledges.jobs import account_requests, backups, destinations, publication, websub
from pledges.jobs.mail import digest, send_alerts, send_notices

__all__ = [
    "account_requests",
    "backups",
    "destinations",
    "digest",
    "publication",
    "send_alerts",
    "send_notices",
    "websub",
]
