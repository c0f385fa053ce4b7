"""Child processes of other users, as far as this process may start them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

STRANGER = 54321
SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"


def require_root() -> None:
    """Skip a test that needs a second user where there can be none."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("needs root and setpriv to start a process of another user")


def run_as_stranger(
    command: Sequence[str], folder: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run as a user without entry in /etc/passwd, who may read all files but write few."""
    words = [
        "setpriv", f"--reuid={STRANGER}", f"--regid={STRANGER}", "--clear-groups",
        "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", *command,
    ]  # fmt: skip
    return subprocess.run(
        words, cwd=folder, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(SCRIPTS), **environment},
    )  # fmt: skip
