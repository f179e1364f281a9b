"""The watch on articles that were written by somebody who had not read its code, and that nothing was fitted to.

They tell of the first data set's pledges in other words than the pledges' own, and half of them are near misses: other
countries, other matters of the same institutions, the same words in another sense.
"""

from pathlib import Path

import pytest

from pledges.jobs.evaluation_texts import evaluate

UNSEEN = Path(__file__).parents[1] / "data/articles_aside/noboa.jsonl"


@pytest.mark.django_db
def test_most_of_what_matters_is_found_and_most_of_what_is_raised_matters(first_edition):
    counts = evaluate(UNSEEN)
    assert counts.right / (counts.right + counts.missed) >= 0.5
    assert counts.right / (counts.right + counts.wrong) >= 0.6
