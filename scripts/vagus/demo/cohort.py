"""The demo cohort: an invented gut study with two groups, two time points and controls."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vagus.demo.amplicon import derive_generator
from vagus.demo.community import Strain, StrainLibrary, read_community
from vagus.demo.platforms import PLATFORMS
from vagus.demo.sample import SampleDesign, simulate_sample
from vagus.demo.study import write_config
from vagus.demo.truth import write_rows, write_truth
from vagus.numerics.functions import exp, power
from vagus.product import find_product
from vagus.reads.platforms import list_profiles
from vagus.reference.starter import read_starter

RESOURCES = find_product("resources")
GROUPS = ("depression", "control")
TIMES = ("baseline", "week8")
PLATFORM = list_profiles()[0]
TITLE = "Demo: a simulated gut cohort (invented people and abundances)"
COHORT_CONFIG = "cohort:\n  group: group\n  subject: subject\n  time: time\n  covariates: [age]\n"
SHEET_COLUMNS = (
    "sample", "reads", "platform", "run", "control", "subject", "time", "group", "age",
)  # fmt: skip


@dataclass(frozen=True)
class DemoPlan:
    """Size and variation of the cohort.

    ``between_people`` and ``between_times`` are standard deviations of the natural
    logarithm of a strain's abundance, between people and between one person's samples.
    """

    seed: int = 1
    depth: int = 2000
    people_per_group: int = 6
    blank_reads: int = 40
    between_people: float = 1.0
    between_times: float = 0.35
    chimera_rate: float = 0.01


@dataclass(frozen=True)
class Person:
    """One invented person: group, age and cells of each strain before sampling noise."""

    name: str
    group: str
    age: int
    cells: npt.NDArray[np.float64]


@dataclass(frozen=True)
class SheetEntry:
    """One sample of the demo: what is in it, what control it is, its metadata."""

    design: SampleDesign
    control: str
    metadata: tuple[str, str, str, str]
    """Subject, time, group, age; empty for controls."""


@dataclass(frozen=True)
class StrainPlan:
    """One row of resources/demo_community.tsv."""

    taxon: str
    abundance: float
    n_copies: int
    prevalence: float
    effect_log2: float


def write_demo(folder: Path, seed: int = 1, plan: DemoPlan | None = None) -> None:
    """Write the study folder: reads/, samples.tsv, config.yaml, truth/.

    12 people at two time points, one negative control and one mock community. Equal
    seed gives equal bytes.
    """
    plan = plan or DemoPlan(seed=seed)
    library = StrainLibrary(read_starter(), plan.seed)
    rows = read_plan(RESOURCES / "demo_community.tsv")
    strains = [library.make(row.taxon, row.n_copies) for row in rows]
    entries = list_people_samples(strains, draw_people(rows, plan), plan)
    people_designs = [entry.design for entry in entries]
    entries += list_controls(library, plan)
    truths, sheet = [], []
    for entry in entries:
        path = f"reads/{entry.design.name}.fastq.gz"
        truths.append(simulate_sample(entry.design, PLATFORMS[PLATFORM], plan.seed, folder / path))
        fixed = (entry.design.name, path, PLATFORM, "run1", entry.control)
        sheet.append((*fixed, *entry.metadata))
    write_rows(folder / "samples.tsv", SHEET_COLUMNS, sorted(sheet))
    everything = [strain for entry in entries for strain in entry.design.strains]
    write_truth(folder / "truth", everything, truths, PLATFORMS[PLATFORM])
    _write_abundances(folder / "truth" / "abundances.tsv", people_designs)
    _write_effects(folder / "truth" / "effects.tsv", rows, library)
    write_config(folder / "config.yaml", TITLE, plan.seed, COHORT_CONFIG)


def list_people_samples(
    strains: list[Strain], people: list[Person], plan: DemoPlan
) -> list[SheetEntry]:
    """The samples of all people at all time points."""
    entries = []
    for person in people:
        for time in TIMES:
            name = f"{person.name}-{time}"
            cells = draw_time_point(person, name, plan)
            design = SampleDesign(name, strains, cells, plan.depth, plan.chimera_rate)
            metadata = (person.name, time, person.group, str(person.age))
            entries.append(SheetEntry(design, "", metadata))
    return entries


def list_controls(library: StrainLibrary, plan: DemoPlan) -> list[SheetEntry]:
    """The negative control with a few contaminants, and the staggered mock community."""
    entries = []
    for name, control, table, n_reads in (
        ("blank", "negative", "demo_contaminants.tsv", plan.blank_reads),
        ("mock", "positive:demo-mock", "demo_mock.tsv", plan.depth),
    ):
        members = read_community(RESOURCES / table)
        strains = [library.make(member.taxon, member.n_copies) for member in members]
        cells = [member.abundance for member in members]
        design = SampleDesign(name, strains, cells, n_reads, plan.chimera_rate)
        entries.append(SheetEntry(design, control, ("", "", "", "")))
    return entries


def read_plan(path: Path) -> list[StrainPlan]:
    """Read the strains of the cohort with prevalence and group effect."""
    with open(path, encoding="utf-8", newline="") as stream:
        rows = csv.DictReader((line for line in stream if line[0] != "#"), delimiter="\t")
        return [
            StrainPlan(
                row["taxon"],
                float(row["abundance"]),
                int(row["copies"]),
                float(row["prevalence"]),
                float(row["effect_log2"]),
            )
            for row in rows
        ]


def draw_people(rows: list[StrainPlan], plan: DemoPlan) -> list[Person]:
    """People with the strains they carry: log-normal abundances, the group effect included.

    Each person has a generator of their own, so more people leave the first ones as they are.
    """
    base = np.array([row.abundance for row in rows])
    prevalence = np.array([row.prevalence for row in rows])
    effect = power(2.0, np.array([row.effect_log2 for row in rows]))
    people = []
    for number in range(2 * plan.people_per_group):
        name = f"P{number + 1:02d}"
        generator = derive_generator(plan.seed, "person", name)
        carried = generator.random(len(rows)) < prevalence
        cells = base * carried * exp(plan.between_people * generator.normal(size=len(rows)))
        group = GROUPS[number % 2]
        if group == GROUPS[0]:
            cells = cells * effect
        people.append(Person(name, group, int(generator.integers(20, 66)), cells))
    return people


def draw_time_point(person: Person, sample: str, plan: DemoPlan) -> list[float]:
    """Cells of each strain in one sample of a person."""
    generator = derive_generator(plan.seed, "time", sample)
    noise = generator.normal(size=len(person.cells))
    cells: list[float] = (person.cells * exp(plan.between_times * noise)).tolist()
    return cells


def _write_abundances(path: Path, designs: Sequence[SampleDesign]) -> None:
    rows = (
        (design.name, strain.accession, strain.label, value)
        for design in designs
        for strain, value in zip(design.strains, design.abundances, strict=True)
    )
    write_rows(path, ("sample", "strain", "label", "cells"), rows)


def _write_effects(path: Path, rows: list[StrainPlan], library: StrainLibrary) -> None:
    header = ("strain", "species", "genus", "group", "against", "effect_log2")
    records = [(library.find(row.taxon), row.effect_log2) for row in rows if row.effect_log2]
    write_rows(
        path,
        header,
        ((r.accession, r.lineage[6], r.lineage[5], *GROUPS, effect) for r, effect in records),
    )
