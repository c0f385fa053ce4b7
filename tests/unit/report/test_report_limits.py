"""No page says cause, diagnosis or advice; the gut-brain view is labelled wherever it is."""

from __future__ import annotations

import re

import pytest

from unit.report.made_study import MadeStudy
from unit.report.reading import Page
from vagus.report.gut_brain import LIMITS, SHORT_LIMITS

# Words that claim a cause, judge a person or advise. They may be used where they are denied.
CLAIMS = re.compile(
    r"\b(caus(?:e|es|ed|ing)|leads? to (?!the sample)|due to the (?:microb|gut)|"
    r"diagnos\w+|disease|disorder|"
    r"patholog\w+|unhealthy|abnormal\w*|normal range|healthy|too (?:low|high)|deficien\w+|"
    r"recommend\w*|advis\w+|advice|should (?:eat|take|avoid)|supplement\w*|treat(?:ment|ed|s)?|"
    r"therap\w+|risk of|improv\w+|worsen\w*|imbalance\w*|dysbiosis|beneficial|harmful)\b",
    re.IGNORECASE,
)
DENIALS = re.compile(r"\b(no|not|nothing|never|neither)\b", re.IGNORECASE)


def read_pages(study: MadeStudy) -> dict[str, str]:
    """Visible text of every page, without the titles of publications."""
    report = study.results / "report"
    paths = [report / "index.html", *sorted((report / "samples").glob("*.html"))]
    pages = {}
    for path in paths:
        html = path.read_text(encoding="utf-8")
        html = re.sub(r"<details><summary>(References|Taxa and sources).*?</details>", "", html,
                      flags=re.DOTALL)  # fmt: skip
        pages[path.name] = Page(html).text
    return pages


def test_no_sentence_claims_cause_diagnosis_or_advice(study: MadeStudy) -> None:
    for name, text in read_pages(study).items():
        for sentence in re.split(r"(?<=[.!?])\s", text):
            for claim in CLAIMS.finditer(sentence):
                assert DENIALS.search(sentence), f"{name}: {claim[0]} in: {sentence[:200]}"


@pytest.mark.parametrize(
    "sentence",
    [
        "Bacteroides causes low mood.",
        "This is an unhealthy profile.",
        "You should eat more fibre.",
        "Butyrate is too low.",
    ],
)
def test_the_check_finds_what_it_looks_for(sentence: str) -> None:
    assert CLAIMS.search(sentence)
    assert not DENIALS.search(sentence)


def test_the_view_is_labelled_beside_every_figure_and_table(study: MadeStudy) -> None:
    report = study.results / "report"
    html = (report / "index.html").read_text(encoding="utf-8")
    section = html.split('<section id="gut-brain">')[1].split("</section>")[0]
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", section, flags=re.DOTALL)
    assert captions
    assert all(SHORT_LIMITS in caption for caption in captions)
    assert LIMITS.split(". ")[1] in Page(section).text
    for path in sorted((report / "samples").glob("*.html")):
        text = Page(path.read_text(encoding="utf-8")).text
        assert SHORT_LIMITS in text or "no reads in ASVs" in text


def test_without_the_config_there_is_no_view(study: MadeStudy) -> None:
    from dataclasses import replace

    from vagus.report.figure import FigureFolder
    from vagus.report.gut_brain import build_gut_brain
    from vagus.report.inputs import load_inputs

    inputs = load_inputs(study.results, study.sheet, study.provenance)
    config = {key: value for key, value in inputs.config.items() if key != "gut_brain"}
    plain = replace(inputs, provenance={**inputs.provenance, "config": config})
    assert build_gut_brain(plain, FigureFolder(None)) is None
