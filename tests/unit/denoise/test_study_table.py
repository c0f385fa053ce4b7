"""Merging samples: tables, chimeras, ledger; and the programs from end to end."""

from __future__ import annotations

import json

import biom
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from described import make_frame
from naive.denoise_community import make_community, make_sequence, substitute
from vagus.chimeras.settings import ChimeraSettings
from vagus.denoise.full_ledger import extend_ledger
from vagus.denoise.study_table import Study
from vagus.errors import ReadsError
from vagus.reads.uniques import Uniques
from vagus.sequences import identify_asv, read_fasta
from vagus.tables import read_table, write_table
from vagus.tables.stages.denoise import VARIANTS
from vagus.tables.stages.reads import READ_LEDGER

RNG = np.random.default_rng(6)
PARENTS = [make_sequence(RNG, 200)]
PARENTS.append(substitute(PARENTS[0], list(range(3, 200, 9))))
CHIMERA = PARENTS[0][:100] + PARENTS[1][100:]
SEQUENCES = [*PARENTS, CHIMERA, make_sequence(RNG, 210)]


def make_variants(reads: list[int]) -> pd.DataFrame:
    rows = [
        (identify_asv(s), s, n, 1, "dada", "abundance", -50.0 - n, 3.0, "", 2, n, "")
        for s, n in zip(SEQUENCES, reads, strict=True)
        if n
    ]
    return pd.DataFrame(rows, columns=VARIANTS.names)


def make_losses(sample: str, reads: list[int], singles: int, others: int) -> dict:
    total = sum(reads)
    return {
        "sample": sample, "reads_in": total + singles + others, "lost_singleton": singles,
        "lost_omega_c": others, "assigned": total, "engine": "dada", "reason": "",
    }  # fmt: skip


def make_study(samples: dict[str, list[int]]) -> Study:
    study = Study()
    for name in sorted(samples):
        study.add(make_variants(samples[name]), make_losses(name, samples[name], 2, 1))
    study.judge(ChimeraSettings())
    return study


def make_reads_ledger(study: Study) -> pd.DataFrame:
    rows = [
        (loss["sample"], "ok", "", loss["reads_in"] + 5, 5, loss["reads_in"])
        for loss in reversed(study.losses)
    ]
    columns = ["sample", "status", "reason", "input", "lost_length", "kept"]
    return pd.DataFrame(rows, columns=columns)


SAMPLES = {"b": [100, 80, 10, 0], "a": [50, 60, 5, 7], "é c": [0, 0, 0, 0]}


def test_table_holds_samples_with_reads_and_asvs_by_abundance() -> None:
    table = make_study(SAMPLES).table()
    assert table.columns.tolist() == ["a", "b"]
    assert table.index.tolist() == [
        identify_asv(s) for s in (SEQUENCES[0], SEQUENCES[1], SEQUENCES[3])
    ]
    assert table.to_numpy().tolist() == [[50, 100], [60, 80], [7, 0]]


def test_chimera_is_recorded_with_its_parents() -> None:
    chimeras = make_study(SAMPLES).chimera_table()
    row = chimeras.iloc[0]
    assert len(chimeras) == 1
    assert (row["asv"], row["reads"], row["n_samples"]) == (identify_asv(CHIMERA), 15, 2)
    parents = [identify_asv(s) for s in PARENTS]
    assert [row["left_parent"], row["right_parent"]] == parents


def test_birth_is_that_of_the_largest_occurrence() -> None:
    births = make_study(SAMPLES).birth_table().set_index("asv")
    assert births.loc[identify_asv(PARENTS[0]), "birth_sample"] == "b"
    assert births.loc[identify_asv(SEQUENCES[3]), "log10_p_value"] == -57.0
    assert births.loc[identify_asv(PARENTS[1]), "n_samples"] == 2


def test_a_dry_sample_keeps_its_row_with_a_reason() -> None:
    study = make_study(SAMPLES)
    ledger = extend_ledger(make_reads_ledger(study), study).set_index("sample")
    assert ledger.index.tolist() == ["a", "b", "é c"]
    assert ledger.loc["é c", ["status", "reason"]].tolist() == [
        "empty",
        "no read is left in an ASV; most are counted in lost_singleton",
    ]
    assert ledger.loc["a", ["lost_chimera", "asv_reads", "n_asvs"]].tolist() == [5, 117, 3]


@given(
    st.dictionaries(
        st.text("abcé 1", min_size=1, max_size=4),
        st.lists(st.integers(0, 300), min_size=4, max_size=4),
        min_size=1, max_size=5,
    )
)  # fmt: skip
@settings(max_examples=40)
def test_reads_are_conserved(samples: dict[str, list[int]]) -> None:
    study = make_study(samples)
    ledger = extend_ledger(make_reads_ledger(study), study)
    lost = ledger[[name for name in ledger if name.startswith("lost_")]].sum(axis=1)
    assert (lost + ledger["asv_reads"] == ledger["input"]).all()
    assert study.table().to_numpy().sum() == ledger["asv_reads"].sum()
    removed = study.chimera_table()["reads"].sum()
    assert removed == ledger["lost_chimera"].sum()


def test_reads_that_vanish_are_refused() -> None:
    losses = make_losses("a", [3, 0, 0, 0], 1, 0) | {"reads_in": 9}
    with pytest.raises(ReadsError, match="9 reads went into denoising"):
        Study().add(make_variants([3, 0, 0, 0]), losses)
    study = make_study({"a": [3, 0, 0, 0]})
    ledger = make_reads_ledger(study)
    ledger["input"] += 1
    with pytest.raises(ReadsError, match="came in"):
        extend_ledger(ledger, study)
    with pytest.raises(ReadsError, match="differ: a"):
        extend_ledger(ledger.assign(sample="b"), make_study({"a": [1, 0, 0, 0], "b": [0] * 4}))


def run_programs(folder, order: list[str]) -> dict[str, bytes]:
    """All three programs on three samples; contents of the study's files."""
    import denoise_sample
    import learn_errors
    import merge_variants

    paths = {name: folder / f"{name}.npz" for name in order}
    rows = []
    for name in order:
        uniques, _ = make_community(sum(map(ord, name)), n_reads=150)
        if name == "blank":
            uniques = Uniques.empty(sample=name)
        else:
            uniques = Uniques(**{**vars(uniques), "sample": name})
        uniques.save(paths[name])
        rows.append((name, "ok", "", uniques.n_reads, uniques.n_reads))
    ledger = folder / "reads.tsv"
    facts = pd.DataFrame(rows, columns=["sample", "status", "reason", "input", "kept"])
    write_table(make_frame(READ_LEDGER, facts.to_dict("list")), ledger, READ_LEDGER)
    model = str(folder / "model.tsv")
    learned = ["--engine", "dada", "--model", model, "--description", str(folder / "model.json")]
    assert learn_errors.main([*map(str, paths.values()), *learned]) == 0
    for name in order:
        out = [str(folder / name / file) for file in ("variants.tsv", "losses.json")]
        assert denoise_sample.main(
            ["--uniques", str(paths[name]), "--model", f"dada={model}", "--variants", out[0],
             "--losses", out[1]]
        ) == 0  # fmt: skip
    outputs = ["asv-table", "biom", "fasta", "asvs", "chimeras", "ledger"]
    files = {name: folder / f"out.{name}" for name in outputs}
    options = [word for name, path in files.items() for word in (f"--{name}", str(path))]
    assert merge_variants.main(
        ["--variants", *(f"{folder}/{name}/variants.tsv" for name in order),
         "--losses", *(f"{folder}/{name}/losses.json" for name in order),
         "--reads-ledger", str(ledger), *options]
    ) == 0  # fmt: skip
    return {name: path.read_bytes() for name, path in files.items()}


def test_programs_agree_with_each_other_in_any_order(tmp_path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    first = run_programs(tmp_path / "1", ["s1", "s2", "blank"])
    second = run_programs(tmp_path / "2", ["blank", "s2", "s1"])
    assert first == second
    table = read_table(tmp_path / "1" / "out.asv-table").set_index("asv")
    fasta = dict(read_fasta(tmp_path / "1" / "out.fasta"))
    assert list(fasta) == table.index.tolist()
    assert all(identify_asv(sequence) == name for name, sequence in fasta.items())
    loaded = biom.load_table(str(tmp_path / "1" / "out.biom"))
    assert np.array_equal(loaded.matrix_data.toarray(), table.to_numpy())
    assert loaded.ids().tolist() == table.columns.tolist()
    about = json.loads((tmp_path / "1" / "model.json").read_text())
    assert about["source"] == "default"
    assert "bases" in about["reason"]


def test_a_study_of_blanks_gives_empty_tables(tmp_path) -> None:
    files = run_programs(tmp_path, ["blank"])
    assert files["asv-table"].strip() == b"asv"
    assert files["fasta"] == b""
    assert b"no read" in files["ledger"]
