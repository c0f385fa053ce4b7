"""Chimeras of a study in which either engine denoised the samples.

1. Each sample is judged as its engine asks: ``dada`` by ``vagus.chimeras.verdicts`` (parents
   ``chimera_min_fold`` times as abundant), ``phase`` by ``vagus.chimeras.bimeras`` (distant
   bimeras, and close ones that true recombinants resemble).
2. Over the samples of one engine, that engine's rule says whether a variant goes: enough of the
   samples that hold it call it (``dada``); a distant bimera, or a close one that does not keep
   company with its parents (``phase``).
3. A variant that samples of both engines hold goes only if both rules say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vagus.chimeras.bimeras import Occurrence, settle_bimeras
from vagus.chimeras.settings import ChimeraSettings
from vagus.chimeras.verdicts import Verdict, judge_variants

DADA, PHASE = "dada", "phase"


@dataclass(frozen=True)
class JudgedSample:
    """The variants of one sample by number.

    Attributes:
        engine: ``dada`` or ``phase``.
        reads: of each variant.
        flagged: what ``phase`` says of those that it takes for bimeras.
    """

    engine: str
    reads: dict[int, int]
    flagged: dict[int, Occurrence]


@dataclass(frozen=True)
class Ruling:
    """What is said of one variant: whether it goes, the verdict, and the engines that say so."""

    is_removed: bool
    verdict: Verdict
    rule: str


def rule_variants(
    names: Sequence[str],
    sequences: Sequence[str],
    samples: Sequence[JudgedSample],
    settings: ChimeraSettings,
) -> list[Ruling]:
    """Ruling on each variant (names and sequences all different)."""
    by_dada = [sample.reads for sample in samples if sample.engine != PHASE]
    by_phase = [sample for sample in samples if sample.engine == PHASE]
    verdicts = judge_variants(list(sequences), by_dada, settings)
    number = {name: i for i, name in enumerate(names)} if by_phase else {}
    others = [Verdict() for _ in names]
    for sample in by_phase:
        _add_sample(others, sample, number)
    settled = settle_bimeras([_list_occurrences(sample, names) for sample in by_phase])
    return [
        _combine(verdict, other, verdict.is_chimera(settings), name in settled)
        for name, verdict, other in zip(names, verdicts, others, strict=True)
    ]


def _list_occurrences(sample: JudgedSample, names: Sequence[str]) -> dict[str, Occurrence]:
    return {names[i]: sample.flagged.get(i, Occurrence(n)) for i, n in sample.reads.items()}


def _add_sample(verdicts: list[Verdict], sample: JudgedSample, number: dict[str, int]) -> None:
    """Count a sample of ``phase``; parents are those of the largest flagged occurrence."""
    for i, reads in sample.reads.items():
        verdict = verdicts[i]
        verdict.n_samples += 1
        mark = sample.flagged.get(i)
        if mark is None:
            continue
        verdict.n_flagged += 1
        if reads > verdict.reads_there:
            verdict.reads_there = reads
            verdict.left_parent, verdict.right_parent = number[mark.left], number[mark.right]
            verdict.breakpoint_bp = mark.breakpoint_bp


def _combine(one: Verdict, other: Verdict, by_dada: bool, by_phase: bool) -> Ruling:
    """Both engines' verdicts on one variant as one; an engine without the variant is silent."""
    asked = [
        (engine, verdict, says)
        for engine, verdict, says in ((DADA, one, by_dada), (PHASE, other, by_phase))
        if verdict.n_samples
    ]
    is_removed = bool(asked) and all(says for _, _, says in asked)
    witness = max((one, other), key=lambda verdict: verdict.reads_there)
    verdict = Verdict(
        one.n_samples + other.n_samples, one.n_flagged + other.n_flagged,
        witness.left_parent, witness.right_parent, witness.breakpoint_bp, witness.reads_there,
    )  # fmt: skip
    return Ruling(is_removed, verdict, ";".join(engine for engine, _, _ in asked))
