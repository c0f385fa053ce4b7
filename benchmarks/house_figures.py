"""Figures of the code at two commits: lines, rules, step programs, who imports whom.

    python benchmarks/house_figures.py [BEFORE [AFTER]]

By default the commit at which the house was rebuilt (7c72b0d) and the files as they are now. Lines
are those that are not blank. A rule's plumbing is how it runs (log, benchmark, environment,
threads, resources, program and digest of its code), the rest what it does.
"""

from __future__ import annotations

import io
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests")]

from unit.house import measures  # noqa: E402

BEFORE = "7c72b0d"


def count_lines(path: Path) -> int:
    """Lines of a file that are not blank."""
    return sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())


def count_packages(folder: Path) -> Counter[str]:
    """Lines of each package of the library, and of what is beside it."""
    lines: Counter[str] = Counter()
    for path in (folder / "scripts" / "vagus").rglob("*.py"):
        parts = path.relative_to(folder / "scripts" / "vagus").parts
        lines[f"vagus/{parts[0]}" if len(parts) > 1 else "vagus, modules"] += count_lines(path)
    lines["scripts/*.py"] = sum(map(count_lines, (folder / "scripts").glob("*.py")))
    for path in (folder / "workflow").rglob("*"):
        if path.suffix == ".smk" or path.name == "Snakefile":
            lines["workflow"] += count_lines(path)
    for name in ("tests", "benchmarks"):
        lines[name] = sum(map(count_lines, (folder / name).rglob("*.py")))
    return lines


def measure_rules(folder: Path) -> dict[str, str]:
    """Number of rules, median of their lines, and the share that is plumbing."""
    rules = {}
    for path in (folder / "workflow").rglob("*.smk"):
        rules |= measures.split_rules(path.read_text(encoding="utf-8"))
    lengths = [len(lines) for lines in rules.values()]
    share = sum(map(measures.count_plumbing, rules.values())) / sum(lengths)
    return {
        "rules": str(len(rules)),
        "lines of a rule, median": f"{statistics.median(lengths):g}",
        "plumbing of the rules": f"{100 * share:.0f} %",
    }


def measure_programs(folder: Path) -> dict[str, str]:
    """Number of step programs and their lines, blank ones too."""
    texts = [path.read_text(encoding="utf-8") for path in (folder / "scripts").glob("*.py")]
    lengths = [len(text.splitlines()) for text in texts]
    return {
        "step programs": str(len(lengths)),
        "lines of a step program, median": f"{statistics.median(lengths):g}",
        "lines of the longest": str(max(lengths)),
    }


def measure_imports(folder: Path) -> dict[str, str]:
    """Circles of modules as they are loaded, and packages that import each other anywhere."""
    scripts = folder / "scripts"
    circle = measures.find_circle(measures.list_imports(scripts, at_start=True))
    packages = measures.join_packages(measures.list_imports(scripts, at_start=False))
    mutual = [" and ".join(pair) for pair in sorted(measures.list_mutual(packages))]
    return {
        "a circle of imports": " -> ".join(circle) or "none",
        "packages that import each other": f"{len(mutual)}: {', '.join(mutual)}"
        if mutual
        else "none",
    }


def measure(folder: Path) -> dict[str, str]:
    """All figures of a checkout, by what they are."""
    lines = {name: str(n) for name, n in sorted(count_packages(folder).items())}
    return {
        **measure_rules(folder), **measure_programs(folder), **measure_imports(folder), **lines
    }  # fmt: skip


def unpack(commit: str, folder: Path) -> Path:
    """The files of a commit in a folder."""
    command = ["git", "archive", commit, "scripts", "workflow", "tests", "benchmarks"]
    packed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def main() -> None:
    """Print a table of both."""
    commits = sys.argv[1:] or [BEFORE]
    with tempfile.TemporaryDirectory() as name:
        places = [unpack(commit, Path(name) / str(i)) for i, commit in enumerate(commits)]
        columns = [measure(place) for place in (places + [ROOT])[:2]]
    titles = [*commits, "now"][:2]
    print("| figure |", " | ".join(titles), "|\n|---|---|---|")
    for figure in dict.fromkeys([*columns[0], *columns[1]]):
        print(f"| {figure} |", " | ".join(column.get(figure, "") for column in columns), "|")


if __name__ == "__main__":
    main()
