"""The pages of a study whose samples, columns and levels are called as columns of tables."""

from __future__ import annotations

import csv

import pytest

from unit.report.conftest import write_pages
from unit.report.made_study import MadeStudy

NAMES = [
    "asv", "sample", "class", "genus", "species", "parent", "n", "note", "reads", "status",
    "groups", "Taxon", "Feature ID", "strands", "asv.1", "index",
]  # fmt: skip


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> MadeStudy:
    """Sixteen samples of two levels, 'asv' and 'n', of a column called as an axis."""
    metadata = {
        "PC1": ["asv", "n"] * 8,
        "sample-id": [f"v{i % 3}" for i in range(16)],
        "observed": [f"{i % 9}" for i in range(16)],
    }
    cohort: dict[str, object] = {"group": "PC1", "subject": None, "time": None, "covariates": []}
    folder = tmp_path_factory.mktemp("named")
    made = MadeStudy(folder, list(NAMES), metadata=metadata, cohort=cohort, n_asvs=25).make()
    write_pages(made)
    return made


def test_every_sample_has_its_page_with_its_own_reads(named: MadeStudy) -> None:
    pages = {path.stem for path in (named.results / "report" / "samples").glob("*.html")}
    assert len(pages) == len(NAMES)
    page = (named.results / "report" / "index.html").read_text(encoding="utf-8")
    for name in NAMES:
        assert f">{name}</a>" in page


def test_figures_show_the_counts_of_each_sample(named: MadeStudy) -> None:
    path = named.results / "report" / "figures" / "composition_genus.tsv"
    with open(path, encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream, delimiter="\t")
    assert header[0] == "genus"
    assert sorted(header[1:]) == sorted(NAMES)
    for place, name in enumerate(header[1:], 1):
        assert sum(int(row[place]) for row in rows) == int(named.counts[name].sum()), name


def test_axes_stay_beside_a_variable_of_the_same_name(named: MadeStudy) -> None:
    paths = sorted((named.results / "report" / "figures").glob("ordination_*_PC1.tsv"))
    assert paths
    for path in paths:
        with open(path, encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream, delimiter="\t")
        assert len(header) == len(set(header))
        assert {row[header.index("PC1_")] for row in rows} == {"asv", "n"}
        assert all(float(row[header.index("PC1")]) < 100 for row in rows)


def test_the_readme_describes_the_first_column_once(named: MadeStudy) -> None:
    text = (named.results / "README.md").read_text(encoding="utf-8")
    part = text.split("### `denoise/asv_table.tsv`")[1].split("###")[0]
    assert part.count("| `asv` |") == 1
    assert part.count("*one column a sample*") == 1
    assert part.count("\n| ") == 3
