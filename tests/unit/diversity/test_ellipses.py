from __future__ import annotations

import numpy as np
from scipy.stats import f

from vagus.diversity.ellipses import trace_ellipse


def test_every_corner_lies_at_the_same_mahalanobis_distance() -> None:
    points = np.random.default_rng(1).normal(size=(12, 2)) @ np.array([[2, 1], [0, 0.5]])
    outline = trace_ellipse(points)
    assert outline is not None
    centred = outline - points.mean(axis=0)
    squared = (centred @ np.linalg.inv(np.cov(points.T)) * centred).sum(axis=1)
    np.testing.assert_allclose(squared, 2 * f.ppf(0.95, 2, 11))


def test_about_95_of_100_normal_points_lie_inside() -> None:
    points = np.random.default_rng(2).normal(size=(4000, 2))
    outline = trace_ellipse(points)
    assert outline is not None
    radius = np.sqrt((outline**2).sum(axis=1)).mean()
    inside = (np.sqrt((points**2).sum(axis=1)) < radius).mean()
    assert 0.94 < inside < 0.96


def test_no_ellipse_of_few_points_or_of_a_line() -> None:
    assert trace_ellipse(np.random.default_rng(3).normal(size=(3, 2))) is None
    assert trace_ellipse(np.column_stack([np.arange(6.0), np.arange(6.0)])) is None
