"""The learned part: how likely one actor acts on another in a sentence, and of which PLOVER type the event is.

Two logistic regressions on the features of `features.py`; `training/train.py` fits them and writes `weights.json`. They
are plain sums: no random numbers, no threads, the same answer on every machine. There is a pair of them for each kind of
text: in a lone sentence its main event is meant, as event coders take it; in an article each statement counts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import repeat
from operator import mul
from pathlib import Path

from kgraph.errors import KgraphError
from kgraph.extraction.text.features import Features

WEIGHTS = Path(__file__).with_name("weights.json")


class Kind(StrEnum):
    """The kind of a text."""

    SENTENCE = "sentence"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Model:
    """The weights: one number for each feature of a pair, one number for each feature and type of a predicate."""

    bias: float
    pair: Mapping[str, float]
    types: tuple[str, ...]
    type_bias: tuple[float, ...]
    type: Mapping[str, tuple[float, ...]]

    def acts(self, features: Features) -> float:
        """The probability (0 to 1) that the first actor of a pair does something to the second one."""
        score = self.bias + sum(map(mul, features.values(), map(self.pair.get, features, repeat(0.0))))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))

    def kinds(self, features: Features) -> dict[str, float]:
        """PLOVER type -> probability of it, given that there is an event; they sum to 1."""
        scores = list(self.type_bias)
        for name, value in features.items():
            row = self.type.get(name)
            if row is not None:
                scores = [score + value * weight for score, weight in zip(scores, row, strict=True)]
        highest = max(scores)
        powers = [math.exp(score - highest) for score in scores]
        total = sum(powers)
        return {kind: power / total for kind, power in zip(self.types, powers, strict=True)}


@cache
def model(kind: Kind) -> Model:
    """The shipped weights for a kind of text; KgraphError where their file is missing or damaged."""
    try:
        raw = json.loads(WEIGHTS.read_text(encoding="utf-8"))[kind]
        return Model(
            raw["bias"],
            raw["pair"],
            tuple(raw["types"]),
            tuple(raw["type_bias"]),
            {name: tuple(row) for name, row in raw["type"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KgraphError(
            f"{WEIGHTS}: the weights of the learned part cannot be read ({error}); install kgraph again or run training/train.py"
        ) from error
