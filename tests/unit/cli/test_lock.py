"""One run at a time in a folder, on any file system; a lock does not outlive its holder."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vagus.locks import start_beat

HOLDER = """
import sys
from pathlib import Path
from vagus.cli.lock import hold_folders
from vagus.errors import VagusError
try:
    with hold_folders(Path(sys.argv[1]), Path(sys.argv[2])) as locks:
        print(*(lock.method for lock in locks), flush=True)
        sys.stdin.read()
except VagusError as error:
    print(error, flush=True)
"""
# what a mount without locks answers; the second variant has none of fcntl either
FAILING = """
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
static int fail(void) { errno = atoi(getenv("LOCK_ERRNO")); return -1; }
int flock(int fd, int operation) { return fail(); }
#ifdef WITHOUT_FCNTL
static int ask(int fd, int command, void *argument) {
    if (command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK) return fail();
    return syscall(SYS_fcntl, fd, command, argument);
}
int fcntl(int fd, int command, ...) {
    va_list rest; va_start(rest, command);
    void *argument = va_arg(rest, void *); va_end(rest);
    return ask(fd, command, argument);
}
int fcntl64(int fd, int command, ...) {
    va_list rest; va_start(rest, command);
    void *argument = va_arg(rest, void *); va_end(rest);
    return ask(fd, command, argument);
}
#endif
"""
VARIANTS = [
    ("flock", None),
    *(("fcntl", n) for n in (errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL)),
    *(("file", n) for n in (errno.ENOLCK, errno.EINVAL)),
]
NOTES = {"flock": 0, "fcntl": 1, "file": 1}


@pytest.fixture(scope="session")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Libraries to preload, by the method that is left."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler: locks that fail cannot be made")
    folder = tmp_path_factory.mktemp("locks")
    (folder / "locks.c").write_text(FAILING)
    made = {"fcntl": folder / "fcntl.so", "file": folder / "file.so"}
    for method, library in made.items():
        words = ["-DWITHOUT_FCNTL"] if method == "file" else []
        subprocess.run(
            [compiler, "-shared", "-fPIC", *words, "-o", str(library), str(folder / "locks.c")],
            check=True, capture_output=True,
        )  # fmt: skip
    return made


@pytest.fixture(params=VARIANTS, ids=lambda v: f"{v[0]}-{errno.errorcode.get(v[1], 'works')}")
def left(request: pytest.FixtureRequest, root: Path) -> tuple[str, dict[str, str]]:
    """A method of locking that is left, and the environment in which it is."""
    method, number = request.param
    environment = {**os.environ, "PYTHONPATH": str(root / "scripts")}
    if number is not None:
        library = request.getfixturevalue("libraries")[method]
        environment |= {"LD_PRELOAD": str(library), "LOCK_ERRNO": str(number)}
    return method, environment


@contextmanager
def start(study: Path, results: Path, environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    """A process that locks both folders if it can: what it says, and its number."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(study), str(results)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        said = process.stdout.readline().strip()
        yield said, process.pid
        process.communicate()


def test_two_runs_in_one_folder(tmp_path: Path, left: tuple[str, dict[str, str]]) -> None:
    """The second is refused by either folder, and both are free after a kill."""
    method, environment = left
    results = tmp_path / "results"
    with start(tmp_path / "one", results, environment) as (said, pid):
        assert said == f"{method} {method}"
        for study, other in ((tmp_path / "two", results), (tmp_path / "one", tmp_path / "r2")):
            with start(study, other, environment) as (refused, _):
                place = results if study.name == "two" else study
                assert refused.startswith(f"{place}: another 'vagus run' is working in this folder")
                assert (f"process {pid} on " in refused) == (method == "file")
        os.kill(pid, signal.SIGKILL)
    with start(tmp_path / "two", results, environment) as (said, _):
        assert said == f"{method} {method}"
    assert list(results.rglob("*.held*")) == []


def test_the_method_is_said_once(tmp_path: Path, left: tuple[str, dict[str, str]]) -> None:
    method, environment = left
    done = subprocess.run(
        [sys.executable, "-c", HOLDER, str(tmp_path / "one"), str(tmp_path / "results")],
        input="", capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    notes = [line for line in done.stderr.splitlines() if "this file system has no flock" in line]
    assert len(notes) == NOTES[method]
    assert len(done.stderr.splitlines()) == NOTES[method]


OF_ANOTHER_HOST = '{"host": "n17 5f1c pid:[1]", "processes": [[123, "5"]]}'


def write_held(study: Path, content: str, age_s: float) -> Path:
    """The lock file of a run elsewhere, touched so many seconds ago."""
    held = study / ".snakemake" / "vagus.lock.held"
    held.parent.mkdir(parents=True)
    held.write_text(content)
    os.utime(held, (time.time() - age_s, time.time() - age_s))
    return held


def hide_locks(library: Path, root: Path) -> dict[str, str]:
    """The environment of a file system without any lock."""
    environment = {**os.environ, "PYTHONPATH": str(root / "scripts")}
    return environment | {"LD_PRELOAD": str(library), "LOCK_ERRNO": str(errno.ENOLCK)}


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        ("", "If none is at work here, on any machine, do not wait"),
        (OF_ANOTHER_HOST, "it is process 123 on n17; a run that was killed is noticed after 15 "
         "minutes. If it is not there any more (on n17: ps -p 123), do not wait"),
    ],
    ids=["empty", "elsewhere"],
)  # fmt: skip
def test_a_lock_of_another_host_is_held_while_it_is_touched(
    tmp_path: Path, libraries: dict[str, Path], root: Path, content: str, advice: str
) -> None:
    environment, study = hide_locks(libraries["file"], root), tmp_path / "my study"
    held = write_held(study, content, age_s=13 * 60)
    with start(study, tmp_path / "results", environment) as (said, _):
        assert "another 'vagus run' is working in this folder" in said
        assert said.endswith(f"{advice}: rm '{held}'.")
    assert held.read_text() == content
    # what the message asks for
    subprocess.run(["sh", "-c", said.removesuffix(".").rpartition(": ")[2]], check=True)
    with start(study, tmp_path / "results", environment) as (said, _):
        assert said == "file file"


@pytest.mark.parametrize("content", ["", OF_ANOTHER_HOST], ids=["empty", "elsewhere"])
def test_a_lock_of_another_host_that_is_silent_is_gone(
    tmp_path: Path, libraries: dict[str, Path], root: Path, content: str
) -> None:
    environment = hide_locks(libraries["file"], root)
    held = write_held(tmp_path, content, age_s=16 * 60)
    with start(tmp_path, tmp_path / "results", environment) as (said, pid):
        assert said == "file file"
        assert [n for n, _ in json.loads(held.read_text())["processes"]] == [pid]
    assert not held.exists()
    assert list(tmp_path.rglob("*.held*")) == []


def test_a_lock_is_touched_while_its_process_lives(
    tmp_path: Path, libraries: dict[str, Path], root: Path
) -> None:
    environment = hide_locks(libraries["file"], root)
    held = tmp_path / ".snakemake" / "vagus.lock.held"
    with start(tmp_path, tmp_path / "results", environment) as (said, pid):
        assert said == "file file"
        beat = start_beat(held, every_s=0.01)
        for _ in range(2):  # at once, and again
            os.utime(held, (0, 0))
            while held.stat().st_mtime == 0:
                assert beat.poll() is None
        os.kill(pid, signal.SIGKILL)
    assert beat.wait() == 0
    assert held.exists()  # the next run on this host removes it, others after its silence


@pytest.mark.parametrize("action", ["add", "import"])
def test_references_are_installed_on_such_file_systems(
    tmp_path: Path, left: tuple[str, dict[str, str]], action: str
) -> None:
    method, environment = left
    environment = {**environment, "VAGUS_REFERENCES": str(tmp_path / "references")}
    fasta = tmp_path / "mine.fasta"
    lineage = "d__Bacteria;p__P;c__C;o__O;f__F;g__G;s__G one"
    fasta.write_text(f">A1 {lineage}\n{'ACGTTGCA' * 150}\n>A2 {lineage}\n{'AACGTTGG' * 150}\n")
    words = {"add": [["add", str(fasta)]]}
    bundle = str(tmp_path / "bundle.tar")
    words["import"] = [*words["add"], ["export", "mine", "-o", bundle], ["import", bundle]]
    for one in words[action]:
        done = subprocess.run(
            [sys.executable, "-m", "vagus.cli.main", "reference", *one],
            capture_output=True, text=True, check=False, env=environment,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("has no flock") == NOTES[method] * (one[0] != "export")
    assert "installed: mine" in done.stdout


WAITER = """
import sys
from pathlib import Path
from vagus.locks import wait_for
with wait_for(Path(sys.argv[1]), lambda: print("waits", flush=True)) as is_held:
    print(is_held, flush=True)
    sys.stdin.read()
"""


def test_a_job_waits_where_the_system_has_locks(
    tmp_path: Path, left: tuple[str, dict[str, str]]
) -> None:
    method, environment = left
    command = [sys.executable, "-c", WAITER, str(tmp_path / "lock")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == f"{method != 'file'}\n"
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=environment
        ) as second:
            assert second.stdout is not None
            said = second.stdout.readline()
            assert said == ("False\n" if method == "file" else "waits\n")
            first.communicate("")
            rest, _ = second.communicate()
            assert rest == ("" if method == "file" else "True\n")
