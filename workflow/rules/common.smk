# Shared by all stages: the study, where programs and resources are, and options of programs.
#
# Inputs:
#     the config, the sample sheet
#
# Programs and resources are named through environment variables that the shell prefix sets, so
# that no parameter contains the place of this checkout. A copied checkout reruns nothing.

import shlex
import sys
from pathlib import Path

RULES = Path(workflow.current_basedir.get_path_or_uri(secret_free=True))
CHECKOUT = RULES.parents[1]
if RULES.is_dir():
    sys.path.insert(0, str(CHECKOUT / "scripts"))
else:
    # a module that Snakemake reads from a forge or from git: it has the rules, the rest is installed
    from vagus.product import ROOT as CHECKOUT

from vagus.study.results_folder import check_results, claim_results
from vagus.study.study import make_study
from vagus.engines import ENGINES
from vagus.errors import VagusError
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

# How a program is started: when something ends it from outside, its log says so.
RUN_PROGRAM = (
    f'run_program() {{ local code=0; {shlex.quote(PYTHON)} "$@" || code=$?; '
    "case $code in "
    "137) echo 'error: killed from outside (SIGKILL), most often because memory ran out';; "
    "143) echo 'error: ended from outside (SIGTERM), as by a time limit or a shutdown';; "
    '13[4-9]) echo "error: crashed (SIG$(kill -l $code))";; '
    "esac >&2; return $code; }; "
)

shell.executable("bash")
prefix = (
    f"set -euo pipefail; {RUN_PROGRAM}"
    "export VAGUS_PYTHON=run_program "
    f"VAGUS_SCRIPTS={shlex.quote(str(CHECKOUT / 'scripts'))} "
    f"VAGUS_RESOURCES={shlex.quote(str(RESOURCES))} "
    "PYTHONHASHSEED=0 MPLBACKEND=agg LC_ALL=C.UTF-8; "
)
shell.prefix(prefix.replace("{", "{{").replace("}", "}}"))  # it is formatted

# Every stage adds its files to these: tables that the page of a sample needs, tables that the page
# of the study needs too, and files that the pages only list. All get a checksum.
SAMPLE_PAGE_TABLES = []
STUDY_PAGE_TABLES = []
LISTED_FILES = []


def group_by_stage(files):
    """Files of each stage, which are in the folder of its name."""
    stages = {}
    for file in files:
        stages.setdefault(file.split("/")[1], []).append(file)
    return stages


def settings_of(*names):
    """Options of a step program for these settings: parts of the config or single keys."""
    return list_options(STUDY.config, *names)


def name_files(name, labels, paths):
    """An option that names files, once for each of them: --NAME=LABEL=PATH."""
    option = name.replace("_", "-")
    pairs = zip(labels, paths, strict=True)
    return [f"--{option}={label}={path}" for label, path in pairs]


def label_input(name, labels):
    """Options for the files that are this input of a rule, each with its label."""
    return lambda wildcards, input: name_files(name, labels, input[name])


def label_output(name, labels):
    """Options for the files that are this output of a rule, each with its label."""
    return lambda wildcards, output: name_files(name, labels, output[name])


def name_optional(option, files, name):
    """An option that names a file of a rule, where the rule has it."""
    return [f"{option}={files[name]}"] if name in files.keys() else []


wildcard_constraints:
    key="[A-Za-z0-9._-]+",
    run="[A-Za-z0-9._-]+",
    shard="[0-9]+",
    bundle="[0-9]+",
