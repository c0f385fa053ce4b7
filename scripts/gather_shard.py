"""Gather one shard of a run's pool: reads and qualities of its sequences, summed over samples."""

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.add("--shard", type=int, required=True, help="number of the shard")
options.read("--pieces", "folder with the sequences of each shard")
options.write("--uniques", "sequences of the shard (.npz)")
options.write("--origins", "samples that contain them (.npz)")


def step(arguments: Arguments) -> None:
    """Gather and write."""
    from vagus.pool.shard import gather_shard

    name = f"shard {arguments.shard}"
    uniques, origins = gather_shard(arguments.pieces, arguments.shard, name)
    uniques.save(arguments.uniques)
    origins.save(arguments.origins)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
