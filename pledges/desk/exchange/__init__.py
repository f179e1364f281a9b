"""Everything the tracker keeps as tables: exported as CSV, XLSX and JSON, and imported where a newsroom writes it."""

from pledges.desk.exchange.exports import LISTINGS, People, PeopleWithAddresses, warc_name
from pledges.desk.exchange.files import FORMATS, BadFile, export, read, template
from pledges.desk.exchange.importing import ImportResult, import_sheet
from pledges.desk.exchange.pledge import Pledges
from pledges.desk.exchange.reference import Documents, Indicators, Institutions, Mandates, Observations, Sources, Topics
from pledges.desk.exchange.table import Table
from pledges.desk.exchange.update import Updates

# In the order in which an empty tracker takes them.
TABLES: tuple[type[Table], ...] = (
    Mandates,
    Topics,
    Institutions,
    Documents,
    Pledges,
    Updates,
    Indicators,
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
    "export",
    "import_sheet",
    "read",
    "template",
    "warc_name",
]
