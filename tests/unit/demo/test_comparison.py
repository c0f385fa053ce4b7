"""Comparison with the truth on a table small enough to count by hand."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vagus.demo.community import Copy, Strain
from vagus.demo.comparison import (
    POOLED,
    Truth,
    compare_by_depth,
    compare_by_sample,
    compare_names,
    explain_false,
    is_bimera,
)
from vagus.demo.platforms import PLATFORMS
from vagus.demo.sample import SampleDesign, simulate_sample
from vagus.demo.truth import write_truth
from vagus.errors import VagusError
from vagus.reference.lineage import RANKS
from vagus.tables import read_table


def draw(seed: int) -> str:
    return "".join(np.array(list("ACGT"))[np.random.default_rng(seed).integers(0, 4, 200)])


A, B, C = draw(1), draw(2), draw(3)
NAMES = {
    "a": "Bacteria;P1;C1;O1;F1;G1;G1 s1",
    "b": "Bacteria;P1;C1;O1;F1;G2;G2 s2/G2 s3",
    "c": "Bacteria;P2;C2;;;G3;",
}


@pytest.fixture
def truth() -> Truth:
    table = pd.DataFrame(
        {"s1": [60, 3, 0], "s2": [1, 4, 7]}, index=pd.Index(["a", "b", "c"], name="asv")
    )
    lineages = pd.DataFrame([n.split(";") for n in NAMES.values()], list(NAMES), list(RANKS))
    return Truth(table, {"a": A, "b": B, "c": C}, lineages, {"x"})


@pytest.fixture
def found() -> pd.DataFrame:
    """a in both, b only in s2, c misplaced into s1 and lost in s2, x and y false."""
    return pd.DataFrame(
        {"s1": [58, 0, 2, 5, 0], "s2": [1, 4, 0, 0, 3], "other": [0, 0, 0, 9, 0]},
        index=pd.Index(["a", "b", "c", "x", "y"], name="asv"),
    )


def test_depth_classes(truth: Truth, found: pd.DataFrame) -> None:
    table = compare_by_depth(truth, found).set_index(["sample", "depth"])
    assert table.loc[("s1", "50+"), ["true_variants", "recovered"]].tolist() == [1, 1]
    assert table.loc[("s1", "2-4"), ["true_variants", "recovered"]].tolist() == [1, 0]
    assert table.loc[("s2", "1"), ["true_variants", "recovered"]].tolist() == [1, 1]
    assert table.loc[("s2", "2-4"), ["true_variants", "recovered"]].tolist() == [1, 1]
    assert table.loc[("s2", "5-9"), ["true_variants", "recovered", "share"]].tolist() == [1, 0, 0]
    assert np.isnan(table.loc[("s1", "10-19"), "share"])
    pooled = table.loc[POOLED]
    assert pooled["true_variants"].to_dict() == {
        "1": 0, "2-4": 0, "5-9": 2, "10-19": 0, "20-49": 0, "50+": 1,
    }  # fmt: skip
    assert pooled["recovered"].sum() == 3


def test_samples(truth: Truth, found: pd.DataFrame) -> None:
    table = compare_by_sample(truth, found).set_index("sample")
    assert list(table.index) == [POOLED, "s1", "s2"]
    columns = ["true_reads", "found_reads", "true_variants", "found_variants", "recovered"]
    assert table.loc["s1", columns].tolist() == [63, 65, 2, 3, 1]
    assert table.loc["s1", ["false_variants", "false_reads", "misplaced_variants"]].tolist() == [
        1, 5, 1,
    ]  # fmt: skip
    assert table.loc["s2", columns].tolist() == [12, 8, 3, 3, 2]
    # s2: true (1, 4, 7)/12 and found (1, 4, 0, 3 false)/8
    one, other = np.array([1, 4, 7, 0, 0]) / 12, np.array([1, 4, 0, 0, 3]) / 8
    assert table.loc["s2", "bray_curtis"] == pytest.approx(np.minimum(one, other).sum() * -1 + 1)
    assert table.loc["s1", "correlation"] > 0.98
    with pytest.raises(VagusError, match="none of the simulated samples"):
        compare_by_sample(truth, found[["other"]])


def test_false_variants_are_explained(truth: Truth, found: pd.DataFrame) -> None:
    near = B[:100] + ("A" if B[100] != "A" else "C") + B[101:]
    sequences = {"a": A, "b": B, "c": C, "x": A[:90] + B[90:], "y": near}
    table = explain_false(truth, found, sequences).set_index("asv")
    assert list(table.index) == ["x", "y"]
    assert table.loc["x", ["reads", "n_samples", "reason"]].tolist() == [14, 2, "chimera"]
    assert table.loc["y", ["nearest", "distance", "reason"]].tolist() == ["b", 1, "few errors"]
    assert table.loc["y", "nearest_species"] == "G2 s2/G2 s3"
    unknown = dict(sequences, y=C[:60] + A[60:])
    assert explain_false(truth, found, unknown).set_index("asv").loc["y", "reason"] == "bimera"
    strange = dict(sequences, y=C[::-1])
    assert explain_false(truth, found, strange).set_index("asv").loc["y", "reason"] == "other"


def test_bimera_needs_both_parts() -> None:
    assert is_bimera(A[:50] + B[50:], [A, B, C])
    assert not is_bimera(A[:10] + B[10:], [A, B, C])
    assert not is_bimera(A, [A, B, C])
    assert not is_bimera(A[:50] + B[50:120] + C[120:], [A, B, C])


def test_names(truth: Truth, found: pd.DataFrame) -> None:
    rows = {
        "a": "Bacteria;P1;C1;O1;F1;G1;G1 wrong",
        "b": "d__Bacteria;P1;C1;O1;F1;G2;G2 s3",
        "c": "Bacteria;P2;;;;;",
        "x": "Bacteria;;;;;;",
    }
    taxonomy = pd.DataFrame([r.split(";") for r in rows.values()], list(rows), list(RANKS))
    taxonomy = taxonomy.replace("", np.nan)
    table = compare_names(truth, found, taxonomy).set_index("rank")
    # reads found: a 59, b 4, c 2; the species of c is unknown in the truth
    assert table.loc["domain", ["asvs", "asvs_right", "reads_right"]].tolist() == [3, 3, 65]
    assert table.loc["class", ["asvs", "asvs_named", "asvs_right"]].tolist() == [3, 2, 2]
    assert table.loc["species", ["asvs", "asvs_named", "asvs_right"]].tolist() == [2, 2, 1]
    assert table.loc["species", "precision"] == pytest.approx(4 / 63)
    assert table.loc["genus", "share_named"] == pytest.approx(63 / 65)


def test_truth_folder_is_needed(tmp_path: Path) -> None:
    with pytest.raises(VagusError, match="no truth"):
        Truth.read(tmp_path)


def test_program_on_the_truth_itself(root: Path, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location(
        "compare_with_truth", root / "scripts" / "compare_with_truth.py"
    )
    assert spec is not None
    assert spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    strain = Strain("r", tuple(NAMES["a"].split(";")), (Copy(A, 2, "r"), Copy(B, 1, "derived")))
    design = SampleDesign("s", [strain], [1.0], 40, 0.0)
    sample = simulate_sample(design, PLATFORMS["hifi"], 1, tmp_path / "s.fastq.gz")
    write_truth(tmp_path / "truth", [strain], [sample], PLATFORMS["hifi"])
    table = ["--asv-table", str(tmp_path / "truth" / "asv_table.tsv")]
    fasta = ["--fasta", str(tmp_path / "truth" / "variants.fasta")]
    truth, out = tmp_path / "truth", tmp_path / "out"
    options = [f"--true-table={truth}/asv_table.tsv", f"--variants={truth}/variants.tsv"]
    options += [f"--sequences={truth}/variants.fasta", f"--true-chimeras={truth}/chimeras.tsv"]
    options += [f"--by-depth={out}/truth_by_depth.tsv", f"--false={out}/truth_false.tsv"]
    options += [f"--by-sample={out}/truth_by_sample.tsv", f"--names={out}/truth_taxonomy.tsv"]
    assert program.main([*options, *table, *fasta]) == 0
    by_depth = read_table(tmp_path / "out" / "truth_by_depth.tsv")
    assert by_depth["true_variants"].tolist() == by_depth["recovered"].tolist()
    assert by_depth.loc[by_depth["sample"] == POOLED, "recovered"].sum() == 2
    by_sample = read_table(tmp_path / "out" / "truth_by_sample.tsv", index_col="sample")
    assert by_sample.loc["s", ["correlation", "bray_curtis"]].tolist() == pytest.approx([1, 0])
    assert not (tmp_path / "out" / "truth_taxonomy.tsv").exists()
