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
from vagus.report.numbers import format_setting
from vagus.report.ordination import name_distance
from vagus.report.sentences import write, write_markup
from vagus.report.templates import TEMPLATES
from vagus.study.test_names import COUNTS


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


_DISTANCES = {
    "braycurtis": ("bray",),
    "unweighted_unifrac": ("unifrac",),
    "weighted_unifrac": ("weighted",),
    "aitchison": ("aitchison",),
    "robust_aitchison": ("rpca",),
}
_MODELS = {
    "alpha_models": "alpha_models",
    "beta_models": "beta_models",
    "longitudinal_tests": "longitudinal",
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

    def _write(self, sentence: str, **values: object) -> str:
        """A sentence that may cite sources and name packages."""
        return write(f"methods.{sentence}", cite=self.cite, name=self.name, **values)

    def describe_reads(self) -> str:
        """Workflow, primers and filters."""
        reads = self.config["reads"]
        return self._write(
            "reads", reads=reads, version=self.inputs.provenance.get("vagus", ""),
            primers=self._describe_primers(reads),
            limit=self._limit_errors(reads["max_expected_errors"]),
        )  # fmt: skip

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
        ledger = self.inputs.ledger
        if reads["primers"] == "none":
            return self._write("primers_before")
        if not ledger["input"].sum():
            return self._write("primers_no_reads")
        used = ledger[ledger["input"] > 0]
        found = sorted({str(p) for p in used.get("primers", []) if p})
        if found == ["none"]:
            return self._write("primers_none_found")
        return self._write(
            "primers", reads=reads, some_without="none" in found,
            pair=reads["primers"] if isinstance(reads["primers"], dict) else None,
            names=", ".join(pair for pair in found if pair != "none"),
        )  # fmt: skip

    def describe_denoising(self) -> str:
        """Error model, variants, chimeras, as the engines of this study make them."""
        from vagus.report.denoising_methods import describe_denoising

        return describe_denoising(self)

    def describe_taxonomy(self) -> str:
        """Classifier, identities, tree: the rule of vagus.taxonomy.call."""
        from vagus.taxonomy.call import MIN_IDENTITY_ABOVE_GENUS, SPREAD_CONFIDENCE

        taxonomy = self.config["taxonomy"]
        named = self._write(
            "names", taxonomy=taxonomy, reference=taxonomy["reference"],
            domain=MIN_IDENTITY_ABOVE_GENUS[0], family=MIN_IDENTITY_ABOVE_GENUS[-1],
            spread=SPREAD_CONFIDENCE,
        )  # fmt: skip
        tree = self._write("tree", **self.inputs.provenance["phylogeny"])
        return f"{named} {tree}"

    def describe_controls(self) -> list[str]:
        """How contaminants were looked for; nothing where they were not."""
        table = self.inputs.table("controls/contaminants")
        if table is None or table["method"].iloc[0] == "none":
            return []
        controls = self.config["controls"]
        return [
            self._write(
                "controls", method=str(table["method"].iloc[0]),
                threshold=controls["contaminant_threshold"],
                removed=controls["remove_contaminants"],
            )
        ]  # fmt: skip

    def describe_diversity(self) -> str:
        """Alpha, beta, ordination."""
        alpha = self.inputs.alpha
        depth = 0 if alpha is None else int(alpha["depth"].max())
        repeats = self.config["diversity"]["rarefaction_repeats"]
        within = self._write("diversity", depth=depth, repeats=repeats)
        return " ".join([within, *self._describe_distances()])

    def _describe_distances(self) -> list[str]:
        """Distances and ordination, as far as there were samples enough."""
        ledger = self.inputs.ledger
        is_used = (ledger["asv_reads"] > 0) & ~ledger["sample"].isin(list(self.inputs.controls))
        n = int(is_used.sum())
        if n < 2:
            return []
        distances = [
            name_distance(m) + (f" ({self.cite(*_DISTANCES[m])})" if m in _DISTANCES else "")
            for m in self.config["diversity"]["metrics"]
        ]
        ordinated = n >= _MIN_ORDINATED
        return [self._write("distances", distances=_join(distances), ordinated=ordinated)]

    def describe_cohort(self) -> str:
        """Tests that were made: which for which variable, and how repeats were handled."""
        made = list_made_tests(self.inputs)
        if not made:
            return self._write("cohort_untested", groups=_join(self.inputs.groups))
        permutations = self.config["cohort"]["permutations"]
        sentences = [
            *(self._describe_variable(*item) for item in made.items()),
            self._write("cohort_tests", permutations=permutations, seed=self.config["seed"]),
            *self._describe_models(), *self._describe_taxa(), self._write("associations"),
        ]  # fmt: skip
        return " ".join(sentences)

    def _describe_models(self) -> list[str]:
        """Models and trajectories, where their tables have tests."""
        tables = {name: self.inputs.table(f"cohort/{name}") for name in _MODELS}
        return [
            self._write(sentence)
            for name, sentence in _MODELS.items()
            if (table := tables[name]) is not None and bool(table["p_value"].notna().any())
        ]

    def _describe_taxa(self) -> list[str]:
        tables = (
            self.inputs.table(f"cohort/differential_{rank}")
            for rank in self.config["cohort"].get("ranks", [])
        )
        used = {str(m) for t in tables if t is not None for m in t["method"].dropna().unique()}
        if not used:
            return []
        sources = {"ANCOM-BC": "ancombc", "Dirichlet-multinomial": "aldex"}
        names = [
            name + (f" ({self.cite(sources[name])})" if name in sources else "")
            for name in sorted(used - {COUNTS})
        ]
        prevalence = self.config["cohort"]["min_prevalence"]
        return [self._write("taxa", prevalence=prevalence, methods=_join(names))]

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
    versions = [
        Table([Column("software"), Column("version")], rows),
        Prose(write_markup("summary.versions")),
    ]
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
