"""The study page: its numbers are those of the tables, and it needs no other file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from unit.report.conftest import write_pages
from unit.report.made_results import write_cohort
from unit.report.made_study import MadeStudy, make_cohort
from unit.report.reading import Page
from vagus.report.figure import FigureFolder
from vagus.report.inputs import load_inputs
from vagus.report.study_page import render_study
from vagus.tables import read_table

AWKWARD = 'A<b>&"x" y'


def _render(made: MadeStudy) -> str:
    inputs = load_inputs(made.results, made.sheet, made.provenance)
    return render_study(inputs, FigureFolder(None))


def test_key_numbers(study: MadeStudy, page: str) -> None:
    ledger = read_table(study.results / "denoise/ledger.tsv")
    ledger = ledger[~ledger["sample"].isin(list(study.controls))]
    n_asvs = int((study.counts.drop(columns=list(study.controls)).sum(axis=1) > 0).sum())
    text = Page(page).text
    assert f"reads {ledger['input'].sum():,}" in text
    assert f"{ledger['asv_reads'].sum():,} reads" in text
    share = 100 * ledger["asv_reads"].sum() / ledger["input"].sum()
    assert f"reads in ASVs {share:.1f} %" in text
    assert f"ASVs {n_asvs} median" in text
    assert f"{ledger['lost_singleton'].sum():,} reads" in text


def test_ledger_table_has_every_loss_of_every_sample(study: MadeStudy, page: str) -> None:
    ledger = read_table(study.results / "denoise/ledger.tsv").set_index("sample")
    table = Page(page).find_table("no primers", "singleton", "chimera")
    assert [row[0] for row in table[1:]] == list(ledger.index)
    for row in table[1:]:
        cells = dict(zip(table[0], row, strict=True))
        own = ledger.loc[cells["sample"]]
        assert cells["reads"] == f"{own['input']:,}"
        assert cells["singleton"] == f"{own['lost_singleton']:,}"
        assert cells["expected errors"] == f"{own['lost_expected_errors']:,}"
        numbers = [
            int(cells[c].replace(",", "")) for c in table[0][3:] if c not in ("in ASVs, %", "ASVs")
        ]
        assert sum(numbers) == own["input"]


def test_bars_say_what_they_stand_for(study: MadeStudy, page: str) -> None:
    row = read_table(study.results / "denoise/ledger.tsv").iloc[0]
    share = 100 * row["lost_singleton"] / row["input"]
    tip = f"{row['sample']}\nsingleton: {row['lost_singleton']:,} reads ({share:.1f} %)"
    assert tip in Page(page).titles


def test_failures_and_controls_are_said_first(study: MadeStudy, page: str) -> None:
    summary = page.split('<section id="summary">')[1].split("</section>")[0]
    name, reason = next(iter(study.failed.items()))
    assert f'<a href="samples/{name}.html">{name}</a> failed: {reason}.' in summary
    assert "Negative control" in summary
    assert "its taxa may be contaminants" in summary


def test_the_page_stands_alone(page: str) -> None:
    read = Page(page)
    assert all(source.startswith(("#", "data:")) for source in read.sources)
    assert "link" not in read.tags
    assert "iframe" not in read.tags
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    outside = {link for link in read.links if "//" in link}
    assert outside
    assert all(link.startswith("https://doi.org/10.") for link in outside)


def test_links_lead_to_files(study: MadeStudy, page: str) -> None:
    folder = study.results / "report"
    for link in Page(page).links:
        if link.startswith("#"):
            assert link[1:] in Page(page).ids
        elif "//" not in link:
            assert (folder / link).exists(), link


def test_identifiers_are_unique(page: str) -> None:
    ids = Page(page).ids
    assert len(ids) == len(set(ids))


def test_names_are_escaped(page: str) -> None:
    assert "<b>&" not in page
    assert "A&lt;b&gt;&amp;&#34;x&#34; y" in page
    read = Page(page)
    assert AWKWARD in read.text
    assert "Zoë 漢字" in read.text
    assert "cost $5 $6 a_b" in read.text


def test_composition_data_are_complete(study: MadeStudy) -> None:
    table = read_table(study.results / "report/figures/composition_genus.tsv").set_index("genus")
    for sample in table.columns:
        assert table[sample].sum() == study.counts[sample].sum()
    assert set(table.columns) == {n for n in study.names if study.counts[n].sum()}


def test_every_figure_has_its_three_files(study: MadeStudy) -> None:
    stems = [p.stem for p in (study.results / "report/figures").glob("*.svg")]
    assert len(stems) > 20
    for stem in stems:
        for suffix in ("png", "tsv"):
            assert (study.results / "report/figures" / f"{stem}.{suffix}").stat().st_size > 0


def test_group_tests_are_worded_as_associations(page: str) -> None:
    section = Page(page.split('<section id="cohort">')[1].split("</section>")[0]).text
    assert (
        "group is associated with observed ASVs (rank-biserial correlation 0.410, q = 0.008)"
        in section
    )
    assert "do not show what brought them about" in section
    assert not re.search(
        r"\b(causes|caused|due to|leads to|results in|diagnos\w+|because of)\b", section
    )


def test_methods_follow_config_and_name_versions(study: MadeStudy, page: str) -> None:
    section = Page(page.split('<section id="methods">')[1].split("</section>")[0]).text
    for words in ("Callahan et al. 2016", "Callahan et al. 2019", "Wang et al. 2007", "Faith 1992",
                  "Anderson 2001", "Lozupone & Knight 2005", "1,000 to 1,600 bp",
        "999 permutations",
                  "Mann-Whitney U", "100 bootstraps"):  # fmt: skip
        assert words in section


def test_truth_is_summed_over_samples(page: str) -> None:
    section = Page(page.split('<section id="truth">')[1].split("</section>")[0])
    # two samples with (6 + 4 + 8) variants of ten reads and more, of which 6 + 4 + 7 came back
    assert "94.4 % 34 of 36 in samples" in section.text
    table = section.find_table("true variants", "recovered, %")
    assert table[2][:4] == ["2-4", "20", "12", "60.0 %"]
    assert (
        "2 ASVs are not among the variants that were put in (bimera: 1, few errors: 1)"
        in section.text
    )


def test_equal_input_gives_equal_bytes(study: MadeStudy, tmp_path: Path) -> None:
    copy = make_cohort(tmp_path / "elsewhere", n_people=5)
    write_pages(copy, copy.write_truth())
    for path in sorted((study.results / "report").rglob("*.*")):
        other = copy.results / path.relative_to(study.results)
        assert path.read_bytes() == other.read_bytes(), path.name
    text = (copy.results / "report/index.html").read_text(encoding="utf-8")
    assert str(tmp_path) not in text


def test_without_groups_or_truth(tmp_path: Path) -> None:
    made = MadeStudy(tmp_path, [f"s{i}" for i in range(4)]).make()
    html = _render(made)
    assert "The config names no group" in html
    assert '<section id="truth">' not in html
    assert "Mann-Whitney" not in html


def test_tests_of_an_older_config_are_not_shown(tmp_path: Path) -> None:
    made = MadeStudy(tmp_path, [f"s{i}" for i in range(4)]).make()
    write_cohort(made)
    assert "PERMANOVA" not in _render(made)


@pytest.mark.parametrize("n_samples", [1, 2])
def test_too_few_samples_for_an_ordination(tmp_path: Path, n_samples: int) -> None:
    made = MadeStudy(tmp_path, [f"s{i}" for i in range(n_samples)]).make()
    assert "at least three samples" in _render(made)


def test_no_asv_at_all(tmp_path: Path) -> None:
    made = MadeStudy(tmp_path, ["a", "b"], n_asvs=0, failed={"a": "no such file"}).make()
    write_pages(made)
    html = (made.results / "report/index.html").read_text(encoding="utf-8")
    text = Page(html).text
    for reason in ("failed: no such file.", "is empty: no reads.", "nothing to name",
                   "No run has an error model", "No sample has enough reads"):  # fmt: skip
        assert reason in text
    assert "nan" not in text.lower().split()


def test_a_ledger_that_does_not_add_up_is_said(tmp_path: Path) -> None:
    made = MadeStudy(tmp_path, ["a", "b", "c"]).make()
    ledger = made.ledger.copy()
    ledger.loc[0, "asv_reads"] -= 1
    made.write("denoise/ledger", ledger)
    html = _render(made)
    assert "The ledger does not add up for" in html
    summary = html.split("does not add up for")[1][:60]
    assert 'samples/a.html">a</a>' in summary


def test_high_losses_name_their_cause(tmp_path: Path) -> None:
    made = MadeStudy(tmp_path, ["a", "b", "c"]).make()
    ledger = made.ledger.copy()
    ledger.loc[1, "lost_primers"] += 9000
    ledger.loc[1, "input"] += 9000
    made.write("denoise/ledger", ledger)
    text = Page(_render(made)).text
    assert re.search(
        r"1 sample lost more than 50 % of its reads, most to “no primers” \(.*\): b", text
    )


def test_a_sample_called_na_stays_a_sample(tmp_path: Path) -> None:
    made = MadeStudy(tmp_path, ["NA", "001", "1e5"]).make()
    names = [row[0] for row in Page(_render(made)).find_table("no primers")[1:]]
    assert names == ["001", "1e5", "NA"]


def test_excluded_samples_have_no_place_in_the_plots(study: MadeStudy) -> None:
    alpha = pd.read_csv(study.results / "report/figures/alpha_group.tsv", sep="\t")
    assert alpha["observed"].notna().all()
    assert not set(alpha["sample"]) & {"blank", "mock"}


def test_asvs_set_apart_and_default_error_rates_are_said(tmp_path: Path) -> None:
    made = MadeStudy(tmp_path, ["a", "b", "c"]).make()
    reasons = ["not like any reference", "chloroplast", "chloroplast", "contaminant"]
    apart = pd.DataFrame({"asv": list("wxyz"), "reads": [5, 30, 12, 1], "reason": reasons})
    made.write("selection/set_apart", apart)
    about = {"scheme": "binned7", "source": "default", "reason": "90 reads"}
    path = made.results / "denoise/runs/run1/error_model.json"
    path.write_text(json.dumps(about), encoding="utf-8")
    text = Page(_render(made)).text
    assert (
        "Set apart, and left out of all that follows naming: like chloroplast: 2 ASVs with 42 "
        "reads; contaminant: 1 ASV with 1 read; not like any reference: 1 ASV with 5 reads "
        "(selection/set_apart.tsv)."
    ) in text
    assert "quality scheme binned7: default rates (90 reads)." in text
    assert "Run run1 had too few reads to learn an error model from" in text


def test_panels_that_are_not_shown_first_wait_as_text(page: str) -> None:
    # Without scripts a browser shows what is in <noscript>; with scripts it is plain text.
    texts = re.findall(r"<noscript.*?</noscript>", page, flags=re.DOTALL)
    assert all("<noscript" not in text[1:] for text in texts)
    composition = page.split('<section id="composition">')[1].split("</section>")[0]
    at_once = re.sub(r"<noscript.*?</noscript>", "", composition, flags=re.DOTALL)
    assert re.findall(r'<div class="panel" data-choices="\[&#34;(\w+)', at_once) == ["genus"]
    ranks = re.findall(r'<div class="panel" data-choices="\[&#34;(\w+)', composition)
    assert ranks == ["phylum", "class", "order", "family", "genus", "species"]
    shown = re.sub(r"<noscript.*?</noscript>", "", page, flags=re.DOTALL)
    assert 'class="canvas narrow"' not in shown


def test_later_rows_of_long_tables_wait_as_text() -> None:
    from vagus.report.blocks import FIRST_ROWS, MAX_ROWS_AT_ONCE, Column, Section, Table
    from vagus.report.page import render_page

    for n, n_at_once in ((MAX_ROWS_AT_ONCE, MAX_ROWS_AT_ONCE), (1000, FIRST_ROWS)):
        columns = [Column("sample"), Column("reads", "count"), Column("share", "percent")]
        table = Table(columns, [[f"s{i}", 1000 + i, 1 / 3] for i in range(n)], search=True)
        part = {"title": "", "sections": [Section("one", "One", [table])]}
        html = render_page("study.html.j2", title="", subtitle="", first=None, parts=[part])
        tables = Page(html).tables
        assert [row for rows in tables for row in rows[1:]] == [
            [f"s{i}", f"{1000 + i:,}", "33.3 %"] for i in range(n)
        ]
        assert len(tables[0]) == 1 + n_at_once
        assert html.count("<noscript class") == (n > n_at_once)
        assert html.count("data-sort") == n  # the count says itself what it sorts by
        assert 'data-sort="0.333333"' in html
