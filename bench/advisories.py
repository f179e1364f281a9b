"""Known vulnerabilities in what the lock file names: `make audit`, or `python -m bench.advisories PROGRAM [options]`.

PROGRAM is pip-audit, which counts a package that its database does not answer for as one to pass over, and succeeds
when the database cannot be reached at all. Here that is told apart. Exits with 1 if there are vulnerabilities, with 2
if not everything was looked up.
"""

import json
import subprocess
import sys
from typing import Any

LOCK = "requirements.lock"


def main(program: str, options: list[str]) -> int:
    """Ask, print the answer in words, and return the exit code."""
    command = [program, "--requirement", LOCK, "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    done = subprocess.run([*command, "--format", "json", *options], capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(done.stderr.strip()[-2000:])
        print("The database of advisories could not be reached, or did not answer as expected: nothing was looked up.")
        return 2
    text, code = verdict(packages)
    print(text)
    return code


def verdict(packages: list[dict[str, Any]]) -> tuple[str, int]:
    """What pip-audit's list of packages means, in words, and the exit code."""
    asked = [package for package in packages if "skip_reason" not in package]
    lines = [
        f"{package['name']} {package['version']}: {', '.join([advisory['id'], *advisory.get('aliases', [])])}, "
        f"mended in {', '.join(advisory['fix_versions']) or 'no release yet'}"
        for package in asked
        for advisory in package["vulns"]
    ]
    if not asked:
        lines.append(
            f"The database of advisories could not be reached: none of the {len(packages)} packages was looked up."
        )
        return "\n".join(lines), 2
    missing = [package["name"] for package in packages if "skip_reason" in package]
    if missing:
        lines.append(f"Not looked up: {', '.join(missing)}")
    lines.append(f"{len(asked)} of {len(packages)} packages looked up, {len(lines) - bool(missing)} advisories.")
    return "\n".join(lines), 1 if any(package["vulns"] for package in asked) else 2 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
