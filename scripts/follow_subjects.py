"""Follow the same people over time: how much they change, and whether groups change differently.

Writes the distances between consecutive times of each subject, the trajectory of alpha diversity
and of the first principal axes, and the tests between groups.
"""

from vagus.cli.cohort_options import add_diversity_options, read_design, read_study
from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
add_diversity_options(options)
options.write("--volatility", "TSV, one row a step")
options.write("--trajectories", "TSV, one row a value")
options.write("--tests", "TSV, one row a test")


def step(arguments: Arguments) -> None:
    """Measure, test and write three tables."""
    from vagus.cohort.longitudinal import compare_trajectories
    from vagus.cohort.trajectories import follow, measure_steps
    from vagus.errors import ConfigError
    from vagus.study.trajectories import make_trajectory
    from vagus.tables import write_table
    from vagus.tables.stages.cohort import LONGITUDINAL_TESTS, TRAJECTORIES, VOLATILITY

    design = read_design(arguments)
    if not (design.person and design.time):
        raise ConfigError(
            "subjects cannot be followed without a subject and a time",
            fix="Name both columns: --subject and --time",
        )
    study = read_study(arguments)
    trajectory = make_trajectory(study.samples, design)
    write_table(measure_steps(trajectory, study.distances), arguments.volatility, VOLATILITY)
    write_table(
        follow(trajectory, study.alpha, study.distances), arguments.trajectories, TRAJECTORIES
    )
    tests = compare_trajectories(study.samples, trajectory, study.alpha, study.distances, design)
    write_table(tests, arguments.tests, LONGITUDINAL_TESTS)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
