from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import collect_ledger
import prepare_reads
from vagus.errors import ConfigError, ReadsError, VagusError
from vagus.reads.ledger import check_conservation, make_ledger, read_descriptions
from vagus.reads.preflight import inspect_sample
from vagus.reads.preparation import Preparation, prepare_sample
from vagus.reads.settings import ReadSettings
from vagus.reads.uniques import Uniques
from vagus.sequences import reverse_complement
from vagus.tables import read_table

from .conftest import format_fastq, make_amplicon, make_insert

Writer = Callable[..., str]
PLAIN = ReadSettings()


def sequences_of(preparation: Preparation) -> list[str]:
    uniques = preparation.uniques
    return [uniques.sequence(i) for i in range(uniques.n_uniques)]


def test_one_read_of_each_fate(write_reads: Writer) -> None:
    a, b = make_insert(1), make_insert(2)
    reads = {
        "kept": [make_amplicon(a), make_amplicon(a, sense=False), make_amplicon(b)],
        "lost_primers": [a, make_amplicon(a)[:-200]],
        "lost_too_short": [make_amplicon(make_insert(3, 900))],
        "lost_too_long": [make_amplicon(make_insert(4, 1700))] * 2,
        "lost_ambiguous": [make_amplicon("N" + a[1:])],
        "lost_expected_errors": [make_amplicon(b)],
    }
    sequences = [s for group in reads.values() for s in group]
    qualities = ["I" * len(s) for s in sequences]
    qualities[-1] = "+" * len(sequences[-1])  # Q10: a tenth of the bases are wrong
    done = prepare_sample("s", [write_reads(sequences, qualities)], PLAIN)
    steps = done.list_steps()
    assert steps.pop("input") == 10
    assert {name: n for name, n in steps.items() if n} == {n: len(g) for n, g in reads.items()}
    assert sequences_of(done) == [a, b]
    assert done.uniques.counts.tolist() == [2, 1]
    assert set(done.uniques.quality_sums[: len(a)].tolist()) == {80}
    facts = (done.status, done.reason, done.primers, done.platform)
    assert facts == ("ok", "", "27F_1492R", "hifi")
    description = done.describe()
    assert description["orientation"] == {"sense": 9, "antisense": 1, "unknown": 0}
    assert description["accuracy_source"] == "qualities"
    assert description["summary"]["before"]["n_reads"] == 10
    assert description["summary"]["after"]["median_length_bp"] == 1450


def test_filtered_reads_are_those_kept(write_reads: Writer, tmp_path: Path) -> None:
    insert = make_insert(1)
    amplicon = make_amplicon(insert, sense=False)
    quality = "".join(chr(33 + 30 + i % 60) for i in range(len(amplicon)))
    path = write_reads([amplicon, "ACGT"], [quality, "IIII"])
    filtered = tmp_path / "filtered.fastq.gz"
    prepare_sample("s", [path], ReadSettings(primers="27F_1492R"), filtered=filtered)
    text = gzip.decompress(filtered.read_bytes()).decode()
    assert text == format_fastq([("r0", insert, quality[::-1][20:1470])])


OUTCOMES = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["kept", "antisense", "bare", "short", "n", "bad", "junk", "none"]),
    ),
    min_size=1,
    max_size=12,
)


def make_outcome(seed: int, outcome: str) -> tuple[str, str]:
    insert = make_insert(seed, 600 if outcome == "short" else 1200)
    sequence = {
        "antisense": make_amplicon(insert, sense=False),
        "bare": insert,
        "n": make_amplicon("N" + insert),
        "junk": "ACGGTCATTC" * 120,
        "none": "",
    }.get(outcome, make_amplicon(insert))
    return sequence, ("$" if outcome == "bad" else "I") * len(sequence)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    outcomes=OUTCOMES,
    require=st.sampled_from(["both", "either", "none"]),
    primers=st.sampled_from(["auto", "none", "27F_1492R"]),
    min_reads=st.integers(1, 4),
    seed=st.integers(0, 9),
)
def test_reads_are_conserved_and_their_order_does_not_matter(
    write_reads: Writer,
    tmp_path: Path,
    outcomes: list[tuple[int, str]],
    require: str,
    primers: str,
    min_reads: int,
    seed: int,
) -> None:
    reads = [make_outcome(*outcome) for outcome in outcomes]
    shuffled = random.Random(seed).sample(reads, len(reads))
    options = ReadSettings(require=require, primers=primers, min_reads=min_reads)
    saved = []
    for order in (reads, shuffled):
        path = write_reads([s for s, _ in order], [q for _, q in order])
        done = prepare_sample("s", [path], options)
        steps = done.list_steps()
        assert steps["input"] == len(reads) == sum(steps.values()) - steps["input"]
        assert steps["kept"] == done.uniques.n_reads
        assert (done.status == "ok") == (steps["kept"] >= min_reads)
        done.save(tmp_path / "u.npz", tmp_path / "qc.json")
        saved.append(((tmp_path / "u.npz").read_bytes(), (tmp_path / "qc.json").read_bytes()))
    assert saved[0] == saved[1]


@pytest.mark.parametrize(
    ("sequences", "options", "reason"),
    [
        (
            [make_insert(1)],
            {"primers": "8F_1391R"},
            "0 of 1 reads are left; the only one does not have the primers.*Try 'primers",
        ),
        ([make_amplicon(make_insert(1, 500))] * 3, {}, "0 of 3.*all 3 are shorter than min_length"),
        (["ACGGTCATTC" * 120], {}, "the only one shows neither primers nor conserved 16S motifs"),
        ([make_amplicon(make_insert(1))], {"min_reads": 5}, r"1 of 1 .*\(min_reads is 5\)"),
        (
            [make_amplicon(make_insert(1))] + [make_amplicon(make_insert(1, 500))] * 2,
            {"min_reads": 2},
            r"1 of 3 reads are left \(min_reads is 2\); 2 of the others are shorter",
        ),
    ],
)
def test_sample_without_enough_reads_says_why(
    write_reads: Writer, sequences: list[str], options: dict[str, object], reason: str
) -> None:
    path = write_reads(sequences)
    settings_ = ReadSettings(**options)  # type: ignore[arg-type]
    done = prepare_sample("s", [path], settings_)
    assert (done.status, done.uniques.n_reads) == ("empty", 0)
    assert re.search(reason, done.reason)
    again = prepare_sample("s", [path], settings_, stop_on_failure=True)
    assert again.status == "empty", "an empty sample stops nothing"
    steps = done.list_steps()
    assert steps["kept"] == 0
    assert steps["input"] == len(sequences)


def test_damage_after_some_reads_loses_them_all(write_reads: Writer, tmp_path: Path) -> None:
    path = write_reads([make_amplicon(make_insert(1))] * 500)
    with open(path, "a", encoding="ascii") as stream:
        stream.write("@bad\nACGT\n+\nII")
    filtered = tmp_path / "f.fastq.gz"
    done = prepare_sample("s", [path], PLAIN, filtered=filtered)
    assert done.status == "failed"
    assert done.reason == "reads.fastq: the file ends within a read after 500 whole reads"
    steps = done.list_steps()
    assert (steps["input"], steps["lost_unreadable"], steps["kept"]) == (500, 500, 0)
    assert done.uniques.n_reads == 0
    assert gzip.decompress(filtered.read_bytes()) == b""


def test_damage_among_the_first_reads_is_counted(write_reads: Writer) -> None:
    path = write_reads(["ACGT"] * 3)
    with open(path, "a", encoding="ascii") as stream:
        stream.write("@bad\nACG")
    steps = prepare_sample("s", [path], PLAIN).list_steps()
    assert (steps["input"], steps["lost_unreadable"]) == (3, 3)


def test_a_broken_read_is_counted_and_the_others_are_kept(write_reads: Writer) -> None:
    path = write_reads([make_amplicon(make_insert(1))] * 5)
    with open(path, "a", encoding="ascii") as stream:
        stream.write("\n@bad\nACGT\n+\nII\n\n")
    done = prepare_sample("s", [path], PLAIN)
    steps = {name: n for name, n in done.list_steps().items() if n}
    assert steps == {"input": 6, "lost_malformed": 1, "kept": 5}
    (problem,) = inspect_sample([path]).problems
    assert "1 of the first 6 reads is not of the form of the file" in problem.message
    assert "line 22: sequence and qualities differ in length" in problem.message


def test_reads_of_several_files_count_once(write_reads: Writer, tmp_path: Path) -> None:
    amplicons = [make_amplicon(make_insert(i)) for i in range(6)]
    plain = write_reads(amplicons, name="s.fastq")
    packed = tmp_path / "s.fastq.gz"
    packed.write_bytes(gzip.compress(Path(plain).read_bytes()))
    joined = tmp_path / "joined.fastq"
    joined.write_bytes(Path(plain).read_bytes() * 2)
    for files in ([plain, str(packed)], [str(joined)]):
        done = prepare_sample("s", files, PLAIN)
        assert (done.n_input, done.n_kept, done.losses["repeated"]) == (12, 6, 6)
        (problem,) = inspect_sample(files).problems
        assert "6 of the first 12 reads have the name of a read before them" in problem.message


def test_a_molecule_called_again_counts_once(write_reads: Writer, tmp_path: Path) -> None:
    # the names are those of MinKNOW; the second time the qualities, and a base, are others
    insert = make_insert(1)
    names = [f"{i:08x}-0000-4000-8000-000000000000 runid=x" for i in range(5)]
    first = [(name, make_amplicon(insert), "I" * 1489) for name in names]
    second = [(name, make_amplicon("A" + insert[1:]), "?" * 1489) for name in names]
    path = tmp_path / "r.fastq"
    path.write_text(format_fastq([*first, *second]))
    done = prepare_sample("s", [str(path)], PLAIN)
    assert (done.n_kept, done.losses["repeated"]) == (5, 5)


def test_both_strands_of_a_molecule_count_once(tmp_path: Path) -> None:
    # consensus of each strand, as 'ccs --by-strand' writes it; the last molecule has one strand
    names = [f"m84012_230101_010203_s1/{i}/ccs/{side}" for i in range(5) for side in ("fwd", "rev")]
    reads = [(name, make_amplicon(make_insert(1)), "I" * 1489) for name in names[:-1]]
    path = tmp_path / "r.fastq"
    path.write_text(format_fastq(reads))
    done = prepare_sample("s", [str(path)], PLAIN)
    assert (done.n_input, done.n_kept, done.losses["repeated"]) == (9, 5, 4)


@pytest.mark.parametrize("name", ["", "sample1", "sample1 read"])
def test_names_that_all_reads_share_mean_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / "r.fastq"
    path.write_text(format_fastq([(name, make_amplicon(make_insert(1)), "I" * 1489)] * 20))
    assert prepare_sample("s", [str(path)], PLAIN).n_kept == 20


def test_strands_of_duplex_reads_are_not_counted_again(tmp_path: Path) -> None:
    amplicon = make_amplicon(make_insert(1))
    tags = {"a;b": 1, "a": -1, "b": -1, "c": 0, "d": 0}
    path = tmp_path / "r.fastq"
    path.write_text(
        format_fastq([(f"{n}\tdx:i:{tag}", amplicon, "I" * 1489) for n, tag in tags.items()])
    )
    done = prepare_sample("s", [str(path)], PLAIN)
    assert (done.n_input, done.n_kept, done.losses["duplex_parent"]) == (5, 3, 2)


def test_platform_and_scheme_may_be_set(write_reads: Writer) -> None:
    path = write_reads([make_amplicon(make_insert(1))])
    done = prepare_sample("s", [path], ReadSettings(platform="ont"))
    assert (done.uniques.platform, done.uniques.quality_scheme) == ("ont", "ont")
    done = prepare_sample("s", [path], ReadSettings(quality_scheme="binned7"))
    assert (done.uniques.platform, done.uniques.quality_scheme) == ("hifi", "binned7")


def test_accuracy_from_headers(write_reads: Writer) -> None:
    path = Path(write_reads([make_amplicon(make_insert(i)) for i in range(3)], "+"))
    text = path.read_text().replace("@r0\n", "@r0 rq=0.9999\n").replace("@r1\n", "@r1 rq=0.9\n")
    path.write_text(text)
    done = prepare_sample("s", [str(path)], PLAIN)
    # read 0 is kept for its rq, read 1 lost for its rq, read 2 for its qualities
    assert (done.n_kept, done.losses["expected_errors"]) == (1, 2)
    assert done.describe()["accuracy_source"] == "mixed"
    assert sequences_of(done) == [make_insert(0)]


def test_reads_that_were_trimmed_before(write_reads: Writer) -> None:
    inserts = [make_insert(1), make_insert(2)]
    path = write_reads([inserts[0], reverse_complement(inserts[1])])
    done = prepare_sample("s", [path], PLAIN)
    assert done.primers == "none"
    assert sequences_of(done) == sorted(inserts)


def test_unknown_primers_are_the_users_mistake_not_the_samples(write_reads: Writer) -> None:
    with pytest.raises(ConfigError, match="no primer pair called 'x'"):
        prepare_sample("s", [write_reads(["ACGT"])], ReadSettings(primers="x"))


def run_program(reads: list[str], folder: Path, sample: str, *more: str) -> int:
    outputs = ["--uniques", str(folder / "uniques.npz"), "--qc", str(folder / "qc.json")]
    return prepare_reads.main(["--sample", sample, *outputs, *more, *reads])


def test_programs_from_reads_to_tables(write_reads: Writer, tmp_path: Path) -> None:
    good = write_reads([make_amplicon(make_insert(1))] * 3, name="Ä b.fq")
    empty = write_reads([], name="empty.fq")
    samples = {"k1": ("b ä", good), "k2": ("NA", empty), "k3": ("a", str(tmp_path / "gone"))}
    for key, (name, path) in samples.items():
        assert run_program([path], tmp_path / key, name) == 0
    tables = ["ledger", "qc", "length-histogram", "expected-errors-histogram", "quality-profile"]
    options = [word for t in tables for word in (f"--{t}", str(tmp_path / f"{t}.tsv"))]
    descriptions = [str(tmp_path / key / "qc.json") for key in samples]
    assert collect_ledger.main([*options, "--", *descriptions]) == 0
    ledger = read_table(tmp_path / "ledger.tsv")
    assert ledger["sample"].tolist() == ["NA", "a", "b ä"]
    assert ledger["status"].tolist() == ["empty", "failed", "ok"]
    assert ledger["reason"].tolist()[:2] == [
        "empty.fq: the file is empty", "gone: there is no such file",
    ]  # fmt: skip
    assert ledger["input"].tolist() == ledger["kept"].tolist() == [0, 0, 3]
    assert ledger["n_uniques"].tolist() == [0, 0, 1]
    qc = read_table(tmp_path / "qc.tsv")
    assert qc[["sample", "stage"]].values.tolist() == [
        [name, stage] for name in ("NA", "a", "b ä") for stage in ("before", "after")
    ]
    assert qc["unique_share"].tolist()[-1] == pytest.approx(1 / 3)
    lengths = read_table(tmp_path / "length-histogram.tsv")
    assert lengths.values.tolist() == [["b ä", "before", 1480, 3], ["b ä", "after", 1450, 3]]
    profile = read_table(tmp_path / "quality-profile.tsv")
    assert list(profile.columns) == ["sample", "stage", "position_bp", "mean_quality"]
    assert profile["mean_quality"].between(91, 93).all()  # the three qualities of the reads
    assert Uniques.load(tmp_path / "k2" / "uniques.npz").sample == "NA"
    assert str(tmp_path) not in (tmp_path / "k3" / "qc.json").read_text(encoding="utf-8")


def test_stop_gives_exit_code_2_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = str(tmp_path / "gone.fq")
    assert run_program([gone], tmp_path, "s 1", "--on-failed-sample", "stop") == 2
    message = capsys.readouterr().err.strip().splitlines()
    assert len(message) == 1
    assert message[0].startswith(f"error: {gone}; sample 's 1': there is no such file")
    assert not (tmp_path / "qc.json").exists()


def test_table_of_no_reads_at_all_keeps_its_columns(tmp_path: Path) -> None:
    run_program([str(tmp_path / "gone")], tmp_path / "k", "s")
    (description,) = read_descriptions([tmp_path / "k" / "qc.json"])
    assert make_ledger([description]).loc[0, "lost_primers"] == 0
    assert next(iter(description["steps"])) == "input"


def test_unbalanced_and_damaged_ledgers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadsError, match="5 reads came in but 4 are accounted for"):
        check_conservation({"input": 5, "lost_primers": 1, "kept": 3}, "s")
    path = tmp_path / "qc.json"
    path.write_text(json.dumps({"sample": "s"})[:-3])
    with pytest.raises(VagusError, match="not a whole account"):
        read_descriptions([path])


def test_strands_of_origin_are_counted(write_reads: Writer) -> None:
    insert = make_insert(70)
    reads = [make_amplicon(insert), make_amplicon(insert, sense=False)]
    done = prepare_sample("s", [write_reads([*reads, reads[1]])], PLAIN)
    assert done.uniques.counts.tolist() == [3]
    assert done.uniques.reverse_counts is not None
    assert done.uniques.reverse_counts.tolist() == [2]
