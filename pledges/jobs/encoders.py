"""The sentence encoder that the operator's settings choose. A web process never loads it: workers and children do."""

from functools import lru_cache

from django.conf import settings

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
