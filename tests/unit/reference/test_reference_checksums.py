"""Downloads against checksums: of the table, of the publisher, of the first download."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from unit.reference.made_references import Gene, list_visible, make_fasta, write_table
from vagus.cli import main as cli
from vagus.errors import ReferenceFileError
from vagus.reference.manager import get_reference
from vagus.sequences import read_fasta

if TYPE_CHECKING:
    from .conftest import Site


def test_wrong_checksum_and_dead_link(
    site: Site, references: Path, tmp_path: Path, gene: Gene
) -> None:
    site.files["a"] = make_fasta(gene)
    with pytest.raises(ReferenceFileError, match=r"sha256 is .* where abc is expected"):
        get_reference("mini", write_table(tmp_path / "t.tsv", site.url("a"), sha256="abc"))
    with pytest.raises(ReferenceFileError, match="answers 404"):
        get_reference("mini", write_table(tmp_path / "t.tsv", site.url("gone")))
    with pytest.raises(ReferenceFileError, match="another number of checksums"):
        get_reference("mini", write_table(tmp_path / "t.tsv", site.url("a"), md5="a b"))
    with pytest.raises(ReferenceFileError, match="not in the table") as caught:
        get_reference("other", write_table(tmp_path / "t.tsv", site.url("a")))
    assert "mini" in caught.value.fix
    with pytest.raises(ReferenceFileError, match="comes with the program"):
        get_reference("starter")
    assert list_visible(references) == []


def test_first_download_is_trusted_and_later_ones_must_equal_it(
    site: Site, references: Path, tmp_path: Path, gene: Gene
) -> None:
    site.files["a"] = make_fasta(gene)
    fetching = write_table(tmp_path / "t.tsv", site.url("a"))
    reference = get_reference("mini", fetching)
    row = (references / ".checksums.tsv").read_text().splitlines()[1].split("\t")
    digest = hashlib.sha256(make_fasta(gene)).hexdigest()
    assert row[:3] == [site.url("a"), "7.1", digest]
    get_reference("mini", fetching, force=True)
    before = reference.fasta.read_bytes()
    shutil.rmtree(references / "mini")  # the record outlives the reference
    get_reference("mini", fetching)
    site.files["a"] = make_fasta(gene, 5)
    with pytest.raises(
        ReferenceFileError, match=f"was {digest} when first downloaded on "
    ) as caught:
        get_reference("mini", fetching, force=True)
    assert "--accept-changed" in caught.value.fix
    assert reference.fasta.read_bytes() == before
    assert not (references / ".downloads" / "mini").exists()
    table = str(tmp_path / "t.tsv")
    assert cli.main(["reference", "get", "mini", "--table", table, "--force"]) == 2
    again = ["reference", "get", "mini", "--table", table, "--force", "--accept-changed"]
    assert cli.main(again) == 0
    assert len(list(read_fasta(reference.fasta))) == 5
    get_reference("mini", fetching, force=True)


def test_a_reference_that_is_replaced_under_one_address(
    site: Site, references: Path, tmp_path: Path, gene: Gene, caplog: pytest.LogCaptureFixture
) -> None:
    site.files["a"] = make_fasta(gene)
    rolling = write_table(tmp_path / "t.tsv", site.url("a"), version="current")
    get_reference("mini", rolling)
    site.files["a"] = make_fasta(gene, 5)
    get_reference("mini", rolling, force=True)
    assert "replaces it from time to time" in caplog.text


@pytest.mark.parametrize(
    "form", ["{md5}  ./files/a.fna\n{other}  b.fna", "{sha256}", "{md5} *a.fna"]
)
def test_the_publishers_list_of_checksums(
    site: Site, references: Path, tmp_path: Path, gene: Gene, form: str
) -> None:
    content = make_fasta(gene)
    site.files["files/a.fna"] = content
    sums = {"md5": hashlib.md5(content).hexdigest(), "other": "0" * 32}
    sums["sha256"] = hashlib.sha256(content).hexdigest()
    site.files["SUMS"] = form.format(**sums).encode()
    fetching = write_table(tmp_path / "t.tsv", site.url("files/a.fna"), lists=site.url("SUMS"))
    get_reference("mini", fetching)
    shutil.rmtree(references)
    site.files["files/a.fna"] = content + b"\n"
    with pytest.raises(ReferenceFileError, match=r"its (md5|sha256) is .* where .* is expected"):
        get_reference("mini", fetching)
    assert list_visible(references) == []


@pytest.mark.parametrize("text", ["", "no such thing", "0" * 32 + "  b.fna", "\xff"])
def test_a_list_that_does_not_help_is_said_and_passed_over(
    site: Site,
    references: Path,
    tmp_path: Path,
    gene: Gene,
    text: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    site.files["a"] = make_fasta(gene)
    if text:
        site.files["SUMS"] = text.encode("latin-1")
    fetching = write_table(tmp_path / "t.tsv", site.url("a"), lists=site.url("SUMS"))
    assert get_reference("mini", fetching).fasta.is_file()
    assert "going on without" in caplog.text
