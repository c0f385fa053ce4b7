"""What the documentation shows is run: snippets in a finished study, options, links of the site."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def list_blocks(page: Path, language: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return [body for name, body in _BLOCK.findall(text) if name == language]


SNIPPETS = ROOT / "docs" / "load-results.md"
PYTHON = list_blocks(SNIPPETS, "python")
R = list_blocks(SNIPPETS, "r")


@pytest.mark.workflow
@pytest.mark.parametrize("code", PYTHON, ids=range(len(PYTHON)))
def test_python_snippets_run_in_a_finished_study(finished: Path, code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=finished, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.workflow
@pytest.mark.parametrize("code", R, ids=range(len(R)))
def test_r_snippets_run_in_a_finished_study(finished: Path, code: str) -> None:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed")
    if "load.R" in code:
        asked = [program, "-e", "library(phyloseq)"]
        if subprocess.run(asked, capture_output=True, check=False).returncode != 0:
            pytest.skip("phyloseq is not installed")
    done = subprocess.run(
        [program, "-e", code], cwd=finished, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def list_commands() -> list[tuple[str, str]]:
    """Each command of ``vagus`` in a block of shell, with its page."""
    found = []
    for page in PAGES:
        for body in list_blocks(page, "sh"):
            for line in body.splitlines():
                command = line.split("#")[0].strip()
                if command.startswith("vagus "):
                    found.append((page.name, command))
    return sorted(set(found))


def test_commands_have_options_that_exist() -> None:
    commands = list_commands()
    assert len(commands) > 15
    helps: dict[str, str] = {}
    for page, command in commands:
        words = command.split()[1:]
        words = words[2:] if words[0] == "-C" else words
        name = " ".join(words[:2]).partition("|")[0] if words[0] == "reference" else words[0]
        if name not in helps:
            helps[name] = read_help(name)
        for option in (word for word in words if word.startswith("--")):
            assert re.search(rf"{option}\b", helps[name]), f"{page}: {command}: no {option}"


def read_help(name: str) -> str:
    """Options of a command; of those that pass options on, Snakemake's as well."""
    programs = [["vagus.cli.main", *name.split()]]
    programs += [["snakemake"]] if name in ("run", "demo") else []
    texts = []
    for program in programs:
        done = subprocess.run(
            [sys.executable, "-m", *program, "--help"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{name}: {done.stderr}"
        texts.append(done.stdout)
    return "\n".join(texts)


def test_readme_is_short() -> None:
    """One screen and a half."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 90


def test_relative_links_of_the_readme_lead_to_files() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert len(links) > 15
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.long
def test_site_is_built_without_a_broken_link(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir",
         str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    pages = sorted((tmp_path / "site").rglob("index.html"))
    assert len(pages) >= 20
