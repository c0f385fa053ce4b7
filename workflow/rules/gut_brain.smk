# Gut-brain view (opt-in): reads of taxa with a documented capacity.

from vagus.files import digest_file

GUT_BRAIN_TABLES = (
    expand(
        "<results>/gut_brain/{name}.tsv",
        name=["taxa", "samples", "coverage", "groups"],
    )
    if STUDY.config["gut_brain"]["enabled"]
    else []
)


rule summarise_gut_brain:
    """Sum the reads of taxa with a documented gut-brain capacity."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
        samples=STUDY.config["samples"],
    output:
        taxa="<results>/gut_brain/taxa.tsv",
        samples="<results>/gut_brain/samples.tsv",
        coverage="<results>/gut_brain/coverage.tsv",
        groups="<results>/gut_brain/groups.tsv",
    log:
        "<results>/logs/gut_brain/summarise_gut_brain.log",
    benchmark:
        "<results>/benchmarks/gut_brain/summarise_gut_brain.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("summarise_gut_brain"),
        runtime=time_of("summarise_gut_brain"),
    params:
        program=run_program("summarise_gut_brain"),
        code=code_of("summarise_gut_brain"),
        tables=[
            digest_file(RESOURCES / "gut_brain" / f"{name}.tsv")
            for name in ("capacities", "sources", "taxa")
        ],
        groups=[*STUDY.groups, *filter(None, [STUDY.config["cohort"]["time"]])],
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q}"
        " --samples {input.samples:q} --group {params.groups:q}"
        " --taxa {output.taxa:q} --sample-sums {output.samples:q}"
        " --coverage {output.coverage:q} --group-sums {output.groups:q} 2> {log:q}"
