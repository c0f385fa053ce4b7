"""The index of a reference is built once for all studies; the programs of the workflow run here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from unit.reference.made_references import Gene, make_fasta
from vagus.kernels.cache_files import CACHE_VARIABLE, READ_VARIABLE, choose_folder
from vagus.reference.installed import remove_installed
from vagus.reference.manager import add_reference
from vagus.sequences import write_fasta

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
BUILT = "indexing 4 sequences"
NOBODY = 65534
KERNELS = choose_folder()


@dataclass
class Machine:
    """Folders of one user: references, cache and studies."""

    folder: Path
    references: Path

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    def start(self, program: str, *words: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(SCRIPTS / f"{program}.py"), *map(str, words)],
            # each test has an empty cache; compiled kernels are read where the user has them
            env={**os.environ, CACHE_VARIABLE: str(self.cache), READ_VARIABLE: str(KERNELS)},
            text=True, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, program: str, *words: object) -> str:
        process = self.start(program, *words)
        said = process.communicate()[1]
        assert process.returncode == 0, said
        return said

    def index(self, reference: object, study: str = "study") -> str:
        (self.folder / study).mkdir(exist_ok=True)
        record = self.folder / study / "reference.json"
        return self.run("index_reference", "--reference", reference, "--record", record)

    def list_indexes(self) -> list[Path]:
        return sorted(self.folder.rglob("*.index"))


@pytest.fixture
def machine(tmp_path: Path, references: Path) -> Machine:
    return Machine(tmp_path, references)


@pytest.fixture
def fasta(tmp_path: Path, gene: Gene) -> Path:
    path = tmp_path / "own.fasta"
    path.write_bytes(make_fasta(gene))
    return path


def test_studies_share_one_index_in_the_users_cache(machine: Machine, fasta: Path) -> None:
    assert BUILT in machine.index(fasta)
    copy = machine.folder / "copy.fasta"
    copy.write_bytes(fasta.read_bytes())
    assert BUILT not in machine.index(fasta, "second")
    assert BUILT not in machine.index(copy, "third")  # the content counts, not the place
    [index] = [path for path in machine.list_indexes() if not path.name.startswith(".")]
    assert index.parent == machine.cache / "indexes"
    for folder in (machine.cache, machine.cache / "indexes"):
        assert folder.stat().st_mode & 0o777 == 0o700
    record = json.loads((machine.folder / "third" / "reference.json").read_text())
    assert record["reference"] == "copy"
    assert (record["sequences"], record["lineages"], record["genus_level_classes"]) == (4, 4, 4)
    assert str(machine.folder) not in json.dumps(record)
    assert sorted(p.name for p in (machine.folder / "third").iterdir()) == ["reference.json"]


def test_an_installed_reference_has_its_index_beside_it(machine: Machine, fasta: Path) -> None:
    reference = add_reference([fasta], "own")
    assert BUILT not in machine.index("own")
    assert not machine.cache.joinpath("indexes").exists() or not list(
        machine.cache.glob("indexes/*.index")
    )
    reference.index.unlink()
    assert BUILT in machine.index("own")  # at first use, where it is missing
    assert reference.index.is_file()
    assert remove_installed(["own"])["own"] > 1000  # the lock of the index is no other's file
    assert not reference.folder.exists()


@pytest.mark.parametrize("place", [100, 3000, -1])
def test_a_damaged_index_is_built_again(machine: Machine, fasta: Path, place: int) -> None:
    machine.index(fasta)
    [path] = machine.cache.glob("indexes/[!.]*.index")
    sound = path.read_bytes()
    for damaged in (sound[:place], sound[:place] + bytes([sound[place] ^ 1]) + sound[place:][1:]):
        path.write_bytes(damaged)
        said = machine.index(fasta)
        assert BUILT in said
        assert "damaged" in said
        assert path.read_bytes() == sound


def test_jobs_that_start_together_build_it_once(machine: Machine, fasta: Path) -> None:
    jobs = []
    for number in range(4):
        folder = machine.folder / str(number)
        folder.mkdir()
        words = ["--reference", fasta, "--record", folder / "reference.json"]
        jobs.append(machine.start("index_reference", *words))
    said = [job.communicate()[1] for job in jobs]
    assert [job.returncode for job in jobs] == [0] * 4, said
    assert sum(BUILT in text for text in said) == 1
    assert len({(machine.folder / str(n) / "reference.json").read_bytes() for n in range(4)}) == 1


def test_classification_builds_what_is_missing(machine: Machine, fasta: Path, gene: Gene) -> None:
    machine.index(fasta)
    write_fasta([("a", gene(2))], machine.folder / "asvs.fasta")
    words = ["--asvs", machine.folder / "asvs.fasta", "--reference", fasta, "--record",
             machine.folder / "study" / "reference.json", "--taxonomy", machine.folder / "t.tsv",
             "--hits", machine.folder / "h.tsv"]  # fmt: skip
    assert BUILT not in machine.run("classify_asvs", *words)
    table = (machine.folder / "t.tsv").read_bytes()
    assert b"Genus2 one" in table
    for path in machine.cache.glob("indexes/*"):  # as on another machine without shared folders
        path.unlink()
    assert BUILT in machine.run("classify_asvs", *words)
    assert (machine.folder / "t.tsv").read_bytes() == table


def test_a_reference_that_changed_under_a_run_is_an_error(
    machine: Machine, fasta: Path, gene: Gene
) -> None:
    machine.index(fasta)
    fasta.write_bytes(make_fasta(gene, 3))
    write_fasta([("a", gene(2))], machine.folder / "asvs.fasta")
    process = machine.start(
        "classify_asvs", "--asvs", machine.folder / "asvs.fasta", "--reference", fasta,
        "--record", machine.folder / "study" / "reference.json",
        "--taxonomy", machine.folder / "t.tsv", "--hits", machine.folder / "h.tsv",
    )  # fmt: skip
    said = process.communicate()[1]
    assert process.returncode == 2
    assert "has changed since it was indexed" in said
    assert not (machine.folder / "t.tsv").exists()


def test_without_a_cache_the_index_is_beside_the_record(machine: Machine, fasta: Path) -> None:
    machine.cache.write_text("a file where the cache folder would be")
    said = machine.index(fasta)
    assert BUILT in said
    assert "the cache folder cannot be used" in said
    assert BUILT not in machine.index(fasta)
    [index] = machine.folder.glob("study/.reference.*.index")
    assert index.stat().st_size > 1000


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give folders to another user")
@pytest.mark.parametrize(("owner", "mode"), [(NOBODY, 0o755), (0, 0o777), (0, 0o775)])
def test_a_cache_that_others_may_write_is_not_used(
    machine: Machine, fasta: Path, owner: int, mode: int
) -> None:
    machine.cache.mkdir()
    os.chown(machine.cache, owner, owner)
    machine.cache.chmod(mode)
    assert "the cache folder cannot be used" in machine.index(fasta)
    assert not (machine.cache / "indexes").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_an_index_of_another_user_is_not_read(machine: Machine, fasta: Path) -> None:
    machine.index(fasta)
    [path] = machine.cache.glob("indexes/[!.]*.index")
    os.chown(path, NOBODY, NOBODY)
    said = machine.index(fasta)
    assert "others may have written it" in said
    assert BUILT in said
    assert path.stat().st_uid == 0
