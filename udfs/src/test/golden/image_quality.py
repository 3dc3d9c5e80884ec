"""CellProfiler's own code of MeasureImageQuality, run on numpy arrays.

needs: pip install 'numpy<2' scipy==1.13.1 centrosome==1.3.4; pip install --no-deps cellprofiler==4.2.8
The rest of CellProfiler (its windows, its Java) is not needed to call a module's methods, so stand-ins take its place.

Pixels are the raw intensities in 64 bits. CellProfiler divides them by the largest value of the pixel type and keeps
32 bits: its scores and thresholds are these divided by that value, to the precision of 32 bits.
"""
import importlib.abc
import importlib.machinery
import sys
from types import SimpleNamespace
from unittest import mock

import numpy as np
from centrosome import threshold

STANDINS = ("cellprofiler_core", "cellprofiler.gui", "wx")


class Standins(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name.startswith(STANDINS):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = mock.MagicMock(name=spec.name)
        module.Module = type("Module", (), {})
        module.AbstractImage = type("AbstractImage", (), {})
        module.C_IMAGE_QUALITY = "ImageQuality"
        return module

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, Standins())
from cellprofiler.modules.measureimagequality import MeasureImageQuality  # noqa: E402

THRESHOLDS = {
    "threshold_otsu": threshold.TM_OTSU,
    "threshold_background": threshold.TM_BACKGROUND,
    "threshold_robust_background": threshold.TM_ROBUST_BACKGROUND,
    "threshold_ridler_calvard": threshold.TM_RIDLER_CALVARD,
    "threshold_mct": threshold.TM_MCT,
}
NAMES = {
    "FocusScore": "focus_score", "LocalFocusScore": "local_focus_score", "Correlation": "correlation",
    "PowerLogLogSlope": "power_log_log_slope", "PercentMaximal": "percent_maximal",
    "PercentMinimal": "percent_minimal", "TotalArea": "pixels", "TotalIntensity": "total",
    "MeanIntensity": "mean", "MedianIntensity": "median", "StdIntensity": "stddev", "MADIntensity": "mad",
    "MinIntensity": "min", "MaxIntensity": "max",
}


class Workspace:
    """What the module's methods ask of a workspace."""

    def __init__(self, pixels):
        self.found = {}
        finite = np.isfinite(pixels)
        image = SimpleNamespace(pixel_data=pixels, dimensions=2, has_mask=not finite.all(), mask=finite)
        self.image_set = SimpleNamespace(get_image=lambda *_, **__: image)
        self.pipeline = SimpleNamespace(volumetric=lambda: False)
        self.measurements = self

    def add_measurement(self, owner, name, value):
        _, feature, _, *scale = name.split("_")
        self.found["_".join([NAMES[feature], *scale])] = float(value)

    def add_image_measurement(self, name, value):
        self.add_measurement("Image", name, value)


def measures(pixels, scales):
    """By the names of the columns of the table image_quality, with the scale appended where there is one."""
    pixels = np.asarray(pixels, np.float64)
    workspace = Workspace(pixels)
    group = SimpleNamespace(
        scale_groups=[SimpleNamespace(scale=SimpleNamespace(value=s)) for s in scales])
    module = object.__new__(MeasureImageQuality)
    module.images_to_process = lambda *_: ["image"]
    with np.errstate(all="ignore"):
        module.calculate_focus_scores(group, workspace)
        module.calculate_correlation(group, workspace)
        module.calculate_power_spectrum(group, workspace)
        module.calculate_saturation(group, workspace)
        module.calculate_image_intensity(group, workspace)
        for name, method in THRESHOLDS.items():
            workspace.found[name] = float(
                threshold.get_threshold(method, threshold.TM_GLOBAL, pixels[np.isfinite(pixels)])[1])
    return workspace.found
