# Options beyond names: strains instead of 16S copies, and reads divided by copies a genome.

from vagus.files import digest_file
from vagus.taxonomy.copy_numbers import SHIPPED, SHIPPED_TABLE

COPY_NUMBERS = STUDY.config["taxonomy"]["copy_numbers"]
STRAIN_TABLES = (
    ["<results>/taxonomy/strains.tsv", "<results>/taxonomy/strain_table.tsv"]
    if STUDY.config["taxonomy"]["group_strains"]
    else []
)
COPY_TABLES = (
    ["<results>/taxonomy/copy_corrected_genus.tsv"] if COPY_NUMBERS != "none" else []
)


rule group_strains:
    """Group ASVs that look like the 16S copies of one strain."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        asvs="<results>/taxonomy/asvs.fasta",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
        samples=STUDY.config["samples"],
    output:
        strains="<results>/taxonomy/strains.tsv",
        table="<results>/taxonomy/strain_table.tsv",
    log:
        "<results>/logs/taxonomy/group_strains.log",
    benchmark:
        "<results>/benchmarks/taxonomy/group_strains.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("group_strains"),
        runtime=time_of("group_strains"),
    params:
        program=run_program("group_strains"),
        code=code_of("group_strains"),
        settings=settings_of("design.subject", "strains"),
    shell:
        "{params.program} --asv-table {input.table:q} --asvs {input.asvs:q} "
        "--taxonomy {input.taxonomy:q} --samples {input.samples:q} {params.settings:q} "
        "--strains {output.strains:q} --strain-table {output.table:q} 2> {log:q}"


rule correct_copy_numbers:
    """Divide reads by the 16S copies of their genus, beside the uncorrected tables."""
    input:
        own=[COPY_NUMBERS] if COPY_NUMBERS not in ("none", SHIPPED) else [],
        table="<results>/taxonomy/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
    output:
        table="<results>/taxonomy/copy_corrected_asv_table.tsv",
        genera="<results>/taxonomy/copy_corrected_genus.tsv",
        coverage="<results>/taxonomy/copy_number_coverage.tsv",
    log:
        "<results>/logs/taxonomy/correct_copy_numbers.log",
    benchmark:
        "<results>/benchmarks/taxonomy/correct_copy_numbers.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("correct_copy_numbers"),
        runtime=time_of("correct_copy_numbers"),
    params:
        program=run_program("correct_copy_numbers"),
        code=code_of("correct_copy_numbers"),
        numbers=lambda wildcards, input: input.own or COPY_NUMBERS,
        shipped=digest_file(SHIPPED_TABLE),
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q} "
        "--copy-numbers {params.numbers:q} --corrected-table {output.table:q} "
        "--genera {output.genera:q} --coverage {output.coverage:q} 2> {log:q}"
