"""Learning and denoising whatever the qualities are: other bins, one quality for all, 7 bins."""

from __future__ import annotations

import numpy as np
import pytest

from naive.denoise_community import make_sequence, read_with_errors, substitute
from vagus.dada.comparisons import Comparisons
from vagus.dada.error_model import SELF_ROWS
from vagus.dada.learning import learn_rates
from vagus.dada.settings import DadaSettings
from vagus.dada.variants import denoise_sample
from vagus.reads.uniques import Uniques

SETTINGS = DadaSettings()
SCHEMES = {
    "four bins": ((2, 11, 25, 37), "binned"),
    "one quality": ((40,), "binned"),
    "one quality, read as full": ((40,), "full"),
    "four bins, read as full": ((2, 11, 25, 37), "full"),
    "two samples of different schemes": ((10, 50), "mixed"),
    "seven bins": ((3, 10, 17, 22, 27, 35, 40), "binned7"),
}


@pytest.mark.parametrize(("bins", "scheme"), SCHEMES.values(), ids=SCHEMES)
def test_abundant_variants_are_found_under_any_scheme(bins: tuple[int, ...], scheme: str) -> None:
    rng = np.random.default_rng(19)
    first = make_sequence(rng, 250)
    variants = [first, substitute(first, [40]), substitute(first, [9, 99]), make_sequence(rng, 250)]
    reads = [
        read_with_errors(rng, text, 0.001)
        for text, n in zip(variants, (400, 80, 60, 100), strict=True)
        for _ in range(n)
    ]
    levels = np.array(bins)
    binned = [levels[np.searchsorted(levels, q, side="right").clip(1) - 1] for _, q in reads]
    uniques = Uniques.from_reads([s for s, _ in reads], binned, quality_scheme=scheme)
    model = learn_rates([Comparisons(uniques, SETTINGS)], scheme, SETTINGS).model
    errors = np.delete(model.rates, SELF_ROWS, axis=0)
    assert np.isfinite(model.rates).all()
    assert (errors >= 1e-7).all()
    assert (errors <= 0.25).all()
    assert model.rates.reshape(4, 4, -1).sum(axis=1) == pytest.approx(1.0)
    if scheme != "full":
        assert (np.diff(errors, axis=1) <= 1e-12).all()
    found = denoise_sample(uniques, model, SETTINGS)
    assert set(found.variants["sequence"]) == set(variants)
