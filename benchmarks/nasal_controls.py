"""Run the controls and diversity stages on a published table with blanks and a mock community.

The table (klterwelp/FL16S_Platform_Comparison, full-length 16S of infant nasal swabs, 59 samples,
4 ZymoBIOMICS positives, 7 no-template controls) is in ../shared/data/nasal_table, beside the
checkout. Prevalence scores are computed again by nasal_controls.R with base R. With --folder the
tables stay, and a page with the figures is written beside them.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scripts"), str(HERE.parent / "tests")]

import assess_controls  # noqa: E402
import find_contaminants  # noqa: E402
import gather_taxa  # noqa: E402
import rarefy_samples  # noqa: E402
from unit.diversity.level_programs import run_levels  # noqa: E402
from vagus.reference.lineage import RANKS  # noqa: E402
from vagus.tables import read_table, write_table  # noqa: E402

DATA = HERE.parents[1] / "shared" / "data" / "nasal_table"
CONTROLS = {"NTC": "negative", "Zymo": "positive:D6300"}
CONTROL_TABLES = (
    "mocks", "mock_taxa", "replicates", "repeatability", "batches", "checks", "verdict",
)  # fmt: skip
METRICS = ("braycurtis", "jaccard", "aitchison", "robust_aitchison")


def write_inputs(folder: Path) -> list[str]:
    """Sheet, counts and taxonomy in the forms of Vagus; returns the names of the controls."""
    counts = pd.read_csv(DATA / "FL16S.counts.tsv", sep="\t", dtype={0: str})
    counts = counts.rename(columns={counts.columns[0]: "asv"})
    counts = counts.rename(columns={name: f"n{int(name):02d}" for name in counts.columns[1:]})
    write_table(counts, folder / "asv_table.tsv")
    meta = pd.read_csv(DATA / "FL16S_meta.tsv", sep="\t", skiprows=[1], dtype=str)
    meta["sample"] = [f"n{int(name):02d}" for name in meta["sample-id"]]
    meta = meta[meta["sample"].isin(counts.columns)]
    meta["control"] = meta["Type"].map(CONTROLS).fillna("")
    meta["reads"] = [f"{name}.fastq.gz" for name in meta["sample"]]
    columns = ["sample", "reads", "control", "Name", "Lab", "Type", "Cycles", "Band"]
    write_table(meta[columns], folder / "samples.tsv")
    taxa = pd.read_csv(DATA / "FL16S.taxonomy_HOMD15.22.tsv", sep="\t", dtype=str)
    names = [split_lineage(taxon) for taxon in taxa["Taxon"]]
    table = pd.DataFrame(names, columns=list(RANKS))
    table.insert(0, "Feature ID", list(taxa["Feature ID"]))
    table["note"] = ""
    write_table(table, folder / "taxonomy" / "taxonomy.tsv")
    return meta.loc[meta["control"] != "", "sample"].tolist()


def split_lineage(text: str) -> list[str]:
    """'k__A;...;g__G;s__e' -> one name a rank, the species as 'G e'."""
    found = [part.split("__", 1)[-1].strip() for part in text.split(";")]
    found += [""] * (len(RANKS) - len(found))
    genus, epithet = found[5], found[6].replace("_", " ")
    found[6] = epithet if epithet.startswith(genus) else f"{genus} {epithet}"
    return found if epithet else [*found[:6], ""]


def run_stages(folder: Path, controls: list[str]) -> None:
    """All programs of both stages; a star stands for the tree, which has no influence here."""
    asvs = read_table(folder / "asv_table.tsv", dtype={"asv": str})["asv"]
    (folder / "tree.nwk").write_text("((" + ",".join(f"{a}:1" for a in asvs[1:]) + "):1,"
                                     f"{asvs[0]}:2);")  # fmt: skip
    given = ["--asv-table", f"{folder}/asv_table.tsv"]
    named = ["--taxonomy", f"{folder}/taxonomy/taxonomy.tsv"]
    out, marked = f"{folder}/diversity", [f"--control={name}" for name in controls]
    plan = ["--plan", f"{out}/rarefaction_plan.json"]
    levels = ["species", "genus"]
    wanted = [f"--table={level}={folder}/selection/composition_{level}.tsv" for level in levels]
    _run(gather_taxa, [*given, *named, *wanted])
    outputs = [f"--excluded={out}/excluded.tsv", f"--curves={out}/rarefaction.tsv"]
    _run(rarefy_samples, [*given, *plan, *marked, *outputs,
                          f"--choices={out}/rarefaction_choices.tsv"])  # fmt: skip
    run_levels(given[1], out, levels, [f"--tree={folder}/tree.nwk", *plan], METRICS, marked)
    study = ["--samples", f"{folder}/samples.tsv", *given, *named]
    study += [f"--contaminants={folder}/controls/contaminants.tsv"]
    study += [f"--ledger={folder}/controls/ledger.tsv"]
    _run(find_contaminants, [*study, f"--explanation={folder}/controls/contaminants.txt"])
    tables = [f"--table={name}={folder}/controls/{name}.tsv" for name in CONTROL_TABLES]
    beta = f"--beta=braycurtis={out}/beta_braycurtis.tsv"
    _run(assess_controls, [*study, f"--alpha={out}/alpha.tsv", beta, "--batch=Band", *tables])


def _run(program: object, argv: list[str]) -> None:
    code = program.main(argv)  # type: ignore[attr-defined]
    if code:
        raise SystemExit(code)


def compare_with_r(folder: Path) -> str:
    """Greatest difference of prevalence scores, and of calls, to base R."""
    if shutil.which("Rscript") is None:
        return "Rscript is not installed: scores were not compared"
    counts = read_table(folder / "asv_table.tsv", dtype={"asv": str}).set_index("asv").T
    sheet = read_table(folder / "samples.tsv", dtype=str).set_index("sample")
    used = sheet.index[~sheet["control"].fillna("").str.startswith("positive")]
    part = counts.loc[sorted(name for name in used if counts.loc[name].sum() > 0)]
    part = (part > 0).astype(int)
    part.insert(0, "negative", (sheet.loc[part.index, "control"] == "negative").astype(int))
    part.to_csv(folder / "presence.tsv", sep="\t")
    words = [folder / "presence.tsv", folder / "scores_of_r.tsv"]
    subprocess.run(["Rscript", str(HERE / "nasal_controls.R"), *map(str, words)], check=True)
    theirs = pd.read_csv(folder / "scores_of_r.tsv", sep="\t", index_col=0)["p"]
    ours = read_table(folder / "controls" / "contaminants.tsv", dtype={"asv": str})
    ours = ours.set_index("asv")["p_prevalence"]
    theirs = pd.to_numeric(theirs, errors="coerce").reindex(ours.index)
    both = ours.notna() & theirs.notna()
    same = bool((ours.notna() == theirs.notna()).all())
    called = int(((ours < 0.1) != (theirs < 0.1)).sum())
    worst = float(np.abs(ours[both] - theirs[both]).max())
    return (f"{int(both.sum())} scores, greatest difference to base R {worst:.1e}; defined for the "
            f"same ASVs: {same}; calls at 0.1 that differ: {called}")  # fmt: skip


def report(folder: Path) -> None:
    """Print what was found."""
    controls = folder / "controls"
    print((controls / "contaminants.txt").read_text().strip())
    table = read_table(controls / "contaminants.tsv", dtype={"asv": str}).fillna({"genus": ""})
    called = table[table["contaminant"] == "yes"]
    known = called["seen_in_reagents"] == "yes"
    carried = int((called["share_in_positives"] >= 0.01).sum())
    print(
        f"{len(called)} of {len(table)} ASVs called, {int(known.sum())} of a genus known from "
        f"reagents, {carried} with 1 % or more of a positive control"
    )
    genera = called.groupby("genus").agg(asvs=("asv", "size"), reads=("reads", "sum"))
    print(genera.sort_values("reads", ascending=False).head(15).to_string())
    print(compare_with_r(folder))
    ledger = read_table(controls / "ledger.tsv", dtype={"sample": str})
    print(ledger["share"].describe().to_string())
    for name in ("verdict", "checks", "mocks", "batches"):
        print(f"\n{name}")
        rows = read_table(controls / f"{name}.tsv")
        for row in rows.to_dict("records"):
            print("  " + "; ".join(f"{k} {_show(v)}" for k, v in row.items() if v == v and v != ""))
    print("\nNMDS stress")
    print(read_table(folder / "diversity" / "nmds_stress.tsv").to_string(index=False))


def _show(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def write_page(folder: Path) -> None:
    """One page with the sections of both stages and their figures."""
    from vagus.report.blocks import Part
    from vagus.report.controls import build_controls
    from vagus.report.figure import FigureFolder, figure_style
    from vagus.report.hill import build_hill
    from vagus.report.inputs import ReportInputs
    from vagus.report.level_ordination import build_level_ordination
    from vagus.report.page import render_page
    from vagus.study.samples import read_sheet
    from vagus.study.schema import fill_defaults

    config = fill_defaults({"cohort": {"group": "Lab"}, "diversity": {"metrics": list(METRICS)}})
    samples = tuple(read_sheet(folder / "samples.tsv"))
    inputs = ReportInputs(folder, samples, {"config": config})
    figures = FigureFolder(folder / "report" / "figures", inputs.keys)
    with figure_style():
        sections = [build_controls(inputs, figures), build_hill(inputs, figures),
                    build_level_ordination(inputs, figures)]  # fmt: skip
    part = Part("Nasal table", [section for section in sections if section is not None])
    page = render_page("study.html.j2", title="Nasal table", subtitle="benchmark", parts=[part])
    (folder / "report" / "index.html").write_text(page, encoding="utf-8")


def main() -> int:
    """Run both stages, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where tables and page stay")
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"passed over: {DATA} is absent")
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        run_stages(folder, write_inputs(folder))
        report(folder)
        if options.folder:
            write_page(folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
