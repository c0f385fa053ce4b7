"""One sample from its files to unique sequences, with every read accounted for."""

from __future__ import annotations

import gzip
import io
import json
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import chain, islice
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from vagus.errors import ReadsError
from vagus.files import open_whole, write_whole
from vagus.reads.conserved import ANTISENSE
from vagus.reads.dereplication import Dereplicator
from vagus.reads.filters import LOSSES, TOO_FEW_READS, UNREADABLE, Filter, make_filters, say_lost
from vagus.reads.primer_plan import plan_primers
from vagus.reads.primers import AUTO, NONE, PrimerPair, list_candidates
from vagus.reads.quality import detect_platform, detect_quality_scheme, sum_expected_errors
from vagus.reads.read import REPEATED
from vagus.reads.repeats import RepeatFinder
from vagus.reads.settings import ReadSettings
from vagus.reads.sources import PHRED_OFFSET, NoReadsError, Read, iterate_reads
from vagus.reads.statistics import ReadStatistics
from vagus.reads.trimming import PrimerTrimmer, TrimmedRead
from vagus.reads.uniques import UNKNOWN, Uniques

log = logging.getLogger(__name__)

N_DETECTION_READS = 400
OK, EMPTY, FAILED = "ok", "empty", "failed"
STRANDS = {"+": "sense", "-": "antisense", "?": "unknown"}

Sink = Callable[[TrimmedRead], None]


@dataclass
class Preparation:
    """What is known of one sample, filled while its reads pass through.

    ``notes`` has what is wrong with the first read of each flaw.
    """

    sample: str
    status: str = OK
    reason: str = ""
    platform: str = UNKNOWN
    quality_scheme: str = UNKNOWN
    primers: str = NONE
    n_input: int = 0
    n_kept: int = 0
    losses: Counter[str] = field(default_factory=Counter)
    strands: Counter[str] = field(default_factory=Counter)
    accuracy_sources: Counter[str] = field(default_factory=Counter)
    before: ReadStatistics = field(default_factory=ReadStatistics)
    after: ReadStatistics = field(default_factory=ReadStatistics)
    uniques: Uniques = field(default_factory=Uniques.empty)
    notes: dict[str, str] = field(default_factory=dict)

    def list_steps(self) -> dict[str, int]:
        """Reads that came in, reads lost to each reason, reads kept.

        Raises:
            AssertionError: a read is not accounted for.
        """
        lost = {f"lost_{name}": self.losses[name] for name in LOSSES}
        if self.n_input != sum(lost.values()) + self.n_kept:
            raise AssertionError(f"{self.sample}: reads are not conserved: {lost} {self.n_kept}")
        if self.uniques.n_reads != self.n_kept:
            raise AssertionError(f"{self.sample}: uniques contain other reads than were kept")
        return {"input": self.n_input, **lost, "kept": self.n_kept}

    def describe(self) -> dict[str, Any]:
        """The content of ``qc.json``."""
        stages = {"before": self.before, "after": self.after}
        sources = sorted(self.accuracy_sources)
        return {
            "sample": self.sample,
            "status": self.status,
            "reason": self.reason,
            "platform": self.platform,
            "quality_scheme": self.quality_scheme,
            "primers": self.primers,
            "accuracy_source": "mixed" if len(sources) > 1 else "".join(sources),
            "steps": self.list_steps(),
            "n_uniques": self.uniques.n_uniques,
            "orientation": {word: self.strands[sign] for sign, word in STRANDS.items()},
            "summary": {name: stage.summarise() for name, stage in stages.items()},
            "length_histogram": {n: s.make_length_histogram() for n, s in stages.items()},
            "expected_errors_histogram": {n: s.make_error_histogram() for n, s in stages.items()},
            "quality_profile": {n: s.make_quality_profile() for n, s in stages.items()},
        }

    def save(self, uniques: str | PathLike[str], qc: str | PathLike[str]) -> None:
        """Write the unique sequences and, last, ``qc.json``."""
        description = self.describe()
        self.uniques.save(uniques)
        with open_whole(qc) as stream:
            json.dump(description, stream, ensure_ascii=False, indent=1)
            stream.write("\n")


def prepare_sample(
    sample: str,
    paths: Sequence[str],
    settings: ReadSettings,
    *,
    filtered: str | PathLike[str] | None = None,
    stop_on_failure: bool = False,
    barcodes: Collection[str] = (),
) -> Preparation:
    """Recognise, orient, trim, filter and dereplicate the reads of one sample.

    A sample whose files cannot be read has status ``failed``; one without reads, before or
    after the filters, ``empty``; both have no unique sequences and a reason.

    Args:
        sample: name of the sample.
        paths: its files, in the order of the sheet.
        settings: what the user set.
        filtered: also write the reads that are kept, as gzipped FASTQ.
        stop_on_failure: raise instead of giving a sample that failed; an empty one is given.
        barcodes: only reads that the files give one of these barcodes or samples.

    Raises:
        ConfigError: the settings contradict each other.
        ReadsError: with ``stop_on_failure``, what made the sample fail.
    """
    candidates = list_candidates(settings.primers, settings.primer_table)
    state = Preparation(sample)
    dereplicator = Dereplicator()
    with _open_filtered(filtered) as sink:
        try:
            reads = iterate_reads(paths, barcodes)
            _pass_reads(state, reads, settings, candidates, (dereplicator, sink))
        except ReadsError as error:
            if stop_on_failure and not isinstance(error, NoReadsError):
                error.sample = sample
                raise
            _fail(state, error)
    if state.status == OK:
        _finish(state, dereplicator, settings)
    if state.status != OK and filtered is not None:
        with _write_fastq(filtered):
            pass
    return state


def _pass_reads(
    state: Preparation,
    reads: Iterator[Read],
    settings: ReadSettings,
    candidates: Sequence[PrimerPair],
    targets: tuple[Dereplicator, Sink],
) -> None:
    """Detect from the first reads, then take each read through trimming and filters."""
    first = _take_first(state, reads)
    sound = [read for read in first if not read.flaw]
    state.platform = settings.platform
    if settings.platform == AUTO:
        state.platform = detect_platform(sound) if sound else UNKNOWN
    state.quality_scheme = settings.quality_scheme
    if settings.quality_scheme == AUTO:
        scheme = detect_quality_scheme(sound, state.platform) if sound else UNKNOWN
        state.quality_scheme = scheme
    plan = plan_primers(sound, settings, candidates)
    state.primers = plan.name
    for problem in plan.problems:
        log.warning("%s: %s. %s", state.sample, problem.message, problem.fix)
    log.info(
        "%s: platform %s, qualities %s, primers %s",
        state.sample, state.platform, state.quality_scheme, state.primers,
    )  # fmt: skip
    filters = make_filters(settings, state.platform, plan.min_primers)
    trimmer = plan.make_trimmer()
    state.n_input = 0
    repeats = RepeatFinder(sound)
    for read in chain(first, reads):
        state.n_input += 1
        if not read.flaw and repeats.is_repeat(read):
            read.flaw, read.note = REPEATED, f"{read.name.split(maxsplit=1)[0]} was read before"
        if read.flaw:
            state.losses[read.flaw] += 1
            state.notes.setdefault(read.flaw, read.note)
        else:
            _pass_read(state, read, trimmer, filters, targets)


def _take_first(state: Preparation, reads: Iterator[Read]) -> list[Read]:
    """The first reads, counted one by one so that damage after some of them is reported."""
    first = []
    for read in islice(reads, N_DETECTION_READS):
        first.append(read)
        state.n_input += 1
    return first


def _pass_read(
    state: Preparation,
    read: Read,
    trimmer: PrimerTrimmer,
    filters: Sequence[Filter],
    targets: tuple[Dereplicator, Sink],
) -> None:
    state.accuracy_sources["qualities" if read.accuracy is None else "rq"] += 1
    state.before.add(read.quality, sum_expected_errors(read.quality, read.accuracy), read.passes)
    trimmed = trimmer.trim(read)
    state.strands[trimmed.strand] += 1
    for predicate in filters:
        if predicate.is_lost(trimmed):
            state.losses[predicate.name] += 1
            return
    state.n_kept += 1
    state.after.add(trimmed.quality, trimmed.expected_errors, trimmed.passes)
    dereplicator, sink = targets
    dereplicator.add(trimmed.sequence, trimmed.quality, trimmed.strand == ANTISENSE)
    sink(trimmed)


def _finish(state: Preparation, dereplicator: Dereplicator, settings: ReadSettings) -> None:
    """Make the unique sequences, or none when too few reads are left."""
    state.uniques = Uniques.empty(state.sample, state.platform, state.quality_scheme)
    for flaw, note in state.notes.items():
        n_lost = state.losses[flaw]
        log.warning(
            "%s: %d of %d reads %s (the first: %s)", state.sample, n_lost, state.n_input,
            say_lost(flaw, n_lost), note or "by its tag 'dx'",
        )  # fmt: skip
    if state.n_kept < settings.min_reads:
        state.status = EMPTY
        state.reason = explain_emptiness(state, settings)
        state.losses[TOO_FEW_READS] += state.n_kept
        state.n_kept = 0
        log.warning("%s: %s", state.sample, state.reason)
        return
    state.uniques = dereplicator.finish(state.sample, state.platform, state.quality_scheme)
    log.info(
        "%s: %d of %d reads kept, %d unique",
        state.sample, state.n_kept, state.n_input, state.uniques.n_uniques,
    )  # fmt: skip


def explain_emptiness(state: Preparation, settings: ReadSettings) -> str:
    """Why so few reads are left: the count, and the filter that took most."""
    left = f"{state.n_kept} of {state.n_input} reads are left"
    if settings.min_reads > 1:
        left += f" (min_reads is {settings.min_reads})"
    if not state.losses:
        return left
    name, n_lost = max(state.losses.items(), key=lambda item: (item[1], -LOSSES.index(item[0])))
    every = f"all {n_lost}" if n_lost > 1 else "the only one"
    lost = every if n_lost == state.n_input else f"{n_lost} of the others"
    return f"{left}; {lost} {say_lost(name, n_lost)}"


def _fail(state: Preparation, error: ReadsError) -> None:
    """Forget what was read of a sample that turned out unreadable, but count it."""
    state.status = EMPTY if isinstance(error, NoReadsError) else FAILED
    place = "" if error.line is None else f", line {error.line}"
    name = "" if error.file is None else f"{Path(error.file).name}{place}: "
    state.reason = f"{name}{error.what}"
    state.losses = Counter({UNREADABLE: state.n_input})
    state.n_kept = 0
    state.uniques = Uniques.empty(state.sample, state.platform, state.quality_scheme)
    log.warning("%s: %s. %s", state.sample, state.reason, error.fix)


def _open_filtered(path: str | PathLike[str] | None) -> AbstractContextManager[Sink]:
    return nullcontext(_drop) if path is None else _write_fastq(path)


def _drop(read: TrimmedRead) -> None:
    """Write the read nowhere."""


@contextmanager
def _write_fastq(path: str | PathLike[str]) -> Iterator[Sink]:
    with (
        write_whole(path) as temporary,
        open(temporary, "wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=4, fileobj=raw, mtime=0) as packed,
        io.BufferedWriter(packed, 1 << 16) as stream,  # type: ignore[arg-type]
    ):

        def sink(read: TrimmedRead) -> None:
            quality = (read.quality + np.uint8(PHRED_OFFSET)).tobytes()
            head = f"@{read.name}\n{read.sequence}\n+\n".encode()
            stream.write(head + quality + b"\n")

        yield sink
