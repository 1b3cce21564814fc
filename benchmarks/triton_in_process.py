"""ONNX Runtime alone, called by so many threads: rate and p99, as JSON.

python triton_in_process.py MODEL ROWS THREADS SECONDS PROVIDER [OPTION=VALUE ...]
"""

import json
import sys
import threading
import time

import numpy as np
import onnxruntime as ort


def main(model: str, rows: int, threads: int, seconds: float, provider: str, *more: str) -> None:
    """Every thread asks again as soon as it is answered."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    settings = dict(one.split("=", 1) for one in more)
    session = ort.InferenceSession(model, options, providers=[(provider, settings)])
    if session.get_providers()[0] != provider:
        raise SystemExit(f"ONNX Runtime has no {provider} here.")
    width = session.get_inputs()[0].shape[1]
    feeds = {"numeric": np.random.default_rng(0).uniform(0, 16, (rows, width)).astype(np.float32)}
    for _ in range(50):
        session.run(["probabilities"], feeds)
    taken: list[list[float]] = [[] for _ in range(threads)]
    until = time.perf_counter() + seconds

    def ask(mine: list[float]) -> None:
        before = time.perf_counter()
        while before < until:
            session.run(["probabilities"], feeds)
            now = time.perf_counter()
            mine.append(now - before)
            before = now

    crew = [threading.Thread(target=ask, args=(mine,)) for mine in taken]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    every = sorted(value for mine in taken for value in mine)
    p99 = every[int(0.99 * len(every))] * 1000
    print(json.dumps({"rate": len(every) / seconds, "p99": p99}))


if __name__ == "__main__":
    name, rows, threads, seconds, provider, *more = sys.argv[1:]
    main(name, int(rows), int(threads), float(seconds), provider, *more)
