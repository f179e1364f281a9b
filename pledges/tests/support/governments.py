"""Several governments in one tracker: two presidents of a country, a mayor, and a mandate without pledges yet."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from pledges.actions import publishing
from pledges.models import Mandate, Pledge
from pledges.tests.support import factories


@dataclass(frozen=True)
class Governments:
    """The four mandates; each of the presidents made two pledges, and the mayor made three."""

    first: Mandate
    second: Mandate
    city: Mandate
    empty: Mandate


def make() -> Governments:
    """Ana Paz was president before Bea Sol, into whose mandate one of her two pledges was carried. Carla Ruiz is mayor
    in the same time. Eva Luz took over from her yesterday, and no pledge of hers is published."""
    presidency = {"office_en": "President of Ecuador", "office_es": "Presidenta del Ecuador"}
    mayoralty = {"office_en": "Mayor of Quito", "office_es": "Alcaldesa de Quito"}
    yesterday = timezone.localdate() - timedelta(days=1)
    first = factories.MandateFactory(
        slug="first", person="Ana Paz", elected_on=date(2021, 4, 11), starts_on=date(2021, 5, 24), **presidency
    )
    second = factories.MandateFactory(
        slug="second",
        person="Bea Sol",
        elected_on=date(2025, 4, 13),
        starts_on=date(2025, 5, 24),
        ends_on=date(2029, 5, 24),
        **presidency,
    )
    city = factories.MandateFactory(
        slug="city",
        person="Carla Ruiz",
        elected_on=date(2023, 2, 5),
        starts_on=date(2023, 5, 14),
        ends_on=yesterday,
        **mayoralty,
    )
    empty = factories.MandateFactory(slug="empty", person="Eva Luz", starts_on=yesterday, ends_on=None, **mayoralty)
    publishing.record_change(first, second, city, empty, by=factories.EditorFactory())
    _publish(first, "roads", "Mend the roads", "Arreglar las vías", date(2021, 6, 1), "broken")
    _publish(first, "schools", "Build schools", "Construir escuelas", date(2021, 6, 1), "in_progress", into=second)
    _publish(second, "ports", "Open the ports", "Abrir los puertos", date(2025, 6, 1), "kept")
    _publish(second, "jobs", "Create jobs", "Crear empleos", date(2025, 6, 1), "in_progress")
    _publish(city, "metro", "Extend the metro", "Extender el metro", date(2023, 6, 1), "kept")
    _publish(city, "parks", "Plant parks", "Sembrar parques", date(2023, 6, 1), "kept")
    _publish(city, "water", "Bring water", "Llevar agua", date(2023, 6, 1), "stalled")
    return Governments(first, second, city, empty)


def _publish(
    mandate: Mandate, slug: str, title_en: str, title_es: str, made_on: date, status: str, into: Mandate | None = None
) -> Pledge:
    pledge = factories.PledgeFactory(
        slug=slug, mandate=mandate, made_on=made_on, wording__title_en=title_en, wording__title_es=title_es
    )
    if into:
        pledge.carried_into.add(into)
    update = factories.UpdateFactory(
        pledge=pledge,
        author=pledge.wordings.get().author,
        status=status,
        happened_on=made_on + timedelta(days=90),
        failure_reason="lapsed" if status in ("broken", "stalled") else "",
    )
    publishing.publish(pledge.wordings.get(), update, by=factories.EditorFactory())
    return pledge
