"""Each table of the registry is written by the program that it names, and no other table is."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

import pandas as pd
import pytest

import join_databases
import select_asvs
from described import find_fault, list_faults, make_frame
from golden.cases import GOLDEN
from vagus.denoise.denoised import DenoisedSample
from vagus.errors import VagusError
from vagus.phase.variants import make_empty_table
from vagus.programs import list_sources
from vagus.tables import read_table, write_table
from vagus.tables.columns import ANY, NUMBER, TEXT, WHOLE
from vagus.tables.registry import STAGES, find_entry, list_entries, list_tables
from vagus.tables.stages.denoise import ASV_TABLE, VARIANTS
from vagus.tables.stages.diversity import ALPHA, EXCLUDED, RAREFACTION
from vagus.tables.stages.taxonomy import HITS, TAXONOMY
from vagus.tables.table import LAST, Table
from vagus.tables.tsv import read_header
from vagus.tables.wide import write_wide

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
SOURCES = [
    path
    for path in sorted(SCRIPTS.rglob("*.py"))
    if SCRIPTS / "vagus" / "tables" not in path.parents
]
WRITERS = ("write_table", "write_wide", "write_unneeded")
READERS = ("read_csv", "read_table", "to_csv")
# what is not in a results folder: references that come with the program, and a square table
# that is read by place because samples may be called as its first column
NOT_RESULTS = {
    "vagus/controls/contaminants.py", "vagus/gut_brain/knowledge.py",
    "vagus/diversity/distances.py",
}  # fmt: skip
# tables that are written a row at a time, so that they are never in memory as a whole
BY_ROW = {
    "vagus/denoise/sparse_table.py": "ASV_TABLE", "vagus/exports/phyloseq.py": "PHYLOSEQ_OTU",
    "vagus/final/merged.py": "MERGED",
}  # fmt: skip


def list_calls(path: Path, names: tuple[str, ...]) -> Iterator[ast.Call]:
    """Calls of some functions or methods in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func
            if (called.id if isinstance(called, ast.Name) else called) in names:
                yield node


def name_home(path: Path) -> str:
    return path.relative_to(SCRIPTS).as_posix()


def list_named(path: Path) -> set[str]:
    """Tables of the registry that a file imports and names in what it writes."""
    imported = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("vagus.tables.stages")
        for alias in node.names
    }
    writes = next(list_calls(path, WRITERS), None) is not None or name_home(path) in BY_ROW
    return imported if writes else set()


def list_constants() -> dict[str, Table | dict[str, Table]]:
    """Names of tables, and of tables of tables, in the modules of the stages."""
    found: dict[str, Table | dict[str, Table]] = {}
    for stage in STAGES:
        module = __import__(f"vagus.tables.stages.{stage}", fromlist=["TABLES"])
        found |= {
            name: value
            for name, value in vars(module).items()
            if isinstance(value, Table | dict) and name.isupper()
        }
    return found


def test_every_table_that_is_written_is_of_the_registry() -> None:
    known = set(list_constants())
    calls = [
        (path, call) for path in SOURCES for call in list_calls(path, ("write_table", "write_wide"))
    ]
    assert len(calls) > 60
    for path, call in calls:
        assert len(call.args) == 3, f"{name_home(path)}:{call.lineno}: no table of the registry"
        names = {node.id for node in ast.walk(call.args[2]) if isinstance(node, ast.Name)}
        assert names & known or names == {"table"}, f"{name_home(path)}:{call.lineno}: {names}"


def list_retyped(path: Path, known: Collection[tuple[str, ...]]) -> list[str]:
    """Places where a file spells out all columns of a table, in their order."""
    return [
        f"{path.name}:{node.lineno}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Tuple | ast.List)
        and tuple(getattr(item, "value", None) for item in node.elts) in known
    ]


def test_the_columns_of_a_table_are_spelled_out_once(tmp_path: Path) -> None:
    known = {tuple(table.names) for table in list_tables() if len(table.names) > 2}
    assert len(known) > 40
    assert [place for path in SOURCES for place in list_retyped(path, known)] == []
    again = tmp_path / "again.py"
    again.write_text(f"import os\n\nCOLUMNS = {RAREFACTION.names}\n", encoding="utf-8")
    assert list_retyped(again, known) == ["again.py:3"]


def test_tables_are_read_and_written_in_one_place() -> None:
    found = {
        f"{name_home(path)}:{call.lineno}"
        for path in SOURCES
        for call in list_calls(path, READERS)
        if name_home(path) not in NOT_RESULTS
        and (not isinstance(call.func, ast.Name) or len(call.args) < 2)
    }
    assert found == set()


@pytest.mark.parametrize("table", list_tables(), ids=lambda table: table.files[0].path)
def test_every_table_of_the_registry_is_written_by_its_program(table: Table) -> None:
    constants = {
        name
        for name, value in list_constants().items()
        if value == table or (isinstance(value, dict) and table in value.values())
    }
    for file in table.files:
        program = SCRIPTS / f"{file.writer}.py"
        assert program.is_file(), file.writer
        sources = list_sources(program)
        assert any(constants & list_named(path) for path in sources if path.suffix == ".py"), file


def test_other_files_have_programs() -> None:
    for _, file, _ in list_entries():
        assert file.writer == LAST or (SCRIPTS / f"{file.writer}.py").is_file(), file.path


def test_no_file_and_no_column_is_there_twice() -> None:
    paths = [file.path for _, file, _ in list_entries()]
    assert len(paths) == len(set(paths))
    for table in list_tables():
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names)), table.name
        assert not table.key or table.key in names, table.name


def test_columns_have_words_and_types() -> None:
    for table in list_tables():
        assert table.row
        for column in [*table.columns, *([table.cells] if table.cells else [])]:
            assert len(column.words) > 2, f"{table.name}: {column.name}"
            assert column.kind in (TEXT, WHOLE, NUMBER, ANY)
            assert column.name == column.name.strip()


def test_lengths_and_percentages_have_their_units() -> None:
    for table in list_tables():
        for column in table.columns:
            if column.name.endswith("_bp") and column.kind != TEXT:
                assert column.unit == "bp", f"{table.name}: {column.name}"
            if column.name.endswith("percent"):
                made = (column.unit, column.kind)
                assert made == ("%", NUMBER), f"{table.name}: {column.name}"
            if column.name.startswith("lost_"):
                assert column.unit == "reads", f"{table.name}: {column.name}"
            if column.name in ("p_value", "q_value", "share"):
                assert (column.lowest, column.highest) == (0, 1), f"{table.name}: {column.name}"


def test_columns_that_are_there_at_times_are_written(tmp_path: Path) -> None:
    seen = {(ALPHA.name, name) for name in read_header(GOLDEN / "measure_alpha" / "alpha.tsv")}
    taxonomy, hits = tmp_path / "taxonomy.tsv", tmp_path / "hits.tsv"
    calls = {"Feature ID": ["a" * 32], "Confidence": [1.0], "identity": [1.0], "genus": ["Blautia"]}
    write_table(make_frame(TAXONOMY, calls), taxonomy, TAXONOMY)
    write_table(make_frame(HITS, {"asv": ["a" * 32], "hit": [1]}), hits, HITS)
    joined, joined_hits = tmp_path / "joined.tsv", tmp_path / "joined_hits.tsv"
    argv = [word for name in ("one", "two") for word in ("--database", name, taxonomy, hits)]
    argv += ["--taxonomy", joined, "--hits", joined_hits]
    assert join_databases.main([str(word) for word in argv]) == 0
    assert find_fault(joined, TAXONOMY) == find_fault(joined_hits, HITS) == ""
    seen |= {(TAXONOMY.name, name) for name in read_header(joined)}
    seen |= {(HITS.name, name) for name in read_header(joined_hits)}
    DenoisedSample(make_empty_table(), {}).save(tmp_path / "v.tsv", tmp_path / "l.json")
    seen |= {(VARIANTS.name, name) for name in read_header(tmp_path / "v.tsv")}
    for table in list_tables():
        for column in table.columns:
            if column.only:
                assert (table.name, column.name) in seen


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        (["sample", "reason", "mood"], "the column 'mood' is not described"),
        (["sample"], "the column 'reason' is missing"),
        (["reason", "sample"], "the column 'sample' is not in its place"),
    ],
)
def test_a_program_cannot_write_other_columns(
    columns: list[str], fault: str, tmp_path: Path
) -> None:
    path = tmp_path / "excluded.tsv"
    with pytest.raises(ValueError, match=fault):
        write_table(pd.DataFrame([["x"] * len(columns)], columns=columns), path, EXCLUDED)
    assert not path.exists()


def test_a_program_cannot_write_cells_of_another_type(tmp_path: Path) -> None:
    rows = [("a", 5, "shannon", 1.5, 0.1), ("a", 7.5, "shannon", 1.5, 0.1)]
    with pytest.raises(ValueError, match=r"row 1 of the column 'depth': '7.5' is not a whole"):
        write_table(pd.DataFrame(rows, columns=RAREFACTION.names), tmp_path / "r.tsv", RAREFACTION)
    counts = pd.DataFrame({"gut": [0.5]}, index=pd.Index(["x"], name="asv"))
    with pytest.raises(ValueError, match="the cells of 'gut' are not each a whole number"):
        write_wide(counts, tmp_path / "t.tsv", ASV_TABLE)
    with pytest.raises(ValueError, match="the first column is 'otu'"):
        write_wide(counts.astype(int).rename_axis("otu"), tmp_path / "t.tsv", ASV_TABLE)


WHOLE_TABLE = "sample\tdepth\tmetric\tmean\tsd\na\t5\tshannon\t1.5\t0.1\nb\t5\tshannon\t2\t0\n"


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("\tsd\n", "\tse\n", 1, "the column 'sd' is missing"),
        ("a\t5", "a\tfive", 2, "'five' is not a number in the column 'depth'"),
        ("b\t5", "b\t5.5", 3, "'5.5' is not a whole number in the column 'depth'"),
        ("b\t5", "b\t-5", 3, "'-5' is less than 0 in the column 'depth'"),
        ("2\t0", "\t0", 3, "an entry is empty in the column 'mean'"),
        ("\nb\t", "\n\t", 3, "an entry is empty in the column 'sample'"),
    ],
)
def test_a_damaged_table_is_refused_with_its_line_and_column(
    old: str, new: str, line: int, what: str, tmp_path: Path
) -> None:
    path = tmp_path / "curves.tsv"
    path.write_text(WHOLE_TABLE)
    assert len(read_table(path, RAREFACTION)) == 2
    assert old in WHOLE_TABLE
    path.write_text(WHOLE_TABLE.replace(old, new, 1))
    with pytest.raises(VagusError) as caught:
        read_table(path, RAREFACTION)
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert what in str(caught.value)


def test_a_program_ends_with_one_message_on_a_damaged_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, damaged = GOLDEN / "study", tmp_path / "contaminants.tsv"
    whole = (GOLDEN / "find_contaminants" / "contaminants.tsv").read_text(encoding="utf-8")
    header, first, *rest = whole.splitlines()
    damaged.write_text("\n".join([header, "\t" + first.split("\t", 1)[1], *rest]) + "\n")
    argv = ["--asv-table", study / "asv_table.tsv", "--taxonomy", study / "taxonomy.tsv", "--asvs",
            study / "asvs.fasta", "--contaminants", damaged, "--selected-table", tmp_path / "t.tsv",
            "--selected-asvs", tmp_path / "a.fasta", "--set-apart", tmp_path / "s.tsv",
            "--ledger", tmp_path / "l.tsv"]  # fmt: skip
    assert select_asvs.main([str(word) for word in argv]) == 2
    (message,) = [line for line in capsys.readouterr().err.splitlines() if "error:" in line]
    assert f"{damaged}, line 2: " in message
    assert "'asv'" in message
    assert sorted(path.name for path in tmp_path.iterdir()) == ["contaminants.tsv"]


def test_what_a_run_leaves_is_compared_with_the_registry(tmp_path: Path) -> None:
    for name in ("diversity/rarefaction.tsv", "diversity/mood.tsv", "demo/truth_false.tsv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("sample\n")
    assert list_faults(tmp_path) == [
        "demo/truth_false.tsv: the column 'sample' is not described",
        "diversity/mood.tsv: not in the registry",
        "diversity/rarefaction.tsv: the column 'depth' is missing",
    ]
    entry = find_entry("selection/asv_table.tsv")
    assert entry is not None
    assert (entry[0], entry[1].writer, entry[2]) == ("selection", "select_asvs", ASV_TABLE)
