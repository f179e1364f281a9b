"""The pages of the desk, which is Django's admin: importing this module registers all of them."""

from pledges.desk.destinations import pages as destination_pages  # noqa: F401
from pledges.desk.documents import pages as document_pages  # noqa: F401
from pledges.desk.leads import inbox  # noqa: F401
from pledges.desk.people import accounts, notices, reader_alerts  # noqa: F401
from pledges.desk.record import editions  # noqa: F401
from pledges.desk.reference import newsroom, tables  # noqa: F401
from pledges.desk.watch import digests, evidence, knowledge, sources  # noqa: F401
from pledges.desk.writing import pledge_corrections, pledges, retractions, updates, withdrawals  # noqa: F401
