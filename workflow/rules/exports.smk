# Exports: the study in the forms that other programs load.
#
# Inputs:
#     <results>/selection/asv_table.tsv
#     <results>/selection/asvs.fasta
#     <results>/taxonomy/taxonomy.tsv
#     <results>/selection/composition_genus.tsv
#     <results>/phylogeny/tree.nwk
#     <results>/denoise/ledger.tsv
#     <results>/diversity/alpha.tsv
#     the sample sheet
# Outputs, those that are asked for:
#     <results>/exports/asv_table.biom
#     <results>/exports/qiime2
#     <results>/exports/phyloseq
#     <results>/exports/study.h5ad
#     <results>/exports/asvs.embl
#     <results>/exports/multiqc

from vagus.export_forms import FORMS

EXPORTS = {form.name: f"<results>/exports/{form.output}" for form in FORMS}
LISTED_FILES += [EXPORTS[name] for name in STUDY.config["exports"]]
EXPORT_INPUTS = {
    "asv_table": "<results>/selection/asv_table.tsv",
    "taxonomy": "<results>/taxonomy/taxonomy.tsv",
    "samples": STUDY.config["samples"],
    "asvs": "<results>/selection/asvs.fasta",
    "tree": "<results>/phylogeny/tree.nwk",
    "ledger": "<results>/denoise/ledger.tsv",
    "alpha": "<results>/diversity/alpha.tsv",
    "composition": "<results>/selection/composition_genus.tsv",
}
# Columns of names: a subject '007' is not a number.
CATEGORICAL = [
    f"--categorical={name}" for name in [*STUDY.groups, STUDY.subject] if name
]
EXPORT_PARAMETERS = {"categorical": CATEGORICAL, "controls": CONTROL_OPTIONS}


def name_inputs(wildcards, input):
    """Options that name the inputs of a rule, by their names."""
    return [f"--{name.replace('_', '-')}={path}" for name, path in input.items()]


def name_outputs(wildcards, output):
    """Options that name the outputs of a rule, by their names."""
    return [f"--{name.replace('_', '-')}={path}" for name, path in output.items()]


for form in FORMS:

    rule:
        """Write the study in one form for other programs."""
        name:
            f"export_{form.name}"
        input:
            **{name: EXPORT_INPUTS[name] for name in form.inputs},
        output:
            **{
                form.option: (
                    directory(EXPORTS[form.name])
                    if form.is_folder
                    else EXPORTS[form.name]
                )
            },
        params:
            inputs=name_inputs,
            outputs=name_outputs,
            own=EXPORT_PARAMETERS[form.parameter],
        shell:
            "{params.program} {params.inputs:q} {params.own:q} {params.outputs:q} 2> {log:q}"
