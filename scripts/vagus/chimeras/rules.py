"""Chimeras of a study whose samples may be judged by two rules.

1. Each sample is judged by the rule of the engine that denoised it: ``ABUNDANCE``, that of
   ``vagus.chimeras.verdicts`` (parents ``chimera_min_fold`` times as abundant), or
   ``RECURRENCE``, that of ``vagus.chimeras.bimeras`` (distant bimeras, and close ones that true
   recombinants resemble; the engine flags them).
2. Over the samples of one rule, it decides whether a variant is removed: enough of the samples
   with the variant call it a chimera (``ABUNDANCE``); a distant bimera, or a close one that is
   not always in the samples of its parents (``RECURRENCE``).
3. A variant in samples of both rules is removed only if both agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vagus.chimeras.bimeras import Occurrence, settle_bimeras
from vagus.chimeras.settings import RECURRENCE, ChimeraSettings
from vagus.chimeras.verdicts import Verdict, judge_variants


@dataclass(frozen=True)
class JudgedSample:
    """The variants of one sample by number.

    Attributes:
        engine: that denoised it.
        rule: ``ABUNDANCE`` or ``RECURRENCE``.
        reads: of each variant.
        flagged: the bimeras that its engine has flagged.
    """

    engine: str
    rule: str
    reads: dict[int, int]
    flagged: dict[int, Occurrence]


@dataclass(frozen=True)
class ChimeraCall:
    """The verdict on one variant: whether it goes, the verdict, and the engines that agree."""

    is_removed: bool
    verdict: Verdict
    rule: str


def call_chimeras(
    names: Sequence[str],
    sequences: Sequence[str],
    samples: Sequence[JudgedSample],
    settings: ChimeraSettings,
) -> list[ChimeraCall]:
    """ChimeraCall on each variant (names and sequences all different)."""
    plain = [sample for sample in samples if sample.rule != RECURRENCE]
    recurring = [sample for sample in samples if sample.rule == RECURRENCE]
    verdicts = judge_variants(list(sequences), [sample.reads for sample in plain], settings)
    number = {name: i for i, name in enumerate(names)} if recurring else {}
    others = [Verdict() for _ in names]
    for sample in recurring:
        _add_sample(others, sample, number)
    settled = settle_bimeras([_list_occurrences(sample, names) for sample in recurring])
    engines = _name_engines(plain), _name_engines(recurring)
    return [
        _combine(
            _Opinion(engines[0], verdict, verdict.is_chimera(settings)),
            _Opinion(engines[1], other, name in settled),
        )
        for name, verdict, other in zip(names, verdicts, others, strict=True)
    ]


def _list_occurrences(sample: JudgedSample, names: Sequence[str]) -> dict[str, Occurrence]:
    return {names[i]: sample.flagged.get(i, Occurrence(n)) for i, n in sample.reads.items()}


def _add_sample(verdicts: list[Verdict], sample: JudgedSample, number: dict[str, int]) -> None:
    """Count a flagged sample; the parents are those of the largest flagged occurrence."""
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


def _name_engines(samples: Sequence[JudgedSample]) -> str:
    return ";".join(sorted({sample.engine for sample in samples if sample.reads}))


@dataclass(frozen=True)
class _Opinion:
    """Verdicts of the samples of one rule on a variant."""

    engines: str
    verdict: Verdict
    is_chimera: bool


def _combine(*opinions: _Opinion) -> ChimeraCall:
    """The opinions of both rules as one; a rule is not asked where its samples have no reads."""
    asked = [opinion for opinion in opinions if opinion.verdict.n_samples]
    is_removed = bool(asked) and all(opinion.is_chimera for opinion in asked)
    one, other = (opinion.verdict for opinion in opinions)
    witness = max((one, other), key=lambda verdict: verdict.reads_there)
    verdict = Verdict(
        one.n_samples + other.n_samples, one.n_flagged + other.n_flagged,
        witness.left_parent, witness.right_parent, witness.breakpoint_bp, witness.reads_there,
    )  # fmt: skip
    return ChimeraCall(is_removed, verdict, ";".join(opinion.engines for opinion in asked))
