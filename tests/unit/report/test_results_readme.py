"""The README describes every column that is written; the provenance contains no place and no
time."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import write_provenance
import write_results_readme
from described import list_faults
from unit.report.made_study import MadeStudy
from vagus.provenance.record import strip_folders
from vagus.report.methods import MethodsText, load_citations
from vagus.report.readme import _FOLDERS, render_readme
from vagus.study.schema import fill_defaults
from vagus.tables.registry import STAGES, find_entry, list_found
from vagus.tables.tsv import read_header


def test_every_table_is_as_the_registry_says(study: MadeStudy) -> None:
    assert len(list(study.results.rglob("*.tsv"))) > 40
    assert list_faults(study.results) == []


def test_readme_lists_files_and_columns(study: MadeStudy) -> None:
    text = (study.results / "README.md").read_text(encoding="utf-8")
    assert "### `denoise/ledger.tsv`" in text
    for column in read_header(study.results / "denoise/ledger.tsv"):
        assert f"| `{column}` |" in text
    assert "| *one column a sample* | whole number | reads | reads |  |" in text
    assert "| `kept` | whole number | reads | reads that passed all filters |  |" in text
    assert "Written by `collect_ledger.py`." in text
    assert "Each row is a sample." in text
    assert "### `selection/composition_*.tsv`" in text
    assert "P04" not in text  # sample columns are described once, not one by one


def test_a_column_of_another_version_is_listed_without_words(tmp_path: Path) -> None:
    (tmp_path / "diversity").mkdir()
    (tmp_path / "diversity" / "excluded.tsv").write_text("sample\treason\tmood\n")
    assert "| `mood` | | | | |" in render_readme(tmp_path)


def test_patterns_of_one_folder_do_not_claim_a_file_twice(study: MadeStudy) -> None:
    seen: list[str] = []
    for _, paths in list_found(study.results):
        seen += paths
    assert len(seen) == len(set(seen))


def test_a_file_with_its_own_entry_belongs_to_no_pattern() -> None:
    for path in ("cohort/longitudinal_tests.tsv", "cohort/alpha_models.tsv"):
        entry = find_entry(path)
        assert entry is not None
        assert entry[1].path == path
    ordination = find_entry("diversity/ordination_explained.tsv")
    assert ordination is not None
    assert ordination[1].path == "diversity/ordination_explained.tsv"


def test_every_folder_is_described() -> None:
    assert set(STAGES) == set(_FOLDERS)


def test_samples_may_be_called_as_any_column(tmp_path: Path) -> None:
    (tmp_path / "denoise").mkdir()
    (tmp_path / "denoise" / "asv_table.tsv").write_text("asv\tasv\tSAMPLE\n", encoding="utf-8")
    readme = tmp_path / "README.md"
    given = ["--provenance", str(tmp_path / "provenance.json")]
    assert write_results_readme.main([*given, "--readme", str(readme)]) == 0
    text = readme.read_text(encoding="utf-8")
    assert text.count("| `asv` |") == 1
    assert text.count("| *one column a sample* | whole number | reads |") == 1


def test_provenance(tmp_path: Path) -> None:
    reads = tmp_path / "reads.fastq"
    reads.write_bytes(b"abc")
    sheet = tmp_path / "samples.tsv"
    sheet.write_text(f"sample\treads\nb\tgone.fastq\na\t{reads}\n", encoding="utf-8")
    reference = tmp_path / "reference.fasta"
    reference.write_text(">x d;p;c;o;f;g;s\nACGT\n")
    config = {**fill_defaults({}), "samples": str(sheet), "results": "results"}
    out = tmp_path / "provenance.json"
    argv = ["--config", json.dumps(config), "--samples", str(sheet), "--reference", str(reference)]
    assert write_provenance.main([*argv, "--provenance", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    content = json.loads(text)
    assert [row["sample"] for row in content["samples"]] == ["a", "b"]
    (first,), (second,) = (row["reads"] for row in content["samples"])
    # SHA-256 of 'abc': FIPS 180-2, appendix B.1
    assert first["sha256"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert first["bytes"] == 3
    assert second["sha256"] is None
    assert content["references"][0]["file"] == "reference.fasta"
    assert content["references"][0]["sha256"] == hashlib.sha256(reference.read_bytes()).hexdigest()
    assert content["config"]["samples"] == "samples.tsv"
    assert content["packages"]["numpy"]


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_config_that_is_no_object(tmp_path: Path, text: str) -> None:
    argv = ["--config", text, "--samples", "x", "--provenance", str(tmp_path / "p.json")]
    assert write_provenance.main(argv) == 2


def test_only_absolute_paths_lose_their_folders() -> None:
    value = {"a": ["/x/y.fasta", "x/y.fasta", 3], "b": {"c": "/z"}}
    assert strip_folders(value) == {"a": ["y.fasta", "x/y.fasta", 3], "b": {"c": "z"}}


def test_every_citation_is_used_somewhere() -> None:
    folder = Path(MethodsText.__init__.__code__.co_filename).parent
    texts = folder.glob("templates/sentences/*.yaml")
    files = [folder / "methods.py", *folder.parent.glob("*/report.py"), *texts]
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    for key, citation in load_citations().items():
        assert f'"{key}"' in source or f"'{key}'" in source, key
        assert not citation.doi or citation.doi.startswith("10.")
