"""Readers of results of the later stages, and of what the program keeps for itself."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from fuzz.target import SHORT, Target, check
from vagus.cli.forecast import compare, name_record
from vagus.cli.outputs import OutputRecord
from vagus.cli.usage import read_benchmark
from vagus.controls.contaminants import add_names
from vagus.costs.amounts import count_asvs, count_uniques, estimate_reads
from vagus.demo.comparison import Truth
from vagus.diversity.alpha_table import read_alpha
from vagus.diversity.distances import Distances, read_distances, write_distances
from vagus.diversity.phylogeny_arrays import read_phylogeny
from vagus.diversity.rarefaction_plan import RarefactionPlan
from vagus.exports.content import load_content
from vagus.exports.multiqc import write_multiqc
from vagus.gut_brain.knowledge import read_knowledge
from vagus.gut_brain.summary import match_asvs
from vagus.phylogeny.inference import infer_rooted_tree
from vagus.reads.ledger_table import read_ledger
from vagus.reference.lineage import RANKS
from vagus.reference.names import Names
from vagus.report.inputs import ReportInputs
from vagus.selection.composition import gather_taxa, join_unnamed
from vagus.selection.set_apart import find_reasons
from vagus.sequences import read_fasta
from vagus.study.results_folder import RECORD
from vagus.tables import read_table, write_table
from vagus.tables.counts import read_count_table
from vagus.tables.stages.taxonomy import HITS, TAXONOMY
from vagus.tables.wide import read_wide
from vagus.taxonomy.consensus import join_databases, join_hits
from vagus.taxonomy.result_tables import read_taxonomy
from workflow.studies import pick_genes

ASVS, SAMPLES = ("x", "y", "z"), ("a", "NA", "b é")
GENES = [gene[:SHORT] for gene in pick_genes(3)]
COUNTS = b"asv\ta\tNA\tb \xc3\xa9\nx\t5\t0\t1\ny\t0\t2\t3\nz\t1\t0\t0\n"
SHEET = "sample\treads\tgroup\na\ta.fq\tg\nNA\tb.fq\th\nb é\tc.fq\t\n".encode()
ALPHA = "sample\treads\tobserved\tshannon\na\t6\t2\t0.5\nNA\t2\t\t\nb é\t4\t2\t0.6\n".encode()


def make_table_targets(folder: Path) -> list[Target]:
    """Their targets, seeds made in ``folder``."""
    _write_results(folder)
    return [
        *_make_result_targets(folder), *_make_joint_targets(folder), *_make_own_targets(folder)
    ]  # fmt: skip


def _write_results(folder: Path) -> None:
    """Whole files from which the targets start."""
    files = {"counts.tsv": COUNTS, "taxonomy.tsv": _make_taxonomy(folder), "sheet.tsv": SHEET,
             "alpha.tsv": ALPHA, "ledger.tsv": LEDGER, "genera.tsv": GENERA}  # fmt: skip
    for name, data in files.items():
        (folder / name).write_bytes(data)
    hits = pd.DataFrame(
        [("x", 1, "r1", 0.99, 1.0, "d__Bacteria"), ("y", 1, "r2", 0.9, 0.8, "")],
        columns=["asv", "hit", "accession", "identity", "coverage", "lineage"],
    )
    write_table(hits, folder / "hits.tsv")
    values = np.array([[0, 0.25, 1], [0.25, 0, 0.5], [1, 0.5, 0]])
    write_distances(Distances(SAMPLES, values), folder / "d.tsv")
    RarefactionPlan(9, 3, 1, "so", ["a"], {"b": "few"}, ["c"]).save(folder / "plan.json")


def _make_result_targets(folder: Path) -> list[Target]:
    """Results, each read by itself."""
    alignment = "".join(f">{n}\n{g}--\n" for n, g in zip(ASVS, GENES, strict=True)).encode()
    taxonomy = (folder / "taxonomy.tsv").read_bytes()
    return [
        Target("ASV table", ".tsv", (COUNTS,), read_counts),
        Target("ASV table (diversity)", ".tsv", (COUNTS,), read_matrix),
        Target("taxonomy", ".tsv", (taxonomy,), read_names),
        Target("taxonomy (databases)", ".tsv", (taxonomy,), join_with_itself),
        Target("hits", ".tsv", ((folder / "hits.tsv").read_bytes(),), read_and_join_hits),
        Target("alignment", ".fasta.gz", (gzip.compress(alignment, mtime=0),), align),
        Target("tree of the ASVs", ".nwk", (b"((x:1,y:2e-3):0.1,z:5);",), read_tree),
        Target("distances", ".tsv", ((folder / "d.tsv").read_bytes(),), read_square),
        Target("rarefaction plan", ".json", ((folder / "plan.json").read_bytes(),), read_plan),
        Target("alpha diversity", ".tsv", (ALPHA,), read_alpha_values),
        Target("read ledger", ".tsv", (LEDGER,), read_reads_ledger),
    ]


def _make_joint_targets(folder: Path) -> list[Target]:
    """Results, one of them damaged, that an export reads together."""
    paths = {name: folder / f"{name}.tsv" for name in ("counts", "taxonomy", "sheet")}
    inputs = {name: folder / f"{name}.tsv" for name in ("ledger", "alpha", "genera")}

    def export(counts: Path = paths["counts"], taxonomy: Path = paths["taxonomy"]) -> None:
        """As many rows as ASVs, in any export."""
        content = load_content(counts, taxonomy, paths["sheet"])
        check(content.counts.shape == (len(content.asvs), len(content.samples)), "shape")

    def write_for_multiqc(**files: Path) -> None:
        """Written or refused."""
        chosen = inputs | files
        out = folder / "multiqc"
        write_multiqc(chosen["ledger"], chosen["alpha"], chosen["genera"], out)

    return [
        Target("ASV table (exports)", ".tsv", (COUNTS,), lambda path: export(counts=path)),
        Target("taxonomy (exports)", ".tsv", (paths["taxonomy"].read_bytes(),),
               lambda path: export(taxonomy=path)),
        Target("alpha diversity (MultiQC)", ".tsv", (ALPHA,),
               lambda path: write_for_multiqc(alpha=path)),
        Target("read ledger (MultiQC)", ".tsv", (LEDGER,),
               lambda path: write_for_multiqc(ledger=path)),
        Target("genera (MultiQC)", ".tsv", (GENERA,), lambda path: write_for_multiqc(genera=path)),
    ]  # fmt: skip


def _make_own_targets(folder: Path) -> list[Target]:
    """What the program keeps for itself; of these, damage must never stop a run."""
    home = folder / "home"
    (home / "truth").mkdir(parents=True)
    fastq = "".join(f"@r\n{g}\n+\n{'~' * len(g)}\n" for g in GENES).encode()
    record = json.dumps(["results/a.tsv", 5, 17, "0" * 64]) + "\n"
    forecast = {"forecast": {"cpu_s": 9.0, "disk_mb": 5, "memory_mb": 9, "wall_s": 3, "cores": 2},
                "wall_s": 2.5}  # fmt: skip
    benchmark = b"s\th:m:s\tmax_rss\tcpu_time\n1.5\t0:00:01\t90.5\t-\n"
    truth = {"asv_table.tsv": COUNTS, "variants.fasta": b">x\nACGT\n",
             "chimeras.tsv": b"asv\nz\n", "variants.tsv": _make_truth()}  # fmt: skip
    for name, data in truth.items():
        (home / "truth" / name).write_bytes(data)
    return [
        Target("reads to count", ".fastq.gz", (fastq, gzip.compress(fastq, mtime=0)), count_reads),
        Target("sequences to count", ".npz", (_zip_counts(folder),), count_sequences),
        Target("ASVs to count", ".gz", (gzip.compress(b">x\nAC\n>y\nAC\n", mtime=0),),
               lambda path: place_and_read(path, home / "alignment.fasta.gz", count_names)),
        Target("forecast", ".json", (json.dumps(forecast).encode(),),
               lambda path: place_and_read(path, name_record(home), lambda _: compare(home))),
        Target("benchmark", ".tsv", (benchmark,), read_benchmark),
        Target("record of outputs", ".jsonl", (record.encode() * 2,),
               lambda path: place_and_read(path, home / RECORD,
                                           lambda _: _find_changed(home))),
        Target("JSON of the report", ".json", (b'{"rounds": 3, "samples": ["a"]}',),
               lambda path: ReportInputs(path.parent, (), {}).read_json(path.name)),
        *(Target(f"truth: {name}", Path(name).suffix, (truth[name],),
                 lambda path, name=name: place_and_read(  # type: ignore[misc]
                     path, home / "truth" / name, lambda p: Truth.read(p.parent)))
          for name in ("asv_table.tsv", "variants.tsv", "chimeras.tsv")),
    ]  # fmt: skip


def place_and_read(path: Path, place: Path, read: Callable[[Path], object]) -> None:
    """Read a file under the name that its reader looks for; what was there comes back."""
    before = place.read_bytes() if place.exists() else None
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(path.read_bytes())
    try:
        read(place)
    finally:
        if before is None:
            place.unlink()
        else:
            place.write_bytes(before)


def _find_changed(home: Path) -> list[str]:
    """What a record of outputs says was changed."""
    return OutputRecord(Path("results"), home).find_changed()


def read_counts(path: Path) -> None:
    """Reads are not negative; ASVs are there once."""
    table = read_wide(path)
    check(table.index.is_unique and table.columns.is_unique, "names")
    check(bool((table.to_numpy(np.int64) >= 0).all()), "reads")


def read_matrix(path: Path) -> None:
    """Reads are not negative."""
    table = read_count_table(path)
    check(table.counts.shape == (len(table.samples), len(table.asvs)), "shape")
    check(bool((table.counts >= 0).all()), "reads")


def read_names(path: Path) -> None:
    """All that is made of names can be made."""
    counts = pd.DataFrame({"a": [5, 0, 1]}, index=list(ASVS))
    needs = [*RANKS, "note"]
    taxonomy = read_taxonomy(path, needs, ASVS)
    find_reasons(ASVS, taxonomy)
    genera = gather_taxa(counts, taxonomy, "genus")
    check(int(genera["a"].sum()) == int(join_unnamed(genera)["a"].sum()) == 6, "reads by genus")
    add_names(pd.DataFrame({"asv": list(ASVS)}), taxonomy)
    match_asvs(taxonomy, ASVS, KNOWLEDGE)


def join_with_itself(path: Path) -> None:
    """A database agrees with itself."""
    table = read_taxonomy(path, TAXONOMY.names)
    joined = join_databases([("one", table), ("two", table)], SYNONYMS)
    check(joined["disagreement"].isna().all(), "agreement")


def read_and_join_hits(path: Path) -> None:
    """None is lost."""
    hits = read_table(path, HITS)
    check(len(join_hits([("one", hits), ("two", hits)], ASVS)) == 2 * len(hits), "hits")


def align(path: Path) -> None:
    """A tree of two rows, which needs no search, or a refusal."""
    rows = list(read_fasta(path))
    tree = infer_rooted_tree(rows[:2])
    check((tree is None) == (not rows), "tree")


def read_tree(path: Path) -> None:
    """Lengths are not negative."""
    tree = read_phylogeny(path, ASVS)
    check(bool((tree.lengths >= 0).all()) and len(tree.tips) == len(ASVS), "tree")


def read_square(path: Path) -> None:
    """Distances are symmetric numbers."""
    found = read_distances(path)
    check(bool(np.isfinite(found.values).all()) and len(set(found.samples)) == len(found.samples),
          "values")  # fmt: skip


def read_plan(path: Path) -> None:
    """Samples that are compared are kept."""
    plan = RarefactionPlan.load(path)
    check(set(plan.compared) <= set(plan.kept) and plan.depth >= 0, "samples")


def read_alpha_values(path: Path) -> None:
    """Numbers of samples that are there once."""
    table = read_alpha(path, ["reads", "observed"])
    check(table["sample"].is_unique, "samples")
    table["reads"].astype(float)


def read_reads_ledger(path: Path) -> None:
    """Losses can be summed."""
    table = read_ledger(path)
    table[[name for name in table if name.startswith("lost_")]].sum(axis=1)


def count_reads(path: Path) -> None:
    """A number, whatever is in the file."""
    check(estimate_reads(str(path)) >= 0, "reads")


def count_sequences(path: Path) -> None:
    """A number, whatever is in the file."""
    check(count_uniques(str(path)) >= 0, "sequences")


def count_names(path: Path) -> None:
    """A number, whatever is in the file."""
    check(count_asvs([str(path)]) >= 0, "ASVs")


def _make_taxonomy(folder: Path) -> bytes:
    names = ["Bacteria", "P", "C", "O", "F", "Blautia", "Blautia obeum"]
    rows = [
        {"Feature ID": asv, "Taxon": "d__Bacteria; p__P", "Confidence": 0.9,
         **dict(zip(RANKS, names[: 7 - 3 * i], strict=False)),
         **{f"confidence_{rank}": 1.0 for rank in RANKS}, "identity": 0.99, "coverage": 1.0,
         "nearest": "r1", "ties": "", "note": "" if i else "ambiguous"}
        for i, asv in enumerate(ASVS)
    ]  # fmt: skip
    write_table(pd.DataFrame(rows), folder / "t.tsv")
    return (folder / "t.tsv").read_bytes()


def _make_truth() -> bytes:
    header, row = "\t".join(["asv", *RANKS]), "\t".join(["x", *("n" for _ in RANKS)])
    return f"{header}\n{row}\n".encode()


def _zip_counts(folder: Path) -> bytes:
    np.savez_compressed(folder / "counts.npz", counts=np.ones(9, np.int32))
    return (folder / "counts.npz").read_bytes()


LEDGER = (
    "sample\tstatus\treason\tinput\tlost_primers\tlost_chimera\tasv_reads\tn_asvs\n"
    "a\tok\t\t9\t1\t2\t6\t2\nNA\tok\t\t2\t0\t0\t2\t1\nb é\tfailed\tno file\t\t\t\t\t\n"
).encode()
GENERA = "genus\ta\tNA\tb é\nBlautia\t5\t2\t0\nUnassigned\t1\t0\t4\n".encode()
KNOWLEDGE, SYNONYMS = read_knowledge(), Names.read()
