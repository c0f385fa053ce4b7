"""Reads of amplicon molecules: both strands, primers on, errors and qualities of a platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vagus.demo.amplicon import FORWARD_PRIMER, IUPAC, REVERSE_PRIMER
from vagus.demo.pcr import Substitutions
from vagus.demo.platforms import BIN_TABLE, ERROR_PROBABILITY, MAX_RUN, PlatformModel
from vagus.numerics.functions import exp
from vagus.sequences import reverse_complement

PRIMER_DELETION_RATE = 0.06
"""Share of primers that miss one base: oligonucleotide synthesis stops short of some."""
PRIMER_SUBSTITUTION_RATE = 0.01
"""Share of primers with one wrong base."""
_PRIMING_BP = 3
"""Bases at a primer's 3' end that are always right: without them it primes nothing."""
_HOT_WORD_BP = 11
_CHUNK_READS = 2000
_LETTERS = np.frombuffer(b"ACGT", dtype=np.uint8)
_CODES = np.full(256, 255, dtype=np.uint8)
_CODES[_LETTERS] = np.arange(4, dtype=np.uint8)

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MoleculeSet:
    """Both strands of every molecule (insert with primers), laid end to end.

    Strand ``2 i`` is molecule i in sense, ``2 i + 1`` its reverse complement. ``bases``,
    ``runs`` (length of the run of equal bases, at most 8), ``hot_rates`` and ``hot_bases``
    are flat; strand s is ``[offsets[s], offsets[s + 1])``. ``cumulative`` is the running
    sum of spot weights, one longer than ``bases``.
    """

    bases: Bytes
    offsets: Ints
    runs: Bytes
    cumulative: Floats
    hot_rates: Floats
    hot_bases: Bytes

    @classmethod
    def build(cls, inserts: Sequence[str], model: PlatformModel) -> MoleculeSet:
        """Molecules of primer-free sense inserts in A, C, G, T."""
        forward = "".join(IUPAC[code][0] for code in FORWARD_PRIMER)
        reverse = reverse_complement("".join(IUPAC[code][0] for code in REVERSE_PRIMER))
        strands = []
        for insert in inserts:
            molecule = forward + insert + reverse
            strands += [molecule, reverse_complement(molecule)]
        lengths = np.array([len(strand) for strand in strands], dtype=np.int64)
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        bases = _CODES[np.frombuffer("".join(strands).encode("ascii"), dtype=np.uint8)]
        if (bases > 3).any():
            raise ValueError("inserts contain A, C, G and T only")
        runs = measure_runs(bases, offsets)
        weights = np.array(model.run_weights)[runs - 1]
        cumulative = np.concatenate([[0.0], np.cumsum(weights)])
        hot_rates, hot_bases = _find_hot_words(bases, offsets, model)
        return cls(bases, offsets, runs, cumulative, hot_rates, hot_bases)


@dataclass(frozen=True)
class ReadBatch:
    """Simulated reads: letters and Phred+33 characters flat, read i at ``offsets[i]``."""

    letters: Bytes
    qualities: Bytes
    offsets: Ints
    n_errors: Ints
    """Errors inside the insert of each read; those in primers are not counted."""
    accuracies: Floats
    """Predicted accuracy of each read from its unbinned qualities, 0 to 1 (PacBio's ``rq``)."""


def simulate_batches(
    molecules: MoleculeSet,
    strands: Ints,
    model: PlatformModel,
    generator: np.random.Generator,
    pcr: Substitutions | None = None,
) -> list[ReadBatch]:
    """One read for each entry of ``strands``, in that order, in batches of bounded size.

    ``pcr`` are the substitutions that the reads' molecules have from PCR, instead of those that
    the platform's model draws for each read by itself.
    """
    batches = []
    for i in range(0, len(strands), _CHUNK_READS):
        own = strands[i : i + _CHUNK_READS]
        changed = pcr.take(i, i + len(own)) if pcr else None
        batches.append(_simulate_batch(molecules, own, model, generator, changed))
    return batches


def measure_runs(bases: Bytes, offsets: Ints) -> Bytes:
    """Length of the run of equal bases around each base, at most 8; runs end with the strand."""
    starts = np.ones(len(bases), dtype=bool)
    starts[1:] = bases[1:] != bases[:-1]
    starts[offsets[:-1]] = True
    first = np.flatnonzero(starts)
    lengths = np.diff(np.append(first, len(bases)))
    return np.repeat(np.minimum(lengths, MAX_RUN), lengths).astype(np.uint8)


def _find_hot_words(bases: Bytes, offsets: Ints, model: PlatformModel) -> tuple[Floats, Bytes]:
    """Systematic substitution rate and wrong base at each place, zero nearly everywhere.

    Which 11-mers are hot follows from a hash of the word, so it is the same in every
    sample, and differs between the strands of a molecule.
    """
    rates = np.zeros(len(bases))
    wrong = np.zeros(len(bases), dtype=np.uint8)
    if not model.hot_share:
        return rates, wrong
    words = np.zeros(len(bases) - _HOT_WORD_BP + 1, dtype=np.uint64)
    for i in range(_HOT_WORD_BP):
        words = words * np.uint64(4) + bases[i : i + len(words)].astype(np.uint64)
    mixed = (words + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    uniform = (mixed & np.uint64(0xFFFFF)).astype(np.float64) / 2.0**20
    second = ((mixed >> np.uint64(20)) & np.uint64(0xFFFFF)).astype(np.float64) / 2.0**20
    places = np.flatnonzero(uniform < model.hot_share) + _HOT_WORD_BP // 2
    low, high = model.hot_rate
    rates[places] = low + (high - low) * second[places - _HOT_WORD_BP // 2]
    step = 1 + ((mixed[places - _HOT_WORD_BP // 2] >> np.uint64(44)) % np.uint64(3))
    wrong[places] = (bases[places] + step.astype(np.uint8)) % 4
    ends = np.concatenate([offsets[:-1], offsets[1:] - 1])
    near = ends[:, None] + np.arange(-_HOT_WORD_BP, _HOT_WORD_BP + 1)
    rates[np.clip(near, 0, len(bases) - 1).ravel()] = 0.0
    return rates, wrong


@dataclass
class _Sheet:
    """Working state of a batch: one entry a template base, in read order."""

    source: Ints
    starts: Ints
    lengths: Ints
    bases: Bytes
    qualities: Bytes
    repeats: Bytes
    inserted: Bytes
    errors: npt.NDArray[np.bool_]

    def read_of(self, places: Ints) -> Ints:
        """Number of the read that each place belongs to."""
        return np.searchsorted(self.starts, places, side="right") - 1


def _simulate_batch(
    molecules: MoleculeSet,
    strands: Ints,
    model: PlatformModel,
    generator: np.random.Generator,
    pcr: Substitutions | None,
) -> ReadBatch:
    lengths = np.diff(molecules.offsets)[strands]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    total = int(lengths.sum())
    source = np.arange(total) + np.repeat(molecules.offsets[strands] - starts, lengths)
    sheet = _Sheet(
        source=source,
        starts=starts,
        lengths=lengths,
        bases=molecules.bases[source],
        qualities=_draw_background(lengths, model, generator),
        repeats=np.ones(total, dtype=np.uint8),
        inserted=np.zeros(total, dtype=np.uint8),
        errors=np.zeros(total, dtype=bool),
    )
    _write_primers(sheet, strands % 2 == 1, generator)
    if pcr is None:
        _add_pcr_errors(sheet, model, generator)
    else:
        _write_pcr_errors(sheet, strands % 2 == 1, pcr)
    _add_spots(sheet, molecules, strands, model, generator)
    _add_errors(sheet, molecules, _choose_errors(sheet, model, generator), model, generator)
    _add_hot_errors(sheet, molecules, generator)
    return _lay_out(sheet, model)


def _draw_background(lengths: Ints, model: PlatformModel, generator: np.random.Generator) -> Bytes:
    """Qualities outside spots: the top quality or an even draw from the background's range.

    The share of top qualities varies over reads (beta distribution, 16 levels).
    """
    low, high = model.background
    rest = np.arange(low, high + 1, dtype=np.uint8)
    shares = np.sort(generator.beta(12 * model.top_share, 12 * (1 - model.top_share), size=16))
    tables = np.full((16, 4096), model.top_quality, dtype=np.uint8)
    for table, share in zip(tables, shares, strict=True):
        n_rest = round(4096 * (1 - share))
        table[:n_rest] = rest[np.arange(n_rest) % len(rest)]
    level = generator.integers(0, 16, size=len(lengths), dtype=np.int32) * 4096
    draws = generator.integers(0, 4096, size=int(lengths.sum()), dtype=np.uint16)
    flat: Bytes = tables.ravel()[np.repeat(level, lengths) + draws]
    return flat


def _write_primers(
    sheet: _Sheet, is_reverse: npt.NDArray[np.bool_], generator: np.random.Generator
) -> None:
    """Draw the primers' degenerate bases and their synthesis errors, for both strands."""
    ends = sheet.starts + sheet.lengths
    for reverse in (False, True):
        reads = np.flatnonzero(is_reverse == reverse)
        if not len(reads):
            continue
        first, second = FORWARD_PRIMER, REVERSE_PRIMER
        if reverse:
            first, second = second, first
        last = reverse_complement(second)
        _write_primer(sheet, first, sheet.starts[reads], 0, generator)
        _write_primer(sheet, last, ends[reads] - len(last), _PRIMING_BP, generator)


def _write_primer(
    sheet: _Sheet, primer: str, places: Ints, skip_bp: int, generator: np.random.Generator
) -> None:
    """Write one primer at ``places``; its errors start ``skip_bp`` after its left end."""
    for offset, code in enumerate(primer):
        choices = _CODES[np.frombuffer(IUPAC[code].encode("ascii"), dtype=np.uint8)]
        if len(choices) > 1:
            draw = generator.integers(0, len(choices), size=len(places))
            sheet.bases[places + offset] = choices[draw]
    draw_kind = generator.random(len(places))
    where = places + generator.integers(0, len(primer) - _PRIMING_BP, size=len(places)) + skip_bp
    sheet.repeats[where[draw_kind < PRIMER_DELETION_RATE]] = 0
    kind = (draw_kind >= PRIMER_DELETION_RATE) & (
        draw_kind < PRIMER_DELETION_RATE + PRIMER_SUBSTITUTION_RATE
    )
    wrong = where[kind]
    sheet.bases[wrong] = _substitute(sheet.bases[wrong], generator)


def _substitute(bases: Bytes, generator: np.random.Generator) -> Bytes:
    """Other bases, two of three times the transition (A with G, C with T)."""
    draw = generator.random(len(bases))
    step = np.where(draw < 2 / 3, 2, np.where(draw < 5 / 6, 1, 3)).astype(np.uint8)
    return ((bases + step) % 4).astype(np.uint8)


def _add_pcr_errors(sheet: _Sheet, model: PlatformModel, generator: np.random.Generator) -> None:
    n = int(generator.poisson(model.pcr_error_rate * len(sheet.bases)))
    places = np.unique(generator.integers(0, len(sheet.bases), size=n))
    sheet.bases[places] = _substitute(sheet.bases[places], generator)
    sheet.errors[places] = True


def _write_pcr_errors(sheet: _Sheet, is_reverse: npt.NDArray[np.bool_], pcr: Substitutions) -> None:
    """Write substitutions of known molecules, on the strand that was read."""
    forward = sheet.starts[pcr.read] + len(FORWARD_PRIMER) + pcr.place
    ends = sheet.starts[pcr.read] + sheet.lengths[pcr.read] - 1
    backward = ends - len(FORWARD_PRIMER) - pcr.place
    flipped = is_reverse[pcr.read]
    places = np.where(flipped, backward, forward)
    sheet.bases[places] = np.where(flipped, 3 - pcr.base, pcr.base)
    sheet.errors[places] = True


def _add_spots(
    sheet: _Sheet,
    molecules: MoleculeSet,
    strands: Ints,
    model: PlatformModel,
    generator: np.random.Generator,
) -> None:
    """Write spots and their halos into the qualities."""
    draw = generator.normal(size=len(strands))
    errors = model.median_errors * exp(model.spread * draw) * sheet.lengths / 1450
    n_spots = generator.poisson(np.minimum(errors / model.spot_errors, sheet.lengths / 8))
    reads = np.repeat(np.arange(len(strands)), n_spots)
    first, last = molecules.offsets[strands[reads]], molecules.offsets[strands[reads] + 1]
    low, high = molecules.cumulative[first], molecules.cumulative[last]
    target = low + generator.random(len(reads)) * (high - low)
    found = np.searchsorted(molecules.cumulative, target, side="right") - 1
    places = np.clip(found, first, last - 1) - first + sheet.starts[reads]
    worst, best = model.spot_qualities
    quality = generator.integers(worst, best + 1, size=len(places))
    for distance, step in enumerate((0, *model.spot_halo)):
        for side in (distance, -distance)[: 1 + (distance > 0)]:
            near = places + side
            inside = (near >= sheet.starts[reads]) & (
                near < sheet.starts[reads] + sheet.lengths[reads]
            )
            better = np.minimum(quality + step, model.top_quality).astype(np.uint8)
            np.minimum.at(sheet.qualities, near[inside], better[inside])


def _choose_errors(sheet: _Sheet, model: PlatformModel, generator: np.random.Generator) -> Ints:
    """Places that will err, each by the probability of its quality; none where PCR erred."""
    best_considered = 93 if model.background_errors > 1e-5 else model.background[0] - 1
    places = np.flatnonzero(sheet.qualities <= best_considered)
    draw = generator.random(len(places), dtype=np.float32)
    places = places[draw < ERROR_PROBABILITY[sheet.qualities[places]]]
    free: Ints = places[~sheet.errors[places] & (sheet.repeats[places] == 1)]
    return free


def _add_errors(
    sheet: _Sheet,
    molecules: MoleculeSet,
    places: Ints,
    model: PlatformModel,
    generator: np.random.Generator,
) -> None:
    """Give every error its kind and write it."""
    sheet.errors[places] = True
    in_run = molecules.runs[sheet.source[places]] > 1
    draw = generator.random(len(places))
    indel = draw < np.where(in_run, model.indel_share[1], model.indel_share[0])
    deletion = indel & (generator.random(len(places)) < model.deletion_share)
    insertion = indel & ~deletion
    wrong = places[~indel]
    sheet.bases[wrong] = _substitute(sheet.bases[wrong], generator)
    gone = places[deletion]
    sheet.repeats[gone] = 0
    after = np.minimum(gone + 1, len(sheet.bases) - 1)
    after = np.where(sheet.read_of(after) == sheet.read_of(gone), after, gone - 1)
    np.minimum.at(sheet.qualities, after, sheet.qualities[gone])
    more = places[insertion]
    sheet.repeats[more] = 2
    other = generator.integers(0, 4, size=len(more)).astype(np.uint8)
    sheet.inserted[more] = np.where(in_run[insertion], sheet.bases[more], other)


def _add_hot_errors(sheet: _Sheet, molecules: MoleculeSet, generator: np.random.Generator) -> None:
    """Systematic substitutions in hot words; such bases have quality 12, right or wrong."""
    rates = molecules.hot_rates[sheet.source]
    hot = np.flatnonzero(rates)
    if not len(hot):
        return
    sheet.qualities[hot] = np.minimum(sheet.qualities[hot], 12)
    wrong = hot[generator.random(len(hot)) < rates[hot]]
    sheet.bases[wrong] = molecules.hot_bases[sheet.source[wrong]]
    sheet.errors[wrong] = True


def _lay_out(sheet: _Sheet, model: PlatformModel) -> ReadBatch:
    """Apply insertions and deletions, count errors inside inserts, write characters."""
    reads = np.repeat(np.arange(len(sheet.starts)), sheet.lengths)
    where = np.flatnonzero(sheet.errors)
    local = where - sheet.starts[reads[where]]
    primer_bp = (len(FORWARD_PRIMER), len(REVERSE_PRIMER))
    inside = (local >= max(primer_bp)) & (local < sheet.lengths[reads[where]] - max(primer_bp))
    n_errors = np.bincount(reads[where[inside]], minlength=len(sheet.starts))
    bases = np.repeat(sheet.bases, sheet.repeats)
    qualities = np.repeat(sheet.qualities, sheet.repeats)
    ends = np.cumsum(sheet.repeats, dtype=np.int64)
    doubled = np.flatnonzero(sheet.repeats == 2)
    bases[ends[doubled] - 1] = sheet.inserted[doubled]
    offsets = np.concatenate([[0], ends[sheet.starts + sheet.lengths - 1]])
    expected = np.add.reduceat(ERROR_PROBABILITY[qualities], offsets[:-1])
    accuracies = 1.0 - expected / np.diff(offsets)
    if model.is_binned:
        qualities = BIN_TABLE[qualities]
    return ReadBatch(_LETTERS[bases], qualities + np.uint8(33), offsets, n_errors, accuracies)
