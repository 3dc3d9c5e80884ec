"""Python's cellpose 3.1.1.3 with two changes without which its objects are left open:

- torch's argsort is not stable where the processor has AVX2 or AVX-512; of seeds in which equally many pixels end the
  winner depends on it. Here it is told to be stable.
- fill_holes_and_remove_small_masks takes places in a list of sizes for labels and so removes others than the small
  objects where labels have gaps. Here is what cellpose 4.2.1.1 has in its place.
"""
import contextlib

import fastremap
import fill_voids
import numpy as np
import torch
from cellpose import utils
from scipy.ndimage import find_objects


def remove_small(masks, min_size):
    labels, counts = np.unique(masks[masks > 0], return_counts=True)
    masks = fastremap.mask(masks, labels[counts < min_size])
    fastremap.renumber(masks, in_place=True)
    return masks


def fill_holes_and_remove_small_masks(masks, min_size=15):
    masks = remove_small(masks, min_size)
    for label, place in enumerate(find_objects(masks), 1):
        if place is not None:
            masks[place][fill_voids.fill(masks[place] == label)] = label
    return remove_small(masks, min_size)


@contextlib.contextmanager
def definite():
    """While it lasts, cellpose has both changes."""
    released = torch.Tensor.argsort, utils.fill_holes_and_remove_small_masks
    torch.Tensor.argsort = lambda self: torch.sort(self, stable=True).indices
    utils.fill_holes_and_remove_small_masks = fill_holes_and_remove_small_masks
    try:
        yield
    finally:
        torch.Tensor.argsort, utils.fill_holes_and_remove_small_masks = released
