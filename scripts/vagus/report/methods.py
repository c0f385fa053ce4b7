"""The methods text: what was done, from the config and versions of this very study."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from markupsafe import Markup

from vagus.reads.platforms import Platform, find_platforms
from vagus.report.blocks import Column, Definitions, Details, Prose, Section, Table
from vagus.report.inputs import ReportInputs
from vagus.report.made_tests import MadeTests, list_made_tests
from vagus.report.numbers import format_count, format_setting
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


_MIN_ORDINATED = 3


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
            *self.describe_controls(), self.describe_diversity(), *cohort,
        ]  # fmt: skip

    def describe_reads(self) -> str:
        """Workflow, primers and filters."""
        reads = self.config["reads"]
        version = self.inputs.provenance.get("vagus", "")
        text = (
            f"Reads were processed with Vagus {version} ({self.name('snakemake')}; "
            f"{self.cite('snakemake')}). {self._describe_primers(reads)} Reads of "
            f"{format_count(reads['min_length_bp'])} to {format_count(reads['max_length_bp'])} "
            f"bp after trimming and without ambiguous bases were kept if they had at most "
            f"{self._limit_errors(reads['max_expected_errors'])} ({self.cite('edgar2015')})"
        )
        if reads["min_accuracy"] is not None:
            text += f" and a read accuracy of at least {reads['min_accuracy']:g}"
        return text + "."

    def _limit_errors(self, set_limit: float | None) -> str:
        """The limit of expected errors: as set, or the defaults of the platforms of the study."""
        if set_limit is not None:
            return f"{set_limit:g} expected errors"
        platforms = {str(p) for p in self.inputs.ledger.get("platform", []) if p}
        found = find_platforms(platforms or [""])
        limits = [(_limit_errors(platform), platform.long) for platform in found]
        if len(limits) == 1:
            return limits[0][0]
        return " or ".join(f"{limit} ({name})" for limit, name in limits)

    def _describe_primers(self, reads: dict[str, Any]) -> str:
        if reads["primers"] == "none":
            return "Primers had been removed before."
        ledger = self.inputs.ledger
        if not ledger["input"].sum():
            return "No read could be read."
        used = ledger[ledger["input"] > 0]
        found = sorted({str(p) for p in used.get("primers", []) if p})
        named = [pair for pair in found if pair != "none"]
        if found == ["none"]:
            return "No primers were found at the ends of the reads: they had been removed before."
        if isinstance(reads["primers"], dict):
            which = f"Primers {reads['primers']['forward']} and {reads['primers']['reverse']}"
        else:
            which = f"Primers ({', '.join(named)})" if named else "Primers"
        need = {
            "auto": "both primers, or what of them the reads of a sample carried,",
            "both": "both primers",
            "either": "at least one primer",
            "none": "no primer",
        }
        trimmed = " Reads of the other samples had come without primers." if "none" in found else ""
        where = " in some samples" if trimmed else ""
        return (
            f"{which} were found{where} in both orientations with {self.name('edlib')} "
            f"({self.cite('edlib')}), allowing for substitutions and indels in up to "
            f"{format_setting(reads['max_primer_error_rate'])} of their bases, and removed; "
            f"{need[reads['require']]} had to be present.{trimmed}"
        )

    def describe_denoising(self) -> str:
        """Error model, variants, chimeras, as the engines of this study make them."""
        from vagus.report.denoising_methods import describe_denoising

        return describe_denoising(self)

    def describe_taxonomy(self) -> str:
        """Classifier, identities, tree."""
        aligner = ""
        if self.config["phylogeny"]["aligner"] != "star":
            aligner = f" with FAMSA ({self.name('pyfamsa')}; {self.cite('famsa')})"
        return (
            f"{self._describe_names()} ASVs were aligned{aligner}, and an "
            "approximate maximum-likelihood tree was built with VeryFastTree "
            f"({self.name('veryfasttree')}; {self.cite('veryfasttree', 'fasttree')}) and rooted "
            "at its midpoint."
        )

    def _describe_names(self) -> str:
        """The rule of vagus.taxonomy.call."""
        from vagus.taxonomy.call import MIN_IDENTITY_ABOVE_GENUS, SPREAD_CONFIDENCE

        taxonomy = self.config["taxonomy"]
        reference = "the starter reference that comes with Vagus"
        if taxonomy["reference"] != "starter":
            reference = f"the reference {taxonomy['reference']}"
        species = format_setting(taxonomy["min_identity_species"])
        return (
            f"ASVs were named against {reference} by alignment and by a naive Bayes classifier on "
            f"8-mers ({self.cite('wang')}; {format_count(taxonomy['bootstraps'])} bootstraps). "
            "Names from domain to genus needed a bootstrap confidence of at least "
            f"{taxonomy['min_confidence']:g}, or a reference at an identity of {species} or more "
            "that the classifier did not contradict with that confidence; each rank also needed "
            f"its least identity, from {format_setting(MIN_IDENTITY_ABOVE_GENUS[0])} (domain) to "
            f"{format_setting(MIN_IDENTITY_ABOVE_GENUS[-1])} (family) and "
            f"{format_setting(taxonomy['min_identity_genus'])} (genus; near and below it a "
            f"confidence of {format_setting(SPREAD_CONFIDENCE)} instead). "
            "Species names are those of the nearest references with a species name and needed an "
            f"identity of at least {species}; the next species had to be at least "
            f"{taxonomy['min_species_margin']:g} times as far away."
        )

    def describe_controls(self) -> list[str]:
        """How contaminants were looked for; nothing where they were not."""
        table = self.inputs.table("controls/contaminants")
        if table is None or table["method"].iloc[0] == "none":
            return []
        controls = self.config["controls"]
        done = "removed" if controls["remove_contaminants"] else "reported, not removed"
        how = {
            "prevalence": "by prevalence in negative controls",
            "frequency": "by frequency against DNA concentration",
            "combined": "by prevalence in negative controls and by DNA concentration",
        }[str(table["method"].iloc[0])]
        return [
            f"Contaminants were called {how}, with the statistics of decontam "
            f"({self.cite('decontam')}) in an implementation of our own, at scores below "
            f"{controls['contaminant_threshold']:g}; they were {done}. Mock communities were "
            "compared with their known 16S composition. Each sequencing run got a verdict from "
            "its controls."
        ]

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
        alpha_text = (
            "Diversity within samples was measured as observed ASVs, Chao1 "
            f"({self.cite('chao')}), Shannon, Simpson, Pielou, Hill numbers of orders 1 and 2 and "
            f"Faith's phylogenetic diversity ({self.cite('faith')}), rarefaction curves as "
            f"expected values ({self.cite('hurlbert')}), with {self.name('scikit-bio')} "
            f"({self.cite('skbio')}), and as curves of Hill numbers of orders 0, 1 and 2, "
            f"extrapolated to twice the reads ({self.cite('hill')}) and at equal coverage "
            f"({self.cite('coverage')})"
        )
        return f"{rarefied} {alpha_text}.{self._describe_distances()}"

    def _describe_distances(self) -> str:
        """Distances and ordination, as far as there were samples enough; starts with a space."""
        ledger = self.inputs.ledger
        is_used = (ledger["asv_reads"] > 0) & ~ledger["sample"].isin(list(self.inputs.controls))
        n = int(is_used.sum())
        if n < 2:
            return ""
        sources = {
            "braycurtis": ("bray",),
            "unweighted_unifrac": ("unifrac",),
            "weighted_unifrac": ("weighted",),
            "aitchison": ("aitchison",),
            "robust_aitchison": ("rpca",),
        }
        distances = [
            name_distance(m) + (f" ({self.cite(*sources[m])})" if m in sources else "")
            for m in self.config["diversity"]["metrics"]
        ]
        compared = f" Samples were compared by {_join(distances)}"
        if n < _MIN_ORDINATED:
            return f"{compared}, controls left out."
        return (
            f"{compared} and ordinated by principal coordinates ({self.cite('gower')}) and by "
            f"non-metric scaling in two dimensions ({self.cite('nmds')}), controls left out."
        )

    def describe_cohort(self) -> str:
        """Tests that were made: which for which variable, and how repeats were handled."""
        made = list_made_tests(self.inputs)
        if not made:
            return f"Groups ({_join(self.inputs.groups)}) were given, but no test could be made."
        sentences = " ".join(self._describe_variable(*item) for item in made.items())
        return (
            f"{sentences} Up to {format_count(self.config['cohort']['permutations'])} "
            f"permutations were made, with seed {self.config['seed']}. p-values were corrected by "
            f"Benjamini-Hochberg ({self.cite('bh')}) over all alpha tests, over all PERMANOVA and "
            f"over all PERMDISP tests separately. {self._describe_models()}Tests show "
            "associations, not causes."
        )

    def _describe_models(self) -> str:
        """Models, courses and tests of taxa, where the tables are there; ends with a space."""
        names = ("alpha_models", "beta_models", "longitudinal_tests")
        alpha, beta, courses = (
            table is not None and bool(table["p_value"].notna().any())
            for table in (self.inputs.table(f"cohort/{name}") for name in names)
        )
        text = ""
        if alpha:
            text += (
                "Alpha diversity was modelled by linear models with HC2 errors and degrees of "
                f"freedom of {self.cite('bell')}, with a random intercept of the subject (REML, "
                f"Satterthwaite's degrees of freedom; {self.cite('kuznetsova')}) where subjects "
                "gave several samples. Hill numbers of orders 1 and 2 were modelled but not "
                "compared by ranks, since they have the order of Shannon and Simpson; those at "
                "equal coverage were not tested, since denoising removes the singletons that "
                "coverage is estimated from. "
            )
        if beta:
            text += (
                "Covariates entered PERMANOVA as terms, tested by permutation of residuals "
                f"({self.cite('mcardle', 'legendre')}), with partial omega squared as the effect "
                f"({self.cite('kelly')}). "
            )
        if courses:
            text += (
                "Change over time was compared by the mean distance between consecutive times and "
                "by the interaction of time and group. "
            )
        return text + self._describe_taxa()

    def _describe_taxa(self) -> str:
        tables = (
            self.inputs.table(f"cohort/differential_{rank}")
            for rank in self.config["cohort"].get("ranks", [])
        )
        used = {str(m) for t in tables if t is not None for m in t["method"].dropna().unique()}
        if not used:
            return ""
        sources = {"ANCOM-BC": "ancombc", "Dirichlet-multinomial": "aldex"}
        names = [
            name + (f" ({self.cite(sources[name])})" if name in sources else "")
            for name in sorted(used)
        ]
        share = format_setting(self.config["cohort"]["min_prevalence"])
        return (
            f"Taxa in at least {share} of the samples were compared by {_join(names)}, with "
            f"{self.name('scikit-bio')}. "
        )

    def _describe_variable(self, variable: str, made: dict[str, MadeTests]) -> str:
        """'For group, alpha diversity was compared by ...; distances were compared by ...'."""
        words = {"alpha": "alpha diversity was compared by", "beta": "distances were compared by"}
        parts = []
        for kind, tests in made.items():
            names = _join([self._cite_test(name) for name in tests.names])
            units = f", with {' or '.join(tests.units)}" if tests.units else ""
            parts.append(f"{words[kind]} {names}{units}")
        return f"For {variable}, {'; '.join(parts)}."

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


def _limit_errors(platform: Platform) -> str:
    """The errors that the default filter of a platform allows."""
    if platform.max_error_rate is not None:
        return f"expected errors of {format_setting(platform.max_error_rate)} of their length"
    return f"{platform.max_expected_errors:g} expected errors"
