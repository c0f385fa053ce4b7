"""Operons are named by their 16S part."""

from __future__ import annotations

import random

import pytest

from vagus.reads.gene_span import cut_gene
from vagus.reference.index import build_index
from vagus.reference.starter import ReferenceRecord
from vagus.taxonomy.classify import Settings, classify


def test_an_operon_has_the_name_of_its_gene(starter: list[ReferenceRecord]) -> None:
    source = random.Random(2)
    chosen = [record for record in starter if "AAGTCGTAACAAGG" in record.sequence[-120:]][:60]
    assert len(chosen) == 60
    index = build_index(chosen, "some")
    genes = [record.sequence for record in chosen[::6]]
    operons = [gene + "".join(source.choices("ACGT", k=3000)) for gene in genes]
    alone = classify(index, [(str(i), gene) for i, gene in enumerate(genes)], Settings())
    whole = classify(index, [(str(i), operon) for i, operon in enumerate(operons)], Settings())
    for gene, operon in zip(alone, whole, strict=True):
        assert operon.call.names == gene.call.names
        assert operon.hits[0].reference == gene.hits[0].reference
        assert operon.hits[0].identity == pytest.approx(1.0)


def test_a_gene_stays_whole() -> None:
    gene = "ACACACCGCCCGT" + "A" * 100 + "AAGTCGTAACAAGG" + "C" * 300
    assert cut_gene(gene) == gene
    longer = "G" * 1400 + gene
    assert cut_gene(longer) == longer[: 1400 + 113 + 51]
    without = "G" * 2500
    assert cut_gene(without) == without
