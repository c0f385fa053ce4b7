"""Forecast of a whole study before it runs: CPU time, wall time, memory, disk.

The laws of the steps are applied to amounts that are known (samples, reads) or expected (unique
sequences, ASVs). What is expected of ASVs is the weakest part: see :func:`expect_asvs`.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vagus.costs.amounts import UNIQUES_MB, estimate_reads, limit_learned
from vagus.costs.laws import StepLaw, read_laws
from vagus.engines import ENGINES, FOR_FEW, FOR_MANY
from vagus.errors import VagusError
from vagus.reads.platforms import AUTO, find_platform
from vagus.reference.catalogue import estimate_text_mb, find_reference
from vagus.study.study import Study

# Where nothing is known of a sample: share of reads that are kept
KEPT = 0.93
# with a larger share of unique reads, duplicates are few
NEARLY_ALL = 0.9
# what each engine does only in runs with samples of its own
_LEARNS = {facts.name_rule("learn", "errors"): name for name, facts in ENGINES.items()}
# MB an index takes for each MB of a reference
INDEX_TIMES = 7.0
# MB of results: of any study, and for each sample (report, tables, logs)
STUDY_MB, SAMPLE_MB = 8.0, 0.7
VARIANT_MB = 1.7e-3
# Seconds that Snakemake takes to start, and for each step
START_S, STEP_S = 5.0, 0.02
# of each step in a job of a scheduler, where Snakemake starts again
JOB_STEP_S = 8.0


@dataclass(frozen=True)
class SampleAmounts:
    """Thousands of reads and of unique sequences of a sample, as far as they are known.

    ``own_share`` of the reads in its files are the sample's; the others are of other barcodes.
    """

    run: str
    kreads: float
    kuniques: float
    own_share: float = 1.0


@dataclass(frozen=True)
class StudyCosts:
    """What a study takes: CPU seconds, wall seconds on ``cores``, MB of memory and of disk."""

    cores: int
    n_steps: int
    n_reads: int
    n_asvs: int
    cpu_s: float
    wall_s: float
    memory_mb: float
    disk_mb: float


@dataclass(frozen=True)
class _Plan:
    """The study in the words of the laws."""

    config: dict[str, Any]
    samples: Sequence[SampleAmounts]
    reads_mb: float
    reference_mb: float
    kasvs: float

    def list_runs(self, step: str) -> list[list[float]]:
        """Thousand unique sequences of the samples of each run that a step works on."""
        runs: dict[str, list[float]] = {}
        for sample in self.samples:
            is_nearly_unique = sample.kuniques > NEARLY_ALL * KEPT * sample.kreads
            engine = FOR_FEW if is_nearly_unique else FOR_MANY
            is_idle = _LEARNS.get(step, engine) != engine
            runs.setdefault(sample.run, []).append(0.0 if is_idle else sample.kuniques)
        return list(runs.values())


def expect_asvs(n_samples: int, known: tuple[int, int] | None = None) -> int:
    """ASVs of a study of so many samples; ``known`` are samples and ASVs of an earlier run.

    ASVs grow with the number of samples to the power of 0.75: from about 105 in one sample (59
    nasal samples had 105 each and 3,942 in all, which this puts at 2,240; simulated gut studies
    have fewer).
    """
    base, n = (known[1], known[0]) if known and known[0] else (105, 1)
    return round(base * math.pow(n_samples / n, 0.75))


def estimate_samples(
    study: Study, kept: Sequence[float] = (), unique: Sequence[float] = ()
) -> list[SampleAmounts]:
    """Amounts of every sample, from its files; shares of reads that are kept and unique, if known.

    Files that are absent count nothing. A file of several barcodes is read for each of them, which
    has an equal part of its reads.
    """
    amounts = []
    n_owners = Counter(path for sample in study.samples for path in set(sample.reads))
    for number, sample in enumerate(study.samples):
        there = [path for path in sample.reads if Path(path).is_file()]
        n_reads = sum(map(estimate_reads, there))
        n_own = sum(estimate_reads(path) / n_owners[path] for path in there)
        name = study.config["reads"]["platform"] if sample.platform == AUTO else sample.platform
        share = unique[number] if unique else find_platform(name).unique_share
        n_kept = n_own * (kept[number] if kept else KEPT)
        own_share = n_own / n_reads if n_reads else 1.0
        amounts.append(
            SampleAmounts(sample.run_key, n_reads / 1e3, share * n_kept / 1e3, own_share)
        )
    return amounts


def forecast_study(
    study: Study, samples: Sequence[SampleAmounts], cores: int,
    known: tuple[int, int] | None = None,
) -> StudyCosts:  # fmt: skip
    """Apply the laws to a study."""
    n_asvs = expect_asvs(len(samples), known)
    paths = {Path(path) for sample in study.samples for path in sample.reads}
    reads_mb = sum(path.stat().st_size for path in paths if path.is_file()) / 1e6
    text_mb = _measure_reference(study.config["taxonomy"]["reference"])
    plan = _Plan(study.config, samples, reads_mb, text_mb, n_asvs / 1e3)
    levels: dict[int, list[tuple[float, float, float]]] = {}
    for law in read_laws().values():
        if is_wanted(law.when, study.config):
            levels.setdefault(law.level, []).extend(_list_steps(law, plan, cores))
    every = [step for steps in levels.values() for step in steps]
    cpu_s = sum(cpu for cpu, _, _ in every)
    walls = [max(max(w for _, w, _ in steps), sum(c for c, _, _ in steps) / cores)
             for steps in levels.values() if steps]  # fmt: skip
    memory = [sum(heapq.nlargest(cores, (mb for _, _, mb in steps))) for steps in levels.values()]
    return StudyCosts(
        cores, len(every), round(1e3 * sum(s.kreads * s.own_share for s in samples)), n_asvs, cpu_s,
        START_S + STEP_S * len(every) + sum(walls), max(memory), _forecast_disk_mb(plan),
    )  # fmt: skip


def is_wanted(when: str, config: dict[str, Any]) -> bool:
    """Whether the config switches on ``section.key`` or ``section.key=value``; '' is always true.

    Without a value, anything will do but null, false, 'none' and an empty list.
    """
    if not when:
        return True
    name, _, wanted = when.partition("=")
    value: Any = config
    for key in name.split("."):
        value = value[key]
    if wanted:
        return wanted in value if isinstance(value, list) else value == wanted
    return bool(value) and value != "none"


def _list_steps(law: StepLaw, plan: _Plan, cores: int) -> Iterator[tuple[float, float, float]]:
    """CPU seconds, wall seconds and MB of each run of a step."""
    for cpu_amount, memory_amount in _list_amounts(law, plan):
        cpu_s = law.estimate_s(cpu_amount)
        yield cpu_s, cpu_s / min(law.threads, cores), law.estimate_mb(memory_amount)


def _list_amounts(law: StepLaw, plan: _Plan) -> Iterator[tuple[float, float]]:
    names = (law.cpu_amount, law.memory_amount)
    if law.per == "sample":
        for sample in plan.samples:
            values = {"kreads": sample.kreads, "kuniques": sample.kuniques}
            yield values[names[0]], values[names[1]]
        return
    whole = _describe_study(law.step, plan)
    if law.per in ("study", "database"):
        more = plan.config["taxonomy"]["more_references"]
        for _ in range(len(more) if law.per == "database" else 1):
            yield whole[names[0]], whole[names[1]]
        return
    shard = plan.config["denoise"]["pool_shard_uniques"] / 1e3
    for sizes in plan.list_runs(law.step):
        total, largest = sum(sizes), max(sizes)
        learned = limit_learned(total, largest, plan.config["denoise"]["learn_bases"])
        values = {
            "kuniques": total, "largest": largest, "learned": learned, "shard": min(total, shard),
            "mb": UNIQUES_MB * total,
        }  # fmt: skip
        for _ in range(max(1, math.ceil(total / shard)) if law.per == "shard" else 1):
            yield values[names[0]], values[names[1]]


def _describe_study(step: str, plan: _Plan) -> dict[str, float]:
    n, kasvs = len(plan.samples), plan.kasvs
    kcells, kpairs = kasvs * n, n * n / 1e3
    index_mb = INDEX_TIMES * plan.reference_mb
    per_sample_mb = VARIANT_MB * min(1e3 * kasvs, expect_asvs(1)) * n
    table_mb = 2e-3 * kcells + 0.1 * kasvs
    mb = {
        "write_provenance": plan.reads_mb, "merge_variants": per_sample_mb,
        "choose_priors": per_sample_mb, "classify_asvs": index_mb + 1.5 * kasvs,
        "classify_with_database": index_mb + 1.5 * kasvs, "compare_taxa": table_mb / 10,
    }.get(step, table_mb)  # fmt: skip
    return {
        "none": 0.0, "samples": float(n), "kasvs": kasvs, "kcells": kcells, "kpairs": kpairs,
        "kpairs_kasvs": kpairs * kasvs, "mb": mb, "kasvs_mb": kasvs * mb,
        "reference_mb": plan.reference_mb,
    }  # fmt: skip


def _measure_reference(name: str) -> float:
    try:
        return estimate_text_mb(find_reference(name))
    except (VagusError, OSError):
        return 0.0


def _forecast_disk_mb(plan: _Plan) -> float:
    return (
        STUDY_MB + SAMPLE_MB * len(plan.samples) + 2e-3 * plan.kasvs * len(plan.samples)
        + UNIQUES_MB * sum(sample.kuniques for sample in plan.samples)
    )  # fmt: skip


def count_samples_a_job(study: Study, wanted_s: float = 600.0, most: int = 50) -> int:
    """Samples whose steps a scheduler's job should run one after the other to last so long."""
    laws = read_laws()
    samples = [replace(s, kuniques=s.kuniques or s.kreads) for s in estimate_samples(study)]
    if not samples:
        return 1
    longest_s = max(
        sum(laws["prepare_reads"].estimate_s(sample.kreads) for sample in samples),
        sum(laws["denoise_sample"].estimate_s(sample.kuniques) for sample in samples),
    )
    each_s = longest_s / len(samples) + JOB_STEP_S
    return max(1, min(most, round(wanted_s / each_s)))
