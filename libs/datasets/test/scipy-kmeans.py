"""Writes scipy-kmeans.json: boxes, and how good the best of 200 runs of SciPy's k-means with them is. Needs numpy and scipy; tests read only the JSON."""
import json
import pathlib

import numpy
import scipy
from scipy.cluster.vq import kmeans2, whiten

RUNS = 200
rng = numpy.random.default_rng(20261128)
kinds = numpy.array([[20, 60], [60, 60], [120, 50], [200, 220], [40, 130]])
boxes = numpy.round(kinds[numpy.arange(600) % 5] * numpy.exp(0.35 * rng.standard_normal((600, 2))), 3)


def lost_iou(centres):
    """Sum over all boxes of 1 - IoU with the best centre."""
    common = numpy.minimum(boxes[:, None], centres[None]).prod(2)
    return float((1 - (common / (boxes.prod(1)[:, None] + centres.prod(1)[None] - common)).max(1)).sum())


def squares(values, centres):
    return float(((values[:, None] - centres[None]) ** 2).sum(2).min(1).sum())


def runs(values, k):
    return [kmeans2(values, k, iter=100, minit=minit, seed=rng, missing="warn")[0] for minit in ["++", "points"] for _ in range(RUNS // 2)]


ratios = numpy.log(boxes[:, :1] / boxes[:, 1:])
scale = (boxes / whiten(boxes))[0]
found = [
    {
        "k": k,
        "ratioSse": min(squares(ratios, centres) for centres in runs(ratios, k)),
        "sizeInertia": {
            "sizes": min(lost_iou(centres) for centres in runs(boxes, k)),
            "whitened": min(lost_iou(centres * scale) for centres in runs(whiten(boxes), k)),
            "logarithms": min(lost_iou(numpy.exp(centres)) for centres in runs(numpy.log(boxes), k)),
        },
    }
    for k in [3, 5, 9]
]
source = f"scipy {scipy.__version__}, numpy {numpy.__version__}: scipy.cluster.vq.kmeans2, best of {RUNS} runs each, half begun by ++ and half by points"
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"source": source, "found": found, "boxes": boxes.tolist()}, separators=(",", ":")) + "\n")
print(json.dumps(found, indent=1))
