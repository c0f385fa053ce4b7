from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist, squareform

from vagus.diversity.biplot import (
    correlate_taxa,
    describe_taxa,
    project_taxa,
    tabulate_arrows,
)
from vagus.diversity.distances import Distances
from vagus.diversity.ordination import ordinate
from vagus.tables.counts import CountTable

SAMPLES = [f"s{i}" for i in range(9)]


def made_table() -> CountTable:
    counts = np.random.default_rng(2).poisson(6, (9, 7))
    return CountTable.from_counts(SAMPLES, [f"t{i}" for i in range(7)], counts)


def test_arrows_equal_scikit_bio() -> None:
    from skbio.stats.distance import DistanceMatrix
    from skbio.stats.ordination import pcoa, pcoa_biplot

    table = made_table()
    shares = describe_taxa(table.counts, "braycurtis")
    square = squareform(pdist(shares, "cityblock"))
    ours = ordinate(Distances(table.samples, square))
    arrows = project_taxa(shares, ours.coordinates[:, :2], ours.eigenvalues[:2])
    theirs = pcoa(DistanceMatrix(square, SAMPLES), dimensions=2, warn_neg_eigval=False)
    frame = pd.DataFrame(shares, index=SAMPLES, columns=list(table.asvs))
    expected = pcoa_biplot(theirs, frame).features.to_numpy()[:, :2]
    np.testing.assert_allclose(np.abs(arrows), np.abs(expected), atol=1e-9)


def test_correlations_equal_numpy() -> None:
    table = made_table()
    axes = np.random.default_rng(3).normal(size=(9, 2))
    found = correlate_taxa(table.counts.astype(float), axes)
    for i in range(7):
        for axis in range(2):
            expected = np.corrcoef(table.counts[:, i], axes[:, axis])[0, 1]
            assert abs(found[i, axis] - expected) < 1e-12


def test_an_arrow_points_to_where_its_taxon_grows() -> None:
    counts = np.full((6, 4), 50)
    counts[:, 0] = [0, 20, 40, 60, 80, 100]
    table = CountTable.from_counts(list("abcdef"), ["up", "x", "y", "z"], counts)
    shares = describe_taxa(counts, "braycurtis")
    ordination = ordinate(Distances(table.samples, squareform(pdist(shares, "cityblock")) / 2))
    arrows = tabulate_arrows(table, ordination, "braycurtis").set_index("taxon")
    assert arrows.index[0] == "up"
    place = ordination.coordinates[:, 0]
    assert np.sign(arrows.loc["up", "PC1"]) == np.sign(place[5] - place[0])
    assert abs(arrows.loc["up", "r_PC1"]) > 0.95


def test_nothing_to_draw() -> None:
    table = CountTable.from_counts(["a", "b"], ["x"], np.array([[1], [2]]))
    one_axis = ordinate(Distances(("a", "b"), 1 - np.eye(2)))
    assert tabulate_arrows(table, one_axis, "jaccard").empty
    flat = CountTable.from_counts(["a", "b", "c"], ["x", "y"], np.full((3, 2), 4))
    same = ordinate(Distances(("a", "b", "c"), np.zeros((3, 3))))
    assert tabulate_arrows(flat, same, "aitchison").empty
