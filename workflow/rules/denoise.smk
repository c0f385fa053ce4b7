# From dereplicated reads to ASVs: an error model for each run, variants for each sample (with
# pooling 'pseudo' in two passes, with 'pooled' taken from the pool), and the ASV table of the study.

POOLING = STUDY.config["denoise"]["pooling"]


rule choose_engines:
    """Choose the denoising engine of each sample of one sequencing run."""
    input:
        list_samples,
    output:
        "<results>/denoise/runs/{run}/engines.tsv",
    log:
        "<results>/logs/denoise/choose_engines.{run}.log",
    benchmark:
        "<results>/benchmarks/denoise/choose_engines.{run}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("choose_engines"),
        runtime=time_of("choose_engines"),
    params:
        program=run_program("choose_engines"),
        code=code_of("choose_engines"),
        settings=settings_of("engines.engine"),
    shell:
        "{params.program} {params.settings:q} --engines {output:q} -- {input:q} 2> {log:q}"


rule learn_errors:
    """Learn the error model of one sequencing run for the samples that dada denoises."""
    input:
        uniques=list_samples,
        engines=rules.choose_engines.output,
    output:
        model="<results>/denoise/runs/{run}/error_model.tsv",
        description="<results>/denoise/runs/{run}/error_model.json",
        partitions="<results>/denoise/runs/{run}/partitions.npz",
    log:
        "<results>/logs/denoise/learn_errors.{run}.log",
    benchmark:
        "<results>/benchmarks/denoise/learn_errors.{run}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("learn_errors"),
        runtime=time_of("learn_errors"),
    params:
        program=run_program("learn_errors"),
        code=code_of("learn_errors"),
        settings=settings_of("learning", "dada"),
    shell:
        "{params.program} {params.settings:q} --error-model {output.model:q} "
        "--description {output.description:q} --partitions {output.partitions:q} "
        "--engines {input.engines:q} -- {input.uniques:q} 2> {log:q}"


rule learn_phase_errors:
    """Learn the error model of one sequencing run for the samples that phase denoises."""
    input:
        uniques=list_samples,
        engines=rules.choose_engines.output,
    output:
        model="<results>/denoise/runs/{run}/phase_error_model.tsv",
        description="<results>/denoise/runs/{run}/phase_error_model.json",
    log:
        "<results>/logs/denoise/learn_phase_errors.{run}.log",
    benchmark:
        "<results>/benchmarks/denoise/learn_phase_errors.{run}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("learn_phase_errors"),
        runtime=time_of("learn_phase_errors"),
    params:
        program=run_program("learn_phase_errors"),
        code=code_of("learn_phase_errors"),
        settings=settings_of("phase"),
    shell:
        "{params.program} {params.settings:q} --model {output.model:q} "
        "--description {output.description:q} "
        "--engines {input.engines:q} -- {input.uniques:q} 2> {log:q}"


# where the variants of one sample go when it is denoised by itself
ALONE = "first_pass" if POOLING == "pseudo" else "samples"

# the last pass over a sample counts reads near a variant apart, if wanted
RESCUE = STUDY.config["denoise"]["rescue"]
RESCUE_OUTPUT = (
    {"rescued": "<results>/denoise/samples/{key}/rescued.tsv"} if RESCUE else {}
)


rule denoise_sample:
    """Find the sequence variants of one sample by the engine that suits its reads."""
    input:
        **(POOL_INPUT if POOLING == "pooled" else {}),
        **MODELS,
        uniques="<results>/reads/samples/{key}/uniques.npz",
    output:
        **(RESCUE_OUTPUT if ALONE == "samples" else {}),
        variants=f"<results>/denoise/{ALONE}/{{key}}/variants.tsv",
        losses=f"<results>/denoise/{ALONE}/{{key}}/losses.json",
    log:
        "<results>/logs/denoise/denoise_sample.{key}.log",
    benchmark:
        "<results>/benchmarks/denoise/denoise_sample.{key}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("denoise_sample"),
        runtime=time_of("denoise_sample"),
    params:
        program=run_program("denoise_sample"),
        code=code_of("denoise_sample"),
        settings=settings_of("engines.omega_rescue", "dada", "phase"),
        priors=name_priors,
        rescued=name_rescued,
        pool=name_pool,
    shell:
        "{params.program} {params.settings:q} {params.priors:q} {params.rescued:q} {params.pool:q} "
        "--uniques {input.uniques:q} --error-model {input.model:q} "
        "--partitions {input.partitions:q} "
        "--phase-model {input.phase_model:q} --engines {input.engines:q} "
        "--variants {output.variants:q} --losses {output.losses:q} 2> {log:q}"


if POOLING == "pseudo":

    rule choose_priors:
        """Choose the variants that several samples hold as priors for the second pass."""
        input:
            expand("<results>/denoise/first_pass/{key}/variants.tsv", key=KEYS),
        output:
            "<results>/denoise/priors.fasta",
        log:
            "<results>/logs/denoise/choose_priors.log",
        benchmark:
            "<results>/benchmarks/denoise/choose_priors.tsv"
        conda:
            "../../envs/vagus.yaml"
        threads: 1
        resources:
            mem_mb=memory_of("choose_priors"),
            runtime=time_of("choose_priors"),
        params:
            program=run_program("choose_priors"),
            code=code_of("choose_priors"),
            settings=settings_of("engines.pseudo_min_samples"),
        shell:
            "{params.program} {params.settings:q} --priors {output:q} "
            "-- {input:q} 2> {log:q}"

    # the second pass over each sample, now with the priors of the study
    use rule denoise_sample as denoise_sample_again with:
        input:
            **MODELS,
            uniques="<results>/reads/samples/{key}/uniques.npz",
            priors="<results>/denoise/priors.fasta",
        output:
            **RESCUE_OUTPUT,
            variants="<results>/denoise/samples/{key}/variants.tsv",
            losses="<results>/denoise/samples/{key}/losses.json",
        log:
            "<results>/logs/denoise/denoise_sample_again.{key}.log",
        benchmark:
            "<results>/benchmarks/denoise/denoise_sample_again.{key}.tsv"
        resources:
            mem_mb=memory_of("denoise_sample_again"),
            runtime=time_of("denoise_sample_again"),


rule merge_variants:
    """Merge the variants of all samples, remove chimeras and account for every read."""
    input:
        variants=expand("<results>/denoise/samples/{key}/variants.tsv", key=KEYS),
        losses=expand("<results>/denoise/samples/{key}/losses.json", key=KEYS),
        ledger="<results>/reads/ledger.tsv",
    output:
        table="<results>/denoise/asv_table.tsv",
        biom="<results>/denoise/asv_table.biom",
        fasta="<results>/denoise/asvs.fasta",
        asvs="<results>/denoise/asvs.tsv",
        chimeras="<results>/denoise/chimeras.tsv",
        ledger="<results>/denoise/ledger.tsv",
    log:
        "<results>/logs/denoise/merge_variants.log",
    benchmark:
        "<results>/benchmarks/denoise/merge_variants.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("merge_variants"),
        runtime=time_of("merge_variants"),
    params:
        program=run_program("merge_variants"),
        code=code_of("merge_variants"),
        settings=settings_of("engines.remove_chimeras", "chimeras"),
    shell:
        "{params.program} --reads-ledger {input.ledger:q} "
        "{params.settings:q} "
        "--asv-table {output.table:q} --biom {output.biom:q} --fasta {output.fasta:q} "
        "--asvs {output.asvs:q} --chimeras {output.chimeras:q} --ledger {output.ledger:q} "
        "--variants {input.variants:q} --losses {input.losses:q} 2> {log:q}"


if RESCUE:

    rule merge_rescued:
        """Merge the reads that were rescued in each sample, beside the ASV table."""
        input:
            rescued=expand("<results>/denoise/samples/{key}/rescued.tsv", key=KEYS),
            asvs="<results>/denoise/asvs.tsv",
        output:
            "<results>/denoise/rescued.tsv",
        log:
            "<results>/logs/denoise/merge_rescued.log",
        benchmark:
            "<results>/benchmarks/denoise/merge_rescued.tsv"
        conda:
            "../../envs/vagus.yaml"
        threads: 1
        resources:
            mem_mb=memory_of("merge_rescued"),
            runtime=time_of("merge_rescued"),
        params:
            program=run_program("merge_rescued"),
            code=code_of("merge_rescued"),
        shell:
            "{params.program} --asvs {input.asvs:q} --rescued {output:q} "
            "-- {input.rescued:q} 2> {log:q}"
