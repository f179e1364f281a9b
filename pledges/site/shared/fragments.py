"""Parts of pages that many pages share, such as a row of the list or the foot, kept in the process as HTML.

A fragment is given a few values and sees nothing else: neither the request nor the page's context. So its values and
the language are its key, and whatever is written into it later, no page gets what another reader, edition or search
asked for (docs/adr/0061-fragments.md). In templates it is the tag `fragment`.
"""

import copy
import sys
from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime
from types import NoneType

from django.urls import get_script_prefix
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from pledges.domain.process_cache import LeastRecentlyUsed
from pledges.models import Text
from pledges.queries.asof import AsOf
from pledges.queries.pulse import Pulse
from pledges.queries.standings import Standing
from pledges.site.shared.strips import Axis

# A row of the list takes 2 to 5 kB, a choice of a facet 1 kB, with the key.
ENTRIES, SIZE = 10_000, 8_000_000
OF_A_KEY = 700  # bytes
# What is equal only to what is shown in the same way. A model is not: it is equal to every version of its row.
PLAIN = frozenset({str, SafeString, int, bool, NoneType, date, datetime, AsOf, Axis, Pulse})

kept: LeastRecentlyUsed[SafeString] = LeastRecentlyUsed(entries=ENTRIES, size=SIZE)


def fragment(
    part: Hashable, values: Mapping[str, object], render: Callable[[dict[str, object]], SafeString]
) -> SafeString:
    """What `render` makes of these values in the active language, made once. `part` says which part of a page it is.

    Raises TypeError for a value that is neither plain nor a `Standing`, nor a tuple of such: pass what is shown of it.
    """
    evaluated = {name: _evaluated(value) for name, value in values.items()}
    key = part, get_language(), get_script_prefix(), *map(_identity, evaluated.values())
    html = kept.get(key)
    if html is None:
        html = render(evaluated)
        kept.put(key, html, sys.getsizeof(html) + OF_A_KEY)
    return html


def _evaluated(value: object) -> object:
    if isinstance(value, SimpleLazyObject):  # such as `pulse`
        bool(value)
        return copy.copy(value)
    return value


def _identity(value: object) -> Hashable:
    """What differs for values that are shown differently: 1 and True are equal, and a text and HTML that is safe."""
    kind = type(value)
    if kind in PLAIN:
        return kind, value
    if isinstance(value, Text):
        return Text, str(value), value.lang
    if isinstance(value, Standing):
        return Standing, value.serial
    if isinstance(value, tuple):
        return tuple(map(_identity, value))
    raise TypeError(f"a fragment cannot be kept by a {kind.__name__}: pass what it shows of it")
