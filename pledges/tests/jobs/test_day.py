"""A day of feeds of every temper (bench/day.py), in four steps: of each the health says what it should."""

import pytest

from bench import day

pytestmark = pytest.mark.django_db


def test_a_day_with_sites_of_every_temper(settings):
    settings.WATCH_HOST_DELAY_SECONDS = 0
    settings.WATCH_FETCH_SECONDS = 2
    sites = {site.name: site.start() for site in day.press()}
    settings.WATCH_ALLOWED_ORIGINS = [site.origin for site in sites.values()]
    try:
        lines = {line.name: line for line in day.live(list(sites.values()), minutes=360)}
    finally:
        for name, site in sites.items():
            if not name.startswith("down"):
                site.stop()
    assert len(lines) >= 20
    for line in lines.values():
        assert line.expect in line.said, line
    assert lines["new: an item every half hour"].articles == 10 + 10 + 10 + 3  # as many as stood in it each time
    assert lines["changed: the same item, another headline"].articles == 3
    assert lines["lies about its charset"].articles > 3
    assert lines["robots.txt says no"].asked == 0
    states = {line.state for line in lines.values()}
    assert states == {"good", "failing", "gone", "silent"}
