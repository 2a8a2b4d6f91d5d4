"""A Python loop for one camera: OpenCV reads, ONNX Runtime detects. Arguments: model, every how many-th picture, URL.

Writes one JSON line per picture: media time in milliseconds since the first picture, and the number of objects."""

import json
import os
import sys

os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "rtsp_transport;tcp|threads;1"
import cv2  # reads its environment when it is loaded

from nanodet import NanoDet

model, stride, url = sys.argv[1], int(sys.argv[2]), sys.argv[3]
cv2.setNumThreads(1)
detector = NanoDet(model)
capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
first = None
number = 0
# `grab` decodes; only what is analysed is converted to BGR.
while capture.grab():
    number += 1
    media = capture.get(cv2.CAP_PROP_POS_MSEC)
    first = media if first is None else first
    if number % stride:
        continue
    ok, picture = capture.retrieve()
    if ok:
        print(json.dumps({"mediaMs": media - first, "objects": len(detector.detect(picture))}), flush=True)
