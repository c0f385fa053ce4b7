"""Compare capacities inferred from names with metabolites measured in the same stool.

44 samples of Kang et al. 2018 (../shared/data/kang_autism: genus counts of short reads with names
of GTDB, NMR metabolites). Prints the share of reads with a genus that the tables list, the rank
correlation of each capacity with its metabolite, and how much two capacities share. Names end at
the genus there, so that claims of species are not used; 'any species' also counts a genus of which
only species are listed. Skips, saying so, where the data are absent.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "kang_autism"
METABOLITES = {
    "butyrate": "Butyrate", "propionate": "Propionate", "gaba": "4-Aminobutyrate",
}  # fmt: skip
sys.path.insert(0, str(ROOT / "scripts"))

import pandas as pd  # noqa: E402

from vagus.gut_brain.knowledge import Knowledge, read_knowledge  # noqa: E402


def list_capacities(genus: str, knowledge: Knowledge, any_species: bool) -> set[str]:
    """Capacities of a genus by its own claims, or by those of any of its species."""
    found = {claim.capacity for claim in knowledge.find("", genus)}
    if any_species:
        for (rank, name), claims in knowledge.claims.items():
            if rank == "species" and name.split(" ")[0] == genus:
                found |= {claim.capacity for claim in claims}
    return found


def measure_shares(counts: pd.DataFrame, knowledge: Knowledge, any_species: bool) -> pd.DataFrame:
    """Share of each sample's reads that have each capacity."""
    total = counts.sum(axis=1)
    genus_of = {column: column.rsplit("g__", 1)[-1] for column in counts.columns}
    capacities = {c: list_capacities(g, knowledge, any_species) for c, g in genus_of.items()}
    shares = {}
    for capacity in knowledge.capacities:
        columns = [column for column, found in capacities.items() if capacity in found]
        shares[capacity] = counts[columns].sum(axis=1) / total
    return pd.DataFrame(shares)


def main(argv: Sequence[str] | None = None) -> int:
    """Read, match and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    folder = parser.parse_args(argv).data
    if not folder.is_dir():
        print(f"skipped: {folder} is not here")
        return 0
    counts = pd.read_csv(folder / "genera.counts.tsv.gz", sep="\t", index_col=0)
    measured = pd.read_csv(folder / "mtb.tsv.gz", sep="\t", index_col=0).loc[counts.index]
    knowledge = read_knowledge()
    for any_species in (False, True):
        title = "any species" if any_species else "genus claims"
        shares = measure_shares(counts, knowledge, any_species)
        for capacity, metabolite in METABOLITES.items():
            rho = shares[capacity].corr(measured[metabolite], method="spearman")
            median = shares[capacity].median()
            print(
                f"{title}\t{capacity}\tmedian share {median:.3f}\trho with {metabolite} {rho:.2f}"
            )
        for one, two in itertools.combinations(knowledge.capacities, 2):
            if not (shares[one].any() and shares[two].any()):
                continue
            rho = shares[one].corr(shares[two], method="spearman")
            print(f"{title}\t{one} and {two}\trho {rho:.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
