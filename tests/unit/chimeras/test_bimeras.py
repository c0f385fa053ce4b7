from __future__ import annotations

from unit.phase.conftest import make_sequence, substitute
from vagus.chimeras.bimera_limits import BIMERA, CLOSE_BIMERA
from vagus.chimeras.bimeras import Occurrence, find_bimeras, settle_bimeras

BASE = make_sequence(1)
FAR = substitute(BASE, *range(20, 580, 25))
CLOSE = substitute(BASE, 100, 500)


def test_distant_bimera_is_flagged() -> None:
    chimera = BASE[:300] + FAR[300:]
    found = find_bimeras([BASE, FAR, chimera], [100, 80, 10])
    assert list(found) == [2]
    assert (found[2].flag, found[2].left, found[2].right) == (BIMERA, 0, 1)


def test_close_bimera_is_only_close() -> None:
    recombinant = BASE[:300] + CLOSE[300:]
    found = find_bimeras([BASE, CLOSE, recombinant], [100, 80, 10])
    assert found[2].flag == CLOSE_BIMERA


def test_far_from_one_parent_but_close_to_the_other_is_close() -> None:
    # the right part of FAR that differs from BASE contains two of its changes only
    recombinant = BASE[:535] + FAR[535:]
    found = find_bimeras([BASE, FAR, recombinant], [100, 80, 10])
    assert found[2].flag == CLOSE_BIMERA


def test_parents_must_be_more_abundant() -> None:
    chimera = BASE[:300] + FAR[300:]
    assert find_bimeras([BASE, FAR, chimera], [100, 15, 10]) == {}


def test_a_variant_with_an_edit_of_its_own_is_no_bimera() -> None:
    chimera = substitute(BASE[:300] + FAR[300:], 211)
    assert find_bimeras([BASE, FAR, chimera], [100, 80, 10]) == {}


def sample(**reads: int) -> dict[str, Occurrence]:
    flags = {"far": BIMERA, "near": CLOSE_BIMERA}
    return {
        name: Occurrence(n, flags.get(name, ""), *(("p", "q") if name in flags else ()))
        for name, n in reads.items()
    }


def test_distant_bimera_is_removed() -> None:
    assert settle_bimeras([sample(p=100, q=90, far=5)]) == {"far"}


def test_distant_bimera_that_most_samples_do_not_flag_stays() -> None:
    free = {"far": Occurrence(50)}
    assert settle_bimeras([sample(p=100, q=90, far=5), free]) == set()


def test_close_bimera_of_few_samples_stays() -> None:
    assert settle_bimeras([sample(p=100, q=90, near=5)] * 3) == set()


def test_close_bimera_that_keeps_company_stays() -> None:
    samples = [sample(p=100, q=90, near=9)] * 4 + [sample(p=100, q=90)] * 3
    assert settle_bimeras(samples) == set()


def test_close_bimera_without_company_is_removed() -> None:
    samples = [sample(p=100, q=90, near=9)] * 2 + [sample(p=100, q=90)] * 4
    assert settle_bimeras(samples) == {"near"}
