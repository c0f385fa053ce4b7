"""Which engine suits a sample: ``dada`` counts duplicates, ``phase`` compares columns.

``dada`` needs two error-free reads of a variant, ``phase`` four reads of any kind. So ``dada``
keeps more of a shallow sample of good reads, in which most variants have two or three reads, and
``phase`` more where errors leave few duplicates and where variants differ little from more
abundant ones. Reads may be unique for either reason; their qualities show which: the *rare* share
is the share of unique reads less the share of reads that should contain errors.

Measured on simulated HiFi and 7-bin reads of a gut community of about 200 variants, 250 to 4,000
reads, true reads kept by dada / phase:

- unique share 0.26 to 0.42, rare share 0.16 to 0.22 (deep): 97.4 to 98.4 % / 98.5 to 98.8 %;
- 0.36 to 0.68, rare 0.25 to 0.47, error-free share 0.79 or more (shallow, good reads): 61 to 93 % /
  58 to 90 %;
- 0.54 to 0.83, error-free share below 0.75 (many errors): 44 to 94 % / 49 to 97 %.

In deep samples ``phase`` keeps more from a unique share of about 0.25 on. It also finds more of the
variants near an abundant one, of which few reads are identical (``benchmarks/phase_accuracy.py``,
gut, variants of 5 to 19 reads, dada / phase; no engine found more than one false one):

- unique share 0.54 (5,000 reads) 52 of 91 / 90; 0.31 (7-bin, 17,051) 22 of 43 / 42;
- other draws: 0.34 (5,000) 63 of 91 / 90; 0.27 (2,000) 71 of 85 / 85, with the same
  reads kept (97.8 %).

Up to 0.4, where they keep the same reads to within 2 %, ``dada`` is taken: its answers are those of
the field's standard, and can be compared with published ones. ``engine: phase`` finds more there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING, Protocol

from vagus.engines import AUTO, ENGINES, FALLBACK, FOR_FEW, FOR_MANY
from vagus.errors import VagusError, describe_damage
from vagus.reads.platforms import find_platform
from vagus.reads.sample_sizes import SampleSize, read_size
from vagus.tables import read_table
from vagus.tables.stages.denoise import ENGINES_OF_RUN

if TYPE_CHECKING:
    import pandas as pd

Path = str | PathLike[str]

MAX_DADA_UNIQUE_SHARE = 0.4
MIN_RARE_SHARE = 0.25
MIN_ERROR_FREE_SHARE = 0.75


class Sample(Protocol):
    """What the choice depends on; ``Uniques`` has it, and so has its description on disk."""

    @property
    def n_reads(self) -> int: ...  # noqa: D102

    @property
    def n_uniques(self) -> int: ...  # noqa: D102

    @property
    def platform(self) -> str: ...  # noqa: D102

    @property
    def error_free_share(self) -> float: ...  # noqa: D102


@dataclass(frozen=True)
class Choice:
    """An engine and why it was taken."""

    engine: str
    reason: str
    unique_share: float = 0.0


def choose_engine(uniques: Sample) -> Choice:
    """Choose by platform, the share of unique reads, and the errors that qualities predict."""
    if not uniques.n_reads:
        return Choice(FALLBACK, "no reads", 0.0)
    share = uniques.n_uniques / uniques.n_reads
    text = f"{100 * share:.0f} % of the reads are unique"
    platform = find_platform(uniques.platform)
    if platform.engine:
        return Choice(platform.engine, f"{platform.short} reads; {text}", share)
    if share <= MAX_DADA_UNIQUE_SHARE:
        return Choice(FOR_MANY, f"{text}: duplicates are plenty", share)
    error_free = uniques.error_free_share
    text += f", {100 * error_free:.0f} % free of errors by their qualities"
    if error_free >= MIN_ERROR_FREE_SHARE and share - (1 - error_free) >= MIN_RARE_SHARE:
        return Choice(FOR_MANY, f"{text}: two equal reads of a variant are likely", share)
    return Choice(FOR_FEW, f"{text}: too few duplicates for {FOR_MANY}", share)


def list_possible(platform: str, error_free_share: float) -> set[str]:
    """Engines that ``choose_engine`` may choose before the reads of a sample are counted."""
    usual = find_platform(platform).engine or FOR_MANY
    return {usual} if error_free_share >= MIN_ERROR_FREE_SHARE else {usual, FOR_FEW}


NO_CHOICE = Choice("", "no reads", 0.0)


@dataclass(frozen=True)
class SampleGroup:
    """Samples of one run and platform taken together; what ``choose_engine`` asks for."""

    sizes: Sequence[SampleSize]

    @property
    def platform(self) -> str:
        """Platform that the samples share."""
        return self.sizes[0].platform

    @property
    def n_reads(self) -> int:
        """Reads of the samples together."""
        return sum(size.n_reads for size in self.sizes)

    @property
    def n_uniques(self) -> int:
        """Sum over the samples."""
        return sum(size.n_uniques for size in self.sizes)

    @property
    def error_free_share(self) -> float:
        """Mean over the reads."""
        total = sum(size.error_free_share * size.n_reads for size in self.sizes)
        return total / max(1, self.n_reads)


def choose_engines(paths: Sequence[Path], wanted: str) -> pd.DataFrame:
    """Engine of each sample of a run, sorted by name (columns ``ENGINES_OF_RUN``).

    With ``auto`` the samples of one platform get one engine, that which suits their reads
    together: a difference between samples of a run must not be one between engines. A sample
    without reads has none. Only the descriptions of the files are read.
    """
    import pandas as pd

    sizes = sorted(map(read_size, paths), key=lambda size: size.sample)
    choices: dict[str, Choice] = {}
    for platform in {size.platform for size in sizes if size.n_reads}:
        group = SampleGroup([s for s in sizes if s.n_reads and s.platform == platform])
        choices[platform] = _choose(group, wanted)
    rows = []
    for size in sizes:
        choice = choices[size.platform] if size.n_reads else NO_CHOICE
        share = size.n_uniques / max(1, size.n_reads)
        about = (size.platform, size.n_reads, round(share, 4), size.error_free_share)
        rows.append((size.sample, choice.engine, choice.reason, *about))
    return pd.DataFrame(rows, columns=ENGINES_OF_RUN.names)


def _choose(group: SampleGroup, wanted: str) -> Choice:
    choice = choose_engine(group)
    if wanted != AUTO:
        return Choice(wanted, f"set in the config (denoise.engine: {wanted})", choice.unique_share)
    if len(group.sizes) == 1 or find_platform(group.platform).engine:
        return choice
    return replace(choice, reason=f"{choice.reason} (the run's samples together)")


def read_choices(path: Path) -> dict[str, Choice]:
    """Engine of each sample and why, from the table of ``choose_engines``.

    Raises VagusError for a damaged file.
    """
    table = read_table(path, ENGINES_OF_RUN, fill=True)
    if not table["engine"].isin(["", *ENGINES]).all():
        raise describe_damage(ENGINES_OF_RUN.name, path)
    columns = (table[name].tolist() for name in ("sample", "engine", "reason", "unique_share"))
    return {
        str(sample): Choice(str(engine), str(reason), float(share))
        for sample, engine, reason, share in zip(*columns, strict=True)
    }


def list_of_engine(
    paths: Sequence[Path], engine: str, choices: Mapping[str, Choice] | None
) -> list[Path]:
    """The samples that an engine denoises; all of them where nothing was chosen.

    If none has an engine, for want of reads, the first engine gets all.
    """
    if choices is None or (engine == FALLBACK and not any(c.engine for c in choices.values())):
        return list(paths)
    sizes = [read_size(path) for path in paths]
    return [s.path for s in sizes if find_choice(choices, s.sample).engine == engine]


def choose_for_sample(path: Path, wanted: str, table: Path | None) -> Choice:
    """The choice for one sample: from the table of its run, else made for it alone."""
    if table is not None:
        return find_choice(read_choices(table), read_size(path).sample)
    size = read_size(path)
    return _choose(SampleGroup([size]), wanted) if size.n_reads else NO_CHOICE


def find_choice(choices: Mapping[str, Choice], sample: str) -> Choice:
    """The choice for a sample; raises VagusError when there is none."""
    if sample not in choices:
        raise VagusError(
            "this sample is missing from the table of the run's engines", sample=sample,
            fix="Delete engines.tsv of the run and run again",
        )  # fmt: skip
    return choices[sample]
