"""The phase engine on real Nanopore reads of the Zymo gut standard, against its 16S copies.

Needs ``zymo_gut_ont`` (reads without primers, ``reference_16S_copies.fasta``) beside the
checkout. The true depth of a copy is the number of kept reads that are nearer to it than to any
other; reads that are equally near to several copies count for each by equal parts. Done for all
reads and, as samples of their own, for either half of them (every second read), with
the default settings. Prints copies recovered by true depth, then every variant that is no
copy: its distance to the nearest copy and its differences, the reads nearer to it than to every
copy (supporters), whether the other half gave it as well, and what it probably is.

    python benchmarks/phase_zymo.py --data ../shared/data/zymo_gut_ont
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import edlib

from _phase_sets import ROOT, call, show

if TYPE_CHECKING:
    import pandas as pd

    from vagus.reads.uniques import Uniques

DEPTHS = (2, 5, 10, 20, 50)
MAX_LISTED = 6
MIN_PART_BP = 30
MAX_STRAIN_EDITS = 6
MIN_SUPPORT_SHARE = 0.75


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


def count_depths(uniques: Uniques, copies: dict[str, str]) -> tuple[dict[str, float], list[int]]:
    """Reads of each copy, and the least edits of each unique sequence to any copy."""
    depths = dict.fromkeys(copies, 0.0)
    least = []
    for i in range(uniques.n_uniques):
        edits = measure(uniques.sequence(i), copies)
        least.append(min(edits.values()))
        nearest = [name for name, n in edits.items() if n == least[-1]]
        for name in nearest:
            depths[name] += float(uniques.counts[i]) / len(nearest)
    return depths, least


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


def find_parents(query: str, copies: dict[str, str]) -> tuple[str, str] | None:
    """Two copies of which a left and a right part, letter for letter, make up a variant."""
    left = {name: measure_part(query, text) for name, text in copies.items()}
    right = {name: measure_part(query[::-1], text[::-1]) for name, text in copies.items()}
    first, last = (max(part, key=lambda name: (part[name], name)) for part in (left, right))
    shortest = min(left[first], right[last])
    is_whole = left[first] + right[last] >= len(query) and shortest >= MIN_PART_BP
    return (first, last) if is_whole else None


def measure_part(query: str, text: str) -> int:
    """Length of the longest first part of a sequence that is in another."""
    low, high = 0, len(query)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if query[:middle] in text else (low, middle - 1)
    return low


def count_supporters(query: str, uniques: Uniques, least: list[int]) -> int:
    """Reads that are nearer to a variant than to every copy (edits to these: ``least``)."""
    supporters = 0
    for i in range(uniques.n_uniques):
        far = least[i] - 1
        found = edlib.align(uniques.sequence(i), query, "HW", "distance", far)["editDistance"]
        supporters += int(uniques.counts[i]) if found >= 0 and far >= 0 else 0
    return supporters


@dataclass(frozen=True)
class Stranger:
    """A variant that is no copy, and what speaks for or against it."""

    reads_of: str
    row: pd.Series
    nearest: str
    edits: int
    depth: float
    supporters: int
    copies: dict[str, str]

    def guess(self, others: list[Stranger]) -> str:
        """What it probably is."""
        if self.supporters < MIN_SUPPORT_SHARE * self.row["reads"]:
            return "consensus of a mixture: most of its reads are nearer to a copy"
        parents = find_parents(self.row["sequence"], self.copies)
        if parents:
            return f"chimera, or recombinant copy, of {parents[0][:40]} and {parents[1][:40]}"
        if self.edits > MAX_STRAIN_EDITS:
            return "mixture with chimeras, or a species missing from the copies"
        if self.recurs(others):
            return "copy missing from the reference, or an error that recurs on the one strand"
        return "copy missing from the reference, or errors that its reads share; not in both halves"

    def recurs(self, others: list[Stranger]) -> bool:
        """Whether another set of reads gave the same sequence."""
        same = {x.reads_of for x in others if x.row["asv"] == self.row["asv"]}
        return len(same & {"first half", "second half"}) == 2

    def cells(self, others: list[Stranger]) -> list[object]:
        """Its row of the table."""
        row = self.row
        return [self.reads_of, row["asv"][:8], row["reads"], row["reverse_reads"], row["flags"],
                self.edits, self.nearest[:40], round(self.depth), self.supporters,
                "yes" if self.recurs(others) else "no", self.guess(others),
                describe(row["sequence"], self.copies[self.nearest])]  # fmt: skip


def report(name: str, reads: Path, copies: dict[str, str], folder: Path) -> list[Stranger]:
    """Print one row; returns the false variants."""
    from vagus.phase.denoising import denoise
    from vagus.phase.settings import PhaseSettings

    uniques = prepare(reads, folder)
    depths, least = count_depths(uniques, copies)
    sample = denoise(uniques, None, PhaseSettings())
    table = sample.variants.fillna({"flags": ""})
    found: set[str] = set()
    strangers = []
    for _, row in table.iterrows():
        edits = measure(row["sequence"], copies)
        nearest = min(edits, key=lambda copy: (edits[copy], copy))
        if edits[nearest] == 0:
            found |= {copy for copy, n in edits.items() if n == 0}
        else:
            supporters = count_supporters(row["sequence"], uniques, least)
            strangers.append(
                Stranger(name, row, nearest, edits[nearest], depths[nearest], supporters, copies)
            )
    wanted = [{copy for copy, n in depths.items() if n >= depth} for depth in DEPTHS]
    cells = [f"{len(copies_there & found)}/{len(copies_there)}" for copies_there in wanted]
    large = sum(stranger.row["reads"] >= 5 for stranger in strangers)
    share = sample.losses["assigned"] / max(1, sample.losses["reads_in"])
    show(name, uniques.n_reads, sample.losses["strands"], len(table), *cells, len(strangers), large,
         f"{100 * share:.1f} %", sample.losses["measured_error_rate"])  # fmt: skip
    return strangers


def prepare(reads: Path, folder: Path) -> Uniques:
    """Unique sequences of reads without primers, by the program of the reads stage."""
    from vagus.reads.uniques import Uniques

    path = folder / f"{reads.stem}.npz"
    options = ["--primers", "none", "--platform", "ont", "--require", "none"]
    call("prepare_reads.py", "--sample", "zymo", "--uniques", path, "--qc", f"{path}.json",
         *options, reads)  # fmt: skip
    return Uniques.load(path)


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
    strangers: list[Stranger] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, reads in split_reads(next(data.glob("*.fq.gz")), folder).items():
            strangers += report(name, reads, copies, folder)
    show()
    show("reads", "false", "n", "antisense", "flags", "distance", "nearest", "its_reads",
         "supporters", "in_both_halves", "probably", "differences")  # fmt: skip
    for stranger in strangers:
        show(*stranger.cells(strangers))


if __name__ == "__main__":
    main()
