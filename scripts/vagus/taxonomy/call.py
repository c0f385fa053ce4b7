"""One call per rank from votes and alignments: the rule that names a sequence.

1. The nearest references are those at the highest identity among the hits that cover at
   least 80 % of the sequence. Without any, or below 75 % identity, nothing is named.
2. Where the nearest references, and the class of which naive Bayes is confident, are of
   organelles or eukaryotes (``origins``), nothing is named but a domain Eukaryota and the
   sequence is set apart. Where some of them are and others are not, or the identity is that of
   a bacterium as well, nothing is named.
3. At or above ``min_identity_species`` the nearest references propose the names: all of
   them, so that a tie proposes several, and with them the nearest of those that carry a genus
   name, so that 'uncultured bacterium' hides none. Below, naive Bayes proposes its best class.
4. From domain to genus a proposed name is given when (a) the identity reaches the rank's
   threshold and (b) the bootstraps that agree with a proposal reach ``min_confidence``,
   or the proposal came from the alignment. The first rank that fails ends the call. Tied
   genera of one family are joined ('Escherichia/Shigella'); a tie that spans families
   ends above them.
   Where all nearest references have the very name, both witnesses agree and three quarters of
   ``min_confidence`` suffice. The threshold of genera is a median and many are wider: from 4.5
   points below it to 1.5 above, the bootstraps must reach 0.95, and below it all nearest
   references be of that genus.
5. Naive Bayes may veto: when it is confident of a class that the alignment does not
   propose, ranks at which the two differ stay unassigned. A class of the very genus that the
   alignment proposes vetoes nothing: references place some genera in two classes or orders. Nor
   does a class whose own sequences are below ``min_identity_species`` and ``min_species_margin``
   times as far away as the nearest: the words of a genus of hundreds of diverse sequences score
   below those of a small uniform one (Pseudomonas aeruginosa, Metapseudomonas).
6. The species is that of the nearest references that carry a species name, at or above
   ``min_identity_species`` and of a genus just named, up to four tied names joined. Below
   an exact match the next species must be clearly further, since 98.7 % identity alone does
   not separate close species: its distance (1 - identity) is at least ``min_species_margin``
   times that of the nearest. The share of bootstraps is the species' confidence, no condition.
   Species of which the reference has sequences within 0.1 % of the nearest ones
   (``vagus.reference.twins``) tie with theirs.

The numbers of 4 were chosen on one half of the species of an earlier starter reference and reported
on the other (``benchmarks/taxonomy_accuracy.py --half``). The margin of 6 follows the calibration
on 300 species of the present one with another record in the reference and 300 without
(``benchmarks/taxonomy_calibration.py``): it separates right from wrong better than identity or
bootstraps do.

Thresholds of identity: Yarza et al. 2014 (Nat. Rev. Microbiol. 12:635) for phylum 75.0,
class 78.5, order 82.0, family 86.5 and genus 94.5 %; species 98.7 % after Stackebrandt &
Ebers 2006 (Microbiol. Today 33:152) and 98.65 % in Kim et al. 2014 (IJSEM 64:346).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vagus.reference.index import ReferenceIndex
from vagus.reference.lineage import RANKS, TIE_SEPARATOR, Lineage
from vagus.reference.names import read_names
from vagus.taxonomy.evidence import Evidence, Hit
from vagus.taxonomy.origins import MIN_IDENTITY as MIN_ORIGIN_IDENTITY
from vagus.taxonomy.origins import NOT_A_REFERENCE, SET_APART, find_origin
from vagus.taxonomy.ranks import FAMILY, GENUS, SPECIES
from vagus.taxonomy.settings import Thresholds

MIN_COVERAGE = 0.8
MIN_IDENTITY = 0.75
MIN_IDENTITY_ABOVE_GENUS = (MIN_IDENTITY, 0.75, 0.785, 0.82, 0.865)
GENUS_SPREAD_BELOW, GENUS_SPREAD_ABOVE = 0.045, 0.015
SPREAD_CONFIDENCE = 0.95
AGREED_SHARE = 0.75  # of the confidence needed, where alignment and naive Bayes agree
MAX_JOINED_SPECIES = 4
TWINS = "sequences of these species in the reference differ by 0.1 % or less"

_Names = tuple[str, ...]


def min_identity(thresholds: Thresholds, rank: int) -> float:
    """Identity that a name at this rank needs."""
    if rank < GENUS:
        return MIN_IDENTITY_ABOVE_GENUS[rank]
    return thresholds.min_identity_genus if rank == GENUS else thresholds.min_identity_species


def find_fault(
    thresholds: Thresholds, rank: int, identity: float, confidence: float, is_nearest: bool
) -> str:
    """What is missing for a name proposed by naive Bayes, '' when nothing is.

    ``is_nearest`` means that the nearest references have that very name.
    """
    least, needed = min_identity(thresholds, rank), thresholds.min_confidence
    needed = AGREED_SHARE * needed if is_nearest else needed
    if rank == GENUS and identity < least + GENUS_SPREAD_ABOVE:
        needed = max(thresholds.min_confidence, SPREAD_CONFIDENCE)
        is_wide = is_nearest and confidence >= needed
        least = least - GENUS_SPREAD_BELOW if is_wide else least
    if identity < least:
        return f"identity {identity:.3f}"
    return "" if confidence >= needed else f"confidence {confidence:.2f}"


@dataclass
class Call:
    """Names and confidences of the seven ranks ('' and 0.0 where unassigned).

    ``nearest`` are all hits at the best identity, ``tied_species`` the species of all
    hits at the best identity among those with a species name, with the members of groups
    (``vagus.reference.inseparable``), ``notes`` what a reader should know, in plain words.
    """

    names: list[str] = field(default_factory=lambda: [""] * len(RANKS))
    confidences: list[float] = field(default_factory=lambda: [0.0] * len(RANKS))
    nearest: tuple[Hit, ...] = ()
    tied_species: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def confidence(self) -> float:
        """Confidence of the deepest named rank, 0 when nothing is named."""
        named = [value for name, value in zip(self.names, self.confidences, strict=True) if name]
        return named[-1] if named else 0.0


def find_nearest(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """All hits at the highest identity among those with enough coverage."""
    covering = [hit for hit in hits if hit.coverage >= MIN_COVERAGE]
    best = max((hit.identity for hit in covering), default=0.0)
    return tuple(hit for hit in covering if hit.identity == best)


def call_names(index: ReferenceIndex, evidence: Evidence, thresholds: Thresholds) -> Call:
    """Apply the rule above to one sequence."""
    nearest = find_nearest(evidence.hits)
    if not nearest or nearest[0].identity < MIN_IDENTITY:
        note = NOT_A_REFERENCE
        if evidence.is_antisense:
            note += "; its reverse complement is"
        return Call(nearest=evidence.hits[:1], notes=[note])
    lineages = [index.lineages[index.lineage_of[hit.reference]] for hit in nearest]
    call = Call(nearest=nearest)
    best_class = index.classes[evidence.best_class]
    by_alignment = nearest[0].identity >= thresholds.min_identity_species
    proposals = [best_class]
    if by_alignment:
        known = _find_named(index, evidence.hits, GENUS, thresholds.min_identity_species)
        proposals = sorted({names[:SPECIES] for names in (*lineages, *(n for _, n in known))})
    votes = {index.classes[label]: share for label, share in evidence.class_votes.items()}
    origins = _list_origins(lineages, best_class, votes, thresholds.min_confidence)
    if origins != {""}:
        _set_apart(call, origins, nearest[0].identity)
        return call
    genera = {names[GENUS] for names in proposals} - {""}
    is_vetoing = best_class[GENUS] not in genera and not _is_far(index, evidence, thresholds)
    least = thresholds.min_confidence if is_vetoing else 2.0
    veto = _Veto(best_class, votes, least) if by_alignment else None
    nearest_names = [{names[rank] for names in lineages} for rank in range(SPECIES)]
    _name_to_genus(call, proposals, votes, thresholds, nearest_names, veto)
    named = _find_named(index, evidence.hits, SPECIES)
    call.tied_species = _list_species(lineage for _, lineage in named)
    if named and named[0][0].identity >= thresholds.min_identity_species:
        named = _add_twins(index, call, named)
        near = _find_near(index, evidence.hits, call.tied_species, thresholds)
        _name_species(call, named, evidence, near)
    elif by_alignment:
        call.notes.append("no nearest reference has a species name")
    return call


def _is_far(index: ReferenceIndex, evidence: Evidence, thresholds: Thresholds) -> bool:
    """Whether the best class of naive Bayes is clearly further away than the nearest reference.

    Where none of its sequences is among the hits, they are at most as near as the last hit.
    """
    best = find_nearest(evidence.hits)[0].identity
    of_class = [
        h.identity for h in evidence.hits if index.class_of[h.reference] == evidence.best_class
    ]
    identity = max(of_class) if of_class else evidence.hits[-1].identity
    is_further = 1.0 - identity >= thresholds.min_species_margin * (1.0 - best)
    return is_further and identity < thresholds.min_identity_species


def _list_origins(
    lineages: Sequence[Lineage],
    best_class: _Names,
    votes: dict[_Names, float],
    min_confidence: float,
) -> set[str]:
    """Origins of the nearest references, and of the best class where the votes suffice."""
    origins = {find_origin(names) for names in lineages}
    of_best = find_origin(best_class)
    share = sum(share for names, share in votes.items() if find_origin(names) == of_best)
    return origins | {of_best} if of_best and share >= min_confidence else origins


def _set_apart(call: Call, origins: set[str], identity: float) -> None:
    label = TIE_SEPARATOR.join(sorted(origins - {""}))
    if "" in origins:
        call.notes.append(f"not named: like {label} and like bacteria or archaea")
        return
    if identity < max(MIN_ORIGIN_IDENTITY.get(origin, 0.0) for origin in origins):
        call.notes.append(f"not named: like {label}, but only {identity:.3f} identical")
        return
    call.notes.append(SET_APART + label)
    if origins == {"eukaryote"}:
        call.names[0], call.confidences[0] = "Eukaryota", 1.0


def _find_named(
    index: ReferenceIndex, hits: Sequence[Hit], rank: int, min_identity: float = 0.0
) -> list[tuple[Hit, Lineage]]:
    """The nearest hits among those whose lineage has a name at a rank, with their lineages."""
    pairs = [(hit, index.lineages[index.lineage_of[hit.reference]]) for hit in hits]
    named = {hit: names for hit, names in pairs if names[rank] and hit.identity >= min_identity}
    return [(hit, named[hit]) for hit in find_nearest(tuple(named))]


@dataclass(frozen=True)
class _Veto:
    """Naive Bayes' own opinion, where the alignment proposes; above 1 it is never enough."""

    best_class: _Names
    votes: dict[_Names, float]
    min_confidence: float

    def describe(self, names: Sequence[str], rank: int) -> str:
        """The contradiction at a rank in words, '' when there is none.

        An empty name on either side contradicts nothing.
        """
        other = self.best_class[rank]
        confidence = _sum_votes(self.votes, [self.best_class], rank)
        agrees = not other or not names or bool(set(other.split(TIE_SEPARATOR)) & set(names))
        if agrees or confidence < self.min_confidence:
            return ""
        label = TIE_SEPARATOR.join(names)
        return f"{RANKS[rank]}: nearest {label}, naive Bayes {other} ({confidence:.2f})"


def _sum_votes(votes: dict[_Names, float], proposals: Sequence[_Names], rank: int) -> float:
    """Share of the bootstraps that agree with any proposal at a rank: by name, or by all above."""
    accepted, named = (
        {names[: rank + 1] for names in proposals},
        {names[rank] for names in proposals},
    )
    agreeing = [
        share
        for names, share in votes.items()
        if names[: rank + 1] in accepted or (names[rank] and names[rank] in named)
    ]
    return min(sum(agreeing), 1.0)


def _name_to_genus(
    call: Call,
    proposals: list[_Names],
    votes: dict[_Names, float],
    thresholds: Thresholds,
    nearest_names: Sequence[set[str]],
    veto: _Veto | None,
) -> None:
    identity = call.nearest[0].identity
    for rank in range(SPECIES):
        labels = sorted({p[rank] for p in proposals} - {""})
        names = sorted({part for label in labels for part in label.split(TIE_SEPARATOR)})
        label, title = labels[0] if len(labels) == 1 else TIE_SEPARATOR.join(names), RANKS[rank]
        confidence = _sum_votes(votes, proposals, rank)
        contradiction = veto.describe(names, rank) if veto else ""
        if contradiction:
            call.notes.append(contradiction)
            return
        if len(labels) > 1 and rank <= FAMILY:
            call.notes.append(f"nearest references differ at {title}: {label}")
            return
        if not names:
            continue
        share = 1.0 if veto else confidence
        fault = find_fault(thresholds, rank, identity, share, nearest_names[rank] == {label})
        if fault:
            call.notes.append(f"{title} {label} not named: {fault}")
            return
        call.names[rank], call.confidences[rank] = label, confidence
        if rank == GENUS and confidence < thresholds.min_confidence:
            call.notes.append(f"{title} by alignment")
        if rank == GENUS and identity < thresholds.min_identity_genus:
            call.notes.append(f"{title} by votes: identity {identity:.3f}")


def _add_twins(
    index: ReferenceIndex, call: Call, named: list[tuple[Hit, Lineage]]
) -> list[tuple[Hit, Lineage]]:
    """The nearest hits with the lineages of their twins, which tie with them from now on."""
    twins = {row: hit for hit, _ in named for row in index.twins_of.get(hit.reference, ())}
    both = [*named, *((hit, index.lineages[row]) for row, hit in twins.items())]
    species = _list_species(lineage for _, lineage in both)
    if species != call.tied_species:
        call.tied_species = species
        call.notes.append(TWINS)
    return both


def _find_near(
    index: ReferenceIndex, hits: Sequence[Hit], named: Sequence[str], thresholds: Thresholds
) -> str:
    """The nearest other species, with its identity, where it is too near; '' where none is."""
    best, taken = 0.0, set(named)
    for hit in (hit for hit in hits if hit.coverage >= MIN_COVERAGE):
        name = index.lineages[index.lineage_of[hit.reference]][SPECIES]
        if not name:
            continue
        best = best or hit.identity
        if taken.isdisjoint(name.split(TIE_SEPARATOR)):
            is_near = 1.0 - hit.identity < thresholds.min_species_margin * (1.0 - best)
            return f"{name} at {hit.identity:.3f}" if is_near else ""
    return ""


def _name_species(
    call: Call, named: Sequence[tuple[Hit, Lineage]], evidence: Evidence, near: str
) -> None:
    genera = {part for _, lineage in named for part in lineage[GENUS].split(TIE_SEPARATOR)}
    if not genera <= set(call.names[GENUS].split(TIE_SEPARATOR)):
        return
    tied, identity = call.tied_species, named[0][0].identity
    label = TIE_SEPARATOR.join(tied)
    support = sum(
        share
        for name, share in evidence.species_votes.items()
        if not set(tied).isdisjoint(name.split(TIE_SEPARATOR))
    )
    if len(tied) > MAX_JOINED_SPECIES:
        call.notes.append(f"{len(tied)} tied species")
        return
    if near:
        call.notes.append(f"species {label} not named: {near} is near as well")
        return
    call.names[SPECIES] = label
    call.confidences[SPECIES] = min(support, 1.0)
    members = read_names().groups.members
    groups = [name for name in tied if name in members]
    if groups:
        call.tied_species = [part for name in tied for part in members.get(name, (name,))]
        call.notes.append(f"16S cannot distinguish the members of: {TIE_SEPARATOR.join(groups)}")
    if len(tied) > 1:
        several = TIE_SEPARATOR in call.names[GENUS]
        call.notes.append("tied species of several genera" if several else "tied species")
    if identity < call.nearest[0].identity:
        call.notes.append(f"nearer references have no species name; species at {identity:.3f}")


def _list_species(lineages: Iterable[Lineage]) -> list[str]:
    return sorted(
        {name for names in lineages for name in names[SPECIES].split(TIE_SEPARATOR) if name}
    )
