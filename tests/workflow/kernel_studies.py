"""Small studies that between them call every kernel, one for each need of a study.

    python tests/workflow/kernel_studies.py

runs them with an empty cache and writes ``scripts/vagus/kernels/versions.txt`` anew from what
they called: needed after a change of what a kernel is called with. It takes some ten minutes.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from vagus.demo.cohort import DemoPlan, write_demo
from vagus.denoise.kernel_needs import EDITS, TAXONOMY
from vagus.kernels.cache_files import read_checked
from vagus.kernels.registry import VERSIONS, Version, write_type
from workflow.studies import ROOT

WHOLE = DemoPlan(seed=3, depth=300, people_per_group=1, blank_reads=20)
HEADER = """\
# Versions of kernels that studies run: needs, module, kernel, types of its arguments.
# Written by tests/workflow/kernel_studies.py.
"""


@dataclass(frozen=True)
class KernelStudy:
    """A study for one need: its reads, its section ``denoise``, the last step that is run."""

    need: str
    reads: str
    denoise: str
    last: str | None = "merge_variants"
    absent: str = ""  # a package that is not on the machine

    def write(self, folder: Path) -> Path:
        """Write it; returns the folder."""
        if self.last is None:
            write_demo(folder, WHOLE.seed, WHOLE)
        else:
            write_samples(folder, self.reads)
        if self.absent:
            hide = f"import sys\nsys.modules[{self.absent!r}] = None\n"
            (folder / "sitecustomize.py").write_text(hide, encoding="utf-8")
        with open(folder / "config.yaml", "a", encoding="utf-8") as config:
            config.write(f"denoise: {{{self.denoise}}}\n")
        return folder


STUDIES = (
    KernelStudy("dada", "hifi", "engine: dada", None),
    KernelStudy("phase", "ont", "engine: phase", None),
    KernelStudy(
        "dada-pooled", "hifi",
        "engine: dada, pooling: pooled, rescue: true, pool_shard_uniques: 300", "merge_rescued",
    ),
    KernelStudy("dada-pseudo", "hifi", "engine: dada, pooling: pseudo, rescue: true",
                "merge_rescued"),
    KernelStudy("phase-pooled", "ont", "engine: phase, pooling: pooled, pool_shard_uniques: 300"),
    KernelStudy("phase-pseudo", "ont", "engine: phase, pooling: pseudo"),
    KernelStudy("dada-exact", "hifi", "engine: dada, mode: exact"),
    KernelStudy("dada-indels", "hifi", "engine: dada, indels: model"),
    KernelStudy("dada", "ont", "engine: dada"),
    KernelStudy("phase", "hifi", "engine: phase"),
    KernelStudy(EDITS, "hifi", "engine: dada", absent="edlib"),
)  # fmt: skip


def write_samples(folder: Path, platform: str) -> None:
    """Two simulated samples of a platform."""
    community = ROOT / "resources" / "demo_community.tsv"
    program = [sys.executable, str(ROOT / "scripts" / "simulate_reads.py")]
    options = ["--platform", platform, "--samples", "2", "--depth", "400"]
    subprocess.run(
        [*program, *options, "--community", str(community), "--output", str(folder)],
        check=True, capture_output=True,
    )  # fmt: skip


def run_steps(study: KernelStudy, folder: Path, cache: Path) -> None:
    """Run the steps of a study without the warm-up that comes before."""
    command = [
        sys.executable, "-m", "vagus.cli.snakemake_process", "--snakefile",
        str(ROOT / "workflow" / "Snakefile"), "--configfile", "config.yaml", "--directory", ".",
        "--nolock", "--cores", "2", *(["--until", study.last] if study.last else []),
    ]  # fmt: skip
    path = os.pathsep.join(
        filter(None, [os.environ.get("PYTHONPATH"), study.absent and str(folder)])
    )
    environment = {**os.environ, "VAGUS_CACHE": str(cache), "PYTHONPATH": path}
    done = subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])


def list_files(cache: Path) -> dict[Path, int]:
    """Compiled kernels in a cache, and when each was written (ns)."""
    return {path: path.stat().st_mtime_ns for path in sorted(cache.rglob("*.nbc"))}


def read_version(path: Path) -> Version | None:
    """What a file contains; None for a version that only other kernels call, not Python."""
    data = read_checked(path)
    assert data is not None, path
    signature = pickle.loads(data)[3]
    try:
        words = tuple(write_type(kind) for kind in signature.args)
    except ValueError:
        return None
    module = path.parent.name.rpartition("-")[0]
    return Version(module, path.name.partition("-")[0].partition(".")[2], words)


def record(folder: Path) -> Iterator[tuple[str, Version]]:
    """Run all studies; each need with the versions that its study called."""
    cache = folder / "cache"
    for number, study in enumerate(STUDIES):
        for path, time in list_files(cache).items():
            os.utime(path, ns=(0, time))  # reading it sets the time of its last access
        place = study.write(folder / str(number))
        run_steps(study, place, cache)
        called = [path for path in list_files(cache) if path.stat().st_atime_ns > 0]
        print(f"{study.need} of {study.reads}: {len(called)} versions", file=sys.stderr)
        for path in called:
            if (version := read_version(path)) is not None:
                yield study.need, version


def reduce_needs(version: Version, needs: set[str]) -> set[str]:
    """The least that leads to a version: a special case is left out where its engine has it."""
    if version.module.startswith(TAXONOMY):
        return {TAXONOMY}
    if version.module.startswith("reads."):
        return {EDITS}
    return {need for need in needs if need in ("dada", "phase")
            or need.partition("-")[0] not in needs}  # fmt: skip


def main() -> None:
    """Write the table."""
    found: dict[Version, set[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for need, version in record(Path(folder)):
            found.setdefault(version, set()).add(need)
    lines = [
        "\t".join((",".join(sorted(reduce_needs(version, needs))), version.module, version.name,
                   *version.arguments))
        for version, needs in sorted(found.items())
    ]  # fmt: skip
    VERSIONS.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
