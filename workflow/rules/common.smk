# Shared by all stages: the study, where programs and resources are, and their digests.
#
# Programs and resources are named through environment variables that the shell prefix sets, so
# that no parameter holds the place of this checkout. A copied checkout reruns nothing.

import os
import shlex
import sys
from pathlib import Path

CHECKOUT = Path(workflow.basedir).parent
sys.path.insert(0, str(CHECKOUT / "scripts"))

from vagus.config.study import make_study
from vagus.costs.amounts import Scope, measure_amount
from vagus.costs.laws import read_laws
from vagus.errors import VagusError
from vagus.programs import digest_program

try:
    STUDY = make_study(config)
except VagusError as error:
    sys.exit(f"error: {error}")

RESULTS = STUDY.config["results"].rstrip("/")
RESOURCES = CHECKOUT / "resources"
KEYS = [sample.key for sample in STUDY.samples]
RUNS = list(STUDY.runs)

# the Python that runs the workflow, or, with --sdm conda, that of the environment
deployment = (
    workflow.deployment_settings.deployment_method
    if workflow.deployment_settings
    else ()
)
PYTHON = (
    "python"
    if any("conda" in str(method).lower() for method in deployment)
    else sys.executable
)

shell.executable("bash")
shell.prefix(
    "set -euo pipefail; "
    f"export VAGUS_PYTHON={shlex.quote(PYTHON)} "
    f"VAGUS_SCRIPTS={shlex.quote(str(CHECKOUT / 'scripts'))} "
    f"VAGUS_RESOURCES={shlex.quote(str(RESOURCES))} "
    "OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMBA_NUM_THREADS=1 "
    "PYTHONHASHSEED=0 MPLBACKEND=agg LC_ALL=C.UTF-8; "
)


def run_program(program):
    """Start of the shell command of a step program."""
    return f'"$VAGUS_PYTHON" "$VAGUS_SCRIPTS/{program}.py"'


def code_of(program):
    """Digest of the code that a step program runs, so that edits of it rerun the rule."""
    return digest_program(program)


SCOPE = Scope(
    len(STUDY.samples),
    STUDY.config["denoise"]["learn_bases"],
    STUDY.config["denoise"]["pool_shard_uniques"],
)


def memory_of(step, name_paths=None):
    """Memory (MB) of a step, from the size of its input or of other files."""
    law = read_laws()[step]

    def ask(wildcards, input, attempt):
        paths = name_paths(wildcards) if name_paths else input
        return law.ask_mb(measure_amount(law.memory_amount, paths, SCOPE), attempt)

    return ask


def time_of(step, name_paths=None):
    """Time limit (minutes) of a step, from the size of its input or of other files."""
    law = read_laws()[step]

    def ask(wildcards, input, attempt):
        paths = name_paths(wildcards) if name_paths else input
        return law.ask_minutes(measure_amount(law.cpu_amount, paths, SCOPE), attempt)

    return ask


def name_models(wildcards):
    """Of a sample's run: error models of either engine, engines of the samples, partitions."""
    run = f"<results>/denoise/runs/{STUDY.sample(wildcards.key).run_key}"
    names = (
        "error_model.tsv",
        "phase_error_model.tsv",
        "engines.tsv",
        "partitions.npz",
    )
    return [f"{run}/{name}" for name in names]


def name_priors(wildcards, input):
    """Options of a pass with priors."""
    limit = STUDY.config["denoise"]["omega_p"]
    has_priors = "priors" in input.keys()
    return [f"--omega-p={limit}", f"--priors={input.priors}"] if has_priors else []


def find_pool(wildcards):
    """What the pool of a sample's run found."""
    pool = f"<results>/denoise/pools/{STUDY.sample(wildcards.key).run_key}"
    names = (
        "plan.json",
        "births.tsv",
        "shares.npz",
        "phase_plan.json",
        "phase_variants.tsv",
        "phase_shares.npz",
    )
    return [f"{pool}/{name}" for name in names]


def name_pool(wildcards, input):
    """Options of a sample that is taken from a pool."""
    return [f"--pool={Path(input.pool[0]).parent}"] if "pool" in input.keys() else []


def read_plan(wildcards):
    """The plan of the pool of a run, once it is made."""
    from vagus.denoise.pool_plan import PoolPlan

    return PoolPlan.load(checkpoints.plan_pool.get(run=wildcards.run).output.plan)


def list_samples(wildcards):
    """Unique sequences of the samples of a run."""
    return [
        f"<results>/reads/samples/{sample.key}/uniques.npz"
        for sample in STUDY.runs[wildcards.run]
    ]


def read_phase_plan(wildcards):
    """The plan of the pool of a run's phase samples, once it is made."""
    from vagus.phase.pool_plan import PhasePlan

    return PhasePlan.load(
        checkpoints.plan_phase_pool.get(run=wildcards.run).output.plan
    )


def list_phase_shards(name):
    """Files of all shards of the pool of a run's phase samples."""
    return lambda wildcards: [
        f"<results>/denoise/pools/{wildcards.run}/phase_shards/{number}.{name}"
        for number in range(len(read_phase_plan(wildcards).shards))
    ]


def list_shards(pattern):
    """Files of all shards of a pool."""
    return lambda wildcards: [
        pattern.format(run=wildcards.run, shard=number)
        for number in range(len(read_plan(wildcards).shards))
    ]


def list_shards_of_bundle(wildcards):
    """Sequences of the shards of a bundle."""
    return [
        f"<results>/denoise/pools/{wildcards.run}/shards/{number}.npz"
        for number in read_plan(wildcards).shards_of(int(wildcards.bundle))
    ]


def list_founders(wildcards):
    """Founders of all bundles of a pool."""
    return [
        f"<results>/denoise/pools/{wildcards.run}/founders/{bundle}.tsv"
        for bundle in range(read_plan(wildcards).n_bundles)
    ]


def name_rescued(wildcards, output):
    """Options of a pass that counts reads near a variant apart."""
    limit = STUDY.config["denoise"]["omega_rescue"]
    is_wanted = "rescued" in output.keys()
    return (
        [f"--omega-rescue={limit}", f"--rescued={output.rescued}"] if is_wanted else []
    )


LEVELS = [level for level in STUDY.config["diversity"]["levels"] if level != "asv"]


def list_level_files(*names):
    """Diversity files of these names of every level but the ASVs."""
    return expand("<results>/diversity/{level}/{name}", level=LEVELS, name=names)


def list_metric_files(*stems):
    """Files of these stems for every distance, of the ASVs and of every level."""
    metrics = STUDY.config["diversity"]["metrics"]
    own = expand("<results>/diversity/{stem}_{m}.tsv", stem=stems, m=metrics)
    without_tree = [metric for metric in metrics if "unifrac" not in metric]
    names = [f"{stem}_{m}.tsv" for stem in stems for m in without_tree]
    return own + list_level_files(*names)


def name_level_tables(wildcards, input):
    """Options of programs that also work on species, genera and so on."""
    return [f"--level-table={path}" for path in input.levels]


# With removal of contaminants, the tables of select_asvs are those before it, and the usual
# places hold the tables after it, so that every later stage works with these.
UNCLEANED = (
    "<results>/controls/before"
    if STUDY.config["controls"]["remove_contaminants"]
    else "<results>/taxonomy"
)
UNCLEANED_TABLE = f"{UNCLEANED}/asv_table.tsv"
UNCLEANED_ASVS = f"{UNCLEANED}/asvs.fasta"
CONTROL_TABLES = expand(
    "<results>/controls/{name}.tsv",
    name=[
        "mocks",
        "mock_taxa",
        "replicates",
        "repeatability",
        "batches",
        "checks",
        "verdict",
    ],
)


def name_removal(wildcards, output):
    """Options of find_contaminants when it removes what it calls."""
    if "kept_table" not in output.keys():
        return []
    return [f"--kept-table={output.kept_table}", f"--kept-asvs={output.kept_asvs}"]


def list_results():
    """Files that a finished study consists of; the checksums need all others."""
    return ["<results>/checksums.sha256"]


wildcard_constraints:
    key="[A-Za-z0-9._-]+",
    run="[A-Za-z0-9._-]+",
    shard="[0-9]+",
    bundle="[0-9]+",
