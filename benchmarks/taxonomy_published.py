"""Compare names with published ones: per rank, how many agree, differ, or are named by one only.

Takes a FASTA and what its sequences are known to be:
- ``--published``: a table of their names (QIIME 2 form: identifier, lineage);
- ``--members``: a list of species, one a line, of a mock community: a call agrees when it is one of
  them ('neither' are sequences without a name);
- ``--against``: a second reference whose calls take the part of published names;
- none of them: the start of each identifier, 'Genus_species...', as in the reference copies of the
  ZymoBIOMICS gut standard.

The reference is one that ``index_reference.py --reference`` takes. Renamed and split taxa agree
(``resources/taxon_synonyms.tsv``). 'can_agree' counts the sequences whose published name the
reference contains at all, 'of_these' those of them that agree: the rest is missing there.
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

from vagus.reference.index import ReferenceIndex  # noqa: E402
from vagus.reference.lineage import RANKS  # noqa: E402
from vagus.reference.lineage_tables import NAMELESS, LineageTables  # noqa: E402
from vagus.reference.names import Names  # noqa: E402
from vagus.sequences import read_fasta  # noqa: E402


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


def read_members(path: Path) -> list[list[str]]:
    """Genus and species of each line of a list, as lineages with empty ranks above."""
    names = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [[""] * 5 + [name.split(" ")[0], name] for name in names if name]


def classify(
    fasta: Path, reference: str, threads: int
) -> tuple[dict[str, list[str]], list[set[str]]]:
    """Our names by identifier, and all names of the reference at each rank."""
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
        lineages = ReferenceIndex.load(index).lineages
    held = [{lineage[rank] for lineage in lineages} - {""} for rank in range(len(RANKS))]
    return {row["Feature ID"].split()[0]: [row[rank] for rank in RANKS] for row in rows}, held


def is_held(names: set[str], rank: int, name: str, synonyms: Names) -> bool:
    """Whether a reference has a name at a rank, or a synonym of it."""
    return name in names or any(synonyms.agree(rank, name, other) for other in names)


def count_member(members: Sequence[Sequence[str]], rank: int, called: str, synonyms: Names) -> str:
    """What a call says against a list of the species that can be there."""
    if not called:
        return "neither"
    known = [member[rank] for member in members if member[rank]]
    if not known:
        return "vagus"
    return "agree" if any(synonyms.agree(rank, name, called) for name in known) else "differ"


def compare(one: str, two: str, rank: int, synonyms: Names) -> str:
    """What a call says against a published name."""
    if one and two:
        return "agree" if synonyms.agree(rank, one, two) else "differ"
    return "published" if one else "vagus" if two else "neither"


def print_agreement(
    truth: dict[str, Sequence[str]],
    members: Sequence[Sequence[str]],
    ours: dict[str, list[str]],
    held: Sequence[set[str]],
) -> None:
    """One row a rank."""
    synonyms, known = Names.read(), {}
    print("rank\tagree\tdiffer\tonly_published\tonly_vagus\tneither\tagreement_of_both_%"
          "\tcan_agree\tof_these")  # fmt: skip
    for rank, title in enumerate(RANKS):
        counts: Counter[str] = Counter()
        for name, called in ours.items():
            published = truth[name][rank] if not members else ""
            verdict = (
                count_member(members, rank, called[rank], synonyms)
                if members
                else compare(published, called[rank], rank, synonyms)
            )
            counts[verdict] += 1
            if published and (rank, published) not in known:
                known[rank, published] = is_held(held[rank], rank, published, synonyms)
            if published and known[rank, published]:
                counts["can"] += 1
                counts["does"] += verdict == "agree"
        both = counts["agree"] + counts["differ"]
        share = f"{100 * counts['agree'] / both:.1f}" if both else ""
        kinds = ("agree", "differ", "published", "vagus", "neither")
        cells = [*(counts[kind] for kind in kinds), share, counts["can"], counts["does"]]
        print("\t".join([title, *map(str, cells)]))


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fasta", type=Path, help="sequences")
    parser.add_argument("--published", type=Path, help="table of their names")
    parser.add_argument("--members", type=Path, help="species that can be there, one a line")
    parser.add_argument("--against", help="a second reference")
    parser.add_argument("--reference", default="starter", help="name or path of the reference")
    parser.add_argument("--threads", type=int, default=2, help="threads")
    parser.add_argument("--show", action="store_true", help="also list each difference of species")
    arguments = parser.parse_args(argv)
    ours, held = classify(arguments.fasta, arguments.reference, arguments.threads)
    members = read_members(arguments.members) if arguments.members else []
    truth: dict[str, Sequence[str]] = {}
    if arguments.against:
        truth = dict(classify(arguments.fasta, arguments.against, arguments.threads)[0])
    elif not members:
        truth = read_truth(arguments.fasta, arguments.published)
    print_agreement(truth, members, ours, held)
    for name, called in ours.items() if arguments.show else ():
        known = truth[name][6] if truth else ""
        print(f"{name}\t{known}\t{called[5]}\t{called[6]}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
