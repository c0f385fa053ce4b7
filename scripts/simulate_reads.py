"""Simulate full-length 16S reads of a community with known truth, for power planning.

The community is a tab-separated table with the columns taxon (accession or species of the
reference), abundance (relative number of cells) and, if wanted, copies (16S genes a genome).
Written to the output folder: reads/, samples.tsv and config.yaml for 'vagus run', and
truth/ with the true variants, their reads in each sample, chimeras and the origin of each read.
Models: scripts/vagus/demo/platforms.py. Equal options give equal bytes.
"""

import logging
from pathlib import Path

from vagus.cli.step import Arguments, Options, make_main
from vagus.reads.platforms import list_profiles

log = logging.getLogger("vagus")

options = Options(__doc__)
options.read("--community", "table: taxon, abundance, copies")
options.write("--output", "folder")
options.add("--platform", choices=list_profiles(), default=list_profiles()[0], help="error model")
options.add("--format", choices=("fastq", "bam"), default="fastq", help="form of the reads")
options.add("--depth", type=int, default=2000, help="reads a sample")
options.add("--samples", type=int, default=1, help="number of samples")
options.add("--seed", type=int, default=1, help="seed of every draw")
options.add("--chimera-rate", type=float, default=0.01, help="share of chimeric reads")
options.add("--between-samples", type=float, default=0.0,
    help="standard deviation of a taxon's log abundance between samples")  # fmt: skip
options.add("--error-free-share", type=float,
    help="share of reads without any error; hifi has 0.75, revio-binned 0.6")  # fmt: skip
options.add("--reference", type=Path, help="FASTA to take sequences from (the starter reference)")


def step(arguments: Arguments) -> None:
    """Read the community and write the simulated study."""
    from vagus.demo.community import read_community
    from vagus.demo.study import SimulationPlan, check_output, write_simulation
    from vagus.reference.starter import STARTER_FASTA, read_starter

    numbers = (arguments.depth, arguments.samples, arguments.seed, arguments.chimera_rate)
    more = (arguments.between_samples, arguments.error_free_share, arguments.format)
    plan = SimulationPlan(arguments.platform, *numbers, *more)
    plan.check()
    check_output(arguments.output)
    records = read_starter(arguments.reference or STARTER_FASTA)
    write_simulation(arguments.output, read_community(arguments.community), records, plan)
    log.info("next: cd %s && vagus run", arguments.output)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
