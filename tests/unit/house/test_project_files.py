"""What forges and catalogues read of the project is well formed and true."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from vagus import __version__


def read_yaml(path: Path) -> dict:
    # the key "on" of a workflow is a boolean to YAML 1.1; text is all that is needed here
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def test_one_version_everywhere(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = read_yaml(root / "CITATION.cff")
    newest = re.search(r"(?m)^## (\S+)", (root / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert newest
    assert {project["version"], citation["version"], newest[1]} == {__version__}
    assert citation["license"] == project["license"]


def test_each_check_of_the_forge_is_a_target_of_the_makefile(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)^([a-z-]+):", makefile))
    texts = [p.read_text(encoding="utf-8") for p in sorted((root / ".github/workflows").iterdir())]
    wanted = {word for text in texts for line in re.findall(r"run: make (.*)", text)
              for word in line.split()}  # fmt: skip
    assert {"lint", "types", "unit", "test-long"} <= wanted <= targets


@pytest.mark.parametrize("kind", ["workflows", "ISSUE_TEMPLATE"])
def test_files_of_the_forge_are_whole(root: Path, kind: str) -> None:
    files = sorted((root / ".github" / kind).glob("*.yml"))
    assert files
    for path in files:
        content = read_yaml(path)
        if kind == "workflows":
            assert {"name", "on", "jobs", "permissions"} <= set(content), path.name
            for job in content["jobs"].values():
                assert all(set(step) & {"uses", "run"} for step in job["steps"])
        elif path.name != "config.yml":
            assert {"name", "description", "body"} <= set(content), path.name
            inputs = [part["id"] for part in content["body"] if part["type"] != "markdown"]
            assert len(inputs) == len(set(inputs)) > 0


def test_what_the_catalogue_and_snakedeploy_expect_is_there(root: Path) -> None:
    usage = read_yaml(root / ".snakemake-workflow-catalog.yml")["usage"]
    assert usage["software-stack-deployment"]["conda"] == "true"
    for name in ("workflow/Snakefile", "config/config.yaml", "config/README.md", "LICENSE"):
        assert (root / name).is_file(), name
