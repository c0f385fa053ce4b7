"""Which primers the reads of a sample carry, where, and which of them are asked for.

One judgement of the first reads, for ``vagus check`` and for the preparation of all reads:

1. Windows are 100 bp. Where fewer than 80 % of the reads carry both primers of the best pair there,
   or primers end at the edge, primers are searched in 500 bp with at most half of the errors, and
   the windows reach 15 bp beyond the place where 95 % of these end.
2. ``primers: auto`` takes the best pair, and with it each pair of which at least 5 % of the reads,
   three or more, carry both primers and not both of the others.
3. A pair of the user's own may be exchanged, or a primer be its reverse complement: of these eight
   forms that with the most bases matched on the strand that the conserved motifs show is used.
4. ``require: auto`` asks for both primers; for one where fewer than a fifth of the reads carry both
   and half, three or more, carry one; for none where at least a tenth, three or more, have no
   primer and at least half of these begin and end where trimmed reads do.
5. Reads without any known primer are taken as trimmed only if they begin and end where trimmed
   reads do (``vagus.reads.gene_span``); if a few of them carry primers these are cut off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import ceil

import numpy as np
from numpy.typing import NDArray

from vagus.reads.gene_span import (
    FIRST,
    LAST,
    SITES,
    SLACK_BP,
    GeneSpan,
    measure_span,
    measure_spans,
)
from vagus.reads.pair_evidence import (
    MIN_SHARE_ANY,
    MIN_SHARE_BOTH,
    PairEvidence,
    detect_pair,
    weigh_pairs,
)
from vagus.reads.primers import AUTO, CUSTOM, NONE, PrimerPair
from vagus.reads.problems import ERROR, WARNING, Problem
from vagus.reads.settings import ReadSettings
from vagus.reads.sources import Read
from vagus.reads.trimming import SITE_ERROR_RATE, WINDOW_BP, PrimerFinder, PrimerTrimmer
from vagus.sequences import reverse_complement
from vagus.study.keys import JOINT

SCAN_BP, STRICT_ERROR_RATE = 500, 0.1
MOST_BOTH, EDGE_BP, MIN_SHARE_DEEP = 0.8, 6, 0.05
DEEPEST_PERCENT, MARGIN_BP = 95, 15
MIN_SHARE_FURTHER = 0.05
MIN_SHARE_BARE, MIN_SHARE_LEFT, MIN_READS_LEFT = 0.1, 0.01, 3
MIN_LEAD = 1.25
MAX_SPREAD_BP, MIN_SHARE_SITE = 20, 0.8
_MIN_PRIMERS = {"both": 2, "either": 1, "none": 0}


@dataclass(frozen=True)
class PrimerPlan:
    """How the primers of a sample are found and cut off.

    Attributes:
        pairs: the pairs in use, the main one first.
        window_bp: bases at each end in which primers are searched.
        max_error_rate: differences tolerated per primer base.
        min_primers: primers that a read must carry.
        are_ends_ragged: whether rests of a primer at the other end are cut off.
        sites: conserved sites at which ragged ends are cut; empty where they are not.
        evidence: for the pairs in use.
        problems: what a user should know of it.
    """

    pairs: tuple[PrimerPair, ...] = ()
    window_bp: int = WINDOW_BP
    max_error_rate: float = 0.2
    min_primers: int = 0
    are_ends_ragged: bool = False
    sites: tuple[str, str] = ("", "")
    evidence: tuple[PairEvidence, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """Names of the pairs in use, joined by ``+``; ``none`` without one."""
        return JOINT.join(pair.name for pair in self.pairs) or NONE

    @property
    def found(self) -> NDArray[np.int8]:
        """Primers of the pair that fits each of the first reads best."""
        found: NDArray[np.int8] = np.maximum.reduce([item.found for item in self.evidence])
        return found

    def make_trimmer(self) -> PrimerTrimmer:
        """A trimmer by this plan."""
        return PrimerTrimmer(
            self.pairs, self.max_error_rate, self.window_bp, self.are_ends_ragged, self.sites
        )


def plan_primers(
    reads: Sequence[Read], settings: ReadSettings, candidates: Sequence[PrimerPair]
) -> PrimerPlan:
    """The plan for a sample by its first reads; ``candidates`` as the settings allow them."""
    rate = settings.max_primer_error_rate
    if not candidates or not reads:
        return PrimerPlan(max_error_rate=rate)
    if settings.primers != AUTO:
        plan = _plan_given(reads, candidates, rate)
    else:
        plan = _plan_known(reads, candidates, rate)
        if not plan.pairs:
            return _plan_bare(reads, candidates, settings)
    return _decide_need(plan, reads, settings.require)


def _plan_given(
    reads: Sequence[Read], pairs: Sequence[PrimerPair], max_error_rate: float
) -> PrimerPlan:
    """The pairs of the config, in the form in which the reads carry them."""
    chosen, problems = [], []
    for pair in pairs:
        form, words = pair, ""
        if pair.name.startswith(CUSTOM):
            form, words = recognise_form(pair, reads, max_error_rate)
        chosen.append(form)
        if words:
            fix = f"Used as forward {form.forward}, reverse {form.reverse}; correct it in 'primers'"
            problems.append(Problem(WARNING, words, fix))
    window_bp = choose_window(reads, chosen, max_error_rate, are_given=True)
    evidence = weigh_pairs(reads, chosen, max_error_rate, window_bp, are_given=True)
    return PrimerPlan(
        tuple(chosen), window_bp, max_error_rate, evidence=tuple(evidence), problems=tuple(problems)
    )


def recognise_form(
    pair: PrimerPair, reads: Sequence[Read], max_error_rate: float
) -> tuple[PrimerPair, str]:
    """The form of a pair that the reads carry, and what is wrong with that of the user."""
    forms = dict(_list_forms(pair))
    rate = min(max_error_rate, STRICT_ERROR_RATE)
    evidence = weigh_pairs(reads, list(forms), rate, SCAN_BP, has_strands=True)
    own = next(item for item in evidence if item.pair == pair)
    best = evidence[0]
    if best.is_present and best.matched_bp > MIN_LEAD * own.matched_bp:
        return best.pair, forms[best.pair]
    return pair, ""


def _list_forms(pair: PrimerPair) -> Iterator[tuple[PrimerPair, str]]:
    """Forms in which a pair may have been meant, that of the user first, and in words."""
    for is_exchanged, is_forward_turned, is_reverse_turned in product((False, True), repeat=3):
        forward = reverse_complement(pair.forward) if is_forward_turned else pair.forward
        reverse = reverse_complement(pair.reverse) if is_reverse_turned else pair.reverse
        faults = ["forward and reverse primer are exchanged"] * is_exchanged
        sides = ("reverse", "forward") if is_exchanged else ("forward", "reverse")
        turned = [sides[0]] * is_forward_turned + [sides[1]] * is_reverse_turned
        faults += [f"the {side} primer is written as its reverse complement" for side in turned]
        if is_exchanged:
            forward, reverse = reverse, forward
        yield replace(pair, forward=forward, reverse=reverse), " and ".join(faults)


def choose_window(
    reads: Sequence[Read],
    pairs: Sequence[PrimerPair],
    max_error_rate: float,
    are_given: bool = False,
) -> int:
    """Bases at each end in which the primers of these reads are, 100 or more."""
    near = weigh_pairs(reads, pairs, max_error_rate, are_given=are_given)[0]
    is_at_edge = near.stops.size and (near.stops > WINDOW_BP - EDGE_BP).mean() > MIN_SHARE_DEEP
    if near.share_both >= MOST_BOTH and not is_at_edge:
        return WINDOW_BP
    rate = min(max_error_rate, STRICT_ERROR_RATE)
    far = weigh_pairs(reads, pairs, rate, SCAN_BP, are_given=are_given)[0]
    if far.share_any < MIN_SHARE_DEEP:
        return WINDOW_BP
    return max(WINDOW_BP, ceil(np.percentile(far.stops, DEEPEST_PERCENT)) + MARGIN_BP)


def _plan_known(
    reads: Sequence[Read], known: Sequence[PrimerPair], max_error_rate: float
) -> PrimerPlan:
    """The known pairs that the reads carry."""
    window_bp = choose_window(reads, known, max_error_rate)
    evidence = weigh_pairs(reads, known, max_error_rate, window_bp)
    if detect_pair(evidence) is None:
        return PrimerPlan((), window_bp, max_error_rate)
    used = [evidence[0]]
    if evidence[0].share_both < 1 - MIN_SHARE_FURTHER:
        rate = min(max_error_rate, STRICT_ERROR_RATE)
        used += _list_further(used[0], weigh_pairs(reads, known, rate, window_bp))
    return PrimerPlan(
        tuple(item.pair for item in used), window_bp, max_error_rate, evidence=tuple(used)
    )


def _list_further(main: PairEvidence, others: Sequence[PairEvidence]) -> list[PairEvidence]:
    """Pairs that reads carry which do not carry the main one, by number of such reads."""
    is_open = main.found < 2
    chosen: list[PairEvidence] = []
    while others:
        best = max(others, key=lambda item: int(((item.found == 2) & is_open).sum()))
        n_more = int(((best.found == 2) & is_open).sum())
        if n_more < max(MIN_READS_LEFT, MIN_SHARE_FURTHER * is_open.size):
            break
        chosen.append(best)
        is_open &= best.found < 2
    return chosen


def _plan_bare(
    reads: Sequence[Read], known: Sequence[PrimerPair], settings: ReadSettings
) -> PrimerPlan:
    """Reads that, most of them, carry no known pair: trimmed before, or not recognised."""
    rate = min(settings.max_primer_error_rate, STRICT_ERROR_RATE)
    left = weigh_pairs(reads, known, rate, SCAN_BP)[0]
    is_bare = left.found == 0
    span = measure_spans(
        read.sequence for read, is_own in zip(reads, is_bare, strict=True) if is_own
    )
    if span is not None and not span.is_trimmed:
        is_kept = settings.require == "none"
        problem = describe_untrimmed(span, WARNING if is_kept else ERROR)
        need = 0 if is_kept else 2
        return PrimerPlan(max_error_rate=rate, min_primers=need, problems=(problem,))
    n_left = int((~is_bare).sum())
    if n_left < max(MIN_READS_LEFT, MIN_SHARE_LEFT * len(reads)):
        return PrimerPlan(max_error_rate=rate)
    need = _MIN_PRIMERS.get(settings.require, 0)
    window_bp = ceil(np.percentile(left.stops, DEEPEST_PERCENT)) + MARGIN_BP
    problems = (_describe_mixture(len(reads) - n_left, len(reads), left.pair),)
    return PrimerPlan(
        (left.pair,), max(WINDOW_BP, window_bp), rate, need, evidence=(left,), problems=problems
    )


def describe_untrimmed(span: GeneSpan, severity: str = ERROR) -> Problem:
    """What is said of reads that have unknown bases outside of the gene."""
    before, behind = FIRST - span.start, span.stop - LAST
    parts = [f"begin about {before:.0f} bp before"] if before > SLACK_BP else []
    parts += [f"end about {behind:.0f} bp behind"] if behind > SLACK_BP else []
    return Problem(
        severity,
        f"the reads carry no known primer pair, but {' and '.join(parts)} what the primers 27F and "
        "1492R amplify: primers, adapters or barcodes are still on them",
        "Write the primers in 'primers' (forward and reverse), or cut off all that is not 16S and "
        "set 'primers: none'",
    )


def _describe_mixture(n_bare: int, n_reads: int, pair: PrimerPair) -> Problem:
    return Problem(
        WARNING,
        f"{n_bare / n_reads:.0%} of the first {n_reads} reads were trimmed before, the others "
        f"carry primers of {pair.name}: these are cut off, and reads without primers are kept",
        "If reads without primers are not to be kept, set 'require: both'",
    )


def _decide_need(plan: PrimerPlan, reads: Sequence[Read], require: str) -> PrimerPlan:
    """How many primers a read must carry, by the rules in this module's description."""
    found = plan.found
    has_one = (found == 2).mean() < MIN_SHARE_BOTH and (found > 0).mean() >= MIN_SHARE_ANY
    has_one &= (found > 0).sum() >= MIN_READS_LEFT
    if require != AUTO:
        return replace(plan, min_primers=_MIN_PRIMERS[require], are_ends_ragged=require == "either")
    if has_one:
        problem = Problem(
            WARNING,
            f"only {(found == 2).mean():.0%} of the first {len(reads)} reads carry both primers of "
            f"{plan.name}, {(found > 0).mean():.0%} carry one: one is enough here",
            "If the other primer was cut off, nothing need be done; else set 'require: both'",
        )
        plan = replace(plan, min_primers=1, problems=(*plan.problems, problem))
        return _choose_sites(plan, reads)
    is_bare = found == 0
    least = max(MIN_READS_LEFT, MIN_SHARE_BARE * len(reads))
    if (found == 2).mean() >= MIN_SHARE_BOTH and is_bare.sum() >= least:
        bare = [read for read, is_own in zip(reads, is_bare, strict=True) if is_own]
        if sum(_looks_trimmed(read.sequence) for read in bare) * 2 >= len(bare):
            problem = _describe_mixture(len(bare), len(reads), plan.pairs[0])
            rate = min(plan.max_error_rate, STRICT_ERROR_RATE)
            return replace(plan, max_error_rate=rate, problems=(*plan.problems, problem))
    return replace(plan, min_primers=2)


def _choose_sites(plan: PrimerPlan, reads: Sequence[Read]) -> PrimerPlan:
    """The plan with common ends: where ends differ still, the outermost site that is common."""
    plan = replace(plan, are_ends_ragged=True)
    trimmer = plan.make_trimmer()
    trimmed = [read.sequence for read in map(trimmer.trim, reads) if read.n_primers]
    spans = [span for sequence in trimmed if (span := measure_span(sequence)) is not None]
    if len(spans) < MIN_READS_LEFT:
        return plan
    low, high = np.percentile(np.array(spans), [10, 90], axis=0)
    sites = ["", ""]
    for side in (0, 1):
        if high[side] - low[side] > MAX_SPREAD_BP:
            motifs = [motif for _, motif in (reversed(SITES) if side else SITES)]
            sites[side] = next((motif for motif in motifs if _is_common(motif, trimmed)), "")
    return replace(plan, sites=(sites[0], sites[1]))


def _is_common(motif: str, sequences: Sequence[str]) -> bool:
    """Whether most reads have a motif, whole or almost."""
    finder = PrimerFinder(motif, SITE_ERROR_RATE)
    n_found = sum(finder.find(sequence) is not None for sequence in sequences)
    return n_found >= MIN_SHARE_SITE * len(sequences)


def _looks_trimmed(sequence: str) -> bool:
    """Whether a read begins and ends where trimmed reads do."""
    span = measure_span(sequence)
    return span is not None and span[0] >= FIRST - SLACK_BP and span[1] <= LAST + SLACK_BP
