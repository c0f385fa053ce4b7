from __future__ import annotations

from math import log
from pathlib import Path

import numpy as np
import pytest

from vagus.diversity.alpha import ALPHA_METRICS, measure_alpha, measure_counts, measure_unrarefied
from vagus.diversity.phylogeny_arrays import PhylogenyArrays, read_phylogeny
from vagus.diversity.rarefaction_plan import make_plan
from vagus.errors import VagusError
from vagus.tables.counts import CountTable

#        root
#     0.5/   \0.25
#       o     o
#   .1/ .2\ .3/ .4\
#    a     b c     d
NEWICK = "((a:0.1,b:0.2):0.5,(c:0.3,d:0.4):0.25);"
ASVS = ["a", "b", "c", "d"]


@pytest.fixture
def tree(tmp_path: Path) -> PhylogenyArrays:
    path = tmp_path / "tree.nwk"
    path.write_text(NEWICK + "\n", encoding="utf-8")
    return read_phylogeny(path, ASVS)


def measure(counts: list[int], tree: PhylogenyArrays) -> dict[str, float]:
    table = CountTable.from_counts(["s"], ASVS, np.array([counts]))
    return dict(zip(ALPHA_METRICS, measure_counts(table, tree)[0].tolist(), strict=True))


def test_even_community_by_hand(tree: PhylogenyArrays) -> None:
    values = measure([5, 5, 5, 5], tree)
    assert values["observed"] == 4
    assert values["chao1"] == 4
    assert values["shannon"] == pytest.approx(log(4))
    assert values["simpson"] == pytest.approx(0.75)
    assert (values["hill_1"], values["hill_2"]) == (pytest.approx(4), pytest.approx(4))
    assert values["pielou"] == pytest.approx(1)
    assert values["faith_pd"] == pytest.approx(0.1 + 0.2 + 0.5 + 0.3 + 0.4 + 0.25)


def test_uneven_community_by_hand(tree: PhylogenyArrays) -> None:
    # Shares 1/2, 1/4, 1/4: H = 1.5 ln 2; 1 - (1/4 + 1/16 + 1/16) = 5/8.
    values = measure([2, 1, 1, 0], tree)
    assert values["shannon"] == pytest.approx(1.5 * log(2))
    assert values["simpson"] == pytest.approx(0.625)
    assert values["hill_1"] == pytest.approx(2**1.5)
    assert values["hill_2"] == pytest.approx(8 / 3)
    assert values["pielou"] == pytest.approx(1.5 * log(2) / log(3))
    # F1 = 2, F2 = 1: 3 + 2 * 1 / (2 * 2).
    assert values["chao1"] == pytest.approx(3.5)
    assert values["faith_pd"] == pytest.approx(0.1 + 0.2 + 0.5 + 0.3 + 0.25)


def test_one_asv_has_no_evenness_and_reaches_the_root(tree: PhylogenyArrays) -> None:
    values = measure([0, 0, 0, 9], tree)
    assert (values["observed"], values["shannon"], values["simpson"]) == (1, 0, 0)
    assert np.isnan(values["pielou"])
    assert values["faith_pd"] == pytest.approx(0.4 + 0.25)


def test_faith_equals_scikit_bio(tree: PhylogenyArrays) -> None:
    from io import StringIO

    from skbio import TreeNode
    from skbio.diversity import alpha_diversity

    counts = np.random.default_rng(3).integers(0, 3, size=(20, 4))
    counts[:, 0] += 1
    names = [f"s{index:02d}" for index in range(20)]
    ours = measure_counts(CountTable.from_counts(names, ASVS, counts), tree)[:, -1]
    theirs = alpha_diversity(
        "faith_pd", counts, taxa=ASVS, tree=TreeNode.read(StringIO(NEWICK), format="newick")
    )
    np.testing.assert_allclose(ours, theirs.to_numpy(), atol=1e-12)


def test_tables_list_every_sample(tree: PhylogenyArrays) -> None:
    counts = np.array([[0, 0, 0, 0], [2, 1, 0, 0], [50, 30, 10, 10]])
    table = CountTable.from_counts(["empty", "few", "many"], ASVS, counts)
    plan = make_plan(table, "20", 4, 1)
    alpha = measure_alpha(table, tree, plan)
    assert list(alpha.columns) == ["sample", "reads", "depth", *ALPHA_METRICS]
    assert alpha["sample"].tolist() == ["empty", "few", "many"]
    assert alpha["reads"].tolist() == [0, 3, 100]
    assert alpha["depth"].tolist() == [20, 20, 20]
    assert alpha["observed"].isna().tolist() == [True, True, False]
    unrarefied = measure_unrarefied(table, tree)
    assert unrarefied["depth"].tolist() == [0, 0, 0]
    assert unrarefied["observed"].tolist()[1:] == [2, 4]
    assert np.isnan(unrarefied["observed"][0])


def test_repeats_are_averaged(tree: PhylogenyArrays) -> None:
    """2 of 4 reads of two ASVs: the mean richness is 5/3 (4 of 6 pairs contain both)."""
    table = CountTable.from_counts(["s"], ASVS, np.array([[2, 2, 0, 0]]))
    alpha = measure_alpha(table, tree, make_plan(table, "2", 4000, 1))
    assert alpha["observed"][0] == pytest.approx(5 / 3, abs=0.03)
    assert alpha["pielou"][0] == pytest.approx(1)  # defined only where both are drawn


@pytest.mark.parametrize(
    ("newick", "words"),
    [
        ("((a:1,b:1):1,c:1);", "1 of 4 ASVs are not in the tree .first: d"),
        ("(a:1,b:1,(c:1,d:1):1);", "not rooted"),
        ("((a,b),(c,d));", "no length"),
        ("((a:-1,b:1):1,(c:1,d:1):1);", "negative"),
        ("((a:1,a:1):1,(c:1,d:1):1);", "'a' occurs twice"),
        ("((a:1,b:1", "Newick"),
        ("", "Newick"),
    ],
)
def test_bad_trees_say_what(tmp_path: Path, newick: str, words: str) -> None:
    path = tmp_path / "tree.nwk"
    path.write_text(newick, encoding="utf-8")
    with pytest.raises(VagusError, match=words):
        read_phylogeny(path, ASVS)


@pytest.mark.parametrize("newick", ["a;", "a:0.0;", "(a);", "(a:0.5);"])
def test_a_lone_tip_is_a_tree(tmp_path: Path, newick: str) -> None:
    path = tmp_path / "tree.nwk"
    path.write_text(newick, encoding="utf-8")
    arrays = read_phylogeny(path, ["a"])
    assert arrays.sum_below(np.array([[3]]))[-1].tolist() == [3]


def test_no_asvs_need_no_tree(tmp_path: Path) -> None:
    path = tmp_path / "tree.nwk"
    path.write_text("", encoding="utf-8")
    assert read_phylogeny(path, []).sum_below(np.zeros((2, 0), dtype=np.int64)).shape == (1, 2)
