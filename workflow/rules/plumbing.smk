# Plumbing: what all rules have in common is added here, so that they state only what they do.
#
# A rule NAME in rules/STAGE.smk or rules/STAGE/PART.smk gets
#     log        <results>/logs/STAGE/NAME.WILDCARDS.log
#     benchmark  <results>/benchmarks/STAGE/NAME.WILDCARDS.tsv
#     conda      the environment of all steps
#     resources  memory and time by the law of NAME (resources/step_costs.tsv), unless it states them
#     params     program: start of the command of scripts/NAME.py; code: digest of what that runs
# A rule that is made from another with "use rule" runs the program of that one; one that states
# **run_program(NAME) runs that.
#
# It is connected while the rule files of this workflow are read, and only then. Rules of a workflow
# that uses this one as a module are left alone.

import os
import re

from vagus.costs.amounts import Scope, estimate_amount, measure_amount
from vagus.costs.laws import find_law, read_laws
from vagus.programs import digest_program

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


def ask(step, choose=None, program=None):
    """Memory (MB) and time limit (minutes) of a step, by its law and all or some of its input.

    A step without a law has that of the step after which its program is named.
    """
    law = find_law(step if step in read_laws() else program)

    def ask_mb(wildcards, input, attempt, async_run):
        paths = choose(wildcards, input) if choose else input
        return law.ask_mb(measure(law.memory_amount, paths, async_run), attempt)

    def ask_minutes(wildcards, input, attempt, async_run):
        paths = choose(wildcards, input) if choose else input
        return law.ask_minutes(measure(law.cpu_amount, paths, async_run), attempt)

    return {"mem_mb": ask_mb, "runtime": ask_minutes}


def find_stage():
    """The stage whose rule file is being read."""
    file = workflow.included_stack[-1].get_path_or_uri(secret_free=True)
    return re.findall(r"\brules/(\w+)", file)[-1]


def list_wildcards(ruleinfo):
    """Wildcards of a rule's first output, in order; of one without files (no levels), none."""
    stated = workflow.modifier.ruleinfo_overwrite  # by "use rule ... with"
    output = (stated and stated.output) or ruleinfo.output
    first = next(iter([*output.paths, *output.kwpaths.values()]))
    return re.findall(
        r"{(\w+)", first if isinstance(first, str) else "".join(first[:1])
    )


def run_program(name):
    """Parameters that start scripts/NAME.py, with the digest of what it runs."""
    return {
        "program": f'"$VAGUS_PYTHON" "$VAGUS_SCRIPTS/{name}.py"',
        "code": digest_program(name),
    }


def add_plumbing(ruleinfo, name):
    """Add the directives that all rules have in common, by what Snakemake makes of directives."""
    positional, params = ruleinfo.params or ((), {})
    own = dict(ruleinfo.resources[1]) if ruleinfo.resources else {}
    inherited = (
        "program" in params
    )  # from the rule that this one is made from, or its own choice
    params = params if inherited else {**run_program(name), **params}
    law = ask(name, program=Path(params["program"].strip('"')).stem)
    resources = {**own, **law} if inherited else {**law, **own}
    stem = f"{find_stage()}/{'.'.join([name, *(f'{{{w}}}' for w in list_wildcards(ruleinfo))])}"
    for directive in (
        workflow.log(f"<results>/logs/{stem}.log"),
        workflow.benchmark(f"<results>/benchmarks/{stem}.tsv"),
        workflow.conda(str(CHECKOUT / "envs" / "vagus.yaml")),
        workflow.resources(**resources),
        workflow.params(*positional, **params),
    ):
        directive(ruleinfo)


SNAKEMAKE_RULE = workflow.rule


def make_rule(name=None, *place, **named_place):
    """What Snakemake calls for each rule, with the plumbing added first."""
    make = SNAKEMAKE_RULE(name, *place, **named_place)

    def decorate(ruleinfo):
        add_plumbing(ruleinfo, name or ruleinfo.name)
        return make(ruleinfo)

    return decorate


def connect_plumbing():
    """Add the plumbing to the rules that follow."""
    workflow.rule = make_rule


def disconnect_plumbing():
    """Leave the rules that follow as they are."""
    workflow.rule = SNAKEMAKE_RULE
