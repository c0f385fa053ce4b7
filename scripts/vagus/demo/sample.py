"""One simulated sample: which molecules, how many reads of each, and the truth."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from os import PathLike

import numpy as np
import numpy.typing as npt

from vagus.demo.amplicon import derive_generator
from vagus.demo.chimeras import Chimera, draw_chimeras
from vagus.demo.community import Strain
from vagus.demo.pcr import PcrModel, amplify, list_mutants
from vagus.demo.platforms import PlatformModel
from vagus.demo.read_files import write_reads
from vagus.demo.reads import MoleculeSet, simulate_batches
from vagus.sequences import identify_asv

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SampleDesign:
    """What is put into a sample: strains, the cells of each (relative), reads, chimeras.

    ``pcr``: how it was amplified; without it each read has PCR errors of its own.
    """

    name: str
    strains: Sequence[Strain]
    abundances: Sequence[float]
    n_reads: int
    chimera_rate: float = 0.01
    pcr: PcrModel | None = None


@dataclass(frozen=True)
class SampleTruth:
    """What is in a simulated sample.

    ``sequences`` (primer-free, sense) contains the true variants first, then the chimeras;
    ``molecule``, ``is_reverse`` and ``n_errors`` have one entry a read, in file order.
    ``mutants`` are the sequences that PCR made of them, with the reads of each.
    """

    name: str
    sequences: list[str]
    n_variants: int
    expected: npt.NDArray[np.float64]
    chimeras: list[Chimera]
    molecule: npt.NDArray[np.int64]
    is_reverse: npt.NDArray[np.bool_]
    n_errors: npt.NDArray[np.int64]
    mutants: dict[str, int] = field(default_factory=dict)

    @property
    def asvs(self) -> list[str]:
        """Identifiers of ``sequences``."""
        return [identify_asv(sequence) for sequence in self.sequences]

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """Reads of each of ``sequences``, those with errors included."""
        return np.bincount(self.molecule, minlength=len(self.sequences))


def mix_variants(design: SampleDesign) -> tuple[list[str], npt.NDArray[np.float64]]:
    """Distinct 16S sequences of a sample and their shares: cells times copies of the genome."""
    shares: dict[str, float] = {}
    for strain, abundance in zip(design.strains, design.abundances, strict=True):
        for copy in strain.copies:
            shares[copy.sequence] = shares.get(copy.sequence, 0.0) + abundance * copy.n_copies
    kept = {sequence: share for sequence, share in shares.items() if share > 0}
    total = np.array(list(kept.values()))
    return list(kept), total / total.sum()


def simulate_sample(
    design: SampleDesign, model: PlatformModel, seed: int, path: str | PathLike[str]
) -> SampleTruth:
    """Draw the reads of a sample, write them (FASTQ or BAM) and return the truth.

    The result depends on the seed and the sample's name, not on other samples.
    """
    generator = derive_generator(seed, "sample", design.name)
    variants, fractions = mix_variants(design)
    n_chimeric = int(generator.binomial(design.n_reads, design.chimera_rate))
    chimeras = draw_chimeras(variants, fractions, n_chimeric, generator)
    n_plain = design.n_reads - sum(chimera.n_reads for chimera in chimeras)
    counts = [*generator.multinomial(n_plain, fractions), *(c.n_reads for c in chimeras)]
    sequences = variants + [chimera.sequence for chimera in chimeras]
    molecule = generator.permutation(np.repeat(np.arange(len(sequences)), counts))
    is_reverse = generator.random(design.n_reads) < 0.5
    pcr = amplify(molecule, sequences, design.pcr, generator) if design.pcr else None
    batches = simulate_batches(
        MoleculeSet.build(sequences, model), 2 * molecule + is_reverse, model, generator, pcr
    )
    write_reads(batches, model, path)
    n_errors = np.concatenate([batch.n_errors for batch in batches])
    log.info(
        "%s: %d reads of %d variants, %d chimeric, %.0f %% free of errors",
        design.name, design.n_reads, len(variants), design.n_reads - n_plain,
        100 * float(np.mean(n_errors == 0)),
    )  # fmt: skip
    return SampleTruth(
        design.name, sequences, len(variants), fractions, chimeras, molecule, is_reverse,
        n_errors, list_mutants(molecule, sequences, pcr) if pcr else {},
    )  # fmt: skip
