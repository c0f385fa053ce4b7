from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vagus.cohort.multiple_testing import adjust_p_values


def test_by_hand() -> None:
    # Sorted .01 .02 .03 .5 times 4/1 4/2 4/3 4/4: .04 .04 .04 .5, minima from the right.
    adjusted = adjust_p_values(np.array([0.5, 0.01, 0.03, 0.02]))
    np.testing.assert_allclose(adjusted, [0.5, 0.04, 0.04, 0.04])


def test_untested_rows_do_not_count() -> None:
    adjusted = adjust_p_values(np.array([0.02, np.nan, 0.04]))
    np.testing.assert_allclose(adjusted, [0.04, np.nan, 0.04])
    assert np.isnan(adjust_p_values(np.array([np.nan]))).all()
    assert adjust_p_values(np.zeros(0)).size == 0


@settings(max_examples=60)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_equals_statsmodels(p_values: list[float]) -> None:
    from statsmodels.stats.multitest import multipletests

    expected = multipletests(p_values, method="fdr_bh")[1]
    assert adjust_p_values(np.array(p_values)) == pytest.approx(expected)
