"""A built wheel, installed where nobody can write, is the whole program for another user, too."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from vagus.programs import digest_program
from workflow.studies import ROOT, pick_genes, write_fastq, write_study

pytestmark = [pytest.mark.workflow, pytest.mark.long]
NOBODY = 65534
SOURCES = ("workflow", "resources", "config", "envs", "scripts", "pyproject.toml", "setup.py",
           "README.md", "LICENSE", "MANIFEST.in")  # fmt: skip


@dataclass
class Installed:
    """An environment of its own whose vagus is that of the wheel, and a user who may only read."""

    python: Path
    home: Path
    user: int | None

    def run(self, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the command of the wheel in a folder."""
        command = [str(self.python.with_name("vagus")), *words]
        return self.start(folder, *command)

    def start(self, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        """Run any command as the user, without the variables that lead to the checkout."""
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("VAGUS", "PYTHON", "XDG"))
        }
        environment |= {"HOME": str(self.home), "PATH": f"{self.python.parent}:/usr/bin:/bin"}
        if os.geteuid() == 0 and self.user is None and shutil.which("setpriv"):
            command = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", *command)
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False,
            user=self.user, group=self.user, extra_groups=None if self.user is None else [],
        )  # fmt: skip


def build_wheel(folder: Path) -> Path:
    """The wheel of a copy of the sources, built by what is installed."""
    copy = folder / "source"
    copy.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, copy / name)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--no-index", "--wheel-dir", folder, copy], check=True)
    shutil.rmtree(copy)
    return next(folder.glob("vagus-*.whl"))


def install(wheel: Path, folder: Path) -> Path:
    """Python of a new environment with the wheel and, for its needs, the present packages."""
    venv.create(folder, symlinks=True, with_pip=False)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = folder / "lib" / version / "site-packages"
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    # files *.pth of a folder that is added so are not read: the editable installation is not there
    (site / "needs.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    for path in sorted(folder.rglob("*"), reverse=True):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o555)
    return python


def choose_user(python: Path, home: Path) -> Installed:
    """Root runs as nobody where that user can read the packages, else without its rights."""
    if os.geteuid() == 0:
        home.chmod(0o777)
        other = Installed(python, home, NOBODY)
        with contextlib.suppress(PermissionError):
            if other.start(Path("/"), str(python), "-c", "import snakemake").returncode == 0:
                return other
    return Installed(python, home, None)


@pytest.fixture(scope="module")
def installed() -> Iterator[Installed]:
    """Outside of pytest's folders, which other users cannot enter."""
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(0o755)
        home = folder / "home"
        home.mkdir()
        yield choose_user(install(build_wheel(folder), folder / "environment"), home)
    finally:
        for path in [folder, *folder.rglob("*")]:
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(folder)


def test_a_study_runs_from_the_wheel(installed: Installed) -> None:
    folder = installed.home / "study"
    genes = pick_genes(3)
    for name in ("a", "b"):
        write_fastq(folder / "reads" / f"{name}.fastq.gz", genes, 300)
    sheet = "sample\treads\na\treads/a.fastq.gz\nb\treads/b.fastq.gz\n"
    write_study(folder, sheet, "reads:\n  platform: hifi\n")
    if installed.user is not None:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, installed.user, installed.user)
    done = installed.run(folder, "run", "--cores", "2")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    table = (folder / "results" / "denoise" / "asv_table.tsv").read_text(encoding="utf-8")
    assert len(table.splitlines()) == 1 + len(genes)  # reads without errors of three genes
    assert (folder / "results" / "report" / "index.html").is_file()
    assert str(ROOT) not in done.stdout + done.stderr
    again = installed.run(folder, "run", "--cores", "2", "--dry-run")
    assert again.returncode == 0
    assert "Nothing is left to do" in again.stdout


def test_the_wheel_runs_its_own_files_with_the_digests_of_the_checkout(
    installed: Installed,
) -> None:
    """So that a study that was begun with one goes on with the other."""
    script = (
        "from vagus.programs import digest_program, SCRIPTS\nprint(SCRIPTS)\n"
        "for p in sorted(SCRIPTS.glob('*.py')): print(p.stem, digest_program(p.stem))"
    )
    done = installed.start(installed.home, str(installed.python), "-c", script)
    place, *lines = done.stdout.splitlines()
    assert Path(place).is_relative_to(installed.python.parents[1]), done.stderr
    names = sorted(path.stem for path in (ROOT / "scripts").glob("*.py"))
    assert lines == [f"{name} {digest_program(name)}" for name in names]


@pytest.mark.parametrize(
    "words",
    [
        ("demo", "--help"),
        ("reference", "list"),
        ("completion", "bash"),
        ("simulate", "--help"),
        ("--version",),
    ],
)
def test_other_commands_of_the_wheel(installed: Installed, words: tuple[str, ...]) -> None:
    done = installed.run(installed.home, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout
