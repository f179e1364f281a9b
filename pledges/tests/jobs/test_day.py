"""A simulated day (bench/day.py) in four steps: the health of each source is the expected one."""

import pytest

from bench import day

pytestmark = pytest.mark.django_db


def test_a_day_with_good_and_bad_sites(settings):
    settings.WATCH_HOST_DELAY_SECONDS = 0
    settings.WATCH_FETCH_SECONDS = 2
    sites = {site.name: site.start() for site in day.sites_of_the_day()}
    settings.WATCH_ALLOWED_ORIGINS = [site.origin for site in sites.values()]
    try:
        lines = {line.name: line for line in day.live(list(sites.values()), minutes=360)}
    finally:
        for name, site in sites.items():
            if not name.startswith("down"):
                site.stop()
    assert len(lines) >= 20
    for line in lines.values():
        assert line.expect in line.sentence, line
    assert lines["new: an item every half hour"].articles == 10 + 10 + 10 + 3  # as many as stood in it each time
    assert lines["changed: the same item, another headline"].articles == 3
    assert lines["declares a wrong charset"].articles > 3
    assert lines["disallowed by robots.txt"].requests == 0
    states = {line.state for line in lines.values()}
    assert states == {"good", "failing", "gone", "silent"}
