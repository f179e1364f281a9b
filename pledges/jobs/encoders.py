"""The sentence encoder that the operator's settings choose, and what /readyz says of it.

A web process never loads it: workers, commands and the children that read documents do.
"""

import time
from functools import lru_cache

from django.conf import settings

from pledges.domain.process_cache import kept
from pledges.queries import pulse
from pledges.watch.text import encoder


def current() -> encoder.Encoder | None:
    """The encoder, made once in a process; None if it is switched off or cannot run here."""
    if settings.ENCODER == "off":
        return None
    if settings.ENCODER_URL:
        return _endpoint(settings.ENCODER_URL, settings.ENCODER_MODEL, settings.ENCODER_KEY)
    return encoder.local()


def local_is_chosen() -> bool:
    """Whether the settings choose the encoder of this machine, which may be unable to run it."""
    return settings.ENCODER != "off" and not settings.ENCODER_URL


def endpoint(*, seconds: float) -> encoder.Encoder | None:
    """The address that the settings choose, asked for at most `seconds` a request; None if they choose none."""
    if settings.ENCODER == "off" or not settings.ENCODER_URL:
        return None
    return encoder.Endpoint(settings.ENCODER_URL, settings.ENCODER_MODEL, settings.ENCODER_KEY, seconds=seconds)


@lru_cache(maxsize=1)
def _endpoint(url: str, model: str, key: str) -> encoder.Encoder:
    return encoder.Endpoint(url, model, key)


def note(used: encoder.Encoder | None) -> None:
    """Tell /readyz how `current` did, or why it is None: once a minute, and when it changes."""
    if used:
        name, problem = used.name, used.problem
    else:
        name, problem = "", "switched off (ENCODER)" if settings.ENCODER == "off" else encoder.why_not_local()
    _noted(name, problem, int(time.time()) // 60)


@kept()
def _noted(name: str, problem: str, _minute: int) -> None:
    pulse.note_encoder(name, problem)
