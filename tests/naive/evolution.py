"""Sequences evolved along known trees, and the splits of a tree."""

from __future__ import annotations

import random

from vagus.phylogeny.newick import Node


class Evolution:
    """Evolves sequences along trees, with substitutions and short indels."""

    def __init__(self, seed: int, length: int = 900, indel_share: float = 0.03) -> None:
        self.generator = random.Random(seed)
        self.root = "".join(self.generator.choices("ACGT", k=length))
        self.indel_share = indel_share

    def mutate(self, sequence: str, length: float) -> str:
        """Each base changes with this probability; few of the changes are indels."""
        out = []
        for base in sequence:
            if self.generator.random() >= length:
                out.append(base)
            elif self.generator.random() < self.indel_share:
                n = self.generator.choice([0, 0, 2, 3])
                out.append("".join(self.generator.choices("ACGT", k=n)))
            else:
                out.append(self.generator.choice([b for b in "ACGT" if b != base]))
        return "".join(out)

    def run(self, tree: Node) -> list[tuple[str, str]]:
        """(name, sequence) of all tips."""
        sequences = {tree: self.root}
        tips = []
        for node in tree.walk():
            for child in node.children:
                sequences[child] = self.mutate(sequences[node], child.length)
            if not node.children:
                tips.append((node.name, sequences[node]))
        return tips


def list_splits(tree: Node) -> set[frozenset[str]]:
    """Tip sets on one side of each inner branch (the side without the first name)."""
    names = frozenset(tip.name for tip in tree.tips())
    first = min(names)
    splits = set()
    for node in tree.walk():
        below = frozenset(tip.name for tip in node.tips())
        side = names - below if first in below else below
        if 1 < len(side) < len(names) - 1:
            splits.add(side)
    return splits
