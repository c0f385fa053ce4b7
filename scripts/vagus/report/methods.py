"""The methods text: what was done, from the config and versions of this very study."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from markupsafe import Markup

from vagus.report.blocks import Column, Definitions, Details, Prose, Section, Table
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_count
from vagus.report.ordination import name_distance
from vagus.report.templates import TEMPLATES


@dataclass(frozen=True)
class Citation:
    """A source: how it is cited in the text, and its entry in the list."""

    short: str
    entry: str
    doi: str


@cache
def load_citations() -> dict[str, Citation]:
    """The table of sources."""
    with open(TEMPLATES / "citations.yaml", encoding="utf-8") as stream:
        return {key: Citation(**entry) for key, entry in yaml.safe_load(stream).items()}


_TESTS = {
    "mann": "mannwhitney",
    "kruskal": "kruskal",
    "wilcoxon": "wilcoxon",
    "friedman": "friedman",
    "spearman": "spearman",
    "permanova": "permanova",
    "permdisp": "permdisp",
}


class MethodsText:
    """Paragraphs with citations, collected in the order in which they are cited."""

    def __init__(self, inputs: ReportInputs) -> None:
        self.inputs = inputs
        self.config = inputs.config
        self.packages: dict[str, str] = inputs.provenance.get("packages", {})
        self.cited: list[str] = []

    def cite(self, *keys: str) -> str:
        """'Author year; Author year' for use within brackets."""
        self.cited += [key for key in keys if key not in self.cited]
        return "; ".join(load_citations()[key].short for key in keys)

    def name(self, package: str) -> str:
        """A package with its version."""
        version = self.packages.get(package, "")
        return f"{package} {version}".strip()

    def paragraphs(self) -> list[str]:
        """Plain text, one paragraph a stage."""
        cohort = [self.describe_cohort()] if self.inputs.groups else []
        return [
            self.describe_reads(), self.describe_denoising(), self.describe_taxonomy(),
            self.describe_diversity(), *cohort,
        ]  # fmt: skip

    def describe_reads(self) -> str:
        """Workflow, primers and filters."""
        reads = self.config["reads"]
        version = self.inputs.provenance.get("vagus", "")
        text = (
            f"Reads were processed with Vagus {version} ({self.name('snakemake')}; "
            f"{self.cite('snakemake')}). {self._describe_primers(reads)} Reads of "
            f"{format_count(reads['min_length_bp'])} to {format_count(reads['max_length_bp'])} "
            "bp after trimming and without ambiguous bases were kept"
        )
        if reads["max_expected_errors"] is not None:
            text += f" if they had at most {reads['max_expected_errors']:g} expected errors"
        else:
            text += " if their expected errors were within the default of their platform"
        text += f" ({self.cite('edgar2015')})"
        if reads["min_accuracy"] is not None:
            text += f" and a read accuracy of at least {reads['min_accuracy']:g}"
        return text + "."

    def _describe_primers(self, reads: dict[str, Any]) -> str:
        if reads["primers"] == "none":
            return "Primers had been removed before."
        if isinstance(reads["primers"], dict):
            which = f"Primers {reads['primers']['forward']} and {reads['primers']['reverse']}"
        else:
            found = sorted(
                {str(p) for p in self.inputs.ledger.get("primers", []) if p and p != "none"}
            )
            which = f"Primers ({', '.join(found)})" if found else "Primers"
        need = {"both": "both primers", "either": "at least one primer", "none": "no primer"}
        return (
            f"{which} were found in both orientations with {self.name('edlib')} "
            f"({self.cite('edlib')}), allowing for substitutions and indels in up to "
            f"{reads['max_primer_error_rate']:.0%} of their bases, and removed; "
            f"{need[reads['require']]} had to be present."
        )

    def describe_denoising(self) -> str:
        """Error model, partition, chimeras."""
        denoise = self.config["denoise"]
        text = (
            "Amplicon sequence variants (ASVs) were inferred in each sample by the model of "
            f"DADA2 ({self.cite('dada2', 'dada2_full')}), in an implementation of our own: "
            "substitution rates by quality were learned for each sequencing run from up to "
            f"{denoise['learn_bases']:,} bases, and a unique sequence founded a variant at a "
            f"corrected abundance p-value below {denoise['omega_a']:g} (omega_C "
            f"{denoise['omega_c']:g}; alignment band {denoise['band_bp']} bp)."
        )
        if denoise["remove_chimeras"]:
            text += (
                f" Variants that two others at least {denoise['chimera_min_fold']:g} times more "
                "abundant compose exactly were removed as chimeras by consensus over samples (at "
                f"least {denoise['chimera_min_sample_fraction']:.0%} of the samples that hold "
                "them)."
            )
        return text

    def describe_taxonomy(self) -> str:
        """Classifier, identities, tree."""
        taxonomy = self.config["taxonomy"]
        reference = "the starter reference that comes with Vagus"
        if taxonomy["reference"] != "starter":
            reference = f"the reference {taxonomy['reference']}"
        aligner = ""
        if self.config["phylogeny"]["aligner"] != "star":
            aligner = f" with FAMSA ({self.name('pyfamsa')}; {self.cite('famsa')})"
        return (
            f"ASVs were named against {reference} by a naive Bayes classifier on 8-mers "
            f"({self.cite('wang')}; {taxonomy['bootstraps']} bootstraps, confidence at least "
            f"{taxonomy['min_confidence']:g}). Species names needed an identity of at least "
            f"{taxonomy['min_identity_species']:.1%} to a reference, genus names "
            f"{taxonomy['min_identity_genus']:.1%}. ASVs were aligned{aligner}, and an "
            "approximate maximum-likelihood tree was built with VeryFastTree "
            f"({self.name('veryfasttree')}; {self.cite('veryfasttree', 'fasttree')}) and rooted "
            "at its midpoint."
        )

    def describe_diversity(self) -> str:
        """Alpha, beta, ordination."""
        diversity = self.config["diversity"]
        alpha = self.inputs.alpha
        depth = 0 if alpha is None else int(alpha["depth"].max())
        rarefied = "Samples were not rarefied."
        if depth:
            rarefied = (
                f"Samples were rarefied to {format_count(depth)} reads; values are means over "
                f"{diversity['rarefaction_repeats']} draws."
            )
        sources = {
            "braycurtis": ("bray",),
            "unweighted_unifrac": ("unifrac",),
            "weighted_unifrac": ("weighted",),
            "aitchison": ("aitchison",),
        }
        alpha_text = (
            "Diversity within samples was measured as observed ASVs, Chao1 "
            f"({self.cite('chao')}), Shannon, Simpson, Pielou and Faith's phylogenetic diversity "
            f"({self.cite('faith')}), rarefaction curves as expected values "
            f"({self.cite('hurlbert')}), with {self.name('scikit-bio')} ({self.cite('skbio')})"
        )
        distances = [
            name_distance(m) + (f" ({self.cite(*sources[m])})" if m in sources else "")
            for m in diversity["metrics"]
        ]
        return (
            f"{rarefied} {alpha_text}. Samples were compared by {_join(distances)} and ordinated "
            f"by principal coordinates ({self.cite('gower')})."
        )

    def describe_cohort(self) -> str:
        """Tests that were made, by their names in the tables."""
        cohort = self.config["cohort"]
        alpha = _join([self._cite_test(name) for name in self._list_tests("alpha")])
        beta = _join([self._cite_test(name) for name in self._list_tests("beta")])
        if not alpha and not beta:
            return f"Groups ({_join(self.inputs.groups)}) were given, but no test could be made."
        parts = [f"in alpha diversity by {alpha}"] if alpha else []
        parts += [f"in distances by {beta}"] if beta else []
        return (
            f"Groups ({_join(self.inputs.groups)}) were compared {' and '.join(parts)}, with up "
            f"to {format_count(cohort['permutations'])} permutations and seed "
            f"{self.config['seed']}. p-values were corrected by Benjamini-Hochberg "
            f"({self.cite('bh')}). Tests show associations, not causes."
        )

    def _list_tests(self, kind: str) -> list[str]:
        table = self.inputs.table(f"cohort/{kind}_tests")
        if table is None:
            return []
        made = table.loc[table["p_value"].notna(), "test"]
        return list(dict.fromkeys(str(name) for name in made if isinstance(name, str)))

    def _cite_test(self, name: str) -> str:
        key = name.lower().replace("-", " ").split()[0]
        return f"{name} ({self.cite(_TESTS[key])})" if key in _TESTS else name


def build_methods(inputs: ReportInputs) -> Section:
    """Paragraphs, references and versions."""
    text = MethodsText(inputs)
    blocks: list[object] = [Prose(paragraph) for paragraph in text.paragraphs()]
    sources = sorted((load_citations()[key] for key in text.cited), key=lambda c: c.short)
    entries = [
        (source.short, Markup("{} {}").format(source.entry, _link_doi(source.doi)))
        for source in sources
    ]
    own = [["vagus", inputs.provenance["vagus"]], ["python", inputs.provenance["python"]]]
    rows = [*own, *([name, version] for name, version in sorted(text.packages.items()))]
    more = Markup(
        "Config, versions and checksums of inputs and references: "
        '<a href="../provenance.json">provenance.json</a>.'
    )
    versions = [Table([Column("software"), Column("version")], rows), Prose(more)]
    blocks += [Details("References", [Definitions(entries)]), Details("Versions", versions)]
    return Section("methods", "Methods", blocks)


def _link_doi(doi: str) -> Markup:
    if not doi:
        return Markup("")
    return Markup('<a href="https://doi.org/{0}">doi:{0}</a>').format(doi)


def _join(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
