"""A run that is asked to end takes everything that it started with it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from vagus.cli.lock import hold_folders

# in the place of Snakemake: a process with a job of its own, which has the lock, too; its last
# argument is where events are written
SNAKEMAKE = """
import subprocess, sys
job = "import os, signal, sys; os.write(int(sys.argv[1]), b'a job runs\\\\n'); signal.pause()"
words = [sys.executable, "-c", job, sys.argv[-1]]
sys.exit(subprocess.Popen(words, close_fds=False).wait())
"""
RUN = """
import signal, sys
from pathlib import Path
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)  # whatever the tests themselves were started with
if sys.argv[3:]:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for what runs in the background
from vagus.cli import lock, main, run, supervision
supervision._PATIENCE_S = 90.0  # whoever needs it is too slow for these tests
def execute(arguments):
    folder, command = Path(sys.argv[1]), [sys.executable, "-c", sys.argv[2]]
    with lock.hold_folders(folder, folder) as locks, open(folder / "printed", "wb") as output:
        return supervision.follow(command, locks, str, output)
run.execute = execute
sys.exit(main.main(["run"]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("ground", [[], ["in the background"]])
def test_a_signal_ends_the_run_and_its_jobs(
    number: signal.Signals, ground: list[str], tmp_path: Path, root: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path), SNAKEMAKE, *ground],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={"PYTHONPATH": str(root / "scripts")},
    ) as run:  # fmt: skip
        assert run.stdout is not None
        assert run.stdout.readline() == "a job runs\n"
        run.send_signal(number)
        _, err = run.communicate(timeout=60)
    assert run.returncode == 128 + number
    assert err.splitlines() == ["Stopping ...", "Stopped. 'vagus run' goes on from here."]
    with hold_folders(tmp_path, tmp_path):  # nothing that was started holds it any more
        pass


def test_the_exit_code_is_that_of_snakemake(tmp_path: Path, root: Path) -> None:
    snakemake = "import os, sys; os.write(int(sys.argv[-1]), b'said\\n'); sys.exit(7)"
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path), snakemake],
        capture_output=True, text=True, check=False, env={"PYTHONPATH": str(root / "scripts")},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (7, "said\n", "")
