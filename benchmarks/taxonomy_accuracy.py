"""Compare names with those of R dada2 and vsearch when the sequence or its species is left out.

The starter reference is divided twice. 'known species': of each species with several records
one stays and others are queries. 'new species': all records of some species go, one of
each is a query. Queries are complete (only A, C, G, T). The same references and queries go
to Vagus, to assignTaxonomy to genus (bootstrap 80, and its default 50) with addSpecies, to
vsearch --sintax (cutoff 0.8) and to vsearch --usearch_global (all best hits, the identity
thresholds of Vagus).

The rule of Vagus was chosen on the half of the species whose CRC-32 is even ('a'); report the
other ('b', the default). ``--curve`` adds Vagus at other margins and confidences: how right,
wrong and unnamed trade against each other.

Per rank: of the queries whose true name is in the reference, the share named right, wrong and
not at all; of the others the share that got a name all the same. Joined names ('a/b') are
right when the true one is among them. Then, per band of confidence, the share that is right.
Tools that are not installed are skipped. assignTaxonomy takes nearly all of the time.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
R_PROGRAM = Path(__file__).with_suffix(".R")
sys.path.insert(0, str(SCRIPTS))

from vagus.reference.inseparable import group_records  # noqa: E402
from vagus.reference.lineage import RANKS, TIE_SEPARATOR, Lineage  # noqa: E402
from vagus.reference.starter import ReferenceRecord, read_starter  # noqa: E402
from vagus.sequences import write_fasta  # noqa: E402
from vagus.taxonomy.call import min_identity  # noqa: E402
from vagus.taxonomy.settings import Thresholds  # noqa: E402

GAP = "unnamed "  # stands for an empty rank in formats that know none
SHOWN = range(1, 7)
CURVE = (
    ("--min-species-margin", "1"), ("--min-species-margin", "1.25"),
    ("--min-species-margin", "2"), ("--min-species-margin", "3"),
    ("--min-confidence", "0.5"), ("--min-confidence", "0.95"),
)  # fmt: skip
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)


@dataclass
class Division:
    """Queries and the reference that is left without them."""

    title: str
    queries: list[ReferenceRecord]
    reference: list[ReferenceRecord]
    names: list[set[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """List the names that the reference has at each rank."""
        self.names = [
            {part for r in self.reference for part in r.lineage[rank].split(TIE_SEPARATOR)} - {""}
            for rank in range(7)
        ]


@dataclass
class Naming:
    """What a tool says of the queries: names and confidences of seven ranks each, CPU seconds."""

    tool: str
    names: dict[str, list[str]]
    confidences: dict[str, list[float]]
    cpu_s: float


def divide(n_known: int, n_new: int, seed: int, half: str) -> Iterator[Division]:
    """The two divisions of the starter reference, queries of one half of the species.

    Inseparable species have the name of their group, in the truth and for every tool.
    """
    records = group_records(read_starter())
    by_species = defaultdict(list)
    for record in records:
        if record.lineage[6] and TIE_SEPARATOR not in record.lineage[6]:
            by_species[record.lineage[6]].append(record)
    generator = random.Random(seed)
    several, complete = [], []
    for species in sorted(by_species):
        stays = generator.choice(by_species[species])
        whole = [r for r in by_species[species] if not set(r.sequence) - set("ACGT")]
        if whole and half in ("all", "ab"[zlib.crc32(species.encode()) % 2]):
            complete.append(generator.choice(whole))
            several += [r for r in whole if r is not stays and len(by_species[species]) > 1]
    several = generator.sample(several, min(n_known, len(several)))
    out = {record.accession for record in several}
    yield Division("known species", several, [r for r in records if r.accession not in out])
    fresh = generator.sample(complete, min(n_new, len(complete)))
    gone = {record.lineage[6] for record in fresh}
    yield Division("new species", fresh, [r for r in records if r.lineage[6] not in gone])


def fill_gaps(lineage: Lineage) -> list[str]:
    """Names without holes, for formats in which every rank needs one."""
    return [name or f"{GAP}{rank}" for name, rank in zip(lineage, RANKS, strict=True)]


def run(command: Sequence[str]) -> tuple[str, float]:
    """Standard output and CPU seconds of a program."""
    before = os.times()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    after = os.times()
    used = after.children_user + after.children_system
    return done.stdout.decode(), used - before.children_user - before.children_system


def name_with_vagus(division: Division, folder: Path, curve: bool = False) -> list[Naming]:
    """Index and classify with the step programs; with ``curve`` at other settings as well."""
    fasta = folder / "reference.fasta"
    rows = ((f"{r.accession} {';'.join(r.lineage)}", r.sequence) for r in division.reference)
    write_fasta(rows, fasta)
    index = folder / "index"
    _, cpu_index = run([sys.executable, str(SCRIPTS / "index_reference.py"), "--reference",
                        str(fasta), "--index", str(index)])  # fmt: skip
    namings = [_classify("vagus", folder, [])]
    namings[0].cpu_s += cpu_index
    for option in CURVE if curve else ():
        title = f"vagus {option[0].removeprefix('--min-')} {option[1]}"
        namings.append(_classify(title, folder, option))
    return namings


def _classify(title: str, folder: Path, options: Sequence[str]) -> Naming:
    import csv

    taxonomy = folder / "taxonomy.tsv"
    _, cpu = run([sys.executable, str(SCRIPTS / "classify_asvs.py"), "--asvs",
                  str(folder / "q.fasta"), "--index", str(folder / "index"), "--taxonomy",
                  str(taxonomy), "--hits", str(folder / "hits.tsv"), *options])  # fmt: skip
    names, confidences = {}, {}
    with open(taxonomy, encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            names[row["Feature ID"]] = [row[rank] for rank in RANKS]
            confidences[row["Feature ID"]] = [
                float(row[f"confidence_{rank}"] or 0) for rank in RANKS
            ]
    return Naming(title, names, confidences, cpu)


def name_with_dada2(division: Division, folder: Path) -> list[Naming]:
    """assignTaxonomy to genus at two cutoffs, addSpecies (exact matches) below it."""
    train, species, out = folder / "train.fa", folder / "species.fa", folder / "dada2.tsv"
    rows = ((";".join(fill_gaps(r.lineage)[:6]) + ";", r.sequence) for r in division.reference)
    write_fasta(rows, train)
    named = [r for r in division.reference if len(r.lineage[6].split(" ")) == 2]
    write_fasta(((f"{r.accession} {r.lineage[6]}", r.sequence) for r in named), species)
    queries = str(folder / "q.fasta")
    text, _ = run(["Rscript", str(R_PROGRAM), str(train), str(species), queries, str(out)])
    cpu_s = sum(map(float, text.split()[-2:]))
    lines = [line.split("\t") for line in out.read_text(encoding="utf-8").splitlines()[1:]]
    return [_read_dada2(lines, cutoff, cpu_s) for cutoff in (80, 50)]


def _read_dada2(lines: Sequence[Sequence[str]], cutoff: int, cpu_s: float) -> Naming:
    """Names of at least this bootstrap; columns are id, 6 names, 6 bootstraps, epithets."""
    naming = Naming(f"dada2 {cutoff} + addSpecies", {}, {}, cpu_s)
    for cells in lines:
        boots = [float(value or 0) for value in cells[7:13]]
        names = [
            name if boot >= cutoff and not name.startswith(GAP) else ""
            for name, boot in zip(cells[1:7], boots, strict=True)
        ]
        found = cells[13] if len(cells) > 13 else ""
        epithets = found.split(TIE_SEPARATOR) if found and names[5] else []
        names.append(TIE_SEPARATOR.join(f"{names[5]} {word}" for word in epithets))
        naming.names[cells[0]] = names
        naming.confidences[cells[0]] = [*(boot / 100 for boot in boots), 1.0]
    return naming


def name_with_sintax(division: Division, folder: Path) -> list[Naming]:
    """Run vsearch --sintax with cutoff 0.8."""
    fasta, out = folder / "sintax.fa", folder / "sintax.tsv"
    rows = []
    for r in division.reference:
        pairs = [f"{letter}:{name.replace(' ', '_')}"
                 for letter, name in zip("dpcofgs", r.lineage, strict=True) if name]  # fmt: skip
        rows.append((f"{r.accession};tax={','.join(pairs)}", r.sequence))
    write_fasta(rows, fasta)
    _, cpu = run(["vsearch", "--sintax", str(folder / "q.fasta"), "--db", str(fasta), "--tabbedout",
                  str(out), "--threads", "1", "--randseed", "1"])  # fmt: skip
    naming = Naming("vsearch sintax 0.8", {}, {}, cpu)
    for line in out.read_text(encoding="utf-8").splitlines():
        name, text = line.split("\t")[:2]
        names, confidences = [""] * 7, [0.0] * 7
        for part in text.split(",") if text else []:
            letter, rest = part.split(":", 1)
            label, share = rest.rsplit("(", 1)
            rank = "dpcofgs".index(letter)
            confidences[rank] = float(share.rstrip(")"))
            if confidences[rank] >= 0.8:
                names[rank] = label.replace("_", " ")
        naming.names[name], naming.confidences[name] = names, confidences
    return [naming]


def name_with_search(division: Division, folder: Path) -> list[Naming]:
    """Run vsearch --usearch_global; all best hits, joined, where the identity suffices."""
    fasta, out = folder / "search.fa", folder / "search.tsv"
    write_fasta(((r.accession, r.sequence) for r in division.reference), fasta)
    _, cpu = run(["vsearch", "--usearch_global", str(folder / "q.fasta"), "--db", str(fasta),
                  "--id", "0.75", "--maxaccepts", "20", "--maxrejects", "64", "--top_hits_only",
                  "--userout", str(out), "--userfields", "query+target+id", "--threads", "1",
                  "--strand", "plus"])  # fmt: skip
    lineages = {r.accession: r.lineage for r in division.reference}
    best = defaultdict(list)
    for line in out.read_text(encoding="utf-8").splitlines():
        query, target, identity = line.split("\t")
        best[query].append((lineages[target], float(identity) / 100))
    naming, thresholds = Naming("vsearch best hit", {}, {}, cpu), Thresholds()
    for query in (record.accession for record in division.queries):
        identity = max((share for _, share in best[query]), default=0.0)
        naming.names[query] = [
            TIE_SEPARATOR.join(sorted({names[rank] for names, _ in best[query]} - {""}))
            if identity >= min_identity(thresholds, rank) else ""
            for rank in range(7)
        ]  # fmt: skip
        naming.confidences[query] = [0.0] * 7
    return [naming]


def is_right(truth: str, called: str) -> bool:
    """Whether the true name is the one called, or among those joined."""
    return truth in called.split(TIE_SEPARATOR)


def print_shares(division: Division, namings: Sequence[Naming]) -> None:
    """One row a rank and tool."""
    print(f"\n{division.title}: {len(division.queries)} queries, {len(division.reference)} left")
    print("rank\ttool\tin_reference\tright\twrong\tunnamed\tjoined\tabsent\tnamed_all_the_same")
    for rank in SHOWN:
        known = [q for q in division.queries if q.lineage[rank] in division.names[rank]]
        absent = [q for q in division.queries
                  if q.lineage[rank] and q.lineage[rank] not in division.names[rank]]  # fmt: skip
        for naming in namings:
            calls = [(q.lineage[rank], naming.names[q.accession][rank]) for q in known]
            right = sum(is_right(*call) for call in calls)
            unnamed = sum(not called for _, called in calls)
            joined = sum(TIE_SEPARATOR in called for _, called in calls)
            over = sum(bool(naming.names[q.accession][rank]) for q in absent)
            shares = [right, len(calls) - right - unnamed, unnamed, joined]
            cells = [f"{100 * n / max(len(calls), 1):.1f}" for n in shares]
            extra = f"{100 * over / len(absent):.1f}" if absent else ""
            cells = [str(len(calls)), *cells, str(len(absent)), extra]
            print("\t".join([RANKS[rank], naming.tool, *cells]))


def print_calibration(division: Division, namings: Sequence[Naming]) -> None:
    """Share of right names among those given, per band of their confidence."""
    print(f"\n{division.title}: share right of the names given, by confidence")
    titles = [f"{low:.2f}-{min(high, 1):.2f}" for low, high in pairwise(BANDS)]
    print("\t".join(["rank", "tool", *titles]))
    for rank in (4, 5, 6):
        for naming in namings:
            if naming.tool == "vsearch best hit" or (rank == 6 and "dada2" in naming.tool):
                continue
            cells = []
            for low, high in pairwise(BANDS):
                calls = [
                    is_right(q.lineage[rank], naming.names[q.accession][rank])
                    for q in division.queries
                    if naming.names[q.accession][rank] and q.lineage[rank]
                    and low <= naming.confidences[q.accession][rank] < high
                ]  # fmt: skip
                cells.append(
                    f"{100 * sum(calls) / len(calls):.0f}% of {len(calls)}" if calls else ""
                )
            print("\t".join([RANKS[rank], naming.tool, *cells]))


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--known-species", type=int, default=500, help="queries of known species")
    parser.add_argument("--new-species", type=int, default=500, help="queries of new species")
    parser.add_argument("--half", choices=("a", "b", "all"), default="b", help="of the species")
    parser.add_argument("--curve", action="store_true", help="Vagus at other settings as well")
    parser.add_argument("--seed", type=int, default=1, help="seed of the choice of queries")
    parser.add_argument("--tools", default="vagus,dada2,sintax,search", help="which to compare")
    arguments = parser.parse_args(argv)
    known = {
        "vagus": ("python", partial(name_with_vagus, curve=arguments.curve)),
        "dada2": ("Rscript", name_with_dada2),
        "sintax": ("vsearch", name_with_sintax),
        "search": ("vsearch", name_with_search),
    }
    chosen = [known[name] for name in arguments.tools.split(",")]
    tools = [tool for program, tool in chosen if program == "python" or shutil.which(program)]
    sizes = arguments.known_species, arguments.new_species
    for division in divide(*sizes, arguments.seed, arguments.half):
        with tempfile.TemporaryDirectory() as folder:
            write_fasta(((q.accession, q.sequence) for q in division.queries),
                        Path(folder) / "q.fasta")  # fmt: skip
            namings = [n for tool in tools for n in tool(division, Path(folder))]
        print_shares(division, namings)
        print_calibration(division, namings)
        print("\ntool\tCPU seconds")
        for naming in namings:
            print(f"{naming.tool}\t{naming.cpu_s:.1f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
