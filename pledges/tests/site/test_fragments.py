"""Parts of pages that the process keeps: of one edition, one language, one time and one search, and bounded."""

import html
from datetime import date

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import override

from pledges.models import Mandate, Text
from pledges.queries import pulse
from pledges.site.shared import fragments
from pledges.tests.support import factories


@pytest.fixture
def read(client, address):
    """The list for a query string."""
    return lambda query="", language="en": html.unescape(
        client.get(address("pledges", language=language) + query).content.decode()
    )


@pytest.mark.django_db
def test_a_row_shows_no_other_pages_words(read, address, first_edition):
    plain = read()
    assert "<mark>prison" in read("?q=prison").lower()
    assert "<mark>" not in read("?sort=title")
    slug = plain.split('<h3><a href="')[1].split('"')[0]
    assert f'<h3><a href="{slug}?edition=1"' in read("?edition=1")
    again = read("?sort=status")
    assert f'<h3><a href="{slug}"' in again
    assert f'{slug}?edition=1"' not in again
    spanish = read(language="es")
    assert "last changed" in plain
    assert "last changed" not in spanish
    assert address("pledges") not in spanish.split('class="rows"')[1].split("</section>")[0]
    assert "last changed" in read("?sort=deadline")


@pytest.mark.django_db
def test_the_rows_and_the_foot_are_new_after_a_publication(read, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        pledge = factories.PublishedUpdateFactory(pledge__slug="p-1", status="in_progress", text_en="Begun.").pledge
    before, edition = read(), pulse.current().edition
    assert "Begun." in before
    assert f"edition {edition}</em>" in before
    factories.UpdateFactory(pledge=pledge, status="kept", text_en="Not published.")
    with django_capture_on_commit_callbacks(execute=True):
        factories.PublishedUpdateFactory(
            pledge=pledge,
            happened_on=timezone.localdate(),
            status="broken",
            failure_reason="withdrawn",
            text_en="Called off.",
        )
    after = read()
    assert "Called off." in after
    assert "Begun." not in after
    assert "Not published." not in after
    assert f"edition {pulse.current().edition}</em>" in after
    assert "Begun." in read(f"?edition={edition}")
    assert "Called off." in read("?sort=title")


def test_a_fragment_sees_its_values_and_nothing_else():
    template = Template("{% fragment a=a %}{{ a }}{{ b }}{{ request }}{% endfragment %}{{ b }}")
    assert template.render(Context({"a": 1, "b": "of one reader", "request": "x"})) == "1of one reader"
    assert template.render(Context({"a": 1, "b": "of another"})) == "1of another"
    with pytest.raises(TemplateSyntaxError):
        Template("{% fragment a %}{% endfragment %}")


@pytest.mark.parametrize(
    ("first", "second"), [(1, True), ("<b>", mark_safe("<b>")), (date(2026, 1, 1), "2026-01-01"), (None, "")]
)
def test_values_that_are_shown_differently_are_kept_apart(first, second):
    template = Template("{% fragment value=value %}{{ value }}{% endfragment %}")
    for value in (first, second, first):
        assert template.render(Context({"value": value})) == Template("{{ value }}").render(Context({"value": value}))


def test_a_text_is_kept_by_its_language_and_the_pages():
    template = Template("{% fragment value=value %}{{ value|texted }}{% endfragment %}")

    def rendered(language, page):
        text = Text("plan")
        text.lang = language
        with override(page):
            return template.render(Context({"value": text}))

    assert rendered("en", "en") == rendered("es", "es") == "plan"
    assert rendered("es", "en") == '<span lang="es">plan</span>'
    assert rendered("en", "es") == '<span lang="en">plan</span>'


def test_a_row_of_a_table_is_no_value():
    # Equal to every version of the same row.
    with pytest.raises(TypeError, match="Mandate"):
        Template("{% fragment mandate=mandate %}{% endfragment %}").render(Context({"mandate": Mandate(pk=1)}))


def test_what_is_kept_has_a_bound_in_bytes():
    for number in range(2_000):
        fragments.fragment("big", {"number": number}, lambda _values: mark_safe("x" * 10_000))
    assert fragments.kept.size <= fragments.SIZE
