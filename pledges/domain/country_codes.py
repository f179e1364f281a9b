"""The countries of ISO 3166-1, out of Babel's names of territories (CLDR)."""

from babel import Locale

# CLDR names these, too: parts of countries, groups of them, and codes for tests. Kosovo's XK stays: ISO has no code for
# it, and everybody uses this one.
_NO_COUNTRIES = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())
_TERRITORIES = map(str, Locale("en").territories)
CODES = frozenset(code for code in _TERRITORIES if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES
