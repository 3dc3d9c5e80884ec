"""What training patches and loss are like."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """scales: by which images are scaled, within the median diameters `diameters` (pixels).
    plain: share of the patches that are windows as they are. varied: share whose intensities are varied.
    small: largest weight of a nucleus, which is sqrt(300 pixels / area) and at least 1.
    overlap: weight of 1 - IoU in the loss.
    by_nucleus: windows are centred on nuclei, by weight, and images of heavy nuclei drawn more often; else on pixels.
    border_counts: for the target of prob a nucleus that the border cuts ends there.
    cut: by how much more than others nuclei weigh that the border cuts.
    """

    scales: tuple[float, float]
    diameters: tuple[float, float]
    plain: float
    varied: float
    small: float
    overlap: float
    by_nucleus: bool
    border_counts: bool
    cut: float


RECIPES = {
    "first": Recipe((0.6, 1.7), (9, 72), 0.25, 1.0, 1.0, 0.0, by_nucleus=False, border_counts=False, cut=1.0),
    "small": Recipe((0.5, 1.7), (7, 72), 0.4, 0.6, 3.0, 1.0, by_nucleus=True, border_counts=True, cut=1.0),
    "border": Recipe((0.5, 1.7), (7, 72), 0.6, 0.5, 3.0, 1.0, by_nucleus=True, border_counts=True, cut=3.0),
}
