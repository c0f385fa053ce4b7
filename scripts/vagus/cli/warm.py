"""Compile the kernels of the denoiser before a run's jobs start, once per machine."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2]
KERNELS = SCRIPTS / "vagus" / "kernels"
STAGE = "denoise"


def find_marker(stage: str = STAGE) -> Path:
    """File in the kernel cache that says that this checkout's kernels lie there, compiled.

    Its name is a digest of the kernels, of numba's version and of the kind of machine.
    """
    digest = hashlib.sha256(f"{version('numba')} {platform.machine()}".encode())
    digest.update(f"{sys.version_info[:2]} {describe_processor()}".encode())
    for path in sorted(KERNELS.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    own = os.environ.get("VAGUS_CACHE")
    cache = Path(own) if own else Path(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "vagus"
    )  # fmt: skip
    return cache / f"{stage}-{digest.hexdigest()[:16]}.ready"


def describe_processor() -> str:
    """The processor's name, since code is compiled for it; empty where it is not told."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor()
    return next((line for line in text.splitlines() if line.startswith("model name")), "")


def warm_up() -> None:
    """Compile the kernels unless that was done; jobs that start together then need not.

    A failure is no error here: each job compiles for itself what it does not find.
    """
    marker = find_marker()
    if marker.is_file():
        return
    print("Compiling the denoiser for this machine, once: about 20 seconds", file=sys.stderr)
    program = [sys.executable, str(SCRIPTS / "warm_kernels.py"), STAGE]
    if subprocess.run(program, check=False, capture_output=True).returncode == 0:
        try:
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.touch()
        except OSError:
            return
