"""The ``phase`` engine: from the reads of a sample to variants with their evidence."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vagus.denoise.denoised import DenoisedSample
from vagus.phase.account import ReadOutcomes, account_reads
from vagus.phase.accuracy import describe_isolation, explain_low_quality
from vagus.phase.candidates import Candidate
from vagus.phase.coarse import Sketches
from vagus.phase.competition import Competition
from vagus.phase.discovery import discover
from vagus.phase.error_model import PhaseErrorModel
from vagus.phase.families import Block, build_block, find_neighbours
from vagus.phase.learning import learn_phase_errors
from vagus.phase.pileup import Pileup, align_to
from vagus.phase.read_set import ReadSet
from vagus.phase.settings import PhaseSettings
from vagus.phase.splitting import Birth
from vagus.phase.variants import make_empty_table, tabulate
from vagus.reads.uniques import Uniques, encode_bases

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

log = logging.getLogger(__name__)

LOST_FEW_READS, LOST_UNEXPLAINED = -1, -2


@dataclass(frozen=True)
class Denoised:
    """The state of a sample after the competition.

    Attributes:
        candidates: those with reads, then priors, which may have none.
        competition: which of them are alive and why.
        assignment: int64; for each unique sequence its candidate, or a ``LOST_`` code.
        edits: int64; for each unique sequence its differences from its variant, or, where it is
            not explained, from the likeliest one; -1 where it was aligned to none.
    """

    reads: ReadSet
    candidates: list[Candidate]
    competition: Competition
    assignment: Ints
    edits: Ints

    @property
    def error_rate(self) -> float:
        """Differences per base of the assigned reads; NaN without any."""
        weights = np.where(self.assignment >= 0, self.reads.counts, 0.0)
        n_bases = float((weights * self.reads.lengths).sum())
        return float((weights * self.edits).sum()) / n_bases if n_bases else float("nan")

    @property
    def typical_error_rate(self) -> float:
        """Median over the aligned reads, explained or not, of differences per base."""
        aligned = self.edits >= 0
        rates = self.edits[aligned] / np.maximum(1, self.reads.lengths[aligned])
        return _find_median(rates, self.reads.counts[aligned])


def denoise(
    uniques: Uniques,
    model: PhaseErrorModel | None,
    settings: PhaseSettings,
    priors: Sequence[str] = (),
) -> DenoisedSample:
    """Denoise one sample.

    Args:
        uniques: the reads, sense strand, primer-free.
        model: error rates of the run; None learns them from this sample.
        settings: what the user set.
        priors: sequences of variants seen in other samples; fewer reads and less evidence
            suffice for these.

    Returns:
        Variants with evidence, and the account of every read. A sample without reads, or with
        reads that are too poor, has no variants and a reason.
    """
    if uniques.n_reads == 0:
        return DenoisedSample(make_empty_table(), account_reads(uniques, "no reads to denoise"))
    reads = ReadSet.from_uniques(uniques)
    poor = explain_low_quality(float(np.median(reads.error_rates)), settings)
    if poor:
        return DenoisedSample(make_empty_table(), account_reads(uniques, poor))
    model = model or learn_phase_errors([uniques], settings)
    result = run_engine(reads, model, settings, priors)
    assigned = float(result.reads.counts[result.assignment >= 0].sum())
    poor = explain_low_quality(result.typical_error_rate, settings) or describe_isolation(
        result.reads, assigned, settings
    )
    if poor:
        return DenoisedSample(make_empty_table(), account_reads(uniques, poor))
    variants = tabulate(result, model.make_tables(settings), settings)
    return DenoisedSample(variants, _account(uniques, result, len(variants)))


def _account(uniques: Uniques, result: Denoised, n_variants: int) -> dict[str, Any]:
    """What became of the reads; said in the log as well."""
    counts = uniques.counts.astype(np.int64)
    few, unexplained = (
        int(counts[result.assignment == outcome].sum())
        for outcome in (LOST_FEW_READS, LOST_UNEXPLAINED)
    )
    losses = account_reads(uniques, "", ReadOutcomes(few, unexplained, result.error_rate))
    log.info(
        "%d reads, %d unique, %.2f %% errors: %d variants with %d reads (%d too few, %d not "
        "explained); strands: %s",
        uniques.n_reads, uniques.n_uniques, 100 * result.error_rate, n_variants,
        losses["assigned"], losses["lost_few_reads"], losses["lost_unexplained"],
        losses["strands"],
    )  # fmt: skip
    return losses


def run_engine(
    reads: ReadSet, model: PhaseErrorModel, settings: PhaseSettings, priors: Sequence[str] = ()
) -> Denoised:
    """Discover candidates, let them compete, assign the reads."""
    tables = model.make_tables(settings)
    sketches = Sketches.of_reads(reads)
    candidates, apart = discover(reads, sketches, tables, settings)
    known = _add_priors(reads, candidates, priors, settings)
    sequences = [candidate.sequence for candidate in known]
    neighbours = find_neighbours(sequences, settings) if sequences else []
    extra = _align_leftover(reads, sketches, apart, sequences, settings)
    pileups = ((i, candidate.lay_out(reads, settings)) for i, candidate in enumerate(known))
    blocks = [
        build_block(i, pileup, neighbours[i], sequences, tables, settings)
        for i, pileup in chain(pileups, extra)
    ]
    competition = Competition(
        blocks, [len(s) for s in sequences], settings,
        has_strands=reads.has_strands, n_priors=len(known) - len(candidates),
    )  # fmt: skip
    competition.prune()
    return _assign(reads, known, competition, settings)


def _add_priors(
    reads: ReadSet, candidates: list[Candidate], priors: Sequence[str], settings: PhaseSettings
) -> list[Candidate]:
    """The candidates and, after them, the priors that are not among them."""
    texts = [candidate.sequence.tobytes() for candidate in candidates]
    known = list(candidates)
    for prior in sorted(set(priors)):
        codes = encode_bases(prior)
        text = codes.tobytes()
        if any(text in other or other in text for other in texts):
            continue
        texts.append(text)
        known.append(Candidate(codes, np.empty(0, np.int64), 0.0, Birth("prior")))
    return known


def _align_leftover(
    reads: ReadSet, sketches: Sketches, apart: Ints, sequences: list[Bytes], settings: PhaseSettings
) -> list[tuple[int, Pileup]]:
    """Pileups of the reads that no candidate has, over the candidates most like them."""
    if not len(apart) or not sequences:
        return []
    targets, _ = sketches.take(apart).rank(Sketches.of_sequences(sequences), 1)
    found = []
    for number in np.unique(targets[:, 0][targets[:, 0] >= 0]):
        members = apart[targets[:, 0] == number]
        pileup, _ = align_to(reads, members, sequences[number], settings)
        if pileup.n_rows:
            found.append((int(number), pileup))
    return found


def _assign(
    reads: ReadSet, candidates: list[Candidate], competition: Competition, settings: PhaseSettings
) -> Denoised:
    """Give each read its likeliest variant, if that explains it."""
    assignment = np.full(len(reads), LOST_FEW_READS, np.int64)
    members = _join([block.members for block in competition.blocks], np.int64)
    chosen = _join([competition.assign(block) for block in competition.blocks], np.int64)
    edits = _join([_count_edits(block, competition.assign(block)) for block in competition.blocks],
                  np.int64)  # fmt: skip
    alive = chosen >= 0
    members, chosen, edits = members[alive], chosen[alive], edits[alive]
    expected = reads.expected_errors[members]
    weights = reads.counts[members]
    expected *= max(1.0, _find_median(edits, weights) / max(0.1, _find_median(expected, weights)))
    is_explained = edits <= expected + 4 * np.sqrt(expected + 1) + 4
    assignment[members] = np.where(is_explained, chosen, LOST_UNEXPLAINED)
    all_edits = np.full(len(reads), -1, np.int64)
    all_edits[members] = edits
    _drop_small(assignment, reads.counts, competition, settings)
    return Denoised(reads, candidates, competition, assignment, all_edits)


def _join(parts: list[NDArray], dtype: type) -> NDArray:
    return np.concatenate([np.empty(0, dtype), *parts])


def _find_median(values: NDArray, weights: Floats) -> float:
    """Weighted median, the lower one; 0 without values."""
    if not len(values):
        return 0.0
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order[np.searchsorted(reached, reached[-1] / 2)]])


def _count_edits(block: Block, chosen: Ints) -> Ints:
    """Differences of each read from the variant chosen; for neighbours at least those apart."""
    edits = block.edits.copy()
    for place, variant in enumerate(block.variants):
        if place:
            moved = chosen == variant
            edits[moved] = np.maximum(0, edits[moved] - len(block.columns[place]))
    return edits


def _drop_small(
    assignment: Ints, counts: Floats, competition: Competition, settings: PhaseSettings
) -> None:
    """Variants that are left with too few reads are none."""
    n_reads = np.zeros(competition.n_variants)
    assigned = assignment >= 0
    np.add.at(n_reads, assignment[assigned], counts[assigned])
    least = np.full(competition.n_variants, settings.min_reads)
    least[competition.first_prior :] = settings.min_prior_reads
    small = (n_reads < least) & competition.is_alive
    competition.is_alive &= ~small
    assignment[np.isin(assignment, np.flatnonzero(small))] = LOST_FEW_READS
