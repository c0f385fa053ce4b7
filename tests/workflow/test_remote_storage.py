"""Studies whose files are in a store: a folder that only storage plugins look at, and S3."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vagus.demo.cohort import DemoPlan, write_demo
from workflow.studies import run_vagus

PLAN = DemoPlan(seed=3, depth=150, people_per_group=2, blank_reads=4)
# every stage and its options that have files of their own
WHOLE = """\
denoise: {pooling: POOLING, rescue: true}
reads: {keep_filtered: true}
controls: {remove_contaminants: true}
taxonomy: {group_strains: true, copy_numbers: shipped}
gut_brain: {enabled: true}
"""
# where what comes after denoising is tried elsewhere
SHORT = """\
denoise: {pooling: POOLING}
exports: [biom]
diversity: {metrics: [braycurtis], rarefaction_repeats: 2, levels: [asv]}
"""
SHARED = [
    "--shared-fs-usage", "persistence", "software-deployment", "sources", "source-cache",
]  # fmt: skip
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}

pytestmark = [pytest.mark.workflow, pytest.mark.long]


def explain_absence(plugin: str, *programs: str) -> str:
    """What a test needs and is not installed."""
    found = importlib.util.find_spec(f"snakemake_storage_plugin_{plugin}")
    absent = [name for name in programs if shutil.which(name) is None]
    return ", ".join([*([] if found else [f"snakemake-storage-plugin-{plugin}"]), *absent])


def write_inputs(folder: Path, settings: str, pooling: str) -> None:
    """Reads, sheet and config of a study of 10 samples."""
    folder.mkdir()
    write_demo(folder, 2, PLAN)
    with open(folder / "config.yaml", "a", encoding="utf-8") as config:
        config.write(settings.replace("POOLING", pooling))


def run_here(folder: Path) -> str:
    """The checksums of a run on this machine, whose results are in the study folder."""
    done = run_vagus(folder, "run", "--cores", "2")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return (folder / "results" / "checksums.sha256").read_text(encoding="utf-8")


def run_in_store(folder: Path, provider: str, *options: str, **environment: str) -> None:
    """The same study, whose reads and results are in a store."""
    chosen = ["--default-storage-provider", provider, *options, *SHARED]
    done = run_vagus(folder, "run", "--cores", "2", *chosen, **environment)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Done. The results are in the store." in done.stdout
    # nothing was written here but logs, costs, and whose results these are
    results = folder / "results"
    here = [path for path in results.rglob("*") if path.is_file()]
    stages = {path.relative_to(results).parts[0] for path in here}
    assert stages <= {"logs", "benchmarks", ".vagus"}, stages


@pytest.mark.skipif(bool(explain_absence("fs", "rsync")), reason=explain_absence("fs", "rsync"))
@pytest.mark.parametrize(
    ("settings", "pooling"),
    [
        pytest.param(WHOLE, "independent", id="whole-independent"),
        pytest.param(SHORT, "pooled", id="short-pooled", marks=pytest.mark.nightly),
    ],
)
def test_a_folder_as_store(tmp_path: Path, settings: str, pooling: str) -> None:
    study, store, here = (tmp_path / name for name in ("study", "store", "here"))
    write_inputs(study, settings, pooling)
    shutil.copytree(study, here)
    shutil.copytree(study, store)
    expected = run_here(here)
    run_in_store(study, "fs", "--default-storage-prefix", str(store))
    assert (store / "results" / "checksums.sha256").read_text(encoding="utf-8") == expected
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "checksums.sha256"],
        cwd=store / "results", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    # a second run finds all of it
    again = run_vagus(study, "run", "--cores", "2", "--default-storage-provider", "fs",
                      "--default-storage-prefix", str(store), *SHARED, "-n")  # fmt: skip
    assert "Nothing is left to do" in again.stdout + again.stderr


@pytest.fixture
def endpoint() -> Iterator[str]:
    """Address of an S3 server on the loopback address, which keeps its objects in memory."""
    words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        for line in server.stderr:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                break
        else:
            raise AssertionError("the server did not start")
        # its log of requests must not fill the pipe
        drain = subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
        try:
            yield found[0]
        finally:
            server.terminate()
            server.wait()
            drain.wait()


def open_bucket(endpoint: str) -> Any:
    import boto3

    store = boto3.resource(
        "s3", endpoint_url=endpoint, region_name="us-east-1",
        aws_access_key_id="test", aws_secret_access_key="test",
    )  # fmt: skip
    return store.create_bucket(Bucket="lab")


@pytest.mark.skipif(
    bool(explain_absence("s3")) or importlib.util.find_spec("moto") is None,
    reason="snakemake-storage-plugin-s3 and moto are not installed",
)
def test_a_bucket_as_store(tmp_path: Path, endpoint: str) -> None:
    study, here = tmp_path / "study", tmp_path / "here"
    write_inputs(study, SHORT, "pseudo")
    shutil.copytree(study, here)
    expected = run_here(here)
    bucket = open_bucket(endpoint)
    for path in sorted(p for p in study.rglob("*") if p.is_file()):
        bucket.upload_file(str(path), f"study/{path.relative_to(study).as_posix()}")
    run_in_store(
        study, "s3", "--default-storage-prefix", "s3://lab/study",
        "--storage-s3-endpoint-url", endpoint, **KEYS,
    )  # fmt: skip
    objects = {item.key: item.get()["Body"].read() for item in bucket.objects.all()}
    sums = objects["study/results/checksums.sha256"].decode()
    assert sums == expected
    for line in sums.splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256(objects[f"study/results/{name}"]).hexdigest() == digest
