"""Run every benchmark of this folder, one after the other; each prints its own tables.

Benchmarks are run by hand (``make bench``), never by CI. One that needs a program that is not
installed says so and is passed over.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Run them in the order of their names; the exit code says whether all ran through."""
    failed = []
    for program in sorted(HERE.glob("*.py")):
        if program.name == Path(__file__).name or program.name.startswith("_"):
            continue
        print(f"== {program.name}", flush=True)
        if subprocess.run([sys.executable, str(program)], check=False).returncode:
            failed.append(program.name)
    for name in failed:
        print(f"failed: {name}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
