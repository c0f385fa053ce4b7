"""Which locked packages have no wheel for a platform and Python; asked of the registry by uv.

    python benchmarks/wheel_matrix.py requirements.lock

Without a wheel a package is built from source, which needs no compiler for pure Python ones
(``connection-pool``). The exit code is 1 where another package has none.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PLATFORMS = {
    "Linux x86-64, glibc 2.28": "x86_64-manylinux_2_28",
    "Linux ARM64, glibc 2.28": "aarch64-manylinux_2_28",
    "macOS ARM64": "aarch64-apple-darwin",
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PURE = {"connection-pool"}  # source alone, without compiled parts
_MISSING = re.compile(r"ecause (?:only )?([a-z0-9._-]+)(?:[=<>]=?\S+)? has no (?:usable )?wheels")


def read_pins(lock: Path) -> list[str]:
    """Lines 'name==version ; marker' of a lock, without hashes."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return [line.rstrip(" \\") for line in lines if re.match(r"[A-Za-z0-9]\S*==", line)]


def find_missing(pins: list[str], platform: str, python: str) -> set[str]:
    """Names of packages without a wheel.

    Raises RuntimeError when uv says something else.
    """
    missing: set[str] = set()
    while True:
        kept = [pin for pin in pins if pin.split("==")[0] not in missing]
        with tempfile.TemporaryDirectory() as folder:
            listed = Path(folder, "pins.txt")
            listed.write_text("\n".join(kept), encoding="utf-8")
            done = subprocess.run(
                ["uv", "pip", "install", "--dry-run", "--no-deps", "--only-binary", ":all:",
                 "--target", folder, "--python-platform", platform, "--python-version", python,
                 "--requirement", str(listed)],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
        if done.returncode == 0:
            return missing
        said = " ".join(done.stderr.split())
        found = _MISSING.search(said)
        if found is None or found[1] in missing:
            raise RuntimeError(said)
        missing.add(found[1])


def main() -> int:
    """Print a row for each platform and Python."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lock", type=Path)
    pins = read_pins(parser.parse_args().lock)
    is_whole = True
    print("platform\tPython\tpackages\twithout a wheel")
    for name, platform in PLATFORMS.items():
        for python in PYTHONS:
            missing = find_missing(pins, platform, python)
            is_whole = is_whole and missing <= PURE
            listed = ", ".join(sorted(missing)) or "none"
            print(f"{name}\t{python}\t{len(pins)}\t{listed}", flush=True)
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
