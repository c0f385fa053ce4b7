"""Variants that differ by gaps alone: how frequent they are, and what modelling indels changes.

1. The starter reference: of all pairs of different complete sequences that miss at most 60
   5-mers of each other (those of one species, and all), how many differ by gaps alone when
   aligned as the dada engine does.
2. Simulation: a parent of 2,000 reads and variants of it with one indel, in runs of 1 to 6
   equal bases, at 5 to 500 reads; HiFi reads of the product's simulator, whose indel errors
   favour homopolymers. Recall by depth and false variants (no true sequence, no chimera: none
   is simulated) with ``denoise.indels`` ignore and model.
3. Samples without indel variants: false variants of both, by reads of the parent.
4. Files named on the command line (uniques.npz): variants with both, and what is new.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scripts"), str(HERE)]

DEPTHS = (5, 10, 20, 50, 100, 200, 500)
PARENT_READS = 2000
N_PARENTS = 6
NEAR = 60


def list_sequences() -> dict[str, list[str]]:
    """Complete sequences of the starter reference by species, or by accession without one."""
    from vagus.demo.amplicon import cut_insert
    from vagus.reference.starter import STARTER_FASTA, read_starter

    groups = defaultdict(set)
    for record in read_starter(STARTER_FASTA):
        insert = cut_insert(record.sequence)
        if insert.is_complete and not set(insert.sequence) - set("ACGT"):
            groups[record.lineage[6] or record.accession].add(insert.sequence)
    return {name: sorted(found) for name, found in groups.items()}


def measure_reference():
    """Table: pairs of complete sequences, of one species and of all, by what separates them."""
    import numpy as np
    import pandas as pd

    from vagus.dada.comparisons import Comparisons
    from vagus.dada.settings import DadaSettings
    from vagus.reads.uniques import Uniques

    species: dict[str, set[str]] = defaultdict(set)
    for name, texts in list_sequences().items():
        for text in texts:
            species[text].add(name)
    texts = sorted(species)
    uniques = Uniques.from_reads(texts, [np.full(len(t), 40, np.uint8) for t in texts])
    comparisons = Comparisons(uniques, DadaSettings())
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for centre, text in enumerate(texts):
        near = np.flatnonzero(comparisons.missing_words(centre) <= NEAR)
        members = near[near > centre].astype(np.int32)
        if len(members) == 0:
            continue
        members = members[np.argsort(comparisons.lengths[members], kind="stable")]
        block, rows = comparisons.compare(centre, members, gapless=False)
        gaps = comparisons.count_gaps(centre, members).sum(axis=1)
        for member, n, n_gaps in zip(members, block.n_substitutions[rows], gaps, strict=True):
            kind = "substitutions" if n else "gaps alone" if n_gaps else "ends alone"
            counts["all", kind] += 1
            counts["one species", kind] += bool(species[text] & species[texts[member]])
    rows = [(pairs, kind, n) for (pairs, kind), n in sorted(counts.items())]
    return pd.DataFrame(rows, columns=["pairs_of", "differ_by", "pairs"])


def make_indel_variants(parent: str, rng) -> list[str]:
    """The parent with one indel each, in runs of 1 to 6 bases, at places far from each other."""
    import numpy as np

    from vagus.kernels.dada.gaps import measure_runs
    from vagus.reads.uniques import encode_bases

    runs = measure_runs(encode_bases(parent))
    made: list[str] = []
    while len(made) < len(DEPTHS):
        wanted = 1 + len(made) % 6
        places = np.flatnonzero(runs == wanted)
        places = places[(places > 50) & (places < len(parent) - 50)]
        if len(places) == 0:
            places = np.arange(100, len(parent) - 100)
        p = int(rng.choice(places))
        deleted = rng.random() < 0.5
        text = parent[:p] + ("" if deleted else parent[p] * 2) + parent[p + 1 :]
        if text not in made:
            made.append(text)
    return made


def simulate(name: str, counts: dict[str, int], folder: Path):
    """Uniques of a sample with these reads of each sequence, after the reads stage."""
    from dada_sets import filter_reads
    from vagus.demo.community import Copy, Strain
    from vagus.demo.platforms import PLATFORMS
    from vagus.demo.sample import SampleDesign, simulate_sample
    from vagus.reads.uniques import Uniques

    strains = [Strain(f"s{i}", ("",) * 7, (Copy(t, 1, "made"),)) for i, t in enumerate(counts)]
    total = sum(counts.values())
    design = SampleDesign(name, strains, list(counts.values()), total, chimera_rate=0.0)
    simulate_sample(design, PLATFORMS["hifi"], 1, folder / f"{name}.fastq.gz")
    target = folder / f"{name}.filtered.fastq.gz"
    filter_reads(folder / f"{name}.fastq.gz", target)
    return Uniques.load(f"{target}.npz")


def denoise_both(uniques) -> dict[str, set[str]]:
    """Variants with gaps ignored and modelled, under one learned error model."""
    from vagus.dada.comparisons import Comparisons
    from vagus.dada.learning import learn_rates
    from vagus.dada.settings import DadaSettings
    from vagus.dada.variants import denoise_sample

    settings = DadaSettings()
    scheme = uniques.quality_scheme
    model = learn_rates([Comparisons(uniques, settings)], scheme, settings).model
    return {
        kind: set(denoise_sample(uniques, model, replace(settings, indels=kind)).variants.sequence)
        for kind in ("ignore", "model")
    }


def measure_recall(folder: Path, n_parents: int):
    """Recall of variants with one indel by depth, and false variants, for both."""
    import numpy as np
    import pandas as pd

    parents = sorted(texts[0] for texts in list_sequences().values())
    rng = np.random.default_rng(41)
    chosen = rng.choice(len(parents), n_parents, replace=False)
    rows = []
    for number, i in enumerate(chosen):
        variants = make_indel_variants(parents[i], rng)
        depths = dict(zip(variants, np.roll(DEPTHS, number), strict=True))
        counts = {parents[i]: PARENT_READS, **{t: int(n) for t, n in depths.items()}}
        for kind, found in denoise_both(simulate(f"indel{number}", counts, folder)).items():
            for text, depth in depths.items():
                rows.append((kind, f"{depth:>3} reads", text in found, 1))
            rows.append((kind, "false variants", len(found - set(counts)), 1))
    table = pd.DataFrame(rows, columns=["indels", "what", "found", "of"])
    return table.groupby(["what", "indels"])[["found", "of"]].sum().unstack()


def measure_false(folder: Path, sizes: Sequence[int]):
    """Variants found in samples of one sequence (one is right), by its reads."""
    import numpy as np
    import pandas as pd

    parents = sorted(texts[0] for texts in list_sequences().values())
    chosen = np.random.default_rng(42).choice(len(parents), len(sizes), replace=False)
    rows = []
    for i, n in zip(chosen, sizes, strict=True):
        found = denoise_both(simulate(f"alone{n}", {parents[i]: n}, folder))
        rows.append((n, len(found["ignore"]) - 1, len(found["model"]) - 1))
    return pd.DataFrame(rows, columns=["reads", "false_ignore", "false_model"])


def measure_file(path: Path) -> dict[str, object]:
    """Variants of real reads with both, and the reads of those that only the model finds."""
    from vagus.reads.uniques import Uniques

    uniques = Uniques.load(path)
    found = denoise_both(uniques)
    exact = {uniques.sequence(i): int(uniques.counts[i]) for i in range(uniques.n_repeated)}
    new = sorted((exact.get(t, 1) for t in found["model"] - found["ignore"]), reverse=True)
    return {
        "file": path.name,
        "reads": uniques.n_reads,
        "ignore": len(found["ignore"]),
        "model": len(found["model"]),
        "lost": len(found["ignore"] - found["model"]),
        "exact_reads_of_new": " ".join(map(str, new)),
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("uniques", nargs="*", type=Path, help="unique sequences of real samples")
    parser.add_argument("--parents", type=int, default=N_PARENTS, help="of the simulation")
    parser.add_argument("--only-files", action="store_true", help="pass over the simulations")
    arguments = parser.parse_args(argv)
    import tempfile

    import pandas as pd

    if not arguments.only_files:
        print(
            "pairs of the starter reference\n",
            measure_reference().to_string(index=False),
            flush=True,
        )
        with tempfile.TemporaryDirectory() as name:
            print(measure_recall(Path(name), arguments.parents).to_string(), flush=True)
            table = measure_false(Path(name), (500, 2000, 10_000))
            print(table.to_string(index=False), flush=True)
    if arguments.uniques:
        print(pd.DataFrame(map(measure_file, arguments.uniques)).to_string(index=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
