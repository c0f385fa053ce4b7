"""Chimeras of studies in which both engines took part."""

from __future__ import annotations

import numpy as np
import pandas as pd

from naive.denoise_community import make_sequence, substitute
from vagus.chimeras.bimeras import Occurrence
from vagus.chimeras.rules import JudgedSample, call_chimeras
from vagus.chimeras.settings import ABUNDANCE, RECURRENCE, ChimeraSettings
from vagus.denoise.full_ledger import extend_ledger
from vagus.denoise.study_table import Study
from vagus.phase.variants import COLUMNS as PHASE_COLUMNS
from vagus.sequences import identify_asv
from vagus.tables.stages.denoise import VARIANTS

LEFT = make_sequence(np.random.default_rng(8), 200)
RIGHT = substitute(LEFT, list(range(3, 200, 9)))
JOINED = LEFT[:100] + RIGHT[100:]
SEQUENCES = [LEFT, RIGHT, JOINED]
NAMES = [identify_asv(sequence) for sequence in SEQUENCES]
SETTINGS = ChimeraSettings()


def by_dada(reads: list[int]) -> JudgedSample:
    return JudgedSample("dada", ABUNDANCE, {i: n for i, n in enumerate(reads) if n}, {})


def by_phase(reads: list[int], flag: str = "") -> JudgedSample:
    mark = Occurrence(reads[2], flag, NAMES[0], NAMES[1], 100)
    counts = {i: n for i, n in enumerate(reads) if n}
    return JudgedSample("phase", RECURRENCE, counts, {2: mark} if flag and reads[2] else {})


def rule(*samples: JudgedSample) -> tuple[list[bool], str, int]:
    chimera_calls = call_chimeras(NAMES, SEQUENCES, samples, SETTINGS)
    verdict = chimera_calls[2].verdict
    return [r.is_removed for r in chimera_calls], chimera_calls[2].rule, verdict.n_flagged


def test_dada_alone_goes_by_abundance_and_parts() -> None:
    assert rule(by_dada([100, 90, 10])) == ([False, False, True], "dada", 1)


def test_phase_alone_goes_by_its_own_flags() -> None:
    assert rule(by_phase([100, 90, 10])) == ([False, False, False], "phase", 0)
    assert rule(by_phase([100, 90, 10], "bimera")) == ([False, False, True], "phase", 1)
    assert rule(by_phase([100, 90, 10], "close_bimera"))[0] == [False, False, False]


def test_a_close_bimera_that_does_not_keep_company_goes() -> None:
    with_it, without = by_phase([100, 90, 10], "close_bimera"), by_phase([100, 90, 0])
    assert rule(with_it, with_it, without, without)[0][2] is False
    assert rule(with_it, without, without, without)[0][2] is True


def test_both_engines_must_agree() -> None:
    recombinant = by_phase([100, 90, 30], "close_bimera")
    assert rule(by_dada([100, 90, 10]), recombinant) == ([False] * 3, "dada;phase", 2)
    agreed = rule(by_dada([100, 90, 10]), by_phase([100, 90, 30], "bimera"))
    assert agreed == ([False, False, True], "dada;phase", 2)


def make_table(reads: list[int], engine: str, flag: str) -> pd.DataFrame:
    rows = []
    for i, n in enumerate(reads):
        row = {
            "asv": NAMES[i], "sequence": SEQUENCES[i], "reads": n, "uniques": n, "engine": engine,
            "birth_type": "cluster", "birth_p_value": -50.0, "birth_fold": np.nan, "parent": "",
            "hamming": 3, "exact_reads": n, "flags": flag if i == 2 else "", "log_ratio": 99.0,
            "reverse_reads": n // 2, "left_parent": NAMES[0] if i == 2 else "",
            "right_parent": NAMES[1] if i == 2 else "", "breakpoint_bp": 100 if i == 2 else np.nan,
        }  # fmt: skip
        rows.append(row)
    columns = VARIANTS.names if engine == "dada" else PHASE_COLUMNS
    return pd.DataFrame(rows)[list(columns)]


def make_losses(sample: str, reads: list[int], engine: str, **more: object) -> dict[str, object]:
    lost = {"dada": "lost_singleton", "phase": "lost_few_reads"}[engine]
    return {
        "sample": sample, "reads_in": sum(reads) + 3, lost: 3, "assigned": sum(reads),
        "engine": engine, "reason": "", "engine_reason": f"for {engine}", **more,
    }  # fmt: skip


def make_study() -> Study:
    study = Study()
    study.add(make_table([100, 90, 10], "dada", ""), make_losses("a", [100, 90, 10], "dada"))
    strands = {"strands": "sense", "measured_error_rate": 0.012}
    losses = make_losses("b", [60, 50, 9], "phase", **strands)
    study.add(make_table([60, 50, 9], "phase", "ambiguous;bimera"), losses)
    poor = {"lost_inaccurate": 40, "reads_in": 40, "lost_few_reads": 0, "reason": "4.2 % errors"}
    study.add(
        make_table([60, 50, 9], "phase", "").head(0), make_losses("c", [0, 0], "phase") | poor
    )
    study.judge(SETTINGS)
    return study


def test_one_table_of_both_engines_with_the_removed_ones_on_record() -> None:
    study = make_study()
    table = study.table()
    assert table.index.tolist() == NAMES[:2]
    assert table.to_numpy().tolist() == [[100, 60], [90, 50]]
    births = study.birth_table().set_index("asv")
    assert births["engine"].tolist() == ["dada", "dada"]
    removed = study.chimera_table().iloc[0]
    assert (removed["asv"], removed["reads"], removed["n_samples"]) == (NAMES[2], 19, 2)
    assert [removed["left_parent"], removed["right_parent"]] == NAMES[:2]
    assert removed["rule"] == "dada;phase"


def test_ledger_tells_engine_losses_and_doubts() -> None:
    study = make_study()
    rows = [(x["sample"], "ok", "", x["reads_in"] + 2, 2, x["reads_in"]) for x in study.losses]
    columns = ["sample", "status", "reason", "input", "lost_length", "kept"]
    ledger = extend_ledger(pd.DataFrame(rows, columns=columns), study).set_index("sample")
    assert ledger["engine"].tolist() == ["dada", "phase", "phase"]
    assert ledger["engine_reason"].tolist() == ["for dada", "for phase", "for phase"]
    assert ledger["lost_singleton"].tolist() == [3, 0, 0]
    assert ledger["lost_few_reads"].tolist() == [0, 3, 0]
    assert ledger["lost_inaccurate"].tolist() == [0, 0, 40]
    assert ledger["lost_chimera"].tolist() == [10, 9, 0]
    assert ledger.loc["c", ["status", "reason"]].tolist() == ["empty", "4.2 % errors"]
    assert "sense strand" in ledger.loc["b", "note"]
    assert ledger.loc["a", "note"] == ""
