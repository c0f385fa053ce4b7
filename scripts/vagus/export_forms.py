"""Forms in which a study is written for other programs.

A new form is a writer in ``vagus.exports``, its step program ``scripts/export_NAME.py``, and one
row here: the config's choices, the rule and the description of its files are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass

# files of a study that a program takes, by the name of its option
CONTENT = ("asv_table", "taxonomy", "samples")
SEQUENCES = ("asvs", "tree")
# parameters that a program takes besides files
CATEGORICAL, CONTROLS = "categorical", "controls"


@dataclass(frozen=True)
class Form:
    """One form.

    Attributes:
        name: its name in the config; its program is ``export_NAME.py``.
        words: what it is, for the manual.
        output: file or folder below ``exports/``.
        option: option of the program that names the output; ``folder`` for a folder.
        inputs: options of the program that name files.
        parameter: what the program is given besides files.
        title: what its files are, where the registry of tables does not describe each of them.
        is_default: whether it is written where the config does not say which are.
    """

    name: str
    words: str
    output: str
    option: str
    inputs: tuple[str, ...] = (*CONTENT, *SEQUENCES)
    parameter: str = CATEGORICAL
    title: str = ""
    is_default: bool = True

    @property
    def program(self) -> str:
        """Name of its step program."""
        return f"export_{self.name}"

    @property
    def is_folder(self) -> bool:
        """Whether the output is a folder."""
        return self.option == "folder"

    @property
    def pattern(self) -> str:
        """Pattern of its files in a results folder."""
        return f"exports/{self.output}{'/*' if self.is_folder else ''}"


FORMS = (
    Form(
        "biom", "BIOM 2.1 with lineages", "asv_table.biom", "biom", inputs=CONTENT,
        title="The ASV table as BIOM 2.1 with lineages and the sample sheet inside.",
    ),
    Form("qiime2", "files that QIIME 2 imports", "qiime2", "folder"),
    Form("phyloseq", "plain files and the R program that loads them", "phyloseq", "folder"),
    Form(
        "anndata", ".h5ad", "study.h5ad", "h5ad",
        title="The study as AnnData: samples x ASVs with the sample sheet, names and sequences.",
    ),
    Form(
        "embl", "entries of the ASVs for a sequence archive", "asvs.embl", "embl",
        inputs=(*CONTENT, "asvs"),
        title="The ASVs as EMBL entries, to be submitted to a sequence archive.",
        is_default=False,
    ),
    Form(
        "multiqc", "custom content", "multiqc", "folder",
        inputs=("ledger", "alpha", "composition"), parameter=CONTROLS,
    ),
)  # fmt: skip
