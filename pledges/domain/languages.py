"""The languages of the tracker, in their order: what people write has a column for each (docs/adr/0002)."""

ENGLISH_NAMES = {"en": "English", "es": "Spanish"}  # also the interface's own words, which are translated
OWN_NAMES = {"en": "English", "es": "Español"}
LANGUAGES = tuple(ENGLISH_NAMES)
