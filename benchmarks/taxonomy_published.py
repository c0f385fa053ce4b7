"""Compare names with published ones: per rank, how many agree, differ, or are named by one only.

Takes a FASTA and a table of its sequences' names (QIIME 2 form: identifier, lineage), and a
reference as ``index_reference.py --reference`` does. Without a table the truth is the start of
each identifier, 'Genus_species...', as in the reference copies of the ZymoBIOMICS gut standard.
Renamed and split taxa agree (``resources/taxon_synonyms.tsv``).
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
sys.path.insert(0, str(SCRIPTS))

from vagus.reference.lineage import RANKS  # noqa: E402
from vagus.reference.lineage_tables import NAMELESS, LineageTables  # noqa: E402
from vagus.sequences import read_fasta  # noqa: E402
from vagus.taxonomy.synonyms import Synonyms  # noqa: E402


def read_truth(fasta: Path, table: Path | None) -> dict[str, Sequence[str]]:
    """Published names by identifier."""
    names = [header.split()[0] for header, _ in read_fasta(fasta)]
    if table is None:
        words = {name: name.split("_")[:2] for name in names}
        return {
            n: [""] * 5 + [genus, f"{genus} {epithet}"] for n, (genus, epithet) in words.items()
        }
    tables = LineageTables()
    tables.read(table, set)
    return {name: tables.by_accession.get(name, NAMELESS) for name in names}


def classify(fasta: Path, reference: str, threads: int) -> dict[str, list[str]]:
    """Our names by identifier."""
    with tempfile.TemporaryDirectory() as folder:
        index, table = Path(folder) / "index", Path(folder) / "taxonomy.tsv"
        for program, options in (
            ("index_reference", ["--reference", reference, "--index", str(index)]),
            ("classify_asvs", ["--asvs", str(fasta), "--index", str(index), "--taxonomy",
                               str(table), "--hits", f"{folder}/hits", "--threads", str(threads)]),
        ):  # fmt: skip
            command = [sys.executable, str(SCRIPTS / f"{program}.py"), *options]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        with open(table, encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t"))
    return {row["Feature ID"].split()[0]: [row[rank] for rank in RANKS] for row in rows}


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fasta", type=Path, help="sequences")
    parser.add_argument("--published", type=Path, help="table of their names")
    parser.add_argument("--reference", default="starter", help="name or path of the reference")
    parser.add_argument("--threads", type=int, default=2, help="threads")
    arguments = parser.parse_args(argv)
    truth = read_truth(arguments.fasta, arguments.published)
    ours = classify(arguments.fasta, arguments.reference, arguments.threads)
    synonyms = Synonyms.read()
    print("rank\tagree\tdiffer\tonly_published\tonly_vagus\tneither\tagreement_of_both_%")
    for rank, title in enumerate(RANKS):
        counts: Counter[str] = Counter()
        for name, published in truth.items():
            one, two = published[rank], ours[name][rank]
            if one and two:
                counts["agree" if synonyms.agree(rank, one, two) else "differ"] += 1
            else:
                counts["published" if one else "vagus" if two else "neither"] += 1
        both = counts["agree"] + counts["differ"]
        share = f"{100 * counts['agree'] / both:.1f}" if both else ""
        cells = [counts[key] for key in ("agree", "differ", "published", "vagus", "neither")]
        print("\t".join([title, *map(str, cells), share]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
