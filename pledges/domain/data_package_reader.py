"""Reads what `data_package.write` has written, and checks that its files have their hashes and agree."""

import csv
import hashlib
import io
import json
import lzma
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from pledges.domain.data_package import BATCH, DATABASE, DESCRIPTOR, SUMS, DamagedPackage, Field, Table, Value, cell

Row = dict[str, Any]
MOST_COLUMNS = 200  # of a table
# What reading the files of a ZIP raises if they are not as they were written.
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, csv.Error, sqlite3.Error, KeyError, ValueError),
    *(EOFError, OSError, ArithmeticError, RuntimeError),  # RuntimeError: encrypted, or of a kind that is not supported
)


class Package:
    """A package that is open: `descriptor` is what its datapackage.json says."""

    def __init__(self, archive: zipfile.ZipFile, database: sqlite3.Connection) -> None:
        self.archive, self.database = archive, database
        self.descriptor: dict[str, Any] = json.loads(archive.read(DESCRIPTOR))
        if not isinstance(self.descriptor, dict):
            raise DamagedPackage(f"{DESCRIPTOR} is not a descriptor")

    def columns(self, table: Table) -> list[str]:
        """The names of a table's columns, as the package's own schema has them: a release of another time may have
        written more or fewer than `table` has. Empty if the package does not have the table.

        Raises DamagedPackage if that is not a schema.
        """
        try:
            [schema] = [each["schema"] for each in self.descriptor["resources"] if each["name"] == table.name] or [None]
            names = [field["name"] for field in schema["fields"]] if schema else []
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedPackage(f"{DESCRIPTOR} has no schema of {table.name}") from error
        if len(names) > MOST_COLUMNS or len(set(map(str, names))) < len(names):
            raise DamagedPackage(f"{DESCRIPTOR} has too many columns of {table.name}")
        return names

    def rows(self, table: Table) -> Iterator[Row]:
        """The rows of a table by the names of those of its columns that the package has, in the order of its key;
        numbers are decimals, as in CSV. None if the package does not have the table.

        Raises DamagedPackage where the CSV and the database differ in these columns.
        """
        columns = self.columns(table)
        if not columns:
            return
        places = [(field, columns.index(field.name)) for field in table.fields if field.name in columns]
        rows = self.database.execute(table.select([field.name for field, _place in places]))
        with self.archive.open(table.path) as file:
            lines = csv.reader(io.TextIOWrapper(file, "utf-8", newline=""))
            if next(lines, None) != columns:
                raise DamagedPackage(f"{table.path} has other columns")
            while batch := rows.fetchmany(BATCH):
                for row in batch:
                    cells = next(lines, [])
                    if len(cells) != len(columns):
                        raise DamagedPackage(f"{table.path} has fewer rows or cells than the database")
                    yield self._row(
                        table, [field for field, _place in places], row, [cells[at] for _field, at in places]
                    )
            if next(lines, None) is not None:
                raise DamagedPackage(f"{table.path} has more rows than the database")

    @staticmethod
    def _row(table: Table, fields: Sequence[Field], row: Sequence[Value], cells: Sequence[str]) -> Row:
        values: Row = {}
        for field, value, text in zip(fields, row, cells, strict=True):
            if field.type == "number" and text and value is not None:
                same = float(text) == value
                values[field.name] = Decimal(text)
            else:
                same = cell(field, value) == text
                values[field.name] = bool(value) if field.type == "boolean" and value is not None else value
            if not same:
                raise DamagedPackage(f"{table.path} and the database differ in {field.name}: {text!r} and {value!r}")
        return values


@contextmanager
def opened(body: bytes) -> Iterator[Package]:
    """The package in these bytes. Raises DamagedPackage unless every file has the hash that SHA256SUMS has for it, also
    where reading fails inside the `with` block.

    Meanwhile the cells of all CSV that the process reads may be as long as the longest file of the package.
    """
    limit = csv.field_size_limit()
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive, tempfile.TemporaryDirectory() as folder:
            _check_sums(archive)
            csv.field_size_limit(max(limit, *(file.file_size for file in archive.infolist())))
            path = Path(folder) / DATABASE
            with archive.open(DATABASE) as file, path.open("wb") as copy:
                while chunk := file.read(1 << 16):
                    copy.write(chunk)
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
                yield Package(archive, database)
    except UNREADABLE as error:
        raise DamagedPackage(f"it cannot be read ({type(error).__name__}: {error})") from error
    finally:
        csv.field_size_limit(limit)


def _check_sums(archive: zipfile.ZipFile) -> None:
    lines = archive.read(SUMS).decode().splitlines()
    sums = {name: digest for digest, _space, name in (line.partition("  ") for line in lines)}
    names = archive.namelist()
    if sorted(names) != sorted([*sums, SUMS]):
        raise DamagedPackage(f"its files are not those that {SUMS} names")
    for name, digest in sums.items():
        actual = hashlib.sha256()
        with archive.open(name) as file:
            while chunk := file.read(1 << 16):
                actual.update(chunk)
        if actual.hexdigest() != digest:
            raise DamagedPackage(f"{name} does not have the hash that {SUMS} has for it")
