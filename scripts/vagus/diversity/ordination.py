"""Principal coordinates analysis (Gower 1966, Biometrika 53:325).

Distances are squared, centred and decomposed. Semi-metric distances such as Bray-Curtis have
negative eigenvalues as well; axes are taken from the positive ones, and an axis' proportion is
its eigenvalue over the sum of the positive eigenvalues. The share that the negative ones have in
the sum of absolute eigenvalues is given beside it: near 0 the picture loses nothing by it.

Signs are arbitrary in theory and fixed here: on each axis the sample with the largest absolute
coordinate (the first by name among equals) is positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.diversity.distances import Distances
from vagus.numerics.eigen import decompose_leading

if TYPE_CHECKING:
    import pandas as pd

MAX_AXES = 5
_NOISE = 1e-10
# Of the largest eigenvalue: distances are read with ten digits, whose rounding has axes too.
_NO_WEIGHT = 1e-8
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ordination:
    """Coordinates of samples on principal axes.

    Attributes:
        samples: names, as in the distances.
        coordinates: float64, shape (n_samples, n_axes), n_axes = min(5, n_samples - 1); an axis
            without a positive eigenvalue is all 0.
        eigenvalues: float64, shape (n_axes,).
        proportions: float64, shape (n_axes,), of the sum of positive eigenvalues; 0 when all
            distances are 0.
        negative_share: absolute sum of negative eigenvalues / sum of absolute eigenvalues.
    """

    samples: tuple[str, ...]
    coordinates: Floats
    eigenvalues: Floats
    proportions: Floats
    negative_share: float

    def tabulate(self) -> pd.DataFrame:
        """Table: sample, PC1, PC2, ..."""
        import pandas as pd

        axes = [f"PC{axis + 1}" for axis in range(self.proportions.size)]
        frame = pd.DataFrame(self.coordinates, columns=axes)
        frame.insert(0, "sample", list(self.samples))
        return frame

    def tabulate_explained(self, metric: str) -> pd.DataFrame:
        """Table: metric, axis, proportion, eigenvalue, negative_share."""
        import pandas as pd

        axes = [f"PC{axis + 1}" for axis in range(self.proportions.size)]
        return pd.DataFrame(
            {
                "metric": metric,
                "axis": axes,
                "proportion": self.proportions,
                "eigenvalue": self.eigenvalues,
                "negative_share": self.negative_share,
            }
        )


def ordinate(distances: Distances, max_axes: int = MAX_AXES) -> Ordination:
    """Principal coordinates of a table of distances, from 0 samples up."""
    n_samples = len(distances.samples)
    n_axes = max(0, min(max_axes, n_samples - 1))
    if n_axes == 0:
        nothing = np.zeros(0)
        return Ordination(distances.samples, np.zeros((n_samples, 0)), nothing, nothing, 0.0)
    values, vectors = decompose_leading(center_squares(distances.values), n_axes)
    values = np.where(np.abs(values) > _NO_WEIGHT * np.abs(values).max(), values, 0.0)
    total, negative = values[values > 0].sum(), np.abs(values[values < 0]).sum()
    leading = np.maximum(values[:n_axes], 0.0)
    return Ordination(
        distances.samples,
        fix_signs(vectors * np.sqrt(leading)),
        leading,
        leading / total if total > 0 else np.zeros(n_axes),
        float(negative / (total + negative)) if total > 0 else 0.0,
    )


def center_squares(values: Floats) -> Floats:
    """Gower's matrix: -1/2 of the squared distances, rows and columns centred on 0."""
    gower = -0.5 * values**2
    if not gower.size:  # of no samples there is no mean
        return gower
    gower = gower - gower.mean(axis=0, keepdims=True)
    gower = gower - gower.mean(axis=1, keepdims=True)
    symmetric: Floats = (gower + gower.T) / 2
    return symmetric


def fix_signs(coordinates: Floats) -> Floats:
    """Turn axes so that the largest absolute coordinate is positive; clear rounding noise."""
    magnitudes = np.abs(coordinates)
    largest = magnitudes.max(axis=0)
    leaders = (magnitudes >= largest * (1 - 1e-9)).argmax(axis=0)
    signs = np.sign(coordinates[leaders, np.arange(coordinates.shape[1])])
    turned = coordinates * np.where(signs == 0, 1.0, signs)
    return np.where(np.abs(turned) > _NOISE * largest, turned, 0.0)
