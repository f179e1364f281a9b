"""A few of the hostile inputs of `make hostile`, always the same: no error, and nothing half-written."""

import pytest

from bench import hostile, hostile_inputs

pytestmark = pytest.mark.django_db
EACH = 3  # of each kind: a hundred thousand are tried by hand


def test_no_hostile_input_is_an_error_of_ours_or_leaves_something_half_written(first_edition, settings):
    settings.WATCH_ALLOWED_ORIGINS = []
    with hostile.limits_off():
        trial, inputs = hostile.Trial(slow=float("inf")), hostile_inputs.Inputs(few=True)
        trial.remember()
        hostile.run(inputs, trial, dict.fromkeys(hostile.SHARES, EACH), seed=15)
        inputs.port.close()
        trial.close()
    assert trial.counts == dict.fromkeys(hostile.SHARES, EACH)
    assert not trial.faults, trial.report()
