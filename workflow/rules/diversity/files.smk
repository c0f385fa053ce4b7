# Diversity: which levels and distances are asked for, and their files.

LEVELS = [level for level in STUDY.config["diversity"]["levels"] if level != "asv"]
ALL_LEVELS = ["asv", *LEVELS]
LEVEL_TABLES = expand("<results>/selection/composition_{level}.tsv", level=LEVELS)
BETA_METRICS = STUDY.config["diversity"]["metrics"]
WITHOUT_TREE = [metric for metric in BETA_METRICS if "unifrac" not in metric]
# ASVs first; the distances of taxa need no tree
METRICS_OF_LEVELS = [
    *(f"asv/{metric}" for metric in BETA_METRICS),
    *(f"{level}/{metric}" for level in LEVELS for metric in WITHOUT_TREE),
]
BETA = expand("<results>/diversity/beta_{metric}.tsv", metric=BETA_METRICS)


def list_level_files(*names):
    """Diversity files of these names of every level but the ASVs."""
    return expand("<results>/diversity/{level}/{name}", level=LEVELS, name=names)


def list_of_levels(name):
    """Files of this name of the ASVs and of every level, in the order of ALL_LEVELS."""
    return [f"<results>/diversity/{name}", *list_level_files(name)]


def list_of_metrics(stem):
    """Files of every distance of every level, in the order of METRICS_OF_LEVELS."""
    own = [f"<results>/diversity/{stem}_{metric}.tsv" for metric in BETA_METRICS]
    return own + list_level_files(*(f"{stem}_{m}.tsv" for m in WITHOUT_TREE))
