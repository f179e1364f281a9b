"""Everything the tracker keeps as tables: CSV, XLSX and JSON, out and (where a newsroom writes it) in again."""

from pledges.desk.exchange.exports import LISTINGS, People, PeopleWithAddresses, warc_name
from pledges.desk.exchange.files import FORMATS, BadFile, explained, export, read, template
from pledges.desk.exchange.pledge import Pledges
from pledges.desk.exchange.reference import REFERENCE, Observations, Sources
from pledges.desk.exchange.resource import ImportResult, Table
from pledges.desk.exchange.update import Updates

# In the order in which an empty tracker takes them.
TABLES: tuple[type[Table], ...] = (
    *(each for each in REFERENCE if each.name in {"mandates", "topics", "institutions", "documents"}),
    Pledges,
    Updates,
    *(each for each in REFERENCE if each.name == "indicators"),
    Observations,
    Sources,
    *LISTINGS,
)
BY_NAME = {table.name: table for table in TABLES}

__all__ = [
    "BY_NAME",
    "FORMATS",
    "TABLES",
    "BadFile",
    "ImportResult",
    "People",
    "PeopleWithAddresses",
    "Table",
    "explained",
    "export",
    "read",
    "template",
    "warc_name",
]
