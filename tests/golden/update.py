"""Write the expected files anew: ``python tests/golden/update.py [PROGRAM ...]``.

Look at the difference afterwards: each change needs a reason of its own, in README.md here and,
where users see it, in CHANGELOG.md.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "scripts")]

from golden.cases import CASES, GOLDEN, list_files, run  # noqa: E402


def update(program: str) -> None:
    """Replace the expected files of one program."""
    with tempfile.TemporaryDirectory() as folder:
        if run(program, Path(folder)):
            raise SystemExit(f"{program} failed: its expected files stay as they were")
        files = list_files(Path(folder))
    target = GOLDEN / program
    for path in list_files(target):
        (target / path).unlink()
    for name, content in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)


if __name__ == "__main__":
    for name in sys.argv[1:] or CASES:
        update(name)
