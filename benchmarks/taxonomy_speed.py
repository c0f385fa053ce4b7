"""Time and memory of naming ASVs, side by side with vsearch and R dada2.

References are the starter and, when given, a large FASTA of any form that ``index_reference.py``
takes. Queries are the ASVs of ``--asvs`` and, up to the number wanted, sequences of the starter
with 0 to 40 substitutions. Every program gets the same queries and sequences; peak memory is that
of its process, indexing is counted apart where it is a step of its own. assignTaxonomy takes
minutes for hundreds of queries, so that it gets fewer (``--dada2-queries``), and a program that
needs more than ``--limit-s`` seconds is stopped and said to. The large database of the measured
figures is the Debian package ncbi-rrna-data as FASTA
(``blastdbcmd -db /usr/share/ncbi/data/Combined16SrRNA -entry all``), headers as accession and
lineage.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
R_PROGRAM = Path(__file__).with_name("taxonomy_accuracy.R")
sys.path[:0] = [str(SCRIPTS), str(R_PROGRAM.parent)]

from _measured import run_measured  # noqa: E402
from vagus.reference.parse import read_references  # noqa: E402
from vagus.reference.starter import ReferenceRecord, read_starter  # noqa: E402
from vagus.sequences import identify_asv, read_fasta, write_fasta  # noqa: E402

LETTERS = "dpcofgs"


def make_queries(asvs: Path | None, n_wanted: int) -> list[str]:
    """Distinct sequences, shuffled: the given ones and relatives of the starter's."""
    generator = random.Random(3)
    found = {sequence for _, sequence in read_fasta(asvs)} if asvs else set()
    records = read_starter()
    while len(found) < n_wanted:
        bases = [
            base if base in "ACGT" else generator.choice("ACGT")
            for base in generator.choice(records).sequence
        ]
        for place in generator.sample(range(len(bases)), generator.choice((0, 1, 3, 10, 40))):
            bases[place] = generator.choice("ACGT")
        found.add("".join(bases))
    ordered = sorted(found)
    generator.shuffle(ordered)
    return ordered[:n_wanted]


def write_forms(records: Sequence[ReferenceRecord], folder: Path) -> None:
    """The reference in the form of each program; empty ranks are left out or filled."""
    rows = [(f"{r.accession} {';'.join(r.lineage)}", r.sequence) for r in records]
    write_fasta(rows, folder / "vagus.fa")
    write_fasta(((r.accession, r.sequence) for r in records), folder / "search.fa")
    sintax, train, species = [], [], []
    for r in records:
        pairs = [
            f"{letter}:{''.join(c if c.isalnum() else '_' for c in name)}"
            for letter, name in zip(LETTERS, r.lineage, strict=True)
            if name
        ]
        sintax.append((f"{r.accession};tax={','.join(pairs)}", r.sequence))
        train.append((";".join(name or "unnamed" for name in r.lineage[:6]) + ";", r.sequence))
        if len(r.lineage[6].split(" ")) == 2:
            species.append((f"{r.accession} {r.lineage[6]}", r.sequence))
    write_fasta(sintax, folder / "sintax.fa")
    write_fasta(train, folder / "train.fa")
    write_fasta(species, folder / "species.fa")


def list_commands(folder: Path, threads: int) -> dict[str, list[str]]:
    """The command of each step by its title."""
    python, queries, n = sys.executable, str(folder / "q.fasta"), str(threads)
    index, out = str(folder / "index"), str(folder / "out.tsv")
    return {
        "vagus": [python, str(SCRIPTS / "classify_asvs.py"), "--asvs", queries, "--index", index,
                  "--taxonomy", out, "--hits", str(folder / "hits"), "--threads", n],
        "sintax": ["vsearch", "--sintax", queries, "--db", str(folder / "sintax.fa"),
                   "--tabbedout", out, "--sintax_cutoff", "0.8", "--threads", n],
        "search": ["vsearch", "--usearch_global", queries, "--db", str(folder / "search.fa"),
                   "--id", "0.75", "--maxaccepts", "20", "--maxrejects", "64", "--userout", out,
                   "--userfields", "query+target+id", "--strand", "plus", "--threads", n],
        "dada2": ["Rscript", str(R_PROGRAM), str(folder / "train.fa"), str(folder / "species.fa"),
                  queries, out],
    }  # fmt: skip


def compare(
    title: str, records: Sequence[ReferenceRecord], options: argparse.Namespace
) -> Iterator[tuple[object, ...]]:
    """Rows of the table for one reference."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_forms(records, folder)
        commands = list_commands(folder, options.threads)
        programs = {"vagus": sys.executable, "dada2": "Rscript"}
        tools = [t for t in options.tools.split(",") if shutil.which(programs.get(t, "vsearch"))]
        if "vagus" in tools:
            command = [sys.executable, str(SCRIPTS / "index_reference.py"), "--reference",
                       str(folder / "vagus.fa"), "--index", str(folder / "index")]  # fmt: skip
            yield title, len(records), "vagus: index", "", run_measured(command, options.limit_s)
        for n_queries in map(int, options.sizes.split(",")):
            queries = make_queries(options.asvs, n_queries)
            for tool in tools:
                chosen = queries[: options.dada2_queries] if tool == "dada2" else queries
                write_fasta(((identify_asv(s), s) for s in chosen), folder / "q.fasta")
                usage = run_measured(commands[tool], options.limit_s)
                yield title, len(records), tool, len(chosen), usage


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("large", nargs="?", type=Path, help="FASTA of a large reference")
    parser.add_argument("--asvs", type=Path, help="FASTA of real ASVs to begin with")
    parser.add_argument("--sizes", default="2000,10000", help="numbers of queries")
    parser.add_argument("--tools", default="vagus,sintax,search,dada2", help="which to compare")
    parser.add_argument("--threads", type=int, default=2, help="threads, except for dada2 (one)")
    parser.add_argument("--dada2-queries", type=int, default=100, help="queries for dada2")
    parser.add_argument("--limit-s", type=float, default=1800, help="longest run of a program")
    parser.add_argument("--no-starter", action="store_true", help="only the large reference")
    options = parser.parse_args(argv)
    print("reference\tsequences\tprogram\tqueries\twall_s\tcpu_s\tpeak_MB\tfinished", flush=True)
    references = [] if options.no_starter else [("starter", read_starter())]
    if options.large:
        references.append((options.large.name, read_references(options.large)))
    for title, records in references:
        for *cells, usage in compare(title, records, options):
            figures = [f"{usage.wall_s:.0f}", f"{usage.cpu_s:.0f}", f"{usage.peak_mb:.0f}"]
            text = "yes" if usage.finished else f"stopped after {options.limit_s:.0f} s"
            print("\t".join([*map(str, cells), *figures, text]), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
