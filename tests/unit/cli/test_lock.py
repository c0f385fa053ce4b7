"""One run at a time in a folder; the lock does not outlive its holder."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from vagus.cli.lock import hold_folder
from vagus.errors import VagusError

HOLDER = """
import sys
from pathlib import Path
from vagus.cli.lock import hold_folder
with hold_folder(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_second_run_is_refused_and_a_killed_one_leaves_nothing(tmp_path: Path, root: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={"PYTHONPATH": str(root / "scripts")},
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(VagusError, match="another 'vagus run'"), hold_folder(tmp_path):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    with hold_folder(tmp_path) as descriptor:
        assert descriptor > 2
