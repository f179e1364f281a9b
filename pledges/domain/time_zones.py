"""The time zones of a country, from Babel's data (CLDR)."""


def zones_of(country: str) -> list[str]:
    """The names of the country's time zones, such as America/Lima for PE, in the order of the alphabet."""
    from babel.core import get_global  # asked once, when a newsroom is set up

    names = {name for name, territory in get_global("zone_territories").items() if territory == country.upper()}
    names |= {name for name, now in get_global("zone_aliases").items() if now in names and "/" in name}
    return sorted(names)
