"""A tree from an alignment: maximum likelihood, or distances where no program is there.

Identical rows become one tip of the inference and are put back as zero-length siblings.
One to three distinct rows are solved exactly from their distances; four and more go to
VeryFastTree (Pineiro et al. 2020, Bioinformatics 36:4658), which follows FastTree 2
(Price et al. 2010, PLoS ONE 5:e9490): GTR, CAT, lengths rescaled to Gamma(20), double
precision, one thread and its plain SSE2 build, so that machines agree byte by byte
(``vagus.phylogeny.programs`` has what serves where there is no such build).
"""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Sequence

import numpy as np

from vagus.errors import VagusError
from vagus.numerics import functions
from vagus.phylogeny.alignment import INSERT_GAP
from vagus.phylogeny.newick import Node, parse_newick
from vagus.phylogeny.programs import NO_PROGRAM, TreeProgram, find_program, provide_openmp
from vagus.phylogeny.rooting import root_at_midpoint
from vagus.study.general_settings import GeneralSettings

log = logging.getLogger(__name__)

MAX_GAP_SHARE = 0.95
MAX_DISTANCE = 3.0  # substitutions a site, where the correction has no solution
_GAP = ord("-")


def infer_rooted_tree(
    rows: Sequence[tuple[str, str]],
    seed: int = GeneralSettings.seed,
    max_gap_share: float = MAX_GAP_SHARE,
) -> Node | None:
    """Midpoint-rooted tree of (name, aligned sequence) rows; None for no rows.

    Columns with more than ``max_gap_share`` gaps are dropped first, and those of bases that are
    not aligned to each other (some rows have ``.``, as in the A2M format). One row gives a single
    tip of length 0 below the root. Branch lengths are substitutions a site and never
    negative. The tree does not depend on the order of the rows. Raises VagusError when
    the rows differ in length or share a name.
    """
    ordered = sorted(rows)
    if not ordered:
        return None
    matrix = _make_matrix(ordered)
    is_aligned = ~(matrix == ord(INSERT_GAP)).any(axis=0)
    kept = matrix[:, is_aligned & ((matrix == _GAP).mean(axis=0) <= max_gap_share)]
    log.info("%d of %d columns used", kept.shape[1], matrix.shape[1])
    groups: dict[bytes, list[str]] = {}
    for (name, _), row in zip(ordered, kept, strict=True):
        groups.setdefault(row.tobytes(), []).append(name)
    distinct = [row.decode("ascii") for row in groups]
    tree = _infer_distinct(distinct, seed)
    _restore_names(tree, list(groups.values()))
    if len(ordered) == 1:
        return Node(children=[tree])
    return root_at_midpoint(tree)


def _make_matrix(rows: Sequence[tuple[str, str]]) -> np.ndarray:
    names = [name for name, _ in rows]
    if len(set(names)) < len(names):
        raise VagusError("a name occurs twice in the alignment", fix="Align the ASVs again.")
    if len({len(row) for _, row in rows}) > 1:
        raise VagusError("rows of the alignment differ in length", fix="Align the ASVs again.")
    flat = "".join(row for _, row in rows).encode("ascii")
    return np.frombuffer(flat, np.uint8).reshape(len(rows), -1)


def _restore_names(tree: Node, groups: Sequence[Sequence[str]]) -> None:
    for tip in tree.tips():
        names = groups[int(tip.name)]
        tip.name = names[0] if len(names) == 1 else ""
        if len(names) > 1:
            tip.children = [Node(name) for name in names]


def _infer_distinct(sequences: Sequence[str], seed: int) -> Node:
    """Unrooted tree of distinct rows; tips are named by their position."""
    if len(sequences) < 4:
        return solve_small(measure_distances(sequences))
    program = find_program()
    if program is None:
        log.warning("%s", NO_PROGRAM)
        return join_neighbours(measure_distances(sequences))
    return _run(program, sequences, seed)


def _run(program: TreeProgram, sequences: Sequence[str], seed: int) -> Node:
    fasta = "".join(f">{number}\n{row}\n" for number, row in enumerate(sequences))
    command = program.list_command(seed)
    try:
        with provide_openmp() as environment:
            done = subprocess.run(
                command, input=fasta, capture_output=True, text=True, check=True, env=environment
            )
        tree = parse_newick(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or "").strip().splitlines()
        raise VagusError(
            f"{program.name} ({program.path}) failed: {said[-1] if said else error}",
            fix="Install what it asks for, or run again with more memory.",
        ) from error
    if sorted(tip.name for tip in tree.tips()) != sorted(map(str, range(len(sequences)))):
        raise VagusError(
            f"the tree of {program.name} does not have all tips", fix="Install the program anew."
        )
    log.info("%d distinct rows, tree by %s", len(sequences), program.name)
    return tree


def measure_distances(sequences: Sequence[str]) -> np.ndarray:
    """Jukes-Cantor distances (n, n) over the columns where both rows have a base.

    d = -3/4 log(1 - 4/3 p) (Jukes & Cantor 1969); capped at 3 where p nears 3/4 and where
    no column is shared.
    """
    codes = np.array([np.frombuffer(row.encode("ascii"), np.uint8) for row in sequences])
    distances = np.zeros((len(codes), len(codes)))
    for i in range(len(codes)):
        both = (codes != _GAP) & (codes[i] != _GAP)
        n_shared = both.sum(axis=1)
        n_unequal = ((codes != codes[i]) & both).sum(axis=1)
        p = np.where(n_shared > 0, n_unequal / np.maximum(n_shared, 1), 1.0)
        inside = np.maximum(1 - 4 / 3 * p, 1e-300)
        distances[i] = np.minimum(-0.75 * functions.log(inside), MAX_DISTANCE)
    np.fill_diagonal(distances, 0.0)
    return distances + 0.0


def solve_small(distances: np.ndarray) -> Node:
    """Exact tree of one to three tips; three tips by the three-point formula, clipped at 0."""
    n = len(distances)
    if n == 1:
        return Node("0")
    if n == 2:
        half = float(distances[0, 1]) / 2
        return Node(children=[Node("0", half), Node("1", half)])
    d01, d02, d12 = (float(distances[i, j]) for i, j in ((0, 1), (0, 2), (1, 2)))
    lengths = ((d01 + d02 - d12) / 2, (d01 + d12 - d02) / 2, (d02 + d12 - d01) / 2)
    return Node(children=[Node(str(i), max(length, 0.0)) for i, length in enumerate(lengths)])


def join_neighbours(distances: np.ndarray) -> Node:
    """Neighbour-joining tree (Saitou & Nei 1987) of four or more tips, by scikit-bio."""
    from skbio import DistanceMatrix
    from skbio.tree import nj

    names = [str(number) for number in range(len(distances))]
    tree = nj(DistanceMatrix((distances + distances.T) / 2, names))
    return parse_newick(str(tree))
