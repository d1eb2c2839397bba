"""Runtimes that run a network from an ONNX file: ONNX Runtime, OpenVINO and ncnn, in an environment of their own.

``make peers`` builds it with `install`. Each runtime has a module of its name here, with a function ``load``: of the
imported runtime, the file, the batch and the number of threads it makes a function that runs the network. All use
float32, also where the CPU has faster units for narrower numbers.
"""

#: The import names of the runtimes, and what of each must be installed.
PEERS = {"onnxruntime": ("onnxruntime",), "openvino": ("openvino",), "ncnn": ("ncnn", "pnnx")}
