"""Strains from copies: simulated strains with known operons, and what must not be grouped."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import group_strains as program
from vagus.errors import VagusError
from vagus.sequences import write_fasta
from vagus.tables import read_table, write_table
from vagus.tables.stages.taxonomy import STRAINS
from vagus.tables.wide import write_wide
from vagus.taxonomy.ratios import compare_ratios
from vagus.taxonomy.settings import StrainSettings
from vagus.taxonomy.strains import (
    Strain,
    estimate_copies,
    group_strains,
    measure_identity,
    sum_strains,
    tabulate_strains,
)

SPECIES = "Escherichia coli"


def mutate(sequence: str, n: int, seed: int) -> str:
    generator = random.Random(seed)
    bases = list(sequence)
    for place in generator.sample(range(len(bases)), n):
        bases[place] = generator.choice([b for b in "ACGT" if b != bases[place]])
    return "".join(bases)


GENE = "".join(random.Random(7).choices("ACGT", k=1450))
COPIES = {
    name: mutate(GENE, n, n) for name, n in (("a", 0), ("b", 3), ("c", 5), ("d", 8), ("e", 10))
}


def simulate(
    strains: list[dict[str, int]], n_samples: int, seed: int, noise: float = 0.05
) -> pd.DataFrame:
    """Reads of copies: strains vary log-normally over samples, copies by PCR noise only."""
    generator = np.random.default_rng(seed)
    counts = pd.DataFrame(0, index=list(COPIES), columns=[f"s{i}" for i in range(n_samples)])
    for strain in strains:
        cells = 900 * np.exp(generator.normal(0, 1.2, n_samples))
        for copy, number in strain.items():
            bias = np.exp(generator.normal(0, noise, n_samples))
            counts.loc[copy] += generator.poisson(cells * number * bias / 5)
    return counts.loc[counts.sum(axis=1) > 0].rename_axis("asv")


def group(table: pd.DataFrame, **rule: float) -> list[set[str]]:
    names = dict.fromkeys(table.index, SPECIES)
    found = group_strains(table, COPIES, names, StrainSettings(**rule))  # type: ignore[arg-type]
    return [{asv.name for asv in strain.members} for strain in found]


@pytest.mark.parametrize("seed", range(10))
def test_operons_of_one_strain_are_grouped_with_their_ratio(seed: int) -> None:
    table = simulate([{"a": 5, "b": 1, "c": 1}], 12, seed)
    assert group(table) == [{"a", "b", "c"}]
    table = simulate([{"a": 5, "b": 1, "c": 1}], 12, seed, noise=0.0)
    rows = tabulate_strains(group_strains(table, COPIES, dict.fromkeys("abc", SPECIES)))
    assert list(rows.columns) == STRAINS.names
    assert rows["copies"].tolist() == ["5", "1", "1"]
    assert rows["verdict"].tolist() == ["main copy", "copy", "copy"]
    assert rows["share"].sum() == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(10))
def test_two_strains_stay_two(seed: int) -> None:
    table = simulate([{"a": 5, "b": 2}, {"c": 4, "d": 3}], 12, seed)
    assert sorted(map(sorted, group(table))) == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize("seed", range(10))
def test_a_shared_copy_does_not_join_two_strains(seed: int) -> None:
    """Strains a4 b2 and a3 c3: a goes with neither, and b not with c."""
    table = simulate([{"a": 4, "b": 2}, {"a": 3, "c": 3}], 12, seed)
    strains = group_strains(table, COPIES, dict.fromkeys("abc", SPECIES))
    assert [len(strain.members) for strain in strains] == [1, 1, 1]
    assert set(tabulate_strains(strains)["verdict"]) <= {"main copy", "apart", "alone"}


def test_few_samples_cannot_be_judged() -> None:
    table = simulate([{"a": 5, "b": 1}], 3, 1)
    names = dict.fromkeys("ab", SPECIES)
    rows = tabulate_strains(group_strains(table, COPIES, names))
    assert rows["verdict"].tolist() == ["cannot be judged"] * 2
    assert rows["strain"].tolist() == ["a", "b"]
    # four samples but very few reads: neither hypothesis can be rejected
    few = pd.DataFrame({"s0": [48, 31], "s1": [33, 44], "s2": [60, 35], "s3": 40}, index=["a", "b"])
    assert tabulate_strains(group_strains(few, COPIES, names))["verdict"].tolist() == [
        "cannot be judged",
        "cannot be judged",
    ]


def test_samples_of_one_subject_are_one_unit() -> None:
    """Two strains in a constant ratio within each person, other ratios in other people."""
    reads = {f"s{i}": [900 + i, 300 - i] for i in range(12)}
    table = pd.DataFrame(reads, index=["a", "b"])
    assert group(table) == [{"a", "b"}]
    names = dict.fromkeys("ab", SPECIES)
    units = {f"s{i}": f"person {i // 6}" for i in range(12)}
    strains = group_strains(table, COPIES, names, StrainSettings(), units)
    assert tabulate_strains(strains)["verdict"].tolist() == ["cannot be judged"] * 2


def test_species_and_identity_are_needed() -> None:
    table = simulate([{"a": 5, "b": 2}], 12, 3)
    strains = group_strains(table, COPIES, {"a": SPECIES, "b": "Shigella flexneri"})
    assert [strain.members[0].verdict for strain in strains] == ["alone", "alone"]
    tied = {"a": SPECIES, "b": f"{SPECIES}/Shigella flexneri"}
    assert len(group_strains(table, COPIES, tied)) == 1
    nameless = group_strains(table, COPIES, {"a": SPECIES})
    assert [strain.members[0].verdict for strain in nameless] == ["alone", "no species name"]
    assert len(group(table, min_identity=0.999)) == 2  # b is 3 of 1,450 bases away
    with pytest.raises(VagusError, match="1 ASVs have no sequence, the first is b"):
        group_strains(table, {"a": GENE}, tied)


def test_identity_by_hand() -> None:
    assert measure_identity("ACGT" * 25, "ACGT" * 25, 0.99) == 1.0
    assert measure_identity("ACGT" * 25, "ACGA" + "ACGT" * 24, 0.99) == 0.99
    assert measure_identity("ACGT" * 25, "AGGA" + "ACGT" * 24, 0.99) == 0.0
    assert measure_identity("ACGT" * 25, "CGT" + "ACGT" * 24, 0.98) == 0.99


@pytest.mark.parametrize(
    ("reads", "copies"),
    [
        ([5000, 1000], [5, 1]),
        ([5000, 2000], [5, 2]),
        ([3000, 3050, 990], [3, 3, 1]),
        ([100000, 100], [0, 0]),  # a thousand copies are no genome
    ],
)
def test_smallest_whole_numbers(reads: list[int], copies: list[int]) -> None:
    assert estimate_copies(reads) == copies


def test_error_rates_of_the_ratio_rule() -> None:
    """At most 1 % of 2,000 pairs are judged wrongly, at the very edge of either hypothesis."""
    generator = np.random.default_rng(5)
    for log_sd, wrong in ((0.1, "varying"), (np.log(2.0), "constant")):
        n_wrong = 0
        for _ in range(1000):
            total = generator.poisson(400 * np.exp(generator.normal(0, 1, 10)))
            share = 1 / (1 + np.exp(1.0 - generator.normal(0, log_sd, 10)))
            one = generator.binomial(total, share)
            two = total - one
            one[one < 20], two[two < 20] = 0, 0  # what a denoiser does not see
            n_wrong += compare_ratios(one, two, 4).verdict == wrong
        assert n_wrong <= 10


def test_ratio_of_next_to_nothing() -> None:
    none = np.zeros(6, np.int64)
    assert compare_ratios(none, none, 4).verdict == "unclear"
    assert compare_ratios(none, none + 1000, 4).verdict == "unclear"
    disjoint = np.array([500, 500, 500, 0, 0, 0])
    assert compare_ratios(disjoint, disjoint[::-1], 4).verdict == "varying"
    assert compare_ratios(disjoint + 500, disjoint + 500, 4).verdict == "constant"


def test_units_add_up_only_what_tells() -> None:
    """In each unit's second sample the rarer one is below what the denoiser sees."""
    one, two = np.array([300, 90] * 6), np.array([100, 0] * 6)
    units = np.repeat(np.arange(6), 2)
    found = compare_ratios(one, two, 4, units)
    assert (found.verdict, found.n_units) == ("constant", 6)
    assert compare_ratios(one, two, 4, np.repeat(np.arange(3), 4)).n_units == 3


def test_counts_are_kept_and_order_does_not_matter(tmp_path: Path) -> None:
    table = simulate([{"a": 5, "b": 2}, {"c": 4, "d": 3}], 12, 4)
    names = dict.fromkeys(COPIES, SPECIES)
    strains = group_strains(table, COPIES, names)
    sums = sum_strains(table, strains)
    assert sums.sum().tolist() == table.sum().tolist()
    assert sums.index.tolist() == sorted(sums.index, key=lambda name: -sums.loc[name].sum())
    turned = table.iloc[::-1]
    again = tabulate_strains(group_strains(turned, COPIES, names))
    pd.testing.assert_frame_equal(again, tabulate_strains(strains))
    assert isinstance(strains[0], Strain)


def test_group_strains_program(tmp_path: Path) -> None:
    table = simulate([{"a": 5, "b": 2}], 8, 4)
    write_wide(table, tmp_path / "t.tsv")
    write_fasta(COPIES.items(), tmp_path / "a.fasta")
    calls = pd.DataFrame({"Feature ID": list(COPIES), "species": SPECIES})
    write_table(calls, tmp_path / "calls.tsv")
    (tmp_path / "r.fastq").write_text("")
    rows = "".join(f"s{i}\tr{i}.fastq\tp{i % 2}\n" for i in range(8))
    (tmp_path / "samples.tsv").write_text("sample\treads\tperson\n" + rows)
    base = ["--asv-table", "t.tsv", "--asvs", "a.fasta", "--taxonomy", "calls.tsv",
            "--strains", "strains.tsv", "--strain-table", "counts.tsv"]  # fmt: skip
    arguments = [x if x.startswith("--") else str(tmp_path / x) for x in base]
    assert program.main(arguments) == 0
    assert read_table(tmp_path / "strains.tsv")["strain"].tolist() == ["a", "a"]
    assert len(read_table(tmp_path / "counts.tsv")) == 1
    sheet = ["--samples", str(tmp_path / "samples.tsv"), "--subject", "person"]
    assert program.main([*arguments, *sheet]) == 0
    assert read_table(tmp_path / "strains.tsv")["strain"].tolist() == ["a", "b"]


def test_no_asvs(tmp_path: Path) -> None:
    empty = pd.DataFrame({"s": pd.Series([], dtype="int64")}, index=pd.Index([], dtype=str))
    strains = group_strains(empty, {}, {})
    assert tabulate_strains(strains).empty
    sums = sum_strains(empty, strains)
    assert (sums.index.name, list(sums.columns)) == ("strain", ["s"])
