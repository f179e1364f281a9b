"""The country codes of ISO 3166-1, from Babel's territories (CLDR)."""

from babel import Locale

# CLDR also has parts of countries, groups of countries and codes for tests. Kosovo's XK stays: ISO has no code for it,
# and this one is in general use.
_NOT_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())
_TERRITORIES = map(str, Locale("en").territories)
CODES = frozenset(code for code in _TERRITORIES if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES
