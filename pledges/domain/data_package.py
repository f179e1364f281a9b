"""A Data Package: one ZIP with tables as CSV and as one SQLite file, their schema, and the hash of each file.

The same rows give the same bytes on any day (docs/adr/0047-snapshots-of-editions.md says what that depends on).
"""

import csv
import hashlib
import io
import json
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO

from pledges.domain.spreadsheets import harmless

DESCRIPTOR, DATABASE, SUMS = "datapackage.json", "tracker.sqlite", "SHA256SUMS"
TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"
SQL_TYPES = {
    "string": "TEXT",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "integer": "INTEGER",
    "number": "REAL",
    "boolean": "BOOLEAN",
}
BATCH = 1000  # rows in memory
PAGE_SIZE = 4096  # of the database, in bytes
_WRITER_VERSION = slice(96, 100)  # in the header of the database
_BTREE_HEADERS = {2: 12, 5: 12, 10: 8, 13: 8}  # the length of a page's header by its kind
Value = str | int | float | None


class DamagedPackage(Exception):
    """A ZIP that is not as `write` made it; the message says where."""


@dataclass(frozen=True)
class Field:
    """A column: its type is one of `SQL_TYPES`, which are names of Table Schema."""

    name: str
    type: str
    description: str
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] = ()
    pattern: str = ""
    minimum: int | None = None
    unit: str = ""

    @property
    def schema(self) -> dict[str, object]:
        """The field as Table Schema has it, and its unit."""
        rules: dict[str, object] = {"required": True} if self.required else {}
        rules |= {"unique": True} if self.unique else {}
        rules |= {"enum": list(self.enum)} if self.enum else {}
        rules |= {"pattern": self.pattern} if self.pattern else {}
        rules |= {"minimum": self.minimum} if self.minimum is not None else {}
        shown: dict[str, object] = {"name": self.name, "type": self.type, "description": self.description}
        shown |= {"format": TIME_FORMAT} if self.type == "datetime" else {}
        shown |= {"unit": self.unit} if self.unit else {}
        return shown | ({"constraints": rules} if rules else {})

    @property
    def column(self) -> str:
        """The column in SQL."""
        parts = [f'"{self.name}" {SQL_TYPES[self.type]}']
        parts += ["NOT NULL"] if self.required else []
        parts += ["UNIQUE"] if self.unique else []
        if self.type == "boolean":
            parts.append(f'CHECK ("{self.name}" IN (0, 1))')
        if self.enum:
            values = ", ".join("'" + value.replace("'", "''") + "'" for value in self.enum)
            parts.append(f'CHECK ("{self.name}" IN ({values}))')
        return " ".join(parts)


@dataclass(frozen=True)
class ForeignKey:
    """Columns that name a row of a table by its columns `to`."""

    fields: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table, in the order of its primary key."""

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()

    @property
    def path(self) -> str:
        """The path of its CSV in the ZIP."""
        return f"data/{self.name}.csv"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(field.name for field in self.fields)

    @property
    def schema(self) -> dict[str, object]:
        """The table as Table Schema has it."""
        keys = [
            {
                "fields": list(key.fields),
                "reference": {"resource": "" if key.table == self.name else key.table, "fields": list(key.to)},
            }
            for key in self.foreign_keys
        ]
        return {
            "fields": [field.schema for field in self.fields],
            "primaryKey": list(self.primary_key),
            "missingValues": [""],
            **({"foreignKeys": keys} if keys else {}),
        }

    @property
    def sql(self) -> str:
        """The statement that creates it."""
        lines = [field.column for field in self.fields]
        lines.append(f"PRIMARY KEY ({_quoted(self.primary_key)})")
        lines += [
            f'FOREIGN KEY ({_quoted(key.fields)}) REFERENCES "{key.table}" ({_quoted(key.to)})'
            for key in self.foreign_keys
        ]
        return f'CREATE TABLE "{self.name}" (\n  ' + ",\n  ".join(lines) + "\n)"

    def select(self, columns: Sequence[str]) -> str:
        """The statement that reads these of its columns in the order of the primary key."""
        return f'SELECT {_quoted(columns)} FROM "{self.name}" ORDER BY {_quoted(self.primary_key)}'


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def stored(value: object) -> Value:
    """A value as SQLite stores it: days and times as ISO 8601 (UTC), an empty text as NULL, decimals as exact text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return value.strftime(TIME_FORMAT)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, int) else str(value)


def cell(field: Field, value: Value) -> str:
    """A stored value as its cell in CSV. No spreadsheet reads a text as a formula (`natural` undoes that)."""
    if value is None:
        return ""
    if field.type == "boolean":
        return "true" if value else "false"
    return harmless(str(value)) if field.type == "string" else str(value)


def write(
    out: IO[bytes],
    tables: Sequence[Table],
    rows: Iterable[tuple[str, Sequence[object]]],
    *,
    about: Mapping[str, object],
    texts: Mapping[str, str],
    at: datetime,
) -> None:
    """Write a ZIP with these rows, given in any order as (table, values).

    `about` are the package's own entries in the descriptor, `texts` further files by their name, `at` is the time of
    all files in the ZIP, UTC. In memory there are `BATCH` rows at a time; the rest is in a temporary folder.

    Raises sqlite3.IntegrityError if the rows break a key or a constraint.
    """
    sums: dict[str, str] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        spool, database = Path(folder) / "spool", Path(folder) / DATABASE
        resources = []
        with closing(_spool(spool, tables, rows)) as source, closing(_new_database(database, tables)) as target:
            for table in tables:
                count, size = _write_table(archive, source, target, table, sums, at)
                resources.append(_resource(table, count, size, sums[table.path]))
            _check_keys(target)
        _normalize(database)
        with database.open("rb") as file, _Member(archive, DATABASE, sums, at) as copy:
            while chunk := file.read(1 << 16):
                copy.write(chunk)
            size = file.tell()
        resources.append(
            {
                "name": "sqlite",
                "path": DATABASE,
                "profile": "data-resource",
                "title": "All tables in one SQLite file",
                "format": "sqlite",
                "mediatype": "application/vnd.sqlite3",
                "bytes": size,
                "hash": f"sha256:{sums[DATABASE]}",
            }
        )
        descriptor = {"profile": "data-package", **about, "resources": resources}
        texts = {**texts, DESCRIPTOR: json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n"}
        for name, text in texts.items():
            with _Member(archive, name, sums, at) as copy:
                copy.write(text.encode())
        with _Member(archive, SUMS, {}, at) as copy:
            copy.write("".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode())


class _Member:
    """A file of a ZIP while it is written, with its hash and its size."""

    def __init__(self, archive: zipfile.ZipFile, name: str, sums: dict[str, str], at: datetime) -> None:
        info = zipfile.ZipInfo(name, at.timetuple()[:6])
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
        self.file = archive.open(info, "w", force_zip64=False)
        self.name, self.sums, self.hash, self.size = name, sums, hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.hash.update(data)
        self.size += len(data)

    def __enter__(self) -> "_Member":
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()
        self.sums[self.name] = self.hash.hexdigest()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in (f"page_size = {PAGE_SIZE}", "encoding = 'UTF-8'", "auto_vacuum = 0", "journal_mode = OFF"):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA secure_delete = ON")  # unused bytes are zeros, however SQLite was compiled
    connection.execute("BEGIN")
    return connection


def _spool(path: Path, tables: Sequence[Table], rows: Iterable[tuple[str, Sequence[object]]]) -> sqlite3.Connection:
    """All rows in a file, in any order, so that SQLite sorts what may be too much for the memory."""
    connection = _connect(path)
    inserts = {}
    for table in tables:
        connection.execute(f'CREATE TABLE "{table.name}" ({_quoted(table.columns)})')
        inserts[table.name] = _insert(table)
    for name, values in rows:
        connection.execute(inserts[name], [stored(value) for value in values])
    return connection


def _new_database(path: Path, tables: Sequence[Table]) -> sqlite3.Connection:
    connection = _connect(path)
    for table in tables:
        connection.execute(table.sql)
    return connection


def _insert(table: Table) -> str:
    places = ", ".join("?" for _field in table.fields)
    return f'INSERT INTO "{table.name}" ({_quoted(table.columns)}) VALUES ({places})'


def _batches(cursor: sqlite3.Cursor) -> Iterator[list[tuple[Value, ...]]]:
    while batch := cursor.fetchmany(BATCH):
        yield batch


def _write_table(
    archive: zipfile.ZipFile,
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    table: Table,
    sums: dict[str, str],
    at: datetime,
) -> tuple[int, int]:
    """Write the rows of a table as CSV and into the database; returns how many rows and bytes these are."""
    insert, count = _insert(table), 0
    with _Member(archive, table.path, sums, at) as file:
        file.write(_csv_lines([table.columns]))
        for batch in _batches(source.execute(table.select(table.columns))):
            target.executemany(insert, batch)
            cells = ([cell(*pair) for pair in zip(table.fields, row, strict=True)] for row in batch)
            file.write(_csv_lines(cells))
            count += len(batch)
    return count, file.size


def _csv_lines(rows: Iterable[Sequence[str]]) -> bytes:
    """RFC 4180 in UTF-8 without a byte order mark."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _check_keys(connection: sqlite3.Connection) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        raise sqlite3.IntegrityError(f"row {broken[1]} of {broken[0]} names a row of {broken[2]} that is not there")
    connection.execute("COMMIT")


def _normalize(path: Path) -> None:
    """Let a database not say which version of SQLite wrote it, nor have what that left in unused space of its pages, so
    that each version writes the same bytes (https://www.sqlite.org/fileformat.html, 1.3 and 1.6)."""
    with path.open("r+b") as file:
        start = 0
        while page := bytearray(file.read(PAGE_SIZE)):
            header = 100 if start == 0 else 0
            if header:
                page[_WRITER_VERSION] = bytes(4)
            if page[header] in _BTREE_HEADERS:  # the first byte of other pages is of a number of a page: zero
                cells, content = struct.unpack_from(">HH", page, header + 3)
                unused = header + _BTREE_HEADERS[page[header]] + 2 * cells
                page[unused:content] = bytes(content - unused)
            file.seek(start)
            file.write(page)
            start += PAGE_SIZE


def _resource(table: Table, count: int, size: int, digest: str) -> dict[str, object]:
    return {
        "name": table.name,
        "path": table.path,
        "profile": "tabular-data-resource",
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n", "header": True},
        "bytes": size,
        "hash": f"sha256:{digest}",
        "rows": count,
        "schema": table.schema,
    }
