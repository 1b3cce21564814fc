"""The Open Inference Protocol, version 2: what clients of many inference servers speak.

https://github.com/kserve/open-inference-protocol is its specification; binary tensors are an
extension of it. A client need not change when another server answers.
"""
