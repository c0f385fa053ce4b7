"""Gut-brain view: the shipped tables agree, sums are right by hand, potential stays so."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import model_capacities
import summarise_gut_brain
from vagus.errors import VagusError
from vagus.gut_brain.knowledge import FOLDER, Knowledge, read_knowledge
from vagus.gut_brain.overlap import measure_overlap
from vagus.gut_brain.summary import (
    match_asvs,
    measure_coverage,
    summarise_groups,
    summarise_samples,
)
from vagus.tables import read_table, write_table
from vagus.tables.counts import CountTable
from vagus.tables.stages.gut_brain import CAPACITIES, CAPACITY_COVERAGE, CAPACITY_MODELS

EVIDENCE = {"in vitro", "in vivo (animal)", "transcripts in stool", "genome-inferred", "review"}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return read_knowledge()


def test_every_row_has_evidence_and_a_source_with_doi(knowledge: Knowledge) -> None:
    for claim in knowledge.all_claims:
        source = knowledge.sources[claim.source]
        assert re.fullmatch(r"10\.\d{4,5}/\S+", source["doi"]), claim
        assert re.search(r" (19|20)\d\d$", source["citation"])
        assert claim.evidence in EVIDENCE
    assert {claim.source for claim in knowledge.all_claims} == set(knowledge.sources)
    assert {claim.capacity for claim in knowledge.all_claims} == set(knowledge.capacities)
    rows = read_table(FOLDER / "taxa.tsv", dtype=str)
    assert not rows.duplicated(["taxon", "rank", "capacity", "source"]).any()


def test_a_species_row_goes_before_its_genus(knowledge: Knowledge) -> None:
    def propionate(species: str, genus: str) -> list[tuple[str, str]]:
        found = knowledge.find(species, genus)
        return [(claim.taxon, claim.rank) for claim in found if claim.capacity == "propionate"]

    by_species = [("Bacteroides fragilis", "species")]
    assert propionate("Bacteroides fragilis", "Bacteroides") == by_species
    assert propionate("Bacteroides ovatus", "Bacteroides") == [("Bacteroides", "genus")]
    assert propionate("Phocaeicola vulgatus", "Phocaeicola") == [("Bacteroides", "genus")]
    assert propionate("", "") == []
    assert knowledge.find("Eubacterium rectale", "Eubacterium")[0].taxon == "Agathobacter rectalis"


def test_each_capacity_has_at_least_ten_taxa(knowledge: Knowledge) -> None:
    for capacity in knowledge.capacities:
        taxa = {claim.taxon for claim in knowledge.all_claims if claim.capacity == capacity}
        assert len(taxa) >= 10, capacity


def test_no_two_capacities_are_of_the_same_taxa(knowledge: Knowledge) -> None:
    """The capacity 'gaba' used to be that of Bacteroides, as propionate is."""
    taxa_of = {
        capacity: {claim.taxon for claim in knowledge.all_claims if claim.capacity == capacity}
        for capacity in knowledge.capacities
    }
    for one, taxa in taxa_of.items():
        for two, others in taxa_of.items():
            assert one == two or len(taxa & others) <= len(taxa | others) / 4


def make_tables() -> tuple[CountTable, pd.DataFrame]:
    """Five ASVs: two species of the tables, one genus, one unknown name, one without a name."""
    asvs = ["a", "b", "c", "d", "e"]
    taxonomy = pd.DataFrame(
        {
            "Feature ID": asvs,
            "genus": ["Roseburia", "Coprococcus", "Bacteroides", "Dorea", None],
            "species": ["Roseburia intestinalis", "Coprococcus catus", None, "Dorea longicatena",
                        None],
        }
    )  # fmt: skip
    counts = np.array([[10, 20, 30, 40, 100], [0, 0, 0, 5, 15], [0, 0, 0, 0, 0]])
    return CountTable.from_counts(["s1", "s2", "s3"], asvs, counts), taxonomy


def test_sums_by_hand(knowledge: Knowledge) -> None:
    table, taxonomy = make_tables()
    matches = match_asvs(taxonomy, table.asvs, knowledge)
    made = summarise_samples(table, matches, list(knowledge.capacities))
    assert list(made["sample"][:4]) == ["s1"] * 4
    first = made[made["sample"] == "s1"].set_index("capacity")
    # butyrate: Roseburia intestinalis 10 + Coprococcus catus 20; propionate: C. catus 20 by its
    # species and Bacteroides 30 by its genus; of 200 reads
    assert list(first.loc["butyrate", ["reads", "share", "reads_by_species", "n_asvs"]]) == [
        30, 0.15, 30, 2,
    ]  # fmt: skip
    assert list(first.loc["propionate", ["reads", "share", "reads_by_species", "n_asvs"]]) == [
        50, 0.25, 20, 2,
    ]  # fmt: skip
    assert list(first.loc["gaba", ["reads", "reads_by_species"]]) == [0, 0]
    assert first.loc["indole", "reads"] == 0
    second, third = (made[made["sample"] == name] for name in ("s2", "s3"))
    assert (second["share"] == 0).all()
    assert third["share"].isna().all()


def test_coverage_by_hand(knowledge: Knowledge) -> None:
    table, taxonomy = make_tables()
    matches = match_asvs(taxonomy, table.asvs, knowledge)
    made = measure_coverage(table, taxonomy, matches).set_index("sample")
    assert list(made.loc["s1"]) == [200, 70 / 200, 100 / 200, 60 / 200]
    assert list(made.loc["s2"]) == [20, 5 / 20, 5 / 20, 0]
    assert made.loc["s3", "reads"] == 0
    assert made.loc["s3"].isna().sum() == 3


def test_groups_by_hand() -> None:
    samples = pd.DataFrame(
        {"sample": ["a", "b", "c", "d"], "capacity": "gaba", "share": [0.1, 0.2, 0.4, None]}
    )
    made = summarise_groups(samples, {"group": {"a": "x", "b": "x", "c": "y", "d": "y"}})
    assert made.to_dict("records") == [
        {"variable": "group", "level": "x", "capacity": "gaba", "n": 2,
         "median": pytest.approx(0.15), "lower_quartile": pytest.approx(0.125),
         "upper_quartile": pytest.approx(0.175)},
        {"variable": "group", "level": "y", "capacity": "gaba", "n": 1, "median": 0.4,
         "lower_quartile": 0.4, "upper_quartile": 0.4},
    ]  # fmt: skip


def test_a_person_with_many_samples_counts_once() -> None:
    """p's three visits have the mean 0.3, q has 0.1: the median of two people is 0.2."""
    samples = pd.DataFrame(
        {"sample": ["a", "b", "c", "d"], "capacity": "gaba", "share": [0.2, 0.3, 0.4, 0.1]}
    )
    levels = {"group": dict.fromkeys("abcd", "x")}
    made = summarise_groups(samples, levels, {"a": "p", "b": "p", "c": "p", "d": "q"})
    assert (made["n"].tolist(), made["median"].tolist()) == ([2], [pytest.approx(0.2)])
    assert made["lower_quartile"].tolist() == [pytest.approx(0.15)]
    each = summarise_groups(samples, levels)
    assert (each["n"].tolist(), each["median"].tolist()) == ([4], [pytest.approx(0.25)])


def test_a_table_that_does_not_hold_together_is_refused(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.tsv"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    with open(tmp_path / "taxa.tsv", "a", encoding="utf-8") as stream:
        stream.write("Dorea\tgenus\t\tmood\tin vitro\tlouis2009\n")
    with pytest.raises(VagusError, match="unknown capacity"):
        read_knowledge(tmp_path)


def test_program_writes_its_tables(tmp_path: Path) -> None:
    table, taxonomy = make_tables()
    counts = pd.DataFrame(table.counts.T, index=list(table.asvs), columns=list(table.samples))
    counts.rename_axis("asv").to_csv(tmp_path / "asv_table.tsv", sep="\t")
    taxonomy.to_csv(tmp_path / "taxonomy.tsv", sep="\t", index=False)
    (tmp_path / "samples.tsv").write_text(
        "sample\treads\tcontrol\tgroup\ns1\ta.fq\t\tx\ns2\tb.fq\t\ty\ns3\tc.fq\tnegative\tx\n"
    )
    options = ["--asv-table", "asv_table.tsv", "--taxonomy", "taxonomy.tsv"]
    options += [
        "--samples",
        "samples.tsv",
        "--taxa",
        "out/taxa.tsv",
        "--coverage",
        "out/coverage.tsv",
    ]
    options += ["--sample-sums", "out/samples.tsv", "--group-sums", "out/groups.tsv"]
    options += ["--overlap", "out/overlap.tsv"]
    options = [o if o.startswith("--") else str(tmp_path / o) for o in options]
    assert summarise_gut_brain.main([*options, "--group", "group"]) == 0
    groups = read_table(tmp_path / "out" / "groups.tsv")
    assert set(groups["n"]) == {1}
    (tmp_path / "samples.tsv").write_text(
        "sample\treads\tgroup\twho\ns1\ta.fq\tx\tp\ns2\tb.fq\tx\tp\ns3\tc.fq\tx\tq\n"
    )
    of_people = [*options, "--group", "group", "--subject", "who"]
    assert summarise_gut_brain.main(of_people) == 0
    groups = read_table(tmp_path / "out" / "groups.tsv")
    assert set(groups["n"]) == {1}  # s1 and s2 are of one person, s3 has no reads
    taxa = read_table(tmp_path / "out" / "taxa.tsv")
    # ASVs in descending reads: the one without a name is not there
    assert list(dict.fromkeys(taxa["asv"])) == ["c", "b", "a"]
    assert len(read_table(tmp_path / "out" / "samples.tsv")) == 3 * 4
    assert len(read_table(tmp_path / "out" / "coverage.tsv")) == 3


def test_overlap_of_capacities_by_hand() -> None:
    """ASV a has both, b the first alone, c the other alone; the control counts nothing."""
    counts = np.array([[10, 30, 60], [20, 20, 60], [30, 10, 60], [99, 0, 1]])
    table = CountTable(("s1", "s2", "s3", "blank"), ("a", "b", "c"), counts)
    pairs = [("a", "one"), ("a", "two"), ("b", "one"), ("c", "two")]
    matches = pd.DataFrame(pairs, columns=["asv", "capacity"])
    found = measure_overlap(table, matches, ["one", "two", "none"], {"blank"})
    (row,) = found.to_dict("records")
    assert (row["capacity"], row["other"]) == ("one", "two")
    assert (row["reads"], row["reads_other"], row["reads_shared"]) == (120, 240, 60)
    assert row["share_shared"] == pytest.approx(60 / 300)
    # shares of 'one' are 0.4 in all samples, so there is nothing to correlate
    assert math.isnan(row["rank_correlation"])
    same = matches.assign(capacity=matches["capacity"].replace("two", "one"))
    same = pd.concat([same, same.assign(capacity="two")])
    (row,) = measure_overlap(table, same, ["one", "two"], {"blank"}).to_dict("records")
    assert row["share_shared"] == 1.0


def test_models_of_capacities_find_a_planted_fold(tmp_path: Path) -> None:
    """Cases have four times the share of 'butyrate'; 'gaba' is the same in all; 'rare' is in one.

    With 1,000 reads a sample, (n + 0.5) / 1,001: 40.5 / 10.5 is 3.86 fold.
    """
    rows, sheet, coverage = [], ["sample\treads\tgroup"], []
    for i in range(12):
        name, is_case = f"s{i:02d}", i % 2 == 0
        jitter = i % 3 - 1
        reads = {"butyrate": (40 if is_case else 10) + jitter, "gaba": 50 + jitter, "rare": i == 3}
        rows += [(name, c, int(n), n / 1000, 0, 1) for c, n in reads.items()]
        coverage.append((name, 1000, 1.0, 1.0, 1.0))
        sheet.append(f"{name}\t{name}.fq\t{'case' if is_case else 'control'}")
    (tmp_path / "sheet.tsv").write_text("\n".join(sheet) + "\n")
    write_table(pd.DataFrame(rows, columns=CAPACITIES.names), tmp_path / "s.tsv", CAPACITIES)
    covered = pd.DataFrame(coverage, columns=CAPACITY_COVERAGE.names)
    write_table(covered, tmp_path / "c.tsv", CAPACITY_COVERAGE)
    options = {
        "samples": "sheet.tsv",
        "sample-sums": "s.tsv",
        "coverage": "c.tsv",
        "models": "m.tsv",
    }
    words = [f"--{name}={tmp_path / file}" for name, file in options.items()]
    assert model_capacities.main([*words, "--group=group"]) == 0
    models = read_table(tmp_path / "m.tsv", CAPACITY_MODELS).set_index("capacity")
    assert list(models.index) == ["butyrate", "gaba"]
    assert models.at["butyrate", "contrast"] == "case - control"
    assert 2 ** models.at["butyrate", "estimate"] == pytest.approx(40.5 / 10.5, rel=0.02)
    assert models.at["butyrate", "q_value"] < 0.001
    assert models.at["gaba", "p_value"] > 0.5
