# Denoise: which files its steps read, by sample, run and pool.

POOL = "<results>/denoise/pools/{run}"


def list_samples(wildcards):
    """Unique sequences of the samples of a run."""
    return [
        f"<results>/reads/samples/{sample.key}/uniques.npz"
        for sample in STUDY.runs[wildcards.run]
    ]


def of_run(*files):
    """Files of a sample's run, below <results>/denoise."""
    return lambda wildcards: [
        f"<results>/denoise/{file}".format(run=STUDY.sample(wildcards.key).run_key)
        for file in files
    ]


def name_partitions(facts):
    """Partitions of a run that an engine keeps when it learns, as a named output."""
    path = f"<results>/denoise/runs/{{run}}/{facts.name_file('partitions.npz')}"
    return {"partitions": path} if facts.keeps_partitions else {}


POOLING_ENGINES = [facts for facts in ENGINES.values() if facts.pool]
KEEPING_ENGINES = [facts for facts in ENGINES.values() if facts.keeps_partitions]
MODELS = {
    "model": of_run(*(f"runs/{{run}}/{facts.model}.tsv" for facts in ENGINES.values())),
    "engines": of_run("runs/{run}/engines.tsv"),
    "partitions": of_run(
        *(
            f"runs/{{run}}/{facts.name_file('partitions.npz')}"
            for facts in KEEPING_ENGINES
        )
    ),
}
# the variants of a sample are taken from the pool of its run
POOLS = {
    facts.name: [f"{POOL}/{facts.name_file(name)}" for name in facts.pool]
    for facts in POOLING_ENGINES
}


def list_pools(wildcards):
    """Files of the pools of a sample's run, engine by engine."""
    run = STUDY.sample(wildcards.key).run_key
    return [path.format(run=run) for paths in POOLS.values() for path in paths]


def label_files(wildcards, input):
    """Options for what a run has made for each engine, as far as a rule reads it."""
    engines = {
        "model": list(ENGINES),
        "partitions": [facts.name for facts in KEEPING_ENGINES],
        "pool": [name for name, paths in POOLS.items() for _ in paths],
    }
    return [
        word
        for name, labels in engines.items()
        if name in input.keys()
        for word in name_files(name, labels, input[name])
    ]


def bring_here(file):
    """A file that may be in a store only, as a path on this machine."""
    with file.open():
        return file


def find_plan(checkpoint, wildcards):
    """The plan of a pool of a run, once its checkpoint has made it."""
    made = getattr(checkpoints, checkpoint).get(run=wildcards.run)
    return bring_here(made.output.plan)
