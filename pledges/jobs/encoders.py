"""The sentence encoder that the operator's settings choose. Only jobs in a worker use it."""

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


@lru_cache(maxsize=1)
def _endpoint(url: str, model: str, key: str) -> encoder.Encoder:
    return encoder.Endpoint(url, model, key)
