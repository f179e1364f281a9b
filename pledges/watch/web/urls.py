"""Canonical addresses: without the tracking parameters of campaigns and networks."""

import re
from urllib.parse import urlsplit, urlunsplit

_TRACKING = re.compile(
    r"(utm_.*|at_(medium|campaign|custom\d|link_.*|bbc_.*|ptr_.*|format)|mc_[ce]id|_h(senc|smi)|hs_?ctatracking|"
    r"(fb|g|d|ms|y|tw|tt)clid|gclsrc|igsh(id)?|li_fat_id|wbraid|gbraid|"
    r"ref_(src|url)|__twitter_impression|_g[al]|mkt_tok|xtor|spm|cmpid|s_cid|ncid|ocid|smid|wt\.mc_.*|ns_(mchannel|campaign|source)|"
    r"pk_(campaign|kwd|source|medium)|mtm_.*|vero_id|oly_(anon|enc)_id|share_?id|echobox)",
    re.IGNORECASE,
)
_DEFAULT_PORT = {"http": ":80", "https": ":443"}


def canonical_url(url: str) -> str:
    """The address without tracking parameters, fragment and default port; "" if it is not an http(s) address.

    The rest is neither re-encoded nor reordered: some sites answer only to the exact address that they gave.
    """
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in _DEFAULT_PORT and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return ""
    if not usable or re.search(r"\s", parts.netloc):
        return ""
    host = parts.netloc.lower().removesuffix(_DEFAULT_PORT[parts.scheme])
    kept = [pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair.split("=", 1)[0])]
    return urlunsplit(
        (parts.scheme, host, parts.path.replace(" ", "%20") or "/", "&".join(kept).replace(" ", "%20"), "")
    )


def fragment_of(url: str) -> str:
    """The fragment of an address, without tracking parameters and text directives (":~:text=…")."""
    fragment = url.strip().partition("#")[2].partition(":~:")[0]
    kept = [pair for pair in fragment.split("&") if pair and not _TRACKING.fullmatch(pair.split("=", 1)[0])]
    return re.sub(r"\s", "%20", "&".join(kept))
