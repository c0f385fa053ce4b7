"""One run in a study folder at a time.

The lock is the kernel's (flock), so it ends with the processes that hold it, however they
end; Snakemake's own lock files would stay behind after a kill.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vagus.errors import VagusError


@contextmanager
def hold_folder(folder: Path) -> Iterator[int]:
    """Hold the study folder, yielding the lock's descriptor for child processes to share.

    Raises VagusError while another run holds it.
    """
    state = folder / ".snakemake"
    state.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(state / "vagus.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise VagusError(
                "another 'vagus run' is working in this folder",
                file=folder.resolve(),
                fix="Wait for it to end, or stop it",
            ) from None
        yield descriptor
    finally:
        os.close(descriptor)
