"""CellProfiler's own code of CorrectIlluminationCalculate, run on numpy arrays.

needs: what image_quality.py needs, and scikit-image

Pixels are the raw intensities over the largest value of the pixel type, in 64 bits, so that nothing is lost when many
images are added up; CellProfiler keeps 32. What it makes of a median, which is in integers of 16 bits, it divides by
65535 (cellprofiler_core's Image), as the stand-in for that class does here. Before a median it cuts averages down to whole
levels: a ten-millionth of a grey level is added to pixels above 0, or averages that are whole levels would be cut down to
the level below wherever the last bit was rounded down.
"""
import numpy as np

import image_quality  # noqa: F401, has the stand-ins
from cellprofiler.modules import correctilluminationcalculate as module
from types import SimpleNamespace


class Image:
    def __init__(self, image, mask=None, parent_image=None):
        self.pixel_data = image / 65535 if image.dtype == np.uint16 else image
        self.has_mask = mask is not None and not mask.all()
        self.mask = np.ones(image.shape, bool) if mask is None else mask


module.Image = Image
SMOOTHING = {"none": module.SM_NONE, "median": module.SM_MEDIAN_FILTER, "gaussian": module.SM_GAUSSIAN_FILTER}


def function(images, largest, method, block, smoothing, size, rescaled):
    """The illumination function of images; one that is not rescaled has the images' own units."""
    calculate = object.__new__(module.CorrectIlluminationCalculate)
    calculate.intensity_choice = {"regular": module.IC_REGULAR, "background": module.IC_BACKGROUND}[method]
    calculate.block_size = SimpleNamespace(value=block)
    calculate.dilate_objects = SimpleNamespace(value=False)
    calculate.smoothing_method = SMOOTHING[smoothing]
    calculate.automatic_object_width = module.FI_AUTOMATIC if size == "auto" else module.FI_MANUALLY
    calculate.size_of_smoothing_filter = SimpleNamespace(value=size)
    calculate.rescale_option = "Yes" if rescaled else "No"
    provider = module.CorrectIlluminationImageProvider("function", calculate)
    for pixels in images:
        pixels = np.asarray(pixels, np.float64)
        pixels = np.where(pixels > 0, pixels + 1e-7, pixels) / largest
        finite = np.isfinite(pixels)
        provider.add_image(Image(np.where(finite, pixels, 0), finite))
    found = provider.provide_image(None).pixel_data
    return found if rescaled else found * largest
