# From ASVs to a rooted tree.


rule align_asvs:
    """Align ASVs to each other."""
    input:
        asvs="<results>/taxonomy/asvs.fasta",
    output:
        alignment="<results>/phylogeny/alignment.fasta.gz",
    log:
        "<results>/logs/phylogeny/align_asvs.log",
    benchmark:
        "<results>/benchmarks/phylogeny/align_asvs.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 8
    resources:
        mem_mb=memory_of("align_asvs"),
        runtime=time_of("align_asvs"),
    params:
        program=run_program("align_asvs"),
        code=code_of("align_asvs"),
        settings=settings_of("tree"),
    shell:
        "{params.program} --asvs {input.asvs:q} {params.settings:q} "
        "--threads {threads} --alignment {output.alignment:q} 2> {log:q}"


rule build_tree:
    """Infer a tree by maximum likelihood and root it at its midpoint."""
    input:
        alignment="<results>/phylogeny/alignment.fasta.gz",
    output:
        tree="<results>/phylogeny/tree.nwk",
    log:
        "<results>/logs/phylogeny/build_tree.log",
    benchmark:
        "<results>/benchmarks/phylogeny/build_tree.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("build_tree"),
        runtime=time_of("build_tree"),
    params:
        program=run_program("build_tree"),
        code=code_of("build_tree"),
        settings=settings_of("general.seed"),
    shell:
        "{params.program} --alignment {input.alignment:q} {params.settings:q} "
        "--tree {output.tree:q} 2> {log:q}"
