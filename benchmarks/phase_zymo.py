"""The phase engine on real Nanopore reads of the Zymo gut standard, against its 16S copies.

Needs ``zymo_gut_ont`` (reads without primers, ``reference_16S_copies.fasta``) beside the
checkout. The true depth of a copy is the number of kept reads that are nearer to it than to any
other; reads that are equally near to several copies count for each by equal parts. Done for all
reads and, as samples of their own, for either half of them (every second read). Prints copies
recovered by true depth, then every variant that is no copy with its distance to the nearest
copy, its differences and the reads behind it.

    python benchmarks/phase_zymo.py --data ../shared/data/zymo_gut_ont
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
from collections.abc import Sequence
from pathlib import Path

import edlib

from _phase_sets import ROOT, call, show

DEPTHS = (2, 5, 10, 20, 50)
MAX_LISTED = 6


def read_copies(path: Path) -> dict[str, str]:
    """Different copies by the names of all that are equal."""
    from vagus.sequences import read_fasta

    names: dict[str, list[str]] = {}
    for name, text in read_fasta(path):
        names.setdefault(text.upper(), []).append(name.split()[0])
    return {"=".join(same): text for text, same in names.items()}


def measure(query: str, copies: dict[str, str]) -> dict[str, int]:
    """Edits of a sequence to each copy, whose ends may hang over."""
    return {
        name: edlib.align(query, text, mode="HW", task="distance")["editDistance"]
        for name, text in copies.items()
    }


def count_depths(uniques: object, copies: dict[str, str]) -> dict[str, float]:
    """Reads of each copy."""
    depths = dict.fromkeys(copies, 0.0)
    for i in range(uniques.n_uniques):  # type: ignore[attr-defined]
        edits = measure(uniques.sequence(i), copies)  # type: ignore[attr-defined]
        least = min(edits.values())
        nearest = [name for name, n in edits.items() if n == least]
        for name in nearest:
            depths[name] += float(uniques.counts[i]) / len(nearest)  # type: ignore[attr-defined]
    return depths


def split_reads(path: Path, folder: Path) -> dict[str, Path]:
    """Files of all reads and of either half."""
    with gzip.open(path, "rt") as stream:
        lines = stream.read().splitlines()
    records = ["\n".join(lines[i : i + 4]) + "\n" for i in range(0, len(lines), 4)]
    parts = {"all": records, "first half": records[::2], "second half": records[1::2]}
    files = {}
    for name, chosen in parts.items():
        files[name] = folder / f"{name.replace(' ', '_')}.fastq"
        files[name].write_text("".join(chosen))
    return files


def describe(query: str, text: str) -> str:
    """First differences of a variant from a copy: position in the copy, its base > the other."""
    path = edlib.align(query, text, mode="HW", task="path")
    nice = edlib.getNiceAlignment(path, query, text)
    place = path["locations"][0][0]
    found = []
    pairs = zip(nice["query_aligned"], nice["target_aligned"], strict=True)
    for mine, own in pairs:
        if mine != own:
            around = text[max(0, place - 5) : place + 6]
            found.append(f"{place}:{own}>{mine} in {around}")
        place += own != "-"
    return "; ".join(found[:MAX_LISTED])


def report(name: str, reads: Path, copies: dict[str, str], folder: Path) -> Sequence[list[object]]:
    """Print one row; returns rows of the false variants."""
    from vagus.phase.engine import denoise
    from vagus.phase.settings import PhaseSettings
    from vagus.reads.uniques import Uniques

    path = folder / f"{reads.stem}.npz"
    options = ["--primers", "none", "--platform", "ont", "--require", "none"]
    call("prepare_reads.py", "--sample", "zymo", "--uniques", path, "--qc", f"{path}.json",
         *options, reads)  # fmt: skip
    uniques = Uniques.load(path)
    depths = count_depths(uniques, copies)
    sample = denoise(uniques, None, PhaseSettings())
    table = sample.variants.fillna({"flags": ""})
    found: set[str] = set()
    false = []
    for row in table.itertuples():
        edits = measure(row.sequence, copies)
        nearest = min(edits, key=lambda copy: (edits[copy], copy))
        if edits[nearest] == 0:
            found |= {copy for copy, n in edits.items() if n == 0}
        else:
            false.append([name, row.asv[:8], row.reads, row.reverse_reads, row.flags,
                          edits[nearest], nearest[:60], round(depths[nearest]),
                          describe(row.sequence, copies[nearest])])  # fmt: skip
    cells = []
    for depth in DEPTHS:
        wanted = {copy for copy, n in depths.items() if n >= depth}
        cells.append(f"{len(wanted & found)}/{len(wanted)}")
    large = sum(row[2] >= 5 for row in false)
    share = sample.losses["assigned"] / max(1, sample.losses["reads_in"])
    show(name, uniques.n_reads, sample.losses["strands"], len(table), *cells, len(false), large,
         f"{100 * share:.1f} %", sample.losses["measured_error_rate"])  # fmt: skip
    return false


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data/zymo_gut_ont")
    data = parser.parse_args().data
    if not data.is_dir():
        print(f"{data} is not there: nothing is measured")
        return
    copies = read_copies(data / "reference_16S_copies.fasta")
    show("reads", "n", "strands", "variants", *(f"copies_{n}+" for n in DEPTHS), "false",
         "false_5+", "assigned", "error_rate")  # fmt: skip
    false: list[list[object]] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, reads in split_reads(next(data.glob("*.fq.gz")), folder).items():
            false += report(name, reads, copies, folder)
    show()
    show("reads", "false", "n", "antisense", "flags", "distance", "nearest", "its_reads",
         "differences")  # fmt: skip
    for row in false:
        show(*row)


if __name__ == "__main__":
    main()
