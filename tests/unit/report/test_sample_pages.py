"""Sample pages: one for each sample, also for those without a result."""

from __future__ import annotations

import pandas as pd
import pytest

from unit.report.made_study import MadeStudy, key_of
from unit.report.reading import Page
from vagus.report.place import describe_place
from vagus.tables import read_table


def _read(study: MadeStudy, name: str) -> Page:
    path = study.results / "report/samples" / f"{key_of(name)}.html"
    return Page(path.read_text(encoding="utf-8"))


def test_every_sample_has_a_page_and_a_table(study: MadeStudy) -> None:
    folder = study.results / "report/samples"
    for name in study.names:
        assert (folder / f"{key_of(name)}.html").is_file()
        assert (folder / f"{key_of(name)}.taxa.tsv").is_file()
    assert len(list(folder.iterdir())) == 2 * len(study.names)


def test_reads_are_those_of_the_ledger(study: MadeStudy) -> None:
    ledger = read_table(study.results / "denoise/ledger.tsv").set_index("sample")
    for name in study.names:
        row = ledger.loc[name]
        page = _read(study, name)
        if not row["input"]:
            continue
        share = 100 * row["asv_reads"] / row["input"]
        assert (
            f"{row['asv_reads']:,} of {row['input']:,} reads ({share:.1f} %) ended in" in page.text
        )
        losses = {line[0]: line[1] for line in page.find_table("lost as")[1:]}
        assert losses["singleton"] == f"{row['lost_singleton']:,}"


def test_taxa_add_up_to_the_sample(study: MadeStudy) -> None:
    for name in study.names:
        taxa = read_table(study.results / "report/samples" / f"{key_of(name)}.taxa.tsv")
        total = int(study.counts[name].sum())
        assert taxa["reads"].sum() == total
        if total:
            assert taxa["percent"].sum() == pytest.approx(100)
            assert taxa["n_asvs"].sum() == (study.counts[name] > 0).sum()
            assert taxa["reads"].is_monotonic_decreasing


def test_taxa_table_on_the_page(study: MadeStudy) -> None:
    name = "mock"
    taxa = read_table(study.results / "report/samples/mock.taxa.tsv")
    table = _read(study, name).find_table("taxon", "confidence", "identity")
    assert [row[0] for row in table[1:]] == taxa["taxon"].tolist()
    assert table[1][2] == f"{taxa['reads'][0]:,}"


def test_alpha_is_set_against_samples_that_are_no_controls(study: MadeStudy) -> None:
    alpha = read_table(study.results / "diversity/alpha.tsv")
    name = "P03-baseline"
    others = alpha[(alpha["sample"] != name) & ~alpha["sample"].isin(["mock", "blank"])]
    known: pd.Series = others["shannon"].dropna()
    own = float(alpha.loc[alpha["sample"] == name, "shannon"].iloc[0])
    assert describe_place(own, [float(v) for v in known]) in _read(study, name).text
    assert f"dots: {len(known)} other samples" in _read(study, name).text


def test_many_samples_are_drawn_as_percentiles() -> None:
    from vagus.report.sample_page import _choose_dots

    values = [float(v) for v in range(1001)]
    names = [f"s{v}" for v in range(1001)]
    assert _choose_dots(names[:200], values[:200]) == list(zip(names[:200], values, strict=False))
    # 0 to 1000: the percentile p is the value that p % of the 1,001 reach, ceil(10.01 p) - 1
    dots = _choose_dots(names, values)
    assert len(dots) == 101
    assert dots[0] == ("percentile 0", 0.0)
    assert dots[25] == ("percentile 25", 250.0)
    assert dots[50] == ("percentile 50", 500.0)
    assert dots[100] == ("percentile 100", 1000.0)


def test_failed_and_small_samples_say_why(study: MadeStudy) -> None:
    failed, reason = next(iter(study.failed.items()))
    text = _read(study, failed).text
    assert f"This sample failed: {reason}" in text
    assert "nothing to name" in text
    assert (
        "Left out of the diversity analysis: 40 reads are fewer than" in _read(study, "blank").text
    )


def test_awkward_names(study: MadeStudy) -> None:
    for name in study.names[:1] + ["Zoë 漢字"]:
        page = _read(study, name)
        assert name in page.text
        assert all(source.startswith("#") for source in page.sources)
        for link in page.links:
            if not link.startswith("#"):
                assert (study.results / "report/samples" / link).exists(), link


def test_neighbours_are_in_the_order_of_names(study: MadeStudy) -> None:
    assert f"{key_of(study.names[1])}.html" in _read(study, study.names[0]).links
    assert f"{key_of(study.names[0])}.html" in _read(study, study.names[1]).links


def test_what_was_found_is_first_and_losses_last(study: MadeStudy) -> None:
    """A sample without ASVs begins with the reason."""
    for name in study.names:
        text = _read(study, name).text
        has_reads = study.counts[name].sum() > 0
        assert (text.index("Where its reads went") > text.index("Composition")) == has_reads, name


def test_other_samples_of_the_person_by_hand(study: MadeStudy) -> None:
    samples = read_table(study.results.parent / "samples.tsv")
    own = samples[samples["control"].isna() & samples["subject"].notna()]
    counts = study.counts
    person, rows = next(
        (person, rows) for person, rows in own.groupby("subject")
        if len(rows) > 1 and all(counts[name].sum() for name in rows["sample"])
    )  # fmt: skip
    first, *others = rows["sample"]
    table = _read(study, first).find_table("ASVs in both")
    assert [row[0] for row in table[1:]] == others, person
    here, there = counts[first], counts[others[0]]
    both = (here > 0) & (there > 0)
    assert table[1][2] == str(int(both.sum()))
    assert table[1][3] == f"{100 * here[both].sum() / here.sum():.1f} %"
