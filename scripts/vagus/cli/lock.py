"""One run at a time in a study folder and in a results folder.

The locks end with the processes that hold them, however they end (``vagus.locks``); Snakemake's
own lock files would stay behind after a kill.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from vagus.errors import VagusError
from vagus.locks import HeldError, Lock, hold
from vagus.study.results_folder import OWN


@contextmanager
def hold_folders(study: Path, results: Path) -> Iterator[list[Lock]]:
    """Hold both folders, yielding the locks for child processes to share.

    Raises VagusError while another run holds one of them.
    """
    with ExitStack() as stack:
        locks = [stack.enter_context(_hold(study / ".snakemake" / "vagus.lock", study))]
        locks.append(stack.enter_context(_hold(results / OWN / "lock", results)))
        yield locks


@contextmanager
def _hold(file: Path, folder: Path) -> Iterator[Lock]:
    file.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            lock = stack.enter_context(hold(file))
        except HeldError as error:
            advice = f"; {error.advice}" if error.advice else ""
            raise VagusError(
                "another 'vagus run' is working in this folder",
                file=folder.resolve(),
                fix=f"Wait for it to end, or stop it{advice}",
            ) from None
        yield lock
