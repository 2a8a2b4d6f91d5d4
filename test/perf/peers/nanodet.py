"""NanoDet in ONNX Runtime, boxes only where the score is high. `tuned`: one thread that does not spin; else as the library comes."""

import cv2
import numpy as np
import onnxruntime as ort

SIZE = 416
MEAN = np.array([103.53, 116.28, 123.675], np.float32)
STD = np.array([57.375, 57.12, 58.395], np.float32)
LABELS = 80
BINS = np.arange(11, dtype=np.float32)
MIN_SCORE = 0.5
NMS = 0.6


class NanoDet:
    def __init__(self, path: str, tuned: bool = True) -> None:
        options = ort.SessionOptions()
        if tuned:
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name

    def detect(self, picture: np.ndarray) -> list[tuple[list[float], float, int]]:
        """Boxes (x, y, width, height) in source pixels, scores, labels."""
        blob, scale, left, top = letterbox(picture)
        outputs = [output[0] for output in self.session.run(None, {self.input: blob})]
        boxes, scores, labels = [], [], []
        for score in (output for output in outputs if output.shape[1] == LABELS):
            best = score.max(axis=1)
            keep = np.flatnonzero(best >= MIN_SCORE)
            if keep.size == 0:
                continue
            sides = next(output for output in outputs if output.shape[1] != LABELS and output.shape[0] == score.shape[0])
            boxes += boxes_of(sides[keep], keep, score.shape[0]).tolist()
            scores += best[keep].tolist()
            labels += score[keep].argmax(axis=1).tolist()
        if not boxes:
            return []
        kept = np.array(cv2.dnn.NMSBoxesBatched(boxes, scores, labels, MIN_SCORE, NMS)).flatten()
        return [([(boxes[i][0] - left) / scale, (boxes[i][1] - top) / scale, boxes[i][2] / scale, boxes[i][3] / scale], scores[i], labels[i]) for i in kept]


def boxes_of(sides: np.ndarray, cells: np.ndarray, count: int) -> np.ndarray:
    columns = round(count**0.5)
    stride = SIZE / columns
    parts = sides.reshape(-1, 4, 11)
    weights = np.exp(parts - parts.max(axis=2, keepdims=True))
    distance = (weights @ BINS) / weights.sum(axis=2) * stride
    x, y = (cells % columns + 0.5) * stride, (cells // columns + 0.5) * stride
    return np.stack([x - distance[:, 0], y - distance[:, 1], distance[:, 0] + distance[:, 2], distance[:, 1] + distance[:, 3]], axis=1)


def letterbox(picture: np.ndarray) -> tuple[np.ndarray, float, int, int]:
    height, width = picture.shape[:2]
    scale = min(SIZE / width, SIZE / height)
    inner = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_LINEAR)
    top, left = (SIZE - inner.shape[0]) // 2, (SIZE - inner.shape[1]) // 2
    padded = np.zeros((SIZE, SIZE, 3), np.uint8)
    padded[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    blob = (padded.astype(np.float32) - MEAN) / STD
    return np.ascontiguousarray(blob.transpose(2, 0, 1)[None]), scale, left, top
