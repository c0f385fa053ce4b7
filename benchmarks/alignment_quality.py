"""Trees of star alignments beside those of FAMSA, where the true tree is known and on real genes.

Simulated: genes evolve from a real 16S gene along random trees (Yule). Rates of sites are drawn
from a gamma distribution of shape 0.4, transitions are twice as frequent, and there is an insertion
or deletion (geometric, mean 2 bp) for 20 changes, at sites by their rate. The true alignment is
kept. Real: genera of the starter reference; a genus is whole where its members are one clade.

    python benchmarks/alignment_quality.py --tips 100 400 --genes 1000
"""

from __future__ import annotations

import argparse
import gzip
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from vagus.phylogeny.alignment import Rows, align  # noqa: E402
from vagus.phylogeny.inference import infer_rooted_tree  # noqa: E402
from vagus.phylogeny.newick import Node  # noqa: E402

CHANGES_PER_INDEL, MEAN_INDEL_BP, SHAPE = 20, 2.0, 0.4
TRANSITION = np.array([2, 3, 0, 1])  # of A, C, G, T
RANKS = {4: "f", 5: "g"}
STARTER = ROOT / "resources" / "starter_reference.fasta.gz"


class Gene:
    """Bases with the number of their true column and their rate; columns grow by insertions."""

    def __init__(self, bases: np.ndarray, columns: np.ndarray, rates: np.ndarray) -> None:
        self.bases, self.columns, self.rates = bases, columns, rates

    def evolve(self, length: float, order: list[int], rng: np.random.Generator) -> Gene:
        """A descendant after ``length`` substitutions a site; new columns go into ``order``."""
        bases, columns, rates = self.bases.copy(), self.columns, self.rates
        n_changes = rng.poisson(rates * length)
        for site in np.flatnonzero(n_changes):
            for _ in range(n_changes[site]):
                others = [b for b in range(4) if b != bases[site]]
                weights = np.array([2.0 if b == TRANSITION[bases[site]] else 1.0 for b in others])
                bases[site] = rng.choice(others, p=weights / weights.sum())
        n_indels = rng.poisson(n_changes.sum() / CHANGES_PER_INDEL)
        for _ in range(n_indels):
            site = int(rng.choice(len(bases), p=rates / rates.sum()))
            size = int(rng.geometric(1 / MEAN_INDEL_BP))
            if rng.random() < 0.5:
                kept = np.r_[0:site, min(site + size, len(bases)) : len(bases)]
                bases, columns, rates = bases[kept], columns[kept], rates[kept]
            else:
                new = np.arange(len(order), len(order) + size)
                place = order.index(int(columns[site])) + 1
                order[place:place] = new.tolist()
                bases = np.insert(bases, site + 1, rng.integers(0, 4, size))
                columns = np.insert(columns, site + 1, new)
                rates = np.insert(rates, site + 1, np.full(size, rates[site]))
        return Gene(bases, columns, rates)

    @property
    def sequence(self) -> str:
        """The gene as text."""
        return "".join("ACGT"[b] for b in self.bases)


def make_tree(n_tips: int, depth: float, rng: np.random.Generator) -> Node:
    """Random tree by a pure-birth process, scaled so that tips are ``depth`` from the root."""
    root = Node()
    open_tips, born = [root], {root: 0.0}
    now = 0.0
    while len(open_tips) < n_tips:
        now += rng.exponential(1 / len(open_tips))
        parent = open_tips.pop(int(rng.integers(len(open_tips))))
        parent.length = now - born[parent]
        parent.children = [Node(), Node()]
        for child in parent.children:
            born[child] = now
            open_tips.append(child)
    now += rng.exponential(1 / len(open_tips))
    for number, tip in enumerate(open_tips):
        tip.name, tip.length = f"t{number:05d}", now - born[tip]
    for node in root.walk():
        node.length *= depth / now
    root.length = 0.0
    return root


def simulate(n_tips: int, depth: float, seed: int) -> tuple[Node, Rows, Rows]:
    """True tree, sequences and their true alignment."""
    rng = np.random.default_rng(seed)
    start = next(iter(read_genes(1, rng).values()))
    tree = make_tree(n_tips, depth, rng)
    rates = rng.gamma(SHAPE, 1 / SHAPE, len(start))
    bases = np.array(["ACGT".index(base) for base in start])
    genes = {tree: Gene(bases, np.arange(len(bases)), rates)}
    order = list(range(len(bases)))
    for node in tree.walk():
        for child in node.children:
            genes[child] = genes[node].evolve(child.length, order, rng)
    place = {column: at for at, column in enumerate(order)}
    sequences, rows = [], []
    for tip in tree.tips():
        gene = genes[tip]
        row = np.full(len(order), "-")
        row[[place[int(c)] for c in gene.columns]] = list(gene.sequence)
        sequences.append((tip.name, gene.sequence))
        rows.append((tip.name, "".join(row)))
    return tree, sorted(sequences), sorted(rows)


def read_genes(n: int, rng: np.random.Generator) -> dict[str, str]:
    """Random genes of A, C, G and T of the starter by name with lineage, of 1,400 bp or more."""
    records: list[list[str]] = []
    with gzip.open(STARTER, "rt", encoding="utf-8") as stream:
        for line in stream:
            if line.startswith(">"):
                records.append([line[1:].strip(), ""])
            else:
                records[-1][1] += line.strip()
    whole = [(name, s) for name, s in records if len(s) >= 1400 and not set(s) - set("ACGT")]
    chosen = rng.choice(len(whole), size=n, replace=False)
    return {whole[i][0]: whole[i][1] for i in sorted(chosen)}


def list_splits(tree: Node) -> set[frozenset[str]]:
    """Bipartitions of the tips, each as the side without the first tip."""
    tips = sorted(tip.name for tip in tree.tips())
    below: dict[Node, frozenset[str]] = {}
    splits = set()
    for node in tree.walk_up():
        members = (
            frozenset().union(*(below[child] for child in node.children))
            if node.children
            else frozenset([node.name])
        )
        below[node] = members
        side = frozenset(tips) - members if tips[0] in members else members
        if 2 <= len(side) <= len(tips) - 2:
            splits.add(side)
    return splits


def compare_distances(one: Node, other: Node) -> float:
    """Pearson correlation of the distances between tips through the two trees."""
    first, second = (measure_paths(tree) for tree in (one, other))
    upper = np.triu_indices(len(first), 1)
    return float(np.corrcoef(first[upper], second[upper])[0, 1])


def measure_paths(tree: Node) -> np.ndarray:
    """Distances (n, n) between tips, by name."""
    names = {name: i for i, name in enumerate(sorted(tip.name for tip in tree.tips()))}
    depth = {tree: 0.0}
    for node in tree.walk():
        for child in node.children:
            depth[child] = depth[node] + child.length
    paths = np.zeros((len(names), len(names)))
    below: dict[Node, list[Node]] = {}
    for node in tree.walk_up():
        groups = [below.pop(child) for child in node.children]
        for i, group in enumerate(groups):
            for others in groups[:i]:
                a, b = ([names[tip.name] for tip in tips] for tips in (group, others))
                lengths = np.add.outer(
                    [depth[tip] - depth[node] for tip in group],
                    [depth[tip] - depth[node] for tip in others],
                )
                paths[np.ix_(a, b)] = lengths
                paths[np.ix_(b, a)] = lengths.T
        below[node] = [tip for group in groups for tip in group] or [node]
    return paths


def run(sequences: Rows, aligner: str) -> tuple[Rows, float]:
    """Rows and CPU seconds of an aligner."""
    start = time.process_time()
    rows = align(sequences, aligner)
    return rows, time.process_time() - start


def infer(rows: Rows) -> Node:
    """The product's tree of an alignment."""
    tree = infer_rooted_tree(rows)
    assert tree is not None
    return tree


def count_pairs(rows: Rows, truth: Rows, n_pairs: int = 500) -> float:
    """Share of truly aligned pairs of bases that are aligned, of random pairs of rows."""
    rng = np.random.default_rng(1)
    right = all_pairs = 0
    for _ in range(n_pairs):
        i, j = rng.choice(len(rows), 2, replace=False)
        found, true = (list_aligned(r[i][1], r[j][1]) for r in (rows, truth))
        right += len(found & true)
        all_pairs += len(true)
    return right / all_pairs


def list_aligned(one: str, other: str) -> set[tuple[int, int]]:
    """Positions of bases that share a column."""
    pairs = set()
    i = j = 0
    for a, b in zip(one, other, strict=True):
        if a.isupper() and b.isupper():
            pairs.add((i, j))
        i += a.isalpha()
        j += b.isalpha()
    return pairs


def show_simulated(n_tips: int, depth: float, aligners: list[str], seed: int) -> None:
    """A row for each aligner, and one for the true alignment."""
    tree, sequences, truth = simulate(n_tips, depth, seed)
    splits = list_splits(tree)
    for name in ["true", *aligners]:
        rows, seconds = (truth, 0.0) if name == "true" else run(sequences, name)
        found = infer(rows)
        shared = len(splits & list_splits(found)) / len(splits)
        print(
            f"{n_tips}\t{depth}\t{name}\t{len(rows[0][1])}\t{count_pairs(rows, truth):.4f}\t"
            f"{shared:.4f}\t{compare_distances(tree, found):.4f}\t{seconds:.1f}",
            flush=True,
        )


def show_real(n_genes: int, aligners: list[str], seed: int) -> None:
    """Genera and families that are one clade, for each aligner."""
    genes = read_genes(n_genes, np.random.default_rng(seed))
    groups: dict[str, set[str]] = defaultdict(set)
    sequences = []
    for number, (name, sequence) in enumerate(genes.items()):
        sequences.append((f"g{number:05d}", sequence))
        for at, taxon in enumerate(name.split(" ", 1)[-1].split(";")):
            if at in RANKS and taxon:
                groups[f"{RANKS[at]}__{taxon}"].add(f"g{number:05d}")
    groups = {taxon: members for taxon, members in groups.items() if len(members) > 1}
    for name in aligners:
        rows, seconds = run(sorted(sequences), name)
        tree = infer(rows)
        clades = list_splits(tree)
        everything = frozenset(tip.name for tip in tree.tips())
        for rank in ("g__", "f__"):
            of_rank = [frozenset(m) for taxon, m in groups.items() if taxon.startswith(rank)]
            whole = sum(m in clades or everything - m in clades for m in of_rank)
            print(f"{n_genes}\t{name}\t{rank}\t{whole}\t{len(of_rank)}\t{seconds:.1f}", flush=True)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tips", type=int, nargs="*", default=[100, 400])
    parser.add_argument("--depths", type=float, nargs="*", default=[0.1, 0.2, 0.35])
    parser.add_argument("--genes", type=int, default=1000)
    parser.add_argument("--aligners", nargs="*", default=["famsa", "star"])
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print("tips\tdepth\taligner\tcolumns\tpairs right\tsplits right\tr of distances\tCPU s")
    for n_tips in arguments.tips:
        for depth in arguments.depths:
            show_simulated(n_tips, depth, arguments.aligners, arguments.seed)
    if arguments.genes:
        print("genes\taligner\trank\twhole\tof\tCPU s")
        show_real(arguments.genes, arguments.aligners, arguments.seed)


if __name__ == "__main__":
    main()
