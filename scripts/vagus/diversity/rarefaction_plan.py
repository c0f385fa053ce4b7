"""To how many reads samples are rarefied, and which samples that leaves out.

Rule of ``auto``, in this order:

1. Candidates are the samples with reads that are not controls (controls when there is nothing
   else).
2. A candidate with fewer than 1,000 reads and less than a tenth of the candidates' median reads
   counts as failed: it does not pull the depth of the study down.
3. The depth is that of the smallest remaining candidate, so that all of them stay, unless
   leaving out up to 5 % of them (none when there are fewer than 20) at least doubles it.

Every sample below the depth is listed with its reason. Nothing is dropped silently: the log
states how many samples stay and which share of the reads is used.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from os import PathLike
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from vagus.errors import VagusError
from vagus.files import open_whole
from vagus.records import is_count, read_object
from vagus.tables.counts import CountTable

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

KEPT_SHARE = 0.95
WORTHY_GAIN = 2
FAILED_READS = 1000
FAILED_SHARE = 0.1
NOT_RAREFIED = 0


_PLAN = {
    "depth": is_count, "repeats": is_count, "seed": is_count, "explanation": str,
    "kept": [str], "excluded": {str: str}, "controls": [str],
}  # fmt: skip


@dataclass(frozen=True)
class RarefactionPlan:
    """What alpha and beta diversity share, so that they speak of the same draws.

    Attributes:
        depth: reads to which samples are rarefied; 0 means that they are not.
        repeats: number of rarefied tables that are averaged.
        seed: seed of the study.
        explanation: one sentence on how the depth came about and what it costs.
        kept: samples that are compared, sorted.
        excluded: reason for each sample that is not.
        controls: controls of the study, sorted; measured, but with no say in what is compared.
    """

    depth: int
    repeats: int
    seed: int
    explanation: str
    kept: list[str] = field(default_factory=list)
    excluded: dict[str, str] = field(default_factory=dict)
    controls: list[str] = field(default_factory=list)

    @property
    def compared(self) -> list[str]:
        """Kept samples that are not controls; all kept ones when there are no others."""
        return [sample for sample in self.kept if sample not in self.controls] or list(self.kept)

    def tabulate_excluded(self) -> pd.DataFrame:
        """Samples that are left out, each with the reason, sorted by name."""
        import pandas as pd

        return pd.DataFrame(sorted(self.excluded.items()), columns=["sample", "reason"])

    def save(self, path: str | PathLike[str]) -> None:
        """Write as one JSON object."""
        with open_whole(path) as stream:
            json.dump(asdict(self), stream, indent=2, ensure_ascii=False)
            stream.write("\n")

    @classmethod
    def load(cls, path: str | PathLike[str]) -> RarefactionPlan:
        """Read what ``save`` wrote. Raises VagusError for anything else."""
        loaded = read_object(path, "rarefaction plan", _PLAN)
        return cls(**{name: loaded[name] for name in _PLAN})


def make_plan(
    table: CountTable, setting: str, repeats: int, seed: int, controls: Collection[str] = ()
) -> RarefactionPlan:
    """Choose the depth and list what it excludes.

    ``setting`` is ``auto``, ``none`` or a whole number of reads. Raises VagusError for other
    settings and for a depth that no sample reaches.
    """
    depth = choose_depth(table, setting, controls)
    floor = max(depth, 1)
    kept = [s for s, reads in zip(table.samples, table.reads, strict=True) if reads >= floor]
    excluded = {
        sample: "no reads" if reads == 0 else f"{reads} reads, below the rarefaction depth {depth}"
        for sample, reads in zip(table.samples, table.reads, strict=True)
        if reads < floor
    }
    explanation = _explain(table, setting, depth, controls)
    _tell(table, depth, controls, explanation)
    known = sorted(set(controls) & set(table.samples))
    return RarefactionPlan(depth, repeats, seed, explanation, kept, excluded, known)


def choose_depth(table: CountTable, setting: str, controls: Collection[str] = ()) -> int:
    """Depth in reads for a setting (see the module); 0 when samples are not rarefied."""
    if setting == "none":
        return NOT_RAREFIED
    if setting == "auto":
        reads = _candidate_reads(table, controls)
        if reads.size == 0:
            return NOT_RAREFIED
        floor = min(FAILED_READS, FAILED_SHARE * float(np.median(reads)))
        usable = np.sort(reads[reads >= floor])[::-1]
        nearly_all = int(usable[math.ceil(KEPT_SHARE * usable.size) - 1])
        return nearly_all if nearly_all >= WORTHY_GAIN * usable[-1] else int(usable[-1])
    if not setting.isdecimal() or int(setting) < 1:
        raise VagusError(
            f"the rarefaction depth is '{setting}'",
            fix="Set rarefaction_depth to 'auto', 'none' or a whole number of reads from 1",
        )
    depth, greatest = int(setting), int(table.reads.max(initial=0))
    if 0 < greatest < depth:
        raise VagusError(
            f"no sample has {depth} reads, the rarefaction depth; the largest has {greatest}",
            fix="Set rarefaction_depth to 'auto' or to a smaller number",
        )
    return depth


def _candidate_reads(table: CountTable, controls: Collection[str]) -> NDArray[np.int64]:
    """Reads of the samples that the depth is chosen for."""
    is_control = np.array([sample in controls for sample in table.samples], dtype=bool)
    reads = table.reads[(table.reads > 0) & ~is_control]
    return reads if reads.size else table.reads[table.reads > 0]


def _explain(table: CountTable, setting: str, depth: int, controls: Collection[str]) -> str:
    if not table.reads.any():
        return "No sample has reads."
    if depth == NOT_RAREFIED:
        return "Samples are not rarefied: rarefaction_depth is 'none'."
    candidates = _candidate_reads(table, controls)
    n_kept = int((candidates >= depth).sum())
    share = 100 * depth * n_kept / int(candidates.sum())
    chosen = "chosen by the rule 'auto'" if setting == "auto" else "set in the config"
    return (
        f"Rarefied to {depth} reads ({chosen}): keeps {n_kept} of "
        f"{_name_candidates(table, controls, candidates.size)}, and {share:.1f} % of their reads "
        "in each draw."
    )


def _name_candidates(table: CountTable, controls: Collection[str], n: int) -> str:
    """'12 samples with reads, controls not counted'; controls count when there are no others."""
    alive = {s for s, reads in zip(table.samples, table.reads, strict=True) if reads}
    what = "sample" if n == 1 else "samples"
    if alive <= set(controls):
        return f"{n} {what} with reads (all are controls)"
    return f"{n} {what} with reads, controls not counted"


def _tell(table: CountTable, depth: int, controls: Collection[str], explanation: str) -> None:
    candidates = _candidate_reads(table, controls)
    n_lost = int((candidates < depth).sum())
    level = logging.WARNING if n_lost > (1 - KEPT_SHARE) * candidates.size else logging.INFO
    log.log(level, "%s", explanation)
    n_empty = int((table.reads == 0).sum())
    if n_empty:
        log.info("%d samples without reads are excluded", n_empty)


def draw_reads(
    counts: NDArray[np.int64], depth: int, seed: int, sample: str, repeat: int
) -> NDArray[np.int64]:
    """Draw ``depth`` reads without replacement.

    ``counts`` has shape (n_asvs,). The stream depends on seed, sample name, depth and repeat
    only, hence not on the other samples or on the order of jobs.
    """
    if depth == int(counts.sum()):
        return counts
    generator = np.random.default_rng([seed, crc32(sample.encode("utf-8")), depth, repeat])
    return generator.multivariate_hypergeometric(counts, depth)


def iterate_rarefied(table: CountTable, plan: RarefactionPlan) -> Iterator[CountTable]:
    """Rarefied tables of the kept samples: one a repeat; the table as it is when depth is 0."""
    kept = table.select(plan.kept)
    if plan.depth == NOT_RAREFIED:
        yield kept
        return
    for repeat in range(plan.repeats):
        rows = [
            draw_reads(row, plan.depth, plan.seed, sample, repeat)
            for sample, row in zip(kept.samples, kept.counts, strict=True)
        ]
        counts = np.array(rows, dtype=np.int64).reshape(kept.counts.shape)
        yield CountTable(kept.samples, kept.asvs, counts)
