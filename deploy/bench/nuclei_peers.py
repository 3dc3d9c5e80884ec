#!/usr/bin/env python3
"""Times finding nuclei on two cores: Python StarDist with TensorFlow, and ONNX Runtime alone (no post-processing).
usage: nuclei_peers.py [--rounds N] [--stardist FOLDER] MODEL.onnx [MODEL.onnx ...] -- IMAGE.tif [IMAGE.tif ...]
FOLDER is a StarDist model in Keras' format (config.json, thresholds.json, weights_best.h5). Without it a network of the
same size with random weights stands in, of which only the prediction is timed, no post-processing.
Prints the seconds an image as JSON: medians over the rounds. ONNX Runtime's is the better of one image at a time with two
threads and two images at a time with one thread each."""
import json
import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
CORES = 2


def median(rounds, count, work):
    work()
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append((time.perf_counter() - start) / count)
    return statistics.median(seconds)


def main():
    arguments = sys.argv[1:]
    cut = arguments.index("--")
    options, images = arguments[:cut], arguments[cut + 1 :]
    rounds, folder = 3, None
    while options and options[0].startswith("--"):
        name, value = options[0], options[1]
        options = options[2:]
        rounds = int(value) if name == "--rounds" else rounds
        folder = value if name == "--stardist" else folder
    import numpy as np
    import onnxruntime
    from PIL import Image

    planes = [np.asarray(Image.open(image)).astype(np.float32) for image in images]

    def normalised(x):
        low, high = np.percentile(x, [1, 99.8])
        return (x - low) / (high - low + 1e-20)

    inputs = [normalised(x) for x in planes]
    padded = [
        np.pad(x, [(0, -s % 16) for s in x.shape], mode="reflect").astype(np.float32) for x in inputs
    ]
    result = {}
    for model in options:

        def session(threads):
            o = onnxruntime.SessionOptions()
            o.intra_op_num_threads = threads
            return onnxruntime.InferenceSession(model, o, providers=["CPUExecutionProvider"])

        both, single = session(CORES), session(1)
        name, shape = both.get_inputs()[0].name, both.get_inputs()[0].shape
        axis = 1 if shape[1] == 1 else 3  # of the channel
        batches = [np.expand_dims(x, (0, axis)) for x in padded]
        one = median(rounds, len(padded), lambda: [both.run(None, {name: x}) for x in batches])
        with ThreadPoolExecutor(CORES) as pool:
            two = median(rounds, len(padded), lambda: list(pool.map(lambda x: single.run(None, {name: x}), batches)))
        result["ONNX Runtime alone, " + Path(model).stem] = min(one, two)

    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(CORES)
    tf.config.threading.set_inter_op_parallelism_threads(CORES)
    from stardist.models import Config2D, StarDist2D

    if folder:
        model = StarDist2D(None, Path(folder).name, basedir=str(Path(folder).parent))
        work = lambda: [model.predict_instances(normalised(x)) for x in planes]  # noqa: E731
    else:
        model = StarDist2D(Config2D(n_rays=32, grid=(2, 2)), "random", basedir=tempfile.mkdtemp())
        work = lambda: [model.predict(x) for x in inputs]  # noqa: E731
    result["Python StarDist" + ("" if folder else ", prediction only")] = median(rounds, len(planes), work)
    print(json.dumps(result))


main()
