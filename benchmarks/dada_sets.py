"""Simulated samples with known truth for the comparisons of the dada engine.

``gut``: strains of gut-dwelling classes of the starter reference with log-normal abundances
and their 16S copies, until there are as many variants as asked. ``mock``: 20 genomes of seven
copies each, of which one or two differ from the others by a single substitution.
``demo``: the sample of the demo cohort of which most reads are left after the filters. Reads
are those of the product's own simulator (HiFi, 1 % chimeras); a set whose name ends in
``_binned7`` has the very same reads with the seven quality bins of Revio. All reads go
through the reads stage. Truth counts the reads drawn, before the filters.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
sys.path.insert(0, str(SCRIPTS))

BINNED = "_binned7"
GUT_CLASSES = {
    "Clostridia": 100, "Bacteroidia": 60, "Bacilli": 15, "Actinobacteria": 15,
    "Erysipelotrichi": 8, "Gammaproteobacteria": 8, "Verrucomicrobiae": 3, "Desulfovibrionia": 3,
}  # fmt: skip
N_GENOMES, N_COPIES = 20, 7
DEPTH_CLASSES = ((1, 1), (2, 4), (5, 9), (10, 19), (20, 49), (50, None))


@dataclass(frozen=True)
class ReadSet:
    """Filtered reads (FASTQ), and the true sequences with their reads where known.

    ``truth`` maps a sequence to (reads, whether it is a variant; else a chimera).
    """

    name: str
    fastq: Path
    truth: dict[str, tuple[int, bool]] | None = None

    @property
    def is_binned(self) -> bool:
        """Whether its qualities are in Revio's bins."""
        return self.name.endswith(BINNED)


def filter_reads(reads: Path, target: Path) -> int:
    """Trim, orient and filter as the reads stage does; returns the reads that are left."""
    program = [sys.executable, str(SCRIPTS / "prepare_reads.py"), "--sample", target.stem]
    outputs = ["--uniques", f"{target}.npz", "--qc", f"{target}.json", "--filtered", str(target)]
    subprocess.run([*program, *outputs, "--", str(reads)], check=True, capture_output=True)
    kept: int = json.loads(Path(f"{target}.json").read_text())["steps"]["kept"]
    return kept


def make_gut(n_reads: int, n_variants: int):
    """Design of a gut-like sample."""
    import numpy as np

    from vagus.demo.amplicon import cut_insert
    from vagus.demo.community import StrainLibrary
    from vagus.demo.sample import SampleDesign, mix_variants
    from vagus.reference.starter import read_starter

    rng = np.random.default_rng([20, n_reads, n_variants])
    records = [r for r in read_starter() if cut_insert(r.sequence).is_complete]
    library = StrainLibrary(records, 1)
    weights = np.array([GUT_CLASSES.get(r.lineage[2], 0.0) for r in records])
    sizes = {name: sum(r.lineage[2] == name for r in records) for name in GUT_CLASSES}
    weights /= np.array([sizes.get(r.lineage[2], 1) for r in records])
    order = rng.choice(len(records), int((weights > 0).sum()), False, weights / weights.sum())
    strains, known = [], set()
    for i in order:
        if len(known) >= n_variants:
            break
        strains.append(library.make(records[i].accession, int(rng.integers(3, 9))))
        known |= {copy.sequence for copy in strains[-1].copies}
    cells = rng.lognormal(0, 1.6, len(strains)).tolist()
    design = SampleDesign(f"gut_{n_reads}_{n_variants}", strains, cells, n_reads)
    return design, len(mix_variants(design)[0])


def make_mock(n_reads: int):
    """Design of a mock community whose genomes contain copies that differ by one substitution."""
    import numpy as np

    from vagus.demo.amplicon import cut_insert
    from vagus.demo.community import Copy, Strain
    from vagus.demo.sample import SampleDesign
    from vagus.reference.starter import read_starter

    rng = np.random.default_rng([25, n_reads])
    records = [r for r in read_starter() if cut_insert(r.sequence).is_complete]
    strains = []
    for i in rng.choice(len(records), N_GENOMES, replace=False):
        first = cut_insert(records[i].sequence).sequence
        copies = [first]
        for p in rng.choice(len(first), int(rng.integers(1, 3)), replace=False):
            base = rng.choice([b for b in "ACGT" if b != first[p]])
            copies.append(first[:p] + base + first[p + 1 :])
        shares = [N_COPIES - len(copies) + 1, *[1] * (len(copies) - 1)]
        strains.append(
            Strain(
                records[i].accession,
                records[i].lineage,
                tuple(Copy(text, n, "made") for text, n in zip(copies, shares, strict=True)),
            )
        )
    cells = rng.lognormal(0, 1.5, N_GENOMES).tolist()
    return SampleDesign(f"mock_{n_reads}", strains, cells, n_reads)


def simulate(design, folder: Path, *, is_binned: bool) -> ReadSet:
    """Reads of a design after the reads stage."""
    from vagus.demo.platforms import PLATFORMS
    from vagus.demo.sample import simulate_sample

    name = design.name + (BINNED if is_binned else "")
    raw, target = folder / f"{name}.raw.fastq.gz", folder / f"{name}.fastq.gz"
    model = replace(PLATFORMS["hifi"], is_binned=is_binned)
    truth = simulate_sample(design, model, 1, raw)
    filter_reads(raw, target)
    counts = zip(truth.sequences, truth.counts.tolist(), strict=True)
    return ReadSet(
        name, target, {text: (n, i < truth.n_variants) for i, (text, n) in enumerate(counts)}
    )


def find_largest_of_demo(folder: Path) -> ReadSet:
    """The sample of the demo with the most reads after the filters."""
    from vagus.demo.cohort import write_demo
    from vagus.sequences import read_fasta
    from vagus.tables import read_table

    write_demo(folder / "demo")
    kept = {}
    for reads in sorted((folder / "demo" / "reads").iterdir()):
        name = reads.name.removesuffix(".fastq.gz")
        kept[name] = filter_reads(reads, folder / f"{name}.fastq.gz")
    name = max(kept, key=lambda name: kept[name])
    truth = folder / "demo" / "truth"
    sequences = dict(read_fasta(truth / "variants.fasta"))
    counts = read_table(truth / "asv_table.tsv", index_col="asv")[name]
    known = {sequences[asv]: (int(n), True) for asv, n in counts.items() if n}
    chimeras = read_table(truth / "chimeras.tsv")
    for row in chimeras[chimeras["sample"] == name].itertuples():
        known.setdefault(row.sequence, (int(row.reads), False))
    return ReadSet(f"demo_{name}", folder / f"{name}.fastq.gz", known)


def make_set(name: str, folder: Path) -> ReadSet:
    """A set by its name: demo, gut_READS_VARIANTS or mock_READS, with _binned7 or without."""
    plain = name.removesuffix(BINNED)
    kind, *numbers = plain.split("_")
    if kind == "demo":
        return find_largest_of_demo(folder)
    design = make_gut(*map(int, numbers))[0] if kind == "gut" else make_mock(int(numbers[0]))
    return simulate(design, folder, is_binned=name != plain)


def score(found: set[str], read_set: ReadSet) -> Iterator[dict[str, object]]:
    """Recall of the true variants by depth class, and what the found ones are."""
    assert read_set.truth is not None
    true = {text: n for text, (n, is_variant) in read_set.truth.items() if is_variant and n}
    for low, high in DEPTH_CLASSES:
        own = [text for text, n in true.items() if low <= n and (high is None or n <= high)]
        label = f"{low}+" if high is None else f"{low}-{high}" if high > low else str(low)
        yield {"depth": label, "true": len(own), "found": sum(text in found for text in own)}
    chimeras = {text for text, (_, is_variant) in read_set.truth.items() if not is_variant}
    yield {"depth": "all found", "true": len(found), "found": len(found & set(true))}
    yield {"depth": "of these chimeras", "true": len(found), "found": len(found & chimeras)}
