"""Readers of what the denoise stage writes for itself: samples, runs and pools."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from fuzz.target import SHORT, Target, check
from vagus.archives import save_arrays
from vagus.dada.births import Birth, PartitionResult
from vagus.dada.error_model import ErrorModel
from vagus.dada.known_partitions import (
    digest_inputs,
    digest_reads,
    find_partition,
    save_partitions,
)
from vagus.dada.pool_founders import Founder, load_founders, save_founders
from vagus.dada.pool_pairs import Pairs
from vagus.dada.pool_share import PoolBirths, PoolFiles
from vagus.dada.rescue import merge_rescued
from vagus.dada.settings import DadaSettings
from vagus.denoise.choice import find_choice, read_choices
from vagus.denoise.priors import read_priors
from vagus.denoise.study_table import load_study
from vagus.phase.pool_plan import PhasePlan
from vagus.phase.pool_share import PhasePool, load_shard
from vagus.phase.variants import COLUMNS as PHASE_COLUMNS
from vagus.pool.pieces import PieceWriter, name_pieces, open_pieces
from vagus.pool.plan import PoolPlan, Shard
from vagus.pool.shard import Origins, load_groups, save_groups
from vagus.reads.ledger import (
    make_ledger,
    make_long_table,
    make_qc_table,
    read_descriptions,
)
from vagus.reads.sample_sizes import read_size
from vagus.reads.uniques import Uniques
from vagus.sequences import identify_asv
from vagus.tables import write_table
from vagus.tables.stages.denoise import ENGINES_OF_RUN, RESCUED
from workflow.studies import ROOT, pick_genes

GENES = [gene[:SHORT] for gene in pick_genes(4)]
SAMPLES = ("a", "NA", "b é")
INTS = np.array([0, 1, 1], np.int32)


def seed(folder: Path, name: str, write: Callable[[Path], None]) -> bytes:
    """Bytes of a file that ``write`` writes."""
    path = folder / name
    write(path)
    return path.read_bytes()


def make_pool_targets(folder: Path) -> list[Target]:
    """Targets of the denoise stage, their seeds made in ``folder``."""
    return [*_make_sample_targets(folder), *_make_dada_targets(folder),
            *_make_phase_targets(folder)]  # fmt: skip


def _make_sample_targets(folder: Path) -> list[Target]:
    """Files of one sample, or of the samples of a run."""
    study = folder / "study"
    study.mkdir()
    variants = seed(study, "variants.tsv", lambda p: write_table(make_variants(), p))
    losses = seed(study, "losses.json", _write_losses)
    engines = pd.DataFrame(
        [("a", "dada", "many", "hifi", 9, 0.3, 0.9), ("b", "", "no reads", "unknown", 0, 0.0, 0.0)],
        columns=ENGINES_OF_RUN.names,
    )
    rescued = pd.DataFrame([("NA", "x", 2, 1, 3, -50.5)], columns=RESCUED.names)
    sizes = seed(folder, "u.npz", lambda p: _make_uniques().save(p))
    priors = f">x\n{GENES[0]}\n>y\n{GENES[1]}\n".encode()
    return [
        Target("quality of a sample", ".json", (_make_qc(),), read_qc),
        Target("size of a sample", ".npz", (sizes,), read_sample_size),
        Target("engines of a run", ".tsv",
               (seed(folder, "e.tsv", lambda p: write_table(engines, p)),), read_engines),
        Target("variants of a sample", ".tsv", (variants,),
               lambda path: read_study(study, variants=path, losses=study / "losses.json")),
        Target("losses of a sample", ".json", (losses,),
               lambda path: read_study(study, variants=study / "variants.tsv", losses=path)),
        Target("rescued reads", ".tsv",
               (seed(folder, "r.tsv", lambda p: write_table(rescued, p)),), read_rescued_reads),
        Target("priors", ".fasta", (priors,), read_prior_sequences),
        Target("description of an error model", ".json", (_make_about(),), read_about),
        _make_partitions(folder),
    ]  # fmt: skip


def _make_dada_targets(folder: Path) -> list[Target]:
    """Files of the pool of a run."""
    home = folder / "pool"
    home.mkdir()
    pool = PoolFiles(home / "plan.json", home / "births.tsv", home / "shares.npz")
    groups = [np.array([0, 1], np.uint8), np.zeros(0, np.uint8), np.array([1], np.uint8)]
    origins = Origins(INTS, np.array([0, 0, 2], np.int32), np.array([3, 1, 1], np.int32))
    founders = [Founder(GENES[0], 5, 0, 0), Founder(GENES[1], 2, 1, 0)]
    plan = seed(home, "plan.json", make_plan().save)
    births = seed(home, "births.tsv", PoolBirths(make_births()).save)
    shares = seed(home, "shares.npz", _write_shares)
    plain = Target("plan of a pool", ".json", (plan,), read_plan)
    return [
        plain,
        Target("groups of a pool", ".npz",
               (seed(folder, "g.npz", lambda p: save_groups(p, groups)),),
               lambda path: check(len(load_groups(path, 3)) == 3, "samples")),
        Target("pieces of a shard", ".npz", (make_pieces(folder),), read_pieces),
        Target("origins of a shard", ".npz", (seed(folder, "o.npz", origins.save),), read_origins),
        Target("pairs of a shard", ".npz", (seed(folder, "p.npz", make_pairs().save),), read_pairs),
        Target("founders", ".tsv",
               (seed(folder, "f.tsv", lambda p: save_founders(founders, p)),), read_founders),
        Target("births of a pool", ".tsv", (births,), lambda path: take(pool, births=path)),
        Target("shares of a pool", ".npz", (shares,), lambda path: take(pool, shares=path)),
    ]  # fmt: skip


def _make_phase_targets(folder: Path) -> list[Target]:
    """Files of the pool of a run's samples that ``phase`` denoises."""
    variants, shares = folder / "phase.tsv", folder / "phase.npz"
    counts = pd.DataFrame([[0, 0, 3, 3, 2, 1], [1, 1, 4, 4, 1, 0]])
    PhasePool(make_phase_variants(), counts, np.ones((2, 5), np.int64)).save(variants, shares)
    seeds = variants.read_bytes(), shares.read_bytes()
    plan = PhasePlan(("a", "b"), {"b": "too poor"}, (3, 4), True)
    return [
        Target("plan of a pool (phase)", ".json",
               (seed(folder, "p.json", plan.save),), read_phase_plan),
        Target("variants of a pool (phase)", ".tsv", seeds[:1],
               lambda path: join_phase(path, shares)),
        Target("shares of a pool (phase)", ".npz", seeds[1:],
               lambda path: join_phase(variants, path)),
    ]  # fmt: skip


def read_qc(path: Path) -> None:
    """The tables of the reads stage can be made of it."""
    descriptions = read_descriptions([path])
    ledger = make_ledger(descriptions)
    kept = ledger.filter(regex="^(lost_|kept$)").sum(axis=1)
    check(bool((kept == ledger["input"]).all()), "reads are conserved")
    check(len(make_qc_table(descriptions)) == 2, "stages")
    for name in ("length_histogram", "expected_errors_histogram", "quality_profile"):
        make_long_table(descriptions, name)


def read_sample_size(path: Path) -> None:
    """Sizes are not negative."""
    size = read_size(path)
    check(min(size.n_reads, size.n_bases, size.n_uniques) >= 0, "sizes")


def read_engines(path: Path) -> None:
    """A sample has one known engine or none."""
    choices = read_choices(path)
    check({choice.engine for choice in choices.values()} <= {"", "dada", "phase"}, "engines")
    find_choice(choices, "a")


def read_study(folder: Path, *, variants: Path, losses: Path) -> None:
    """Reads of a study are conserved; its tables can be made."""
    own = variants.parent / "own"
    if own != folder:
        own.mkdir(exist_ok=True)
    try:
        (own / "variants.tsv").write_bytes(variants.read_bytes())
        (own / "losses.json").write_bytes(losses.read_bytes())
        study = load_study([(own / "variants.tsv", own / "losses.json")])
    finally:
        for path in own.iterdir():
            path.unlink()
        own.rmdir()
    study.judge(None)
    table, birth = study.table(), study.birth_table()
    check(int(study.totals.sum()) == study.losses[0]["assigned"], "reads")
    check(len(table) == len(birth) == len(study.names), "one row an ASV")


def read_rescued_reads(path: Path) -> None:
    """What is merged names ASVs of the study."""
    asvs = path.with_suffix(".asvs")
    asvs.write_text("asv\treads\nx\t5\n", encoding="utf-8")
    try:
        merged = merge_rescued([path], asvs)
    finally:
        asvs.unlink()
    check(set(merged["asv"]) <= {"x"}, "ASVs")


def read_prior_sequences(path: Path) -> None:
    """They can be encoded."""
    check(all(set(text) <= set("ACGT") for text in read_priors(path)), "letters")


def read_about(path: Path) -> None:
    """The model says where it is from."""
    model = ErrorModel.load(ROOT / "scripts/vagus/dada/default_models/full.tsv", path)
    check(model.n_reads >= 0 and model.rounds >= 0, "counts")


def read_plan(path: Path) -> None:
    """Each group is in one bundle, each bundle has all its parts."""
    plan = PoolPlan.load(path)
    groups = [g for shard in plan.shards if shard.part == 0 for g in shard.groups]
    check(groups == list(range(len(plan.pivots))), "groups")
    check(sum(len(plan.shards_of(b)) for b in range(plan.n_bundles)) == len(plan.shards), "shards")


def read_pieces(path: Path) -> None:
    """Each sequence has a sample, reads and qualities."""
    for piece in open_pieces(path).read():
        uniques = piece.uniques
        check(len(piece.sample) == uniques.n_uniques == len(uniques.offsets) - 1, "rows")
        check(len(uniques.bases) == len(uniques.quality_sums) == uniques.offsets[-1], "bases")
        check(bool((uniques.counts > 0).all()), "reads")


def read_origins(path: Path) -> None:
    """Columns are of one length."""
    origins = Origins.load(path)
    check(len(origins.sample) == len(origins.row) == len(origins.reads), "length")


def read_pairs(path: Path) -> None:
    """Pairs are of sequences of the shard."""
    pairs = Pairs.load(path)
    check(len(pairs.row) == len(pairs.founder) == len(pairs.log_lambda), "pairs")
    check(not len(pairs.row) or int(pairs.row.max()) < len(pairs.counts), "rows")


def read_founders(path: Path) -> None:
    """They have reads."""
    check(all(founder.reads > 0 for founder in load_founders([path])), "reads")


def take(pool: PoolFiles, births: Path | None = None, shares: Path | None = None) -> None:
    """What a sample is given of a pool of which one file is damaged is all that it had."""

    mixed = PoolFiles(pool.plan, births or pool.births, shares or pool.shares)
    for name in SAMPLES:
        sample = mixed.take(name)
        lost = sample.losses["lost_singleton"] + sample.losses["lost_omega_c"]
        check(sample.losses["assigned"] + lost == sample.losses["reads_in"], "reads")
        check(int(sample.variants["reads"].sum()) == sample.losses["assigned"], "variants")


def read_phase_plan(path: Path) -> None:
    """A sample of the plan has a number."""
    plan = PhasePlan.load(path)
    check(plan.find("a") < len(plan.samples), "number")


def join_phase(variants: Path, shares: Path) -> None:
    """A shard can be joined to a pool, and the pool shared out."""
    shard = load_shard(variants, shares)
    pool = PhasePool.join([shard], len(shard.outcomes))
    for sample in range(len(shard.outcomes)):
        check(len(pool.take(sample)) <= len(pool.variants), "variants")


def make_variants() -> pd.DataFrame:
    """Two variants of a sample."""
    rows = [
        (identify_asv(gene), gene, 5 - i, 2, "dada", "initial" if not i else "abundance",
         np.nan if not i else -60.5, 1.0, "" if not i else identify_asv(GENES[0]), 3 * i, 2, "")
        for i, gene in enumerate(GENES[:2])
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(PHASE_COLUMNS[:12]))


def make_births() -> pd.DataFrame:
    """The same variants of a pool."""
    return make_variants().drop(columns=["reads", "uniques", "exact_reads", "flags"])


def make_phase_variants() -> pd.DataFrame:
    """The same as ``phase`` writes them."""
    more = {"log_ratio": [80.0, np.inf], "reverse_reads": [1, 0], "left_parent": "",
            "right_parent": "", "breakpoint_bp": np.nan}  # fmt: skip
    return make_variants().assign(engine="phase", **more)[list(PHASE_COLUMNS)]


def make_plan() -> PoolPlan:
    """Two bundles, one of them in two parts."""
    shards = (Shard(0, 0, 2, (0,)), Shard(0, 1, 2, (0,)), Shard(1, 0, 1, (1, 2)))
    return PoolPlan(SAMPLES, 13, tuple(GENES[:3]), shards)


def make_pieces(folder: Path) -> bytes:
    """Two blocks of two samples."""
    writer = PieceWriter(folder, 1, buffer_bases=1)
    for number in range(2):
        uniques = _make_uniques()
        writer.add(number, uniques, np.zeros(uniques.n_uniques, np.int32))
    writer.close()
    return name_pieces(folder, 0).read_bytes()


def make_pairs() -> Pairs:
    """Two pairs of three sequences."""
    floats = np.array([-1.5, -np.inf, -3.0])
    return Pairs(INTS[:2], INTS[1:], floats[:2], INTS[:2], INTS + 1, floats, INTS, INTS)


def _make_uniques() -> Uniques:
    reads = [GENES[0], *GENES]
    return Uniques.from_reads(reads, [np.full(SHORT, 40, np.uint8) for _ in reads], sample="a")


def _write_losses(path: Path) -> None:
    losses = {"sample": "a", "reads_in": 12, "lost_singleton": 2, "lost_omega_c": 1,
              "assigned": 9, "engine": "dada", "reason": "", "engine_reason": "many",
              "strands": "both", "measured_error_rate": None}  # fmt: skip
    path.write_text(json.dumps(losses, indent=2), encoding="utf-8")


def _make_qc() -> bytes:
    stage = dict.fromkeys(
        ("n_reads", "n_bases", "median_length_bp", "mean_expected_errors",
         "median_expected_errors", "median_accuracy", "median_passes"), 1,
    )  # fmt: skip
    content = {
        "sample": "a", "status": "ok", "reason": "", "platform": "hifi", "quality_scheme": "full",
        "primers": "none", "accuracy_source": "rq",
        "steps": {"input": 5, "lost_too_short": 1, "kept": 4}, "n_uniques": 3,
        "orientation": {"forward": 3, "reverse": 2},
        "summary": {"before": stage, "after": stage | {"median_passes": None}},
        "length_histogram": {"before": [[1450, 5]], "after": [[1450, 4]]},
        "expected_errors_histogram": {"before": [[0, 0.5, 5]], "after": [[0, 0.5, 4]]},
        "quality_profile": {"before": [[0, 40.5]], "after": []},
    }  # fmt: skip
    return json.dumps(content, indent=1).encode()


def _make_about() -> bytes:
    model = ErrorModel(np.zeros((16, 94)), samples=("a", "b"), n_reads=9, rounds=3)
    return json.dumps(model.describe(), indent=2).encode()


def _make_partitions(folder: Path) -> Target:
    uniques, settings = _make_uniques(), DadaSettings()
    model = ErrorModel(np.full((16, 94), 0.25))
    births = (Birth(0), Birth(2, "abundance", -50.0, 9.0, 0, 4))
    cluster = (np.arange(uniques.n_uniques) > 1).astype(np.int32)
    result = PartitionResult(births, cluster, cluster == 0, -1.0 - cluster, cluster)
    digest = digest_inputs(digest_reads(uniques), model, settings)

    def read(path: Path) -> None:
        """A partition that is found is of all sequences of the sample."""
        found = find_partition(path, uniques, model, settings)
        check(found is None or len(found.cluster) == uniques.n_uniques, "sequences")

    data = seed(folder, "k.npz", lambda p: save_partitions({digest: result}, p))
    return Target("known partitions", ".npz", (data,), read)


def _write_shares(path: Path) -> None:
    save_arrays(path, {
        "reads": np.array([[9, 0, 3], [2, 0, 0], [1, 0, 0]]),
        "kept_00000": np.array([[0, 4, 2, 1, 1, -2.0], [1, 2, 2, 1, 1, -3.0]]),
        "near_00000": np.array([[1, 1, 1, 0, 5, -50.0]]),
        "kept_00002": np.array([[1, 3, 1, 3, 0, 0.0]]),
    })  # fmt: skip
