"""Name ASVs by naive Bayes and by alignment to an indexed reference.

Writes one table with a call per rank, its confidence, the nearest references and all
tied species, and one table with the best hits of every ASV.
"""

from pathlib import Path

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.study.general_settings import GeneralSettings
from vagus.taxonomy.settings import SearchSettings, Thresholds

options = Options(__doc__)
options.read("--asvs", "FASTA of ASVs, sense strand")
index = options.add_mutually_exclusive_group(required=True)
index.add_argument("--index", type=Path, help="index file of the reference")
index.add_argument("--reference", help="name or path of the reference; its index is found")
options.read_if_given("--record", "what index_reference.py wrote of it; needed with --reference")
add_settings(options, SearchSettings)
add_settings(options, Thresholds)
add_settings(options, GeneralSettings, only=["seed"])
options.add("--threads", type=int, default=1, help="threads; results do not depend")
options.read_if_given("--known", "calls of an earlier run (.jsonl.gz); read where fit, rewritten")
options.write("--taxonomy", "table of calls")
options.write("--hits", "table of hits")


def step(arguments: Arguments) -> None:
    """Load the index, name the ASVs, write both tables."""
    from vagus.reference.index import ReferenceIndex
    from vagus.reference.index_places import load_recorded_index
    from vagus.sequences import read_fasta
    from vagus.tables import write_table
    from vagus.tables.stages.taxonomy import HITS, TAXONOMY
    from vagus.taxonomy.classify import Settings, classify, tabulate_hits, tabulate_taxonomy
    from vagus.taxonomy.known_calls import classify_unseen

    thresholds = read_settings(arguments, Thresholds)
    settings = Settings(thresholds, arguments.bootstraps, arguments.max_hits, arguments.seed)
    if arguments.index:
        index = ReferenceIndex.load(arguments.index)
    else:
        index = load_recorded_index(arguments.reference, arguments.record)
    asvs = read_fasta(arguments.asvs)
    if arguments.known:
        named = classify_unseen(index, asvs, settings, arguments.threads, arguments.known)
    else:
        named = classify(index, asvs, settings, arguments.threads)
    write_table(tabulate_taxonomy(index, named), arguments.taxonomy, TAXONOMY)
    write_table(tabulate_hits(index, named), arguments.hits, HITS)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
