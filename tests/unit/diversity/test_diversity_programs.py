"""The step programs by hand, from ordinary tables down to nothing at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import rarefy_samples
from unit.diversity.level_programs import run_levels
from vagus.tables import read_table

METRICS = [
    "braycurtis", "jaccard", "weighted_unifrac", "unweighted_unifrac", "aitchison",
    "robust_aitchison",
]  # fmt: skip
NEWICK = "((a:0.1,b:0.2):0.5,(c:0.3,d:0.4):0.25);"


def run_all(folder: Path, table: str, newick: str, *options: str) -> Path:
    folder.mkdir()
    (folder / "asv_table.tsv").write_text(table, encoding="utf-8")
    (folder / "tree.nwk").write_text(newick, encoding="utf-8")
    given = ["--asv-table", f"{folder}/asv_table.tsv"]
    out = folder / "out"
    plan = ["--plan", f"{out}/plan.json"]
    outputs = ["--excluded", f"{out}/excluded.tsv", "--curves", f"{out}/rarefaction.tsv"]
    outputs += ["--choices", f"{out}/rarefaction_choices.tsv"]
    assert rarefy_samples.main([*given, *plan, *outputs, *options]) == 0
    taxa = folder / "selection" / "composition_genus.tsv"
    taxa.parent.mkdir()
    taxa.write_text(table.replace("asv", "genus", 1), encoding="utf-8")
    run_levels(given[1], str(out), ["genus"], [f"--tree={folder}/tree.nwk", *plan], METRICS)
    return out


def read_all(folder: Path) -> dict[str, bytes]:
    files = sorted(folder.rglob("*"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.is_file()}


def make_table(samples: list[str], asvs: list[str], counts: np.ndarray) -> str:
    rows = ["\t".join(["asv", *samples])]
    rows += [
        "\t".join([asv, *map(str, column)]) for asv, column in zip(asvs, counts.T, strict=True)
    ]
    return "\n".join(rows) + "\n"


def test_order_of_samples_and_asvs_does_not_matter(tmp_path: Path) -> None:
    counts = np.random.default_rng(4).integers(0, 60, size=(6, 4))
    samples, asvs = ["s 1", "é", "NA", "10", "9", "x"], ["a", "b", "c", "d"]
    first = run_all(tmp_path / "1", make_table(samples, asvs, counts), NEWICK)
    order, columns = [3, 1, 5, 0, 2, 4], [2, 0, 3, 1]
    table = make_table(
        [samples[row] for row in order],
        [asvs[column] for column in columns],
        counts[np.ix_(order, columns)],
    )
    second = run_all(tmp_path / "2", table, "((d:0.4,c:0.3):0.25,(b:0.2,a:0.1):0.5);")
    assert read_all(first) == read_all(second)
    # plan, excluded, choices, curves; 2 alpha, 2 Hill, explained and stress; 4 a metric.
    assert len(read_all(first)) == 4 + 6 + len(METRICS) * 4 + 6 + (len(METRICS) - 2) * 4


def test_seeds_matter(tmp_path: Path) -> None:
    table = make_table(["x", "y"], list("abcd"), np.array([[40, 30, 20, 10], [9, 8, 7, 6]]))
    one = read_all(run_all(tmp_path / "1", table, NEWICK, "--seed", "1"))
    two = read_all(run_all(tmp_path / "2", table, NEWICK, "--seed", "2"))
    assert one["alpha.tsv"] != two["alpha.tsv"]
    assert one["alpha_unrarefied.tsv"] == two["alpha_unrarefied.tsv"]


@pytest.mark.parametrize(
    ("table", "newick", "n_samples", "n_kept"),
    [
        ("asv\n", "", 0, 0),
        ("asv\tx\ty\n", "", 2, 0),
        ("asv\tx\ty\na\t0\t0\n", "a;", 2, 0),
        ("asv\tx\na\t5\n", "a;", 1, 1),
        ("asv\tx\ty\na\t5\t0\n", "(a:0.1);", 2, 1),
        ("asv\tx\ty\na\t5\t5\n", "a;", 2, 2),
        ("asv\tx\ty\na\t5\t9\nb\t1\t0\n", "(a:0.1,b:0.1);", 2, 2),
        ("asv\tx\ty\tz\na\t1\t5\t0\nb\t0\t1\t0\n", "(a:0.1,b:0.1);", 3, 2),
        ("asv\tx\ty\tz\na\t4\t4\t4\nb\t1\t1\t1\n", "(a:0,b:0);", 3, 3),
    ],
)
def test_few_samples_few_asvs(
    tmp_path: Path, table: str, newick: str, n_samples: int, n_kept: int
) -> None:
    out = run_all(tmp_path / "study", table, newick)
    alpha = read_table(out / "alpha.tsv")
    assert len(alpha) == len(read_table(out / "alpha_unrarefied.tsv")) == n_samples
    assert alpha["observed"].notna().sum() == n_kept
    excluded = read_table(out / "excluded.tsv")
    assert list(excluded.columns) == ["sample", "reason"]
    assert len(excluded) == n_samples - n_kept
    assert excluded["reason"].str.len().gt(0).all()
    for metric in METRICS:
        assert len(read_table(out / f"beta_{metric}.tsv")) == n_kept
        assert len(read_table(out / f"nmds_{metric}.tsv")) == n_kept
        ordination = read_table(out / f"ordination_{metric}.tsv")
        assert ordination.shape == (n_kept, 1 + max(0, min(5, n_kept - 1)))
        assert not ordination.isna().any(axis=None)


def test_controls_are_measured_but_have_no_say(tmp_path: Path) -> None:
    table = "asv\tblank\tx\ty\na\t3\t50\t40\nb\t2\t50\t70\n"
    out = run_all(tmp_path / "1", table, "(a:1,b:1);", "--control=blank")
    assert read_table(out / "alpha.tsv")["depth"].tolist() == [100, 100, 100]
    assert read_table(out / "excluded.tsv")["sample"].tolist() == ["blank"]
    out = run_all(
        tmp_path / "2", table, "(a:1,b:1);", "--control=blank", "--rarefaction-depth", "none"
    )
    assert len(read_table(out / "beta_jaccard.tsv")) == 3


def test_mistakes_are_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "asv_table.tsv"
    path.write_text("asv\tx\na\t5\n", encoding="utf-8")
    names = ("plan", "excluded", "curves", "choices")
    outputs = [f"--{name}={tmp_path}/{name}" for name in names]
    assert rarefy_samples.main([f"--asv-table={path}", "--rarefaction-depth=50", *outputs]) == 2
    assert "no sample has 50 reads" in capsys.readouterr().err
    assert rarefy_samples.main([f"--asv-table={tmp_path}/none.tsv", *outputs]) == 2
    assert "none.tsv" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [path]
