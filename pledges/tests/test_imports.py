"""Imports go down only (see the design's architecture): each module has its layer, and this reads its imports.

A module that is not listed fails the test, so whoever adds one says where it belongs.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("pledges", "tracker")

# Higher imports lower. A package's modules share its layer, unless they are listed by themselves.
LAYERS = {
    "tracker.urls": 90,
    "pledges.admin": 85,
    "pledges.urls": 85,
    "pledges.account_urls": 85,
    "pledges.management": 80,
    "pledges.views": 80,
    "pledges.exchange": 74,
    "pledges.templatetags": 75,
    "pledges.probing": 72,
    "pledges.intake": 72,
    "pledges.desk": 70,
    "pledges.tasks": 70,
    "pledges.forms": 65,
    "pledges.evidence_forms": 65,
    "pledges.intake_forms": 66,
    "pledges.pledge_data": 60,
    "pledges.feeds": 62,
    "pledges.saved": 63,
    "pledges.mandate_page": 65,
    "pledges.comparison": 66,
    "pledges.pledge_page": 65,
    "pledges.account_forms": 65,
    "pledges.alert_forms": 65,
    "pledges.alerts": 64,
    "pledges.accounts": 65,
    "pledges.asof": 50,
    "pledges.changes": 55,
    "pledges.charts": 60,
    "pledges.chart_plot": 57,
    "pledges.chart_spec": 58,
    "pledges.indicators": 55,
    "pledges.progress_charts": 61,
    "pledges.filters": 60,
    "pledges.periods": 60,
    "pledges.strips": 60,
    "pledges.passages": 60,
    "pledges.tellings": 60,
    "pledges.typed": 60,
    "pledges.week": 65,
    "pledges.backlog": 66,
    "pledges.backtest": 50,
    "pledges.standings": 50,
    "pledges.actions": 50,
    "pledges.access": 40,
    "pledges.closing": 45,
    "pledges.cards": 65,
    "pledges.citing": 45,
    "pledges.contents": 40,
    "pledges.corrections": 45,
    "pledges.edition_items": 60,
    "pledges.dates": 40,
    "pledges.due": 45,
    "pledges.differences": 40,
    "pledges.headlines": 40,
    "pledges.knowledge": 50,
    "pledges.likeness": 50,
    "pledges.meanings": 20,
    "pledges.navigation": 60,
    "pledges.notices": 50,
    "pledges.profiles": 45,
    "pledges.presence": 45,
    "pledges.pulse": 40,
    "pledges.rewording": 45,
    "pledges.search": 40,
    "pledges.sharing": 40,
    "pledges.vocabulary": 35,
    "pledges.sitemap": 65,
    "pledges.warc": 40,
    "pledges.watching": 45,
    "pledges.health": 45,
    "pledges.groups": 35,
    "pledges.apps": 36,
    "pledges.models": 20,
    "pledges.monitor": 10,
    "pledges.locale.es.formats": 0,
    "pledges.countries": 0,
    "pledges.isoweek": 0,
    "pledges.pace": 0,
    "pledges.progress": 5,
    "pledges.rules": 0,
    "pledges.sentences": 0,
    "pledges.text": 0,
    "tracker.embedded": 0,
}
# What processes are started from: they name the settings or start other programs, and nobody imports them.
ENTRIES = {"tracker.alive", "tracker.celery", "tracker.run", "tracker.settings", "tracker.wsgi"}
# The layers alone would allow these.
FORBIDDEN = {
    "pledges.rules": ("django", "pledges.models"),
    "pledges.monitor": ("django", "celery", "pledges.models"),
    "pledges.models": ("pledges.monitor",),
    "pledges.actions": ("pledges.monitor", "pledges.views"),
    "pledges.views": ("pledges.monitor", "pledges.tasks", "pledges.admin"),
    "pledges.admin": ("pledges.monitor", "pledges.views"),
    "pledges.templatetags": ("pledges.views", "pledges.actions"),
}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    name_of(path): path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if not {"tests", "migrations", "__pycache__"} & set(path.relative_to(ROOT).parts)
}
BARE = {"pledges", "tracker"}


def under(module: str, parent: str) -> bool:
    return module == parent or module.startswith(parent + ".")


def part(module: str) -> str | None:
    """The module or package of `LAYERS` that it belongs to."""
    return max((name for name in LAYERS if under(module, name)), key=len, default=None)


def imports(module: str) -> set[str]:
    """The full names of what a module imports, at its top or inside a function, relative imports resolved."""
    path = MODULES[module]
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if full in MODULES else base)
    return found


@pytest.mark.parametrize("module", sorted(MODULES.keys() - BARE - ENTRIES))
def test_imports_go_down_only(module):
    own = part(module)
    assert own is not None, f"{module} has no layer: give it one in {Path(__file__).name}"
    found = imports(module)
    assert not found & ENTRIES, f"{module} imports {found & ENTRIES}, where processes start"
    for other in found & MODULES.keys() - BARE:
        assert part(other) == own or LAYERS[part(other)] < LAYERS[own], f"{module} imports {other}, which is not below"
    for name, forbidden in FORBIDDEN.items():
        if under(module, name):
            for other in found:
                assert not any(under(other, each) for each in forbidden), f"{module} may not import {other}"


def test_rules_and_monitor_know_nothing_of_the_application():
    for module in MODULES:
        if under(module, "pledges.rules") or under(module, "pledges.monitor"):
            inside = {other for other in imports(module) if under(other, "pledges")}
            below = {"pledges.rules", "pledges.sentences", "pledges.text"}
            assert all(under(other, "pledges.monitor") or other in below for other in inside)


def test_nothing_but_the_addresses_imports_views():
    users = {module for module in MODULES if any(under(other, "pledges.views") for other in imports(module))}
    addresses = {"pledges.account_urls", "pledges.urls", "tracker.urls"}
    assert {user for user in users if not under(user, "pledges.views")} == addresses


def test_every_listed_layer_belongs_to_a_module():
    assert [name for name in [*LAYERS, *FORBIDDEN] if not any(under(module, name) for module in MODULES)] == []
