"""The forecast of a study follows its samples, its config and the cores; by hand where it can."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from vagus.cli import forecast
from vagus.cli.profiles import merge_options
from vagus.cli.run import make_command
from vagus.cli.usage import correct_cpu
from vagus.costs.laws import read_laws
from vagus.costs.study_costs import (
    SampleAmounts,
    count_samples_a_job,
    estimate_samples,
    expect_asvs,
    forecast_study,
    is_wanted,
)
from vagus.study.samples import Sample
from vagus.study.schema import fill_defaults
from vagus.study.study import Study

READ = "@r\n" + "A" * 1500 + "\n+\n" + "~" * 1500 + "\n"


def make_study(folder: Path, n_samples: int = 4, n_reads: int = 20, **config: object) -> Study:
    samples = []
    for number in range(n_samples):
        path = folder / f"{number}.fastq"
        path.write_text(READ * n_reads)
        samples.append(Sample(f"s{number}", f"s{number}", (str(path),), run=f"run{number % 2}"))
    return Study(fill_defaults({"results": str(folder / "results"), **config}), tuple(samples))


def amounts(n: int, kreads: float = 2.0) -> list[SampleAmounts]:
    return [SampleAmounts(f"run{i % 2}", kreads, 0.3 * kreads) for i in range(n)]


def test_samples_are_estimated_from_their_files(tmp_path: Path) -> None:
    study = make_study(tmp_path)
    (sample, *_) = estimate_samples(study, kept=[0.5] * 4, unique=[0.4] * 4)
    assert sample.kreads == pytest.approx(0.02)
    assert sample.kuniques == pytest.approx(0.5 * 0.4 * 0.02)


def test_a_file_of_several_barcodes_is_counted_once(tmp_path: Path) -> None:
    one = make_study(tmp_path, n_samples=1)
    whole = estimate_samples(one)
    rows = tuple(replace(one.samples[0], name=n, key=n, barcodes=(n,)) for n in "abcd")
    parts = estimate_samples(replace(one, samples=rows))
    # each of the four jobs reads the whole file and keeps a quarter of it
    assert [part.kreads for part in parts] == [whole[0].kreads] * 4
    assert sum(part.kuniques for part in parts) == pytest.approx(whole[0].kuniques)
    assert forecast_study(one, whole, 2).n_reads == forecast_study(one, parts, 2).n_reads == 20


def test_steps_are_those_of_the_config(tmp_path: Path) -> None:
    plain = forecast_study(make_study(tmp_path), amounts(4), 2)
    always = [law.per for law in read_laws().values() if not law.when]
    # every study has exports, and this one has two runs and no groups
    assert (
        plain.n_steps
        == 4 * always.count("sample") + 2 * always.count("run") + always.count("study") + 5
    )
    pooled = forecast_study(make_study(tmp_path, denoise={"pooling": "pooled"}), amounts(4), 2)
    more = [law.per for law in read_laws().values() if law.when == "denoise.pooling=pooled"]
    assert set(more) == {"run", "shard"}  # the two runs have one shard each
    assert pooled.n_steps == plain.n_steps + 2 * len(more)
    config = fill_defaults({"cohort": {"group": "g"}, "exports": ["biom"]})
    assert is_wanted("", config)
    assert is_wanted("cohort.group", config)
    assert not is_wanted("cohort.time", config)
    assert is_wanted("exports=biom", config)
    assert not is_wanted("exports=qiime2", config)
    assert not is_wanted("taxonomy.copy_numbers", config)
    assert not is_wanted("taxonomy.more_references", config)


def test_more_samples_reads_and_fewer_cores_take_longer(tmp_path: Path) -> None:
    study = make_study(tmp_path)
    few, many = (forecast_study(study, amounts(n), 2) for n in (4, 400))
    deep = forecast_study(study, amounts(4, 200.0), 2)
    assert few.cpu_s < many.cpu_s
    assert few.cpu_s < deep.cpu_s
    assert few.disk_mb < many.disk_mb
    assert few.memory_mb < deep.memory_mb
    alone, wide = (forecast_study(study, amounts(400), cores) for cores in (1, 16))
    assert alone.wall_s > many.wall_s > wide.wall_s
    assert alone.cpu_s == many.cpu_s == wide.cpu_s
    assert alone.wall_s >= alone.cpu_s
    assert many.memory_mb < wide.memory_mb


def test_each_engine_learns_from_its_own_samples(tmp_path: Path) -> None:
    study, laws = make_study(tmp_path), read_laws()
    hifi = [SampleAmounts("run0", 20.0, 6.0)]
    ont = [SampleAmounts("run0", 20.0, 19.0)]
    dada, phase = (forecast_study(study, samples, 1).cpu_s for samples in (hifi, ont))
    learn, other = laws["learn_errors"], laws["learn_phase_errors"]
    more = phase - dada
    for name in ("denoise_sample", "choose_engines"):
        more -= laws[name].estimate_s(19) - laws[name].estimate_s(6)
    assert more == pytest.approx(
        learn.estimate_s(0) + other.estimate_s(19) - learn.estimate_s(6) - other.estimate_s(0)
    )


def test_asvs_are_those_of_an_earlier_run(tmp_path: Path) -> None:
    assert expect_asvs(1) == 105
    assert expect_asvs(20, (20, 300)) == 300
    assert expect_asvs(320, (20, 300)) == 300 * 8  # 16 to the power of 0.75


def test_small_samples_share_a_job_and_large_ones_do_not(tmp_path: Path) -> None:
    study = make_study(tmp_path)
    assert count_samples_a_job(study) == 50
    laws = read_laws()
    each_s = 8.0 + max(
        laws["prepare_reads"].estimate_s(0.02), laws["denoise_sample"].estimate_s(0.93 * 0.3 * 0.02)
    )
    assert count_samples_a_job(study, wanted_s=100.0) == round(100 / each_s)
    assert count_samples_a_job(study, wanted_s=1.0) == 1


def test_a_cluster_gets_groups_unless_the_user_makes_them(tmp_path: Path) -> None:
    from argparse import Namespace

    study, config = make_study(tmp_path), tmp_path / "config.yaml"
    config.write_text("seed: 2\n")
    here = Namespace(on="default", cores=None, extra=[], configfile=config)
    assert "--group-components" not in make_command(here, study)
    there = Namespace(**{**vars(here), "on": "slurm"})
    assert "samples_again=50" in make_command(there, study)
    there.extra = ["--group-components", "reads=2"]
    command = merge_options(make_command(there, study), [])
    assert command.count("--group-components") == 1
    assert {"reads=2", "samples=50", "samples_again=50"} <= set(command)


def test_forecast_is_kept_of_a_whole_run_and_compared(tmp_path: Path) -> None:
    study, results = make_study(tmp_path), tmp_path / "results"
    costs = replace(forecast_study(study, amounts(4), 2), cpu_s=90.0, disk_mb=1.0)
    folder = results / "benchmarks" / "reads"
    folder.mkdir(parents=True)
    row = "s\tmax_rss\tcpu_time\n60.0\t200\t30.0\n"
    (folder / "a.tsv").write_text(row)
    assert forecast.compare(results) is None
    forecast.keep(results, costs, start=2e12)  # nothing was made in this run
    assert not forecast.name_record(results).exists()
    forecast.keep(results, costs, start=0.0)
    assert json.loads(forecast.name_record(results).read_text())["wall_s"] > 0
    (results / "checksums.sha256").write_bytes(bytes(500_000))
    told = forecast.compare(results)
    assert told is not None
    # 30 s of CPU when Snakemake last looked, after 45 s of 60
    assert "40 CPU s (forecast 90 CPU s)" in told
    assert "off by +125%" in told
    assert "1 MB of disk (forecast 1 MB)" in told
    assert "200 MB in its largest step" in told
    assert "4 samples" not in forecast.describe(costs)
    assert "90 CPU s" in forecast.describe(costs)


def test_cpu_of_the_end_of_a_job_is_added() -> None:
    assert correct_cpu(2.0, 4.0) == 2.0  # the last look was at the end
    assert correct_cpu(1.0, 1.25) == pytest.approx(1.25)
    assert correct_cpu(30.0, 60.0) == pytest.approx(40.0)
    assert correct_cpu(0.0, 0.3) == pytest.approx(0.3)  # too short for any look
