"""The languages of the tracker, in order of display: translated content has one column per language (docs/adr/0002)."""

ENGLISH_NAMES = {"en": "English", "es": "Spanish"}  # translatable: used as msgids of the interface
OWN_NAMES = {"en": "English", "es": "Español"}
LANGUAGES = tuple(ENGLISH_NAMES)
# Open Graph knows languages only with a territory, and social networks only some of these, not es_EC or en_EC. The
# texts are the same for readers of every country.
TERRITORIES = {"en": "US", "es": "ES"}
