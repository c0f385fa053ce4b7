"""The config as a whole: which settings classes make up each section.

A new key is one field in a settings class. A new class is one line here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from vagus.engines import ENGINES
from vagus.study.keys import Key, Schema, list_keys, write_value

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DESCRIPTION = (
    "One YAML file describes one study. Every key has a default, so a config may be as short as "
    "the names of the columns that describe the design."
)


@dataclass(frozen=True)
class Part:
    """Keys that one settings class adds to a section.

    Attributes:
        section: name of the section, empty for keys at the top.
        place: ``module:class``, imported when it is asked for.
        prefix: what the names of its keys begin with in the config.
    """

    section: str
    place: str
    prefix: str = ""

    @property
    def settings(self) -> type:
        """The settings class."""
        module, name = self.place.split(":")
        settings: type = getattr(import_module(module), name)
        return settings

    @property
    def keys(self) -> tuple[Key, ...]:
        """Its keys, named as in the config."""
        return list_keys(self.settings, self.prefix)


SECTIONS: Mapping[str, str] = {
    "": DESCRIPTION,
    "reads": "From raw reads to filtered, oriented, dereplicated reads.",
    "denoise": "From dereplicated reads to amplicon sequence variants (ASVs).",
    "taxonomy": "From ASVs to lineages.",
    "phylogeny": "From ASVs to a rooted tree.",
    "diversity": "Diversity within and between samples.",
    "controls": "What negative controls, mock communities, replicates and batches say about the "
    "data.",
    "cohort": "The study's design, as names of columns of the sample sheet.",
    "identity": "Whether samples are of the subjects that the sheet names, by exact ASVs.",
    "gut_brain": "Reads of taxa that are documented to form substances discussed in gut-brain "
    "research. Potential inferred from taxonomy, not measured.",
    "report": "The pages that people read.",
}
PARTS: Mapping[str, Part] = {
    "general": Part("", "vagus.study.general_settings:GeneralSettings"),
    "exports": Part("", "vagus.exports.settings:ExportSettings"),
    "reads": Part("reads", "vagus.reads.settings:ReadSettings"),
    "read_outputs": Part("reads", "vagus.reads.settings:ReadOutputSettings"),
    "engines": Part("denoise", "vagus.denoise.settings:DenoiseSettings"),
    **{
        name: Part("denoise", place, facts.prefix)
        for facts in ENGINES.values()
        for name, place in facts.settings.items()
    },
    "chimeras": Part("denoise", "vagus.chimeras.settings:ChimeraSettings", "chimera_"),
    "reference": Part("taxonomy", "vagus.taxonomy.settings:ReferenceSettings"),
    "search": Part("taxonomy", "vagus.taxonomy.settings:SearchSettings"),
    "thresholds": Part("taxonomy", "vagus.taxonomy.settings:Thresholds"),
    "strains": Part("taxonomy", "vagus.taxonomy.settings:StrainSettings", "strain_"),
    "taxonomy_views": Part("taxonomy", "vagus.taxonomy.settings:TaxonomyViewSettings"),
    "tree": Part("phylogeny", "vagus.phylogeny.settings:TreeSettings"),
    "rarefaction": Part("diversity", "vagus.diversity.settings:RarefactionSettings"),
    "diversity": Part("diversity", "vagus.diversity.settings:DiversitySettings"),
    "contaminants": Part("controls", "vagus.controls.settings:ContaminantSettings"),
    "controls": Part("controls", "vagus.controls.settings:ControlSettings"),
    "design": Part("cohort", "vagus.study.design_settings:DesignSettings"),
    "taxa": Part("cohort", "vagus.cohort.settings:TaxaSettings"),
    "interest": Part("cohort", "vagus.cohort.settings:InterestSettings", "smallest_effect_"),
    "identity": Part("identity", "vagus.identity.settings:IdentitySettings"),
    "gut_brain": Part("gut_brain", "vagus.gut_brain.settings:GutBrainSettings"),
    "report": Part("report", "vagus.report.settings:ReportSettings"),
}


def find_default(part: str, name: str) -> Any:
    """Default of a key of the config, by its part."""
    return next(key.default for key in PARTS[part].keys if key.name == name)


@cache
def build_schema() -> Schema:
    """JSON schema of the config, made from the settings classes."""
    return {
        "$schema": DIALECT,
        "title": "Vagus config",
        "description": DESCRIPTION,
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **_describe_keys("", exclude="exports"),
            **{name: _build_section(name) for name in SECTIONS if name},
            **_describe_keys("", only="exports"),
        },
    }


def _build_section(name: str) -> Schema:
    return {
        "description": SECTIONS[name],
        "type": "object",
        "additionalProperties": False,
        "default": {},
        "properties": _describe_keys(name),
    }


def _describe_keys(section: str, exclude: str = "", only: str = "") -> Schema:
    return {
        key.name: key.describe()
        for name, part in PARTS.items()
        if part.section == section and name != exclude and only in ("", name)
        for key in part.keys
    }


def list_options(config: Mapping[str, Any], *names: str) -> list[str]:
    """Options of a step program for these settings, from a config with all defaults filled.

    ``names``: parts (``dada``), or single keys as ``part.key`` (``general.seed``).
    """
    return [word for name in names for word in _write_options(config, name)]


def _write_options(config: Mapping[str, Any], name: str) -> Iterator[str]:
    part_name, _, only = name.partition(".")
    part = PARTS[part_name]
    values = config[part.section] if part.section else config
    keys = [key for key in part.keys if only in ("", key.name)]
    if not keys:
        raise KeyError(f"the settings {part_name!r} have no key {only!r}")
    for key in keys:
        yield from write_option(key, values[key.name])


def write_option(key: Key, value: Any) -> list[str]:
    """Words that give a step program the value of a key; none where the value is empty."""
    if isinstance(value, bool):
        return [key.option if value else "--no-" + key.option.removeprefix("--")]
    if value is None:
        return []
    given = value if isinstance(value, list) and key.is_list else [value]
    if not given and key.default:
        return [f"{key.option}="]
    return [f"{key.option}={write_value(one)}" for one in given]
