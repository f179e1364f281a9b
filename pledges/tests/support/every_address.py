"""Every address of the URL configuration, found by walking it, with a row or a word for each of its parameters."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from pledges import models
from pledges.domain.weeks import Week
from pledges.tests.support import factories

# Which row an address is about, where it is not the first of the model that its path names.
ROWS = {
    "pledges_capture_warc": lambda: models.Capture.objects.first(),
    "pledges_source_searches": lambda: models.Pledge.objects.first(),
    "pledges_notice_follow": lambda: models.Pledge.objects.first(),
    "notice": lambda: models.Notice.objects.create(
        user=factories.ReporterFactory(), kind="lead", key="1", noted_at=timezone.now()
    ),
    "retraction": lambda: models.Retraction.objects.filter(state="draft").first(),
    "account_end_session": lambda: models.User.objects.first(),  # nobody's session
    "mfa_edit_webauthn": lambda: models.User.objects.first(),
    "mfa_remove_webauthn": lambda: models.User.objects.first(),
    "update": lambda: models.Update.objects.filter(state="draft", corrects=None, moved_by=None).first(),
    "wording": lambda: models.Wording.objects.filter(state="draft").first(),
    "user": lambda: factories.ReporterFactory(),
    "group": lambda: Group.objects.get(name="Reporter"),
}
# What else stands in an address, by its parameter.
WORDS = {
    "app_label": "pledges",
    "uidb36": "1",
    "key": "set-password",
    "url": "x",
    "model": "pledge",
    "path": "en/",
    "name": "topics",
    "form": "csv",
    "token": "some-words",
    "accent": "0a4f8f",
    "section": "pledges",
    "number": 1,
    "sha256": "0" * 64,
    "week": Week(2024, 1),
}
# The slugs of the first data set, by the kind of thing that the address is about.
SLUGS = {"pledge": "new-prisons", "mandate": "noboa-2023", "indicator": "homicides-per-year", "newswire": "some-words"}


@dataclass(frozen=True)
class Address:
    """An address by its name, its namespaces before it, and the parameters in its path.

    Files without a name have their path as one, which is the same in every language.
    """

    name: str
    route: str
    parameters: tuple[str, ...]

    @property
    def own_name(self) -> str:
        """The name without the namespace."""
        return self.name.rpartition(":")[2]

    @property
    def is_of_the_desk(self) -> bool:
        """Whether one has to log in for it, or it serves to log in."""
        return self.route.startswith("admin/")


def walk(resolver: URLResolver | None = None) -> Iterator[Address]:
    """All addresses of the site, of the desk and of accounts."""
    yield from _walk(resolver or get_resolver(), (), "", ())


def _walk(resolver: URLResolver, spaces: tuple[str, ...], prefix: str, outer: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route, parameters = prefix + str(pattern.pattern), (*outer, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern, inner, route, parameters)
        elif pattern.name:
            yield Address(":".join((*spaces, pattern.name)), route, parameters)
        elif not parameters:
            yield Address(route, route, ())


def path_of(address: Address, rows: dict[str, int], language: str = "en") -> str:
    """The path of an address, about what is in the database; `rows` keeps which rows were chosen."""
    if "/" in address.name or "." in address.name:
        return f"/{address.route}"
    with translation.override(language):
        given = {name: _argument(address, name, rows) for name in address.parameters}
        return reverse(address.name, kwargs=given)


def _argument(address: Address, parameter: str, rows: dict[str, int]) -> object:
    if parameter == "slug":
        return next(slug for kind, slug in SLUGS.items() if kind in address.own_name)
    return WORDS.get(parameter) or _row(address, rows)


def _row(address: Address, rows: dict[str, int]) -> int:
    # admin/pledges/<model>/…
    key = address.route.split("/")[2] if address.route.count("/") > 2 else ""
    which = address.own_name if address.own_name in ROWS else key
    if which not in rows:
        model = next((each for each in admin.site._registry if each._meta.model_name == key), None)
        row = ROWS[which]() if which in ROWS else model and model._default_manager.first()
        assert row is not None, f"No row for {address.name}: make one in desk_pages.make_rows, or name it in ROWS."
        rows[which] = row.pk
    return rows[which]
