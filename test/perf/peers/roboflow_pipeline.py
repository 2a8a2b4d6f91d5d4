"""Roboflow's InferencePipeline over all cameras at once, with the same model as its custom logic. Arguments: model, pictures a second, URLs.

Writes one JSON line per picture: wall time in milliseconds at which the library took the picture, and the number of objects."""

import json
import os
import sys

os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "rtsp_transport;tcp|threads;1"
import cv2
from inference import InferencePipeline

from nanodet import NanoDet

model, fps, urls = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
cv2.setNumThreads(1)
detector = NanoDet(model)


def detect(frames):
    return [detector.detect(frame.image) for frame in frames]


def tell(predictions, frames):
    predictions = predictions if isinstance(predictions, list) and isinstance(frames, list) else [predictions]
    for objects, frame in zip(predictions, frames if isinstance(frames, list) else [frames]):
        if frame is not None:
            print(json.dumps({"takenMs": frame.frame_timestamp.timestamp() * 1000, "objects": len(objects or [])}), flush=True)


pipeline = InferencePipeline.init_with_custom_logic(video_reference=urls, on_video_frame=detect, on_prediction=tell, max_fps=fps)
pipeline.start()
pipeline.join()
