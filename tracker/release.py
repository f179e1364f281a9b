"""Which code runs."""

import hashlib
from pathlib import Path


def release(root: Path) -> str:
    """A hash of the code's files below `root`, part of the cache keys: pages cached by other code are not served."""
    files = [path for folder in ("templates", "static", "pledges") for path in (root / folder).rglob("*.*")]
    suffixes = {".html", ".svg", ".txt", ".py", ".css", ".mo"}
    modified = sorted((str(path), path.stat().st_mtime_ns) for path in files if path.suffix in suffixes)
    return hashlib.sha256(repr(modified).encode()).hexdigest()[:10]
