from __future__ import annotations

from io import StringIO
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import pdist, squareform

from vagus.diversity.beta import BETA_METRICS, measure_beta
from vagus.diversity.distances import Distances, read_distances, write_distances
from vagus.diversity.phylogeny_arrays import PhylogenyArrays, read_phylogeny
from vagus.diversity.rarefaction_plan import make_plan
from vagus.errors import VagusError
from vagus.tables.counts import CountTable

NEWICK = "((a:0.1,b:0.2):0.5,(c:0.3,d:0.4):0.25);"
ASVS = ["a", "b", "c", "d"]


def load_tree(folder: Path, newick: str, asvs: list[str]) -> PhylogenyArrays:
    path = folder / "tree.nwk"
    path.write_text(newick, encoding="utf-8")
    return read_phylogeny(path, asvs)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> PhylogenyArrays:
    return load_tree(tmp_path_factory.mktemp("tree"), NEWICK, ASVS)


def distance(metric: str, first: list[int], second: list[int], tree: PhylogenyArrays) -> float:
    return float(BETA_METRICS[metric](np.array([first, second]), tree)[0, 1])


def test_unifrac_by_hand(tree: PhylogenyArrays) -> None:
    first, second = [2, 2, 0, 0], [0, 4, 4, 0]
    # Branches: a .1 first alone; b .2 and its parent .5 both; c .3 and its parent .25 second.
    alone, either = 0.1 + 0.3 + 0.25, 0.1 + 0.2 + 0.5 + 0.3 + 0.25
    assert distance("unweighted_unifrac", first, second, tree) == pytest.approx(alone / either)
    # Shares: a .5/0, b .5/.5, parent 1/.5, c 0/.5, parent 0/.5.
    raw = 0.1 * 0.5 + 0.5 * 0.5 + 0.3 * 0.5 + 0.25 * 0.5
    scale = 0.1 * 0.5 + 0.2 * 1 + 0.5 * 1.5 + 0.3 * 0.5 + 0.25 * 0.5
    assert distance("weighted_unifrac", first, second, tree) == pytest.approx(raw / scale)


def test_other_distances_by_hand(tree: PhylogenyArrays) -> None:
    first, second = [6, 2, 0, 0], [0, 1, 3, 0]
    # Shares 3/4, 1/4, 0 and 0, 1/4, 3/4.
    assert distance("braycurtis", first, second, tree) == pytest.approx(0.75)
    assert distance("jaccard", first, second, tree) == pytest.approx(2 / 3)
    # d is in neither sample, so it is left out; logs of counts + 0.5, centred.
    u = [log(6.5), log(2.5), log(0.5)]
    v = [log(0.5), log(1.5), log(3.5)]
    u = [x - sum(u) / 3 for x in u]
    v = [x - sum(v) / 3 for x in v]
    expected = sqrt(sum((x - y) ** 2 for x, y in zip(u, v, strict=True)))
    assert distance("aitchison", first, second, tree) == pytest.approx(expected)


def test_all_metrics_equal_scikit_bio(tmp_path: Path) -> None:
    from skbio import TreeNode
    from skbio.diversity import beta_diversity
    from skbio.stats.composition import clr
    from skbio.stats.distance import DistanceMatrix

    rng = np.random.default_rng(8)
    asvs = [f"t{index:02d}" for index in range(40)]
    nodes = [f"{asv}:{rng.random():.3f}" for asv in asvs]
    while len(nodes) > 2:
        at = int(rng.integers(len(nodes) - 1))
        nodes.insert(0, f"({nodes.pop(at)},{nodes.pop(at)}):{rng.random():.3f}")
    newick = f"({nodes[0]},{nodes[1]});"
    counts = rng.negative_binomial(0.2, 0.02, size=(9, 40))
    counts[:, 0] += 1
    arrays = load_tree(tmp_path, newick, asvs)
    skbio_tree = TreeNode.read(StringIO(newick), format="newick")
    shares = counts / counts.sum(axis=1, keepdims=True)
    ratios = clr(counts[:, counts.any(axis=0)] + 0.5)
    aitchison = DistanceMatrix(squareform(pdist(ratios)))
    references = {
        "braycurtis": beta_diversity("braycurtis", shares),
        "jaccard": beta_diversity("jaccard", counts > 0),
        "unweighted_unifrac": beta_diversity(
            "unweighted_unifrac", counts, taxa=asvs, tree=skbio_tree
        ),
        "weighted_unifrac": beta_diversity(
            "weighted_unifrac", counts, taxa=asvs, tree=skbio_tree, normalized=True
        ),
        "aitchison": aitchison,
    }
    for metric, reference in references.items():
        ours = BETA_METRICS[metric](counts, arrays)
        np.testing.assert_allclose(ours, reference.data[:], atol=1e-10, err_msg=metric)


@settings(max_examples=40)
@given(arrays(np.int64, (5, 4), elements=st.integers(0, 20)), st.permutations(range(5)))
def test_properties_of_every_metric(
    tree: PhylogenyArrays, counts: np.ndarray, order: list[int]
) -> None:
    counts[:, 0] += 1
    names = [f"s{index}" for index in range(5)]
    table = CountTable.from_counts(names, ASVS, counts)
    shuffled = CountTable.from_counts(
        [names[row] for row in order], ASVS[::-1], counts[order][:, ::-1]
    )
    plan = make_plan(table, "none", 1, 1)
    again = measure_beta(shuffled, tree, plan, list(BETA_METRICS))
    for metric, result in measure_beta(table, tree, plan, list(BETA_METRICS)).items():
        assert np.array_equal(result.values, again[metric].values)
        assert np.array_equal(result.values, result.values.T)
        assert not np.diag(result.values).any()
        assert (result.values >= 0).all()
        assert "aitchison" in metric or (result.values <= 1 + 1e-12).all()


def test_identical_samples_are_at_distance_zero(tree: PhylogenyArrays) -> None:
    table = CountTable.from_counts(["x", "y"], ASVS, np.array([[3, 1, 0, 7], [3, 1, 0, 7]]))
    plan = make_plan(table, "auto", 3, 1)
    for result in measure_beta(table, tree, plan, list(BETA_METRICS)).values():
        assert not result.values.any()


def test_one_asv_and_a_tree_without_lengths(tmp_path: Path) -> None:
    arrays = load_tree(tmp_path, "(a:0,b:0);", ["a", "b"])
    table = CountTable.from_counts(["x", "y"], ["a", "b"], np.array([[4, 0], [9, 0]]))
    results = measure_beta(table, arrays, make_plan(table, "auto", 2, 1), list(BETA_METRICS))
    assert not any(result.values.any() for result in results.values())


def test_repeats_are_averaged_and_aitchison_takes_all_reads(tree: PhylogenyArrays) -> None:
    counts = np.array([[40, 30, 20, 10], [10, 50, 0, 400]])
    table = CountTable.from_counts(["x", "y"], ASVS, counts)
    one = make_plan(table, "30", 1, 1)
    many = make_plan(table, "30", 50, 1)
    single = measure_beta(table, tree, one, ["braycurtis", "aitchison"])
    mean = measure_beta(table, tree, many, ["braycurtis", "aitchison"])
    assert single["braycurtis"].values[0, 1] != mean["braycurtis"].values[0, 1]
    assert np.array_equal(single["aitchison"].values, mean["aitchison"].values)
    np.testing.assert_allclose(mean["aitchison"].values, BETA_METRICS["aitchison"](counts, tree))


def test_distances_survive_their_file(tmp_path: Path) -> None:
    values = np.array([[0, 0.25, 1], [0.25, 0, 0.5], [1, 0.5, 0]])
    write_distances(Distances(("NA", "s 1", "é"), values), tmp_path / "d.tsv")
    again = read_distances(tmp_path / "d.tsv")
    assert again.samples == ("NA", "s 1", "é")
    assert np.array_equal(again.values, values)
    picked = again.select(["é", "NA"])
    assert np.array_equal(picked.values, [[0, 1], [1, 0]])


@pytest.mark.parametrize(
    "text", ["sample\ta\tb\na\t0\t1\nb\t2\t0\n", "sample\ta\nb\t0\n", "sample\ta\na\t1\n"]
)
def test_tables_that_are_not_distances_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "d.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(VagusError):
        read_distances(tmp_path / "d.tsv")


def naive_weighted_unifrac(counts: np.ndarray, tree: PhylogenyArrays) -> np.ndarray:
    """Pair by pair and branch by branch, in the order of the nodes."""
    below = tree.sum_below(counts)
    reads = counts.sum(axis=1)
    distances = np.zeros((len(counts), len(counts)))
    for first in range(len(counts)):
        for second in range(len(counts)):
            apart, heights = 0.0, [0.0, 0.0]
            for node, length in enumerate(tree.lengths):
                p = below[node, first] / reads[first] * length
                q = below[node, second] / reads[second] * length
                apart += abs(p - q)
                heights = [heights[0] + p, heights[1] + q]
            distances[first, second] = apart / sum(heights)
    return distances


def test_weighted_unifrac_has_the_bytes_of_its_naive_twin(tmp_path: Path) -> None:
    rng = np.random.default_rng(18)
    asvs = [f"t{index:02d}" for index in range(60)]
    nodes = [f"{asv}:{rng.random():.3f}" for asv in asvs]
    while len(nodes) > 2:
        at = int(rng.integers(len(nodes) - 1))
        # some branches have no length
        nodes.insert(0, f"({nodes.pop(at)},{nodes.pop(at)}):{rng.choice([0.0, rng.random()]):.3f}")
    arrays = load_tree(tmp_path, f"({nodes[0]},{nodes[1]});", asvs)
    counts = rng.negative_binomial(0.2, 0.02, size=(7, 60))
    counts[:, 20:] = 0  # ASVs of the tree that no sample has
    counts[:, 0] += 1
    ours = BETA_METRICS["weighted_unifrac"](counts, arrays)
    assert np.array_equal(ours, naive_weighted_unifrac(counts, arrays))


@pytest.mark.parametrize("metric", sorted(BETA_METRICS))
def test_memory_order_of_the_counts_changes_no_byte(metric: str, tree: PhylogenyArrays) -> None:
    counts = np.array([[6, 2, 0, 1], [0, 1, 3, 9], [40, 0, 7, 2]])
    by_rows = BETA_METRICS[metric](np.ascontiguousarray(counts), tree)
    assert np.array_equal(BETA_METRICS[metric](np.asfortranarray(counts), tree), by_rows)
