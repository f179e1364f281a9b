"""What several tests of jobs have in common."""

import pytest

from pledges.tests.support import factories


@pytest.fixture
def lighthouse(db):
    """A public pledge that the articles of these tests are about, unless they have one with more words."""
    return factories.PublishedPledgeFactory(
        slug="lighthouse",
        mandate__person="Ana Romero",
        wording__title_en="Repair the lighthouse of Puerto Azul",
        wording__title_es="Reparar el faro de Puerto Azul",
    )
