"""Measuring: how right are the extractor's assertions against a gold annotation, and how well calibrated are they.

`load_gold` reads a gold file, `evaluate` scores assertions against it, `calibration` bins confidences.
"""

from kgraph.evaluation.gold import Gold, GoldItem, load_gold
from kgraph.evaluation.scoring import Calibration, Figures, Outcome, calibration, evaluate

__all__ = ["Calibration", "Figures", "Gold", "GoldItem", "Outcome", "calibration", "evaluate", "load_gold"]
