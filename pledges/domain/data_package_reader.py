"""Reads what `data_package.write` has written, and checks that its files have their hashes and agree."""

import csv
import hashlib
import io
import json
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from pledges.domain.data_package import BATCH, DATABASE, DESCRIPTOR, SUMS, DamagedPackage, Table, Value, cell

Row = dict[str, Any]


class Package:
    """A package that is open: `descriptor` is what its datapackage.json says."""

    def __init__(self, archive: zipfile.ZipFile, database: sqlite3.Connection) -> None:
        self.archive, self.database = archive, database
        self.descriptor: dict[str, Any] = json.loads(archive.read(DESCRIPTOR))

    def rows(self, table: Table) -> Iterator[Row]:
        """The rows of a table by the names of its columns, in the order of its key; numbers are decimals, as in CSV.

        Raises DamagedPackage where the CSV and the database differ.
        """
        rows = self.database.execute(table.select)
        with self.archive.open(table.path) as file:
            lines = csv.reader(io.TextIOWrapper(file, "utf-8", newline=""))
            if next(lines, None) != list(table.columns):
                raise DamagedPackage(f"{table.path} has other columns")
            while batch := rows.fetchmany(BATCH):
                for row in batch:
                    yield self._row(table, row, next(lines, []))
            if next(lines, None) is not None:
                raise DamagedPackage(f"{table.path} has more rows than the database")

    @staticmethod
    def _row(table: Table, row: Sequence[Value], cells: Sequence[str]) -> Row:
        if len(cells) != len(row):
            raise DamagedPackage(f"{table.path} has fewer rows or cells than the database")
        values: Row = {}
        for field, value, text in zip(table.fields, row, cells, strict=True):
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
    where reading fails inside the `with` block."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive, tempfile.TemporaryDirectory() as folder:
            _check_sums(archive)
            path = Path(folder) / DATABASE
            with archive.open(DATABASE) as file, path.open("wb") as copy:
                while chunk := file.read(1 << 16):
                    copy.write(chunk)
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
                yield Package(archive, database)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, ValueError, ArithmeticError, sqlite3.Error) as error:
        raise DamagedPackage(f"it cannot be read ({type(error).__name__}: {error})") from error


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
