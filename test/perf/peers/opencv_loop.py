"""A Python loop for one camera: OpenCV reads, ONNX Runtime detects. Arguments: model, every how many-th picture, URL, and `defaults`
or `tuned`: both libraries as they come, every picture read, or one thread each that does not spin, and only analysed pictures read.

Writes one JSON line per picture: media time in milliseconds since the first picture, and the number of objects."""

import json
import os
import sys

model, stride, url, tuned = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4] == "tuned"
os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "rtsp_transport;tcp|threads;1" if tuned else "rtsp_transport;tcp"
import cv2  # reads its environment when it is loaded

from nanodet import NanoDet

if tuned:
    cv2.setNumThreads(1)
detector = NanoDet(model, tuned)
capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG)
first = None
number = 0
# `grab` decodes; `retrieve` converts to BGR.
while capture.grab():
    number += 1
    media = capture.get(cv2.CAP_PROP_POS_MSEC)
    first = media if first is None else first
    if tuned and number % stride:
        continue
    ok, picture = capture.retrieve()
    if ok and number % stride == 0:
        print(json.dumps({"mediaMs": media - first, "objects": len(detector.detect(picture))}), flush=True)
