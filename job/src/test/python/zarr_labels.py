"""Prints what zarr-python and tensorstore read of folders of OME-Zarr that Cytolake wrote.

    python zarr_labels.py a.ome.zarr b.ome.zarr

A line of JSON each: the shape, the type, the axes, the scale and the digest of the samples, little-endian, row by
row, which both must have.
"""

import hashlib
import json
import sys

import tensorstore
import zarr

for folder in sys.argv[1:]:
    group = zarr.open_group(folder, mode="r", zarr_format=3)
    ome = group.attrs["ome"]
    image = ome["multiscales"][0]
    array = group[image["datasets"][0]["path"]]
    samples = array[...]
    store = {"driver": "file", "path": f"{folder}/{image['datasets'][0]['path']}"}
    other = tensorstore.open({"driver": "zarr3", "kvstore": store}, read=True).result().read().result()
    assert (samples == other).all() and samples.dtype == other.dtype, folder
    assert [axis["name"] for axis in image["axes"]] == list(array.metadata.dimension_names), folder
    digest = hashlib.sha256(samples.astype(samples.dtype.newbyteorder("<")).tobytes()).hexdigest()
    scale = image["datasets"][0]["coordinateTransformations"][0]["scale"]
    print(
        json.dumps(
            {
                "version": ome["version"],
                "label": "image-label" in ome,
                "channels": [channel["label"] for channel in ome["omero"]["channels"]],
                "shape": samples.shape,
                "type": str(samples.dtype),
                "scale": scale,
                "digest": digest,
            }
        )
    )
