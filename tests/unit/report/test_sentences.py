"""Sentences of the pages in every state: none, one, many; with and without groups or controls."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from markupsafe import Markup

from vagus.programs import SCRIPTS, list_sources
from vagus.report.losses import explain_loss
from vagus.report.sentences import SENTENCES, read_sentences, write, write_markup

LIBRARY = SENTENCES.parents[2]
# what a key means is in its settings class
PAGES = [path for path in sorted([*LIBRARY.glob("report/*.py"), *LIBRARY.glob("*/report.py"),
         *LIBRARY.glob("*/model_figure.py")])
         if path.stem not in ("settings", "readme")]  # fmt: skip
LOSSES = {name.removeprefix("losses.") for name in read_sentences()
          if name.startswith("losses.") and name != "losses.other"}  # fmt: skip
_CALL = re.compile(r"""write(?:_markup)?\(\s*f?"(\w+\.\w+)\"""")


def make_citation(*keys: str) -> str:
    return "; ".join(keys).upper()


def make_name(package: str) -> str:
    return f"{package} 1.0"


NAMES = {"cite": make_citation, "name": make_name}


def test_every_sentence_is_used_and_every_use_is_there() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in LIBRARY.rglob("*.py"))
    called = set(_CALL.findall(code))
    known = set(read_sentences())
    assert called <= known
    quoted = {name for name in known if f'"{name}"' in code}
    methods = {name for name in known if name.startswith("methods.")}
    assert {name for name in methods if f'"{name.removeprefix("methods.")}"' in code} == methods
    losses = {name for name in known if name.startswith("losses.")}
    assert known - methods - losses <= quoted


def list_sentences(path: Path) -> list[str]:
    """Literals of a module that are sentences: six words or more and a full stop."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
             for part in node.values}  # fmt: skip
    found = []
    for node in ast.walk(tree):
        if id(node) in docs | parts or not isinstance(node, ast.Constant | ast.JoinedStr):
            continue
        literals = node.values if isinstance(node, ast.JoinedStr) else [node]
        text = "".join(str(part.value) if isinstance(part, ast.Constant) else "X"
                       for part in literals)  # fmt: skip
        if len(text.split()) > 5 and text.rstrip().endswith((".", ". X")):
            found.append(f"{node.lineno}: {text}")
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_sentences_are_in_the_templates(path: Path) -> None:
    assert list_sentences(path) == []


def test_a_sentence_in_python_is_seen(tmp_path: Path) -> None:
    text = '"""A docstring of many words is no sentence."""\nX = f"All {n} reads of a sample are'
    (tmp_path / "one.py").write_text(text + ' "\nY = f"All {n} reads of a sample are lost."\n')
    assert list_sentences(tmp_path / "one.py") == ["3: All X reads of a sample are lost."]


@pytest.mark.parametrize("cause", sorted(LOSSES))
def test_a_loss_that_is_explained_is_a_column_of_the_ledger(cause: str) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in LIBRARY.rglob("*.py"))
    assert re.search(rf'"(lost_)?{cause}"', code.replace("report/losses.py", ""))
    assert explain_loss(f"lost_{cause}") == write(f"losses.{cause}")


@pytest.mark.parametrize("path", sorted(SENTENCES.glob("*.yaml")), ids=lambda path: path.stem)
def test_sentences_are_one_line_each(path: Path) -> None:
    """No line break or double space comes from the file, and none is left at the ends."""
    texts = [text for name, text in read_sentences().items() if name.startswith(f"{path.stem}.")]
    assert texts
    assert all(isinstance(text, str) and text == " ".join(text.split()) for text in texts)


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        write("notable.none")


def test_markup_escapes_values_and_text_does_not() -> None:
    assert write_markup("cohort.associated", variable="a<b", measures="x") == Markup(
        "<b>a&lt;b</b> is associated with x"
    )
    assert write("notable.none", rank="a<b") == "No a<b stands out."


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "0 variants (0 % of the variants, 1 % of the denoised reads) were removed"),
        (1, "1 variant (0 % of the variants, 1 % of the denoised reads) was removed"),
        (1200, "1,200 variants (0 % of the variants, 1 % of the denoised reads) were removed"),
    ],
)
def test_chimeras_that_were_removed(n: int, words: str) -> None:
    text = write(
        "chimeras.removed", n=n, share="0 %", share_of_reads="1 %", has_controls=False,
        folds=[("dada", "more than 3.5 times")],
    )  # fmt: skip
    assert text.startswith(words)


@pytest.mark.parametrize(
    ("engines", "end"),
    [
        (["dada"], "both more than 3.5 times as abundant."),
        (["phase"], "both at least 2 times as abundant."),
        (["dada", "phase"], "both more than 3.5 times (phase: at least 2 times) as abundant."),
    ],
)
def test_folds_of_the_engines(engines: list[str], end: str) -> None:
    folds = {
        "dada": write("dada.fold", denoise={"chimera_min_fold": 3.5}),
        "phase": write("phase.fold", limits=SimpleNamespace(MIN_FOLD=2.0)),
    }
    text = write(
        "chimeras.removed", n=2, share="0 %", share_of_reads="1 %", has_controls=True,
        folds=[(engine, folds[engine]) for engine in engines],
    )  # fmt: skip
    assert text.endswith(end)
    assert "of the denoised reads of samples) were removed" in text


def test_flagged_asvs_in_both_numbers() -> None:
    one = write("chimeras.close", n=1, n_reads=1, flag="f")
    assert one == (
        "1 ASV (1 read) is flagged f: composed of two others that differ little, a chimera or a "
        "true copy of a genome's 16S gene, which recombine. It stays until several samples decide."
    )
    two = write("chimeras.close", n=2, n_reads=2000, flag="f")
    assert two.startswith("2 ASVs (2,000 reads) are flagged f: ")
    assert "chimeras or true copies of a genome's" in two
    assert "They stay until" in two
    assert "1 ASV (2 reads) is flagged ambiguous: its own" in write(
        "chimeras.ambiguous", n=1, n_reads=2
    )
    rare = [write("chimeras.rare", n=n, share="x", n_reads=9, few=10) for n in (0, 1, 2)]
    assert [text.split(". ")[1] for text in rare] == [
        "0 ASVs (x) with 9 reads have fewer than 10 reads and are in one sample only.",
        "1 ASV (x) with 9 reads has fewer than 10 reads and is in one sample only.",
        "2 ASVs (x) with 9 reads have fewer than 10 reads and are in one sample only.",
    ]


@pytest.mark.parametrize(
    ("n", "removed", "words"),
    [
        (1, False, "1 of 9 ASVs scores below 0.1 and is called a contaminant; it contains 2 % of "
         "all reads. It is reported only: nothing was removed (controls.remove_contaminants)."),
        (1, True, "1 of 9 ASVs scores below 0.1 and is called a contaminant; it contains 2 % of "
         "all reads. It was removed (selection/set_apart.tsv); denoise/asv_table.tsv still has "
         "it."),
        (3, True, "3 of 9 ASVs score below 0.1 and are called contaminants; they contain 2 % of "
         "all reads. They were removed (selection/set_apart.tsv); denoise/asv_table.tsv still has "
         "them."),
    ],
)  # fmt: skip
def test_contaminants_that_were_called(n: int, removed: bool, words: str) -> None:
    text = write(
        "controls.called", n_called=n, n_asvs=9, threshold=0.1, share="2 %", removed=removed
    )
    assert text == words


def test_contaminants_that_were_not_called() -> None:
    text = write("controls.none_called", n_asvs=1, threshold=0.1)
    assert text == "None of 1 ASV scores below 0.1: no contaminant is called."
    assert "1 ASV called a contaminant makes up" in write("controls.carried", n=1)
    assert "2 ASVs called contaminants make up" in write("controls.carried", n=2)
    assert "the only ASV is found" in write("controls.contaminants_figure", n=1)
    assert "each of 2 ASVs is found" in write("controls.contaminants_figure", n=2)


def test_losses_of_one_and_many() -> None:
    values = {"limit": 0.5, "loss": "too short", "share": "60.0 %", "samples": Markup("<a>A</a>")}
    assert write_markup("summary.lost", n=1, **values) == (
        "1 sample lost more than 50 % of its reads, most to “too short” (60.0 % of its reads): "
        "<a>A</a>."
    )
    assert write_markup("summary.lost", n=2, **values).startswith(
        "2 samples lost more than 50 % of their reads, most to “too short” (60.0 % of their"
    )
    singletons = [write("ledger.singletons", n=n, share="1 %", median=2000.0) for n in (1, 2)]
    assert singletons[0].startswith(
        "1 read (1 %) was lost as a singleton: a sequence seen once in its"
    )
    assert singletons[1].startswith("2 reads (1 %) were lost as singletons: sequences seen once in")


def test_control_reads_of_one_and_many() -> None:
    assert write_markup("summary.control_reads", sample="N", n_reads=1, n_asvs=1) == (
        "Negative control N contains 1 read in 1 ASV: its taxon may be a contaminant."
    )
    assert write_markup("summary.control_reads", sample="N", n_reads=9, n_asvs=2) == (
        "Negative control N contains 9 reads in 2 ASVs: its taxa may be contaminants."
    )


@pytest.mark.parametrize(
    ("pair", "names", "some_without", "start", "end"),
    [
        (None, "27F_1492R", False, "Primers (27F_1492R) were found in both", "to be present."),
        (None, "", False, "Primers were found in both orientations", "had to be present."),
        ({"forward": "AAA", "reverse": "CCC"}, "", False, "Primers AAA and CCC were", "present."),
        (None, "x, y", True, "Primers (x, y) were found in some samples in both orientations",
         "Reads of the other samples had come without primers."),
    ],
)  # fmt: skip
def test_primers(
    pair: dict[str, str] | None, names: str, some_without: bool, start: str, end: str
) -> None:
    reads = {"max_primer_error_rate": 0.15, "require": "both"}
    text = write(
        "methods.primers", pair=pair, names=names, some_without=some_without, reads=reads, **NAMES
    )
    assert text.startswith(start)
    assert text.endswith(end)
    assert "(EDLIB), allowing for substitutions and indels in up to 15 % of their bases" in text


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("prevalence", "called by prevalence in negative controls, with the"),
        ("frequency", "called by frequency against DNA concentration, with the"),
        ("combined", "called by prevalence in negative controls and by DNA concentration, with"),
    ],
)
def test_methods_of_contaminants(method: str, words: str) -> None:
    text = write("methods.controls", method=method, threshold=0.1, removed=True, **NAMES)
    assert words in text
    assert "scores below 0.1; they were removed. Mock" in text
    kept = write("methods.controls", method=method, threshold=0.1, removed=False, **NAMES)
    assert "they were reported, not removed. Mock" in kept


def test_filters_with_and_without_accuracy() -> None:
    reads = {"min_length_bp": 1200, "max_length_bp": 1700, "min_accuracy": None}
    values = {"version": "1", "primers": "P.", "limit": "2 expected errors", **NAMES}
    text = write("methods.reads", reads=reads, **values)
    assert "P. Reads of 1,200 to 1,700 bp after trimming" in text
    assert text.endswith("they had at most 2 expected errors (EDGAR2015).")
    text = write("methods.reads", reads={**reads, "min_accuracy": 0.99}, **values)
    assert text.endswith("(EDGAR2015) and a read accuracy of at least 0.99.")


def test_rarefied_or_not_compared_or_not() -> None:
    text = write("methods.diversity", depth=0, repeats=10, **NAMES)
    assert text.startswith("Samples were not rarefied. Diversity within samples")
    text = write("methods.diversity", depth=1500, repeats=10, **NAMES)
    assert text.startswith("Samples were rarefied to 1,500 reads; values are means over 10 draws. ")
    two = write("methods.distances", distances="A and B", ordinated=False, **NAMES)
    assert two == "Samples were compared by A and B, controls left out."
    many = write("methods.distances", distances="A", ordinated=True, **NAMES)
    assert many.endswith("and by non-metric scaling in two dimensions (NMDS), controls left out.")


@pytest.mark.parametrize(
    ("n_samples", "n_both", "words"),
    [
        (0, 0, "by chance and, with few differences, reads of both strands as a variant has them."),
        (2, 2, "by chance and, with few differences, reads of both strands as a variant has them."),
        (2, 0, "by chance; no sample had reads known to be of both strands, which would have been "
         "asked for."),
        (1, 0, "by chance; no sample had reads known to be of both strands, which would have been "
         "asked for."),
        (2, 1, "has them (in 1 of 2 samples; the others have reads of one strand only)."),
    ],
)  # fmt: skip
def test_strands_of_phase(n_samples: int, n_both: int, words: str) -> None:
    denoise = {"phase_min_reads": 4, "phase_margin": 4.0}
    values = {"denoise": denoise, "n_samples": n_samples, "n_both": n_both, **NAMES}
    text = write("phase.engine", rates="", **values)
    assert text.endswith(words)
    assert "A variant needed 4 reads, a likelihood ratio 4 nats above" in text
    text = write("phase.engine", rates="1.00 to 2.00 %", **values)
    assert text.endswith(
        f"{words} Reads differed from their variants in 1.00 to 2.00 % of their bases."
    )


@pytest.mark.parametrize(
    ("engines", "pseudo", "pooled"),
    [
        (["dada"], "needed a p-value below 0.0001 (pseudo-pooling).",
         "The samples of a sequencing run were one pool: the reads of a sequence were summed over "
         "them before variants were inferred."),
        (["phase"], "needed two reads and less evidence (phase) (pseudo-pooling).",
         "The samples of a sequencing run were one pool: their reads were grouped, aligned and "
         "divided together (phase)."),
        (["dada", "phase"], "needed a p-value below 0.0001 or two reads and less evidence (phase) "
         "(pseudo-pooling).",
         "The samples of one engine of a sequencing run were one pool: the reads of a sequence "
         "were summed over them before variants were inferred; their reads were grouped, aligned "
         "and divided together (phase)."),
    ],
)  # fmt: skip
def test_pools_of_one_and_both_engines(engines: list[str], pseudo: str, pooled: str) -> None:
    needs = [write(f"{engine}.prior", denoise={"omega_p": 1e-4}) for engine in engines]
    text = write("denoising.pseudo", n=1, needs=needs)
    assert text.startswith("Variants found in at least 1 sample were priors")
    assert text.endswith(pseudo)
    how = [write(f"{engine}.pooled") for engine in engines]
    assert write("denoising.pooled", how=how) == pooled


@pytest.mark.parametrize(
    ("ignored", "end"),
    [
        (0, "of the samples that contain it flagged it."),
        (1, "flagged it, leaving out up to 1 sample that does not flag it."),
        (2, "flagged it, leaving out up to 2 samples that do not flag it."),
    ],
)
def test_samples_that_may_disagree(ignored: int, end: str) -> None:
    denoise = {"chimera_min_fold": 3.5, "chimera_min_sample_fraction": 0.9}
    assert write("dada.chimeras", denoise=denoise, ignored=ignored).endswith(end)


def test_engines_with_few_and_many_samples() -> None:
    rows = [("dada", 1, ["a"]), ("phase", 9, [])]
    assert write("denoising.engines", engines=rows) == (
        "Two denoising engines were used, according to the reads (1 sample by dada: a; 9 samples "
        "by phase)."
    )


def test_dada_names_its_settings() -> None:
    denoise = {"learn_bases": 100_000_000, "omega_c": 1e-40, "band_bp": 16}
    text = write("dada.engine", denoise=denoise, level=1e-40, **NAMES)
    assert "from up to 100,000,000 bases" in text
    assert text.endswith("p-value below 1e-40 (omega_C 1e-40; alignment band 16 bp).")


def test_no_group_test_and_tests() -> None:
    assert write("cohort.no_test", what="group test", reasons=[]) == "No group test could be made."
    text = write("cohort.no_test", what="group test", reasons=["age (x)", "sex (y)"])
    assert text == "No group test could be made: age (x); sex (y)."
    values = {"tests": "2 tests", "limit": 0.05, "associated": "A"}
    assert (
        write_markup("cohort.some_pass", n=1, **values) == "Of 2 tests, 1 is with q &lt; 0.05: A."
    )
    assert (
        write_markup("cohort.some_pass", n=2, **values) == "Of 2 tests, 2 are with q &lt; 0.05: A."
    )
    repeats = write("cohort.repeats", n_subjects=1, n_samples=2)
    assert repeats.startswith("1 subject gave 2 samples. ")


def test_other_samples() -> None:
    few = [write("notable.too_few_others", least=10, n=n) for n in (0, 1, 2)]
    assert [text.split("; ")[1] for text in few] == ["there are 0.", "there is 1.", "there are 2."]
    text = write("notable.about", n=1200, subject="")
    assert text.startswith("Compared with 1,200 other samples (controls left out). Shown")
    text = write("notable.about", n=12, subject="person")
    assert "(controls left out, other samples of the same person left out). Shown" in text
    ends = [write("notable.figure", n=12, n_more=n)[-24:] for n in (0, 1, 2)]
    assert ends[0].endswith("a proportion of 12.")
    assert ends[1].endswith("12. 1 more is not shown.")
    assert ends[2].endswith(" 2 more are not shown.")


def test_depths_and_base_coverage() -> None:
    assert write("hill.depths", n_dropped=None).endswith("(none is used)")
    assert (
        write("hill.depths", n_dropped=0)
        == "What other depths would cost (used: 0 samples dropped)"
    )
    assert write("hill.depths", n_dropped=1).endswith("(used: 1 sample dropped)")
    assert write("hill.about", base=None).endswith("there is no coverage to do so at.")
    assert write("hill.about", base=0.98765).endswith(
        "samples are compared at 0.9877, the highest that all of them reach."
    )


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "Run <b>r</b>"),
        ({"scheme": "full"}, "Run <b>r</b>, quality scheme full"),
        ({"reason": "too few"}, "Run <b>r</b>: default rates (too few)."),
        ({"n_reads": 1, "n_samples": 1, "n_rounds": 1, "converged": True},
         "Run <b>r</b>: learned from 1 read of 1 sample in 1 round (converged)."),
        ({"n_reads": 2, "n_samples": 2, "n_rounds": 2},
         "Run <b>r</b>: learned from 2 reads of 2 samples in 2 rounds (not converged: the rates "
         "still changed)."),
    ],
)  # fmt: skip
def test_runs_and_their_models(changes: dict[str, object], text: str) -> None:
    none = dict.fromkeys(("scheme", "reason", "n_reads", "n_samples", "n_rounds", "converged"))
    assert write_markup("dada.model", run="r", **{**none, **changes}) == text


def test_references_and_trees() -> None:
    taxonomy = {"bootstraps": 100, "min_confidence": 0.8, "min_identity_species": 0.987,
                "min_identity_genus": 0.945, "min_species_margin": 1.5}  # fmt: skip
    values = {"taxonomy": taxonomy, "domain": 0.7, "family": 0.865, "spread": 0.95, **NAMES}
    starter = write("methods.names", reference="starter", **values)
    assert starter.startswith(
        "ASVs were named against the starter reference that comes with Vagus by"
    )
    assert "identity of 98.7 % or more" in starter
    assert starter.endswith("the next species had to be at least 1.5 times as far away.")
    assert "against the reference silva by" in write("methods.names", reference="silva", **values)
    star = write("methods.tree", aligner="star", tree="VeryFastTree", **NAMES)
    assert star.startswith("ASVs were aligned to the most central of them (biopython 1.0; ")
    famsa = write("methods.tree", aligner="FAMSA", tree="VeryFastTree", **NAMES)
    assert famsa.startswith("ASVs were aligned with FAMSA (pyfamsa 1.0; FAMSA), and an approximate")
    assert "with VeryFastTree (veryfasttree 1.0; " in famsa
    assert "with FastTree (" in write("methods.tree", aligner="star", tree="FastTree", **NAMES)
    joined = write("methods.tree", aligner="star", tree="neighbour joining", **NAMES)
    assert "from Jukes-Cantor distances by neighbour joining (scikit-bio 1.0; " in joined
    assert "maximum-likelihood" not in joined


def test_an_edited_sentence_reruns_the_pages() -> None:
    """The digest of the program's code covers the files of sentences."""
    sources = list_sources(SCRIPTS / "write_report.py")
    assert set(SENTENCES.glob("*.yaml")) <= set(sources)
