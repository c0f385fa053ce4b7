"""Whether a study has the same results on other processors: run it as if on each, and compare.

    python benchmarks/same_bytes.py                    (the demo)
    python benchmarks/same_bytes.py --study FOLDER     (a copy of it, results left out)

Each run is a child process in which OpenBLAS, numpy and numba take this processor for another one:
their kernels are chosen by OPENBLAS_CORETYPE, NPY_DISABLE_CPU_FEATURES and NUMBA_CPU_NAME, and
compiled kernels are kept apart. Only processors older than this one can be tried. The first run is
of the processor as it is. Lists every result of the others that is not the same, with the largest
difference of two numbers; the target is nothing. What is of the machine by design is left out: logs
and costs of steps, the processor in provenance.json and hence the digest of that file.

Not varied: the C library, which has its own code for processors without FMA (before x86-64-v3).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
sys.path.insert(0, str(SCRIPTS))

_NO_AVX512 = "X86_V4 AVX512_ICL AVX512_SPR"
PROCESSORS: dict[str, dict[str, str]] = {
    "as it is": {},
    "haswell": {
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": _NO_AVX512,
        "NUMBA_CPU_NAME": "haswell",
    },
    "zen": {
        "OPENBLAS_CORETYPE": "Zen",
        "NPY_DISABLE_CPU_FEATURES": _NO_AVX512,
        "NUMBA_CPU_NAME": "znver2",
    },
    "nehalem": {
        "OPENBLAS_CORETYPE": "Nehalem",
        "NPY_DISABLE_CPU_FEATURES": f"X86_V3 {_NO_AVX512}",
        "NUMBA_CPU_NAME": "nehalem",
    },
}
LEFT_OUT = ("logs", "benchmarks")
OF_THE_MACHINE = ("provenance.json", "checksums.sha256")


def make_study(source: Path | None, folder: Path) -> None:
    """The demo's inputs, or a copy of a study without what a run made."""
    if source is not None:
        made = shutil.ignore_patterns("results", ".snakemake", "std*.txt")
        shutil.copytree(source, folder, ignore=made)
        return
    from vagus.demo.cohort import write_demo

    write_demo(folder, 1)


def run_as(processor: str, study: Path, folder: Path, cores: str) -> Path:
    """Run a copy of the study as if on another processor; its results."""
    target = folder / processor.replace(" ", "_")
    shutil.copytree(study, target)
    environment = {
        **os.environ,
        "VAGUS_CACHE": str(folder / f"cache_{target.name}"),
        **PROCESSORS[processor],
    }
    command = [sys.executable, "-m", "vagus.cli.main", "run", "--cores", cores]
    with open(target / "stdout.txt", "w", encoding="utf-8") as stream:
        subprocess.run(
            command, cwd=target, env={**environment, "PYTHONPATH": str(SCRIPTS)},
            stdout=stream, stderr=subprocess.STDOUT, check=True,
        )  # fmt: skip
    return target / "results"


def list_results(results: Path) -> dict[str, Path]:
    """Files to compare by their names below the results."""
    files = (path for path in sorted(results.rglob("*")) if path.is_file())
    named = {path.relative_to(results).as_posix(): path for path in files}
    return {
        name: path
        for name, path in named.items()
        if name.split("/")[0] not in LEFT_OUT and name not in OF_THE_MACHINE
    }


def compare(first: dict[str, Path], other: dict[str, Path]) -> list[str]:
    """Lines on files that are not the same, or in one of the two only."""
    from vagus.provenance.differences import measure_distance

    lines = [f"{name}: in one of the two only" for name in sorted(first.keys() ^ other.keys())]
    for name in sorted(first.keys() & other.keys()):
        if first[name].read_bytes() != other[name].read_bytes():
            distance = measure_distance(first[name], other[name])
            words = "" if distance is None else f", largest difference {distance.largest:.2g}"
            text = "" if distance is None or distance.is_text_equal else ", and in words"
            lines.append(f"{name}: differs{words}{text}")
    return lines


def main(argv: Sequence[str] | None = None) -> int:
    """Run and compare; 1 when anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", type=Path, help="folder with config.yaml (default: the demo)")
    parser.add_argument("--cores", default="all")
    parser.add_argument("--processors", nargs="+", choices=list(PROCESSORS)[1:],
                        default=list(PROCESSORS)[1:])  # fmt: skip
    parser.add_argument("--folder", type=Path, help="keep the runs here")
    arguments = parser.parse_args(argv)
    n_differing = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        make_study(arguments.study, folder / "study")
        first = list_results(run_as("as it is", folder / "study", folder, arguments.cores))
        for processor in arguments.processors:
            other = list_results(run_as(processor, folder / "study", folder, arguments.cores))
            lines = compare(first, other)
            n_differing += len(lines)
            print(f"{processor}: {len(lines)} of {len(first)} results differ", flush=True)
            print("".join(f"  {line}\n" for line in lines), end="", flush=True)
    return int(n_differing > 0)


if __name__ == "__main__":
    raise SystemExit(main())
