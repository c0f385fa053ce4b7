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

from vagus.study.results_folder import check_results, claim_results
from vagus.study.study import make_study
from vagus.costs.amounts import Scope, estimate_amount, measure_amount
from vagus.costs.laws import read_laws
from vagus.errors import VagusError
from vagus.programs import digest_program
from vagus.study.sections import list_options

CONFIG_FILE = Path(workflow.configfiles[0]) if workflow.configfiles else None

try:
    STUDY = make_study(config)
    if workflow.is_main_process:  # in jobs it is known
        check_results(STUDY, CONFIG_FILE)
except VagusError as error:
    sys.exit(f"error: {error}")


onstart:
    claim_results(STUDY, CONFIG_FILE)


RESULTS = STUDY.config["results"]
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
    "PYTHONHASHSEED=0 MPLBACKEND=agg LC_ALL=C.UTF-8; "
)


def run_program(program):
    """Start of the shell command of a step program."""
    return f'"$VAGUS_PYTHON" "$VAGUS_SCRIPTS/{program}.py"'


def name_known_calls(wildcards, output):
    """Where the calls so far are kept, so that added samples cost only their new ASVs.

    It is no result. Where results are in a store, it stays on the machine that ran the step.
    """
    return str(Path(output.taxonomy).with_name(".known_calls.jsonl.gz"))


def settings_of(*names):
    """Options of a step program for these settings: parts of the config or single keys."""
    return list_options(STUDY.config, *names)


def code_of(program):
    """Digest of the code that a step program runs, so that edits of it rerun the rule."""
    return digest_program(program)


SCOPE = Scope(
    len(STUDY.samples),
    STUDY.config["denoise"]["learn_bases"],
    STUDY.config["denoise"]["pool_shard_uniques"],
)


def measure(amount, paths, async_run):
    """The amount that a step works on; of files that are only in a store, by their sizes there."""
    stored = [
        path
        for path in paths
        if getattr(path, "is_storage", False) and not os.path.exists(path)
    ]
    if not stored:
        return measure_amount(amount, paths, SCOPE)
    sizes = {str(path): async_run(path.size()) for path in stored}
    sizes |= {str(p): os.stat(p).st_size for p in paths if str(p) not in sizes}
    return estimate_amount(amount, sizes, SCOPE)


def memory_of(step, choose=None):
    """Memory (MB) of a step, from the size of its input or of some of it."""
    law = read_laws()[step]

    def ask(wildcards, input, attempt, async_run):
        paths = choose(wildcards, input) if choose else input
        return law.ask_mb(measure(law.memory_amount, paths, async_run), attempt)

    return ask


def time_of(step, choose=None):
    """Time limit (minutes) of a step, from the size of its input or of some of it."""
    law = read_laws()[step]

    def ask(wildcards, input, attempt, async_run):
        paths = choose(wildcards, input) if choose else input
        return law.ask_minutes(measure(law.cpu_amount, paths, async_run), attempt)

    return ask


def name_files(option, names, paths):
    """An option that names files, once for each of them: OPTION=NAME=PATH."""
    return [f"{option}={name}={path}" for name, path in zip(names, paths, strict=True)]


def of_run(name):
    """A file of a sample's run: error model, engines of the samples, ..."""
    return lambda wildcards: (
        f"<results>/denoise/runs/{STUDY.sample(wildcards.key).run_key}/{name}"
    )


MODELS = {
    "model": of_run("error_model.tsv"),
    "phase_model": of_run("phase_error_model.tsv"),
    "engines": of_run("engines.tsv"),
    "partitions": of_run("partitions.npz"),
}


def name_priors(wildcards, input):
    """Options of a pass with priors."""
    return [f"--priors={input.priors}"] if "priors" in input.keys() else []


def of_pool(*names):
    """Files of the pool of a sample's run."""
    return lambda wildcards: [
        f"<results>/denoise/pools/{STUDY.sample(wildcards.key).run_key}/{name}"
        for name in names
    ]


# the variants of a sample are taken from the pool of its run
POOL_INPUT = {
    "pool": of_pool("plan.json", "births.tsv", "shares.npz"),
    "phase_pool": of_pool("phase_plan.json", "phase_variants.tsv", "phase_shares.npz"),
}


def name_pool(wildcards, input):
    """Options of a sample that is taken from a pool."""
    if "pool" not in input.keys():
        return []
    return ["--pool", *input.pool, "--phase-pool", *input.phase_pool]


def bring_here(file):
    """A file that may be in a store only, as a path on this machine."""
    with file.open():
        return file


def read_plan(wildcards):
    """The plan of the pool of a run, once it is made."""
    from vagus.pool.plan import PoolPlan

    made = checkpoints.plan_pool.get(run=wildcards.run)
    return PoolPlan.load(bring_here(made.output.plan))


def list_samples(wildcards):
    """Unique sequences of the samples of a run."""
    return [
        f"<results>/reads/samples/{sample.key}/uniques.npz"
        for sample in STUDY.runs[wildcards.run]
    ]


def read_phase_plan(wildcards):
    """The plan of the pool of a run's phase samples, once it is made."""
    from vagus.phase.pool_plan import PhasePlan

    made = checkpoints.plan_phase_pool.get(run=wildcards.run)
    return PhasePlan.load(bring_here(made.output.plan))


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
    return [f"--rescued={output.rescued}"] if "rescued" in output.keys() else []


LEVELS = [level for level in STUDY.config["diversity"]["levels"] if level != "asv"]


def list_level_files(*names):
    """Diversity files of these names of every level but the ASVs."""
    return expand("<results>/diversity/{level}/{name}", level=LEVELS, name=names)


BETA_METRICS = STUDY.config["diversity"]["metrics"]
WITHOUT_TREE = [metric for metric in BETA_METRICS if "unifrac" not in metric]
# ASVs first; the distances of taxa need no tree
ALL_LEVELS = ["asv", *LEVELS]
METRICS_OF_LEVELS = [
    *(f"asv/{metric}" for metric in BETA_METRICS),
    *(f"{level}/{metric}" for level in LEVELS for metric in WITHOUT_TREE),
]


def list_of_levels(name):
    """Files of this name of the ASVs and of every level, in the order of ALL_LEVELS."""
    return [f"<results>/diversity/{name}", *list_level_files(name)]


def list_of_metrics(stem):
    """Files of every distance of every level, in the order of METRICS_OF_LEVELS."""
    own = [f"<results>/diversity/{stem}_{metric}.tsv" for metric in BETA_METRICS]
    return own + list_level_files(*(f"{stem}_{m}.tsv" for m in WITHOUT_TREE))


def name_level_tables(wildcards, input):
    """Options of programs that also work on species, genera and so on."""
    return name_files("--level-table", LEVELS, input.levels)


def name_tables(wildcards, input):
    """Options of programs that work on all levels alike."""
    return name_files("--table", ALL_LEVELS, [input.table, *input.levels])


# With removal of contaminants, the tables of select_asvs are those before it, and the usual
# places hold the tables after it, so that every later stage works with these.
UNCLEANED = (
    "<results>/controls/before"
    if STUDY.config["controls"]["remove_contaminants"]
    else "<results>/taxonomy"
)
UNCLEANED_TABLE = f"{UNCLEANED}/asv_table.tsv"
UNCLEANED_ASVS = f"{UNCLEANED}/asvs.fasta"
CONTROL_NAMES = [
    "mocks",
    "mock_taxa",
    "replicates",
    "repeatability",
    "batches",
    "checks",
    "verdict",
]
CONTROL_TABLES = expand("<results>/controls/{name}.tsv", name=CONTROL_NAMES)


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
