"""Networks in prediction that plain PyTorch has too, and that it can write to a file for other runtimes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.workloads.workload import NetworkWorkload, Run


class PortableWorkload(NetworkWorkload):
    """The output of a network for one batch, outside of record(), in every library and runtime."""

    shape: tuple[int, int, int, int]

    def module(self, torch: Any) -> Any:
        """The same network as a torch.nn.Module that predicts."""
        raise NotImplementedError

    def data(self) -> np.ndarray:
        """The batch."""
        raise NotImplementedError

    def run(self, mx: Any, net: Any) -> Run:
        data = mx.nd.array(self.data())
        return lambda: [net(data)]

    def torch(self, torch: Any) -> Run:
        net, data = self.module(torch), torch.tensor(self.data())
        return lambda: [net(data)]

    def compiled(self, torch: Any) -> Run:
        """As fast as torch.compile gets: the weights are constants, channels are last, in the data given to it too."""
        torch._dynamo.reset()  # or it would give up compiling the classes that all these networks share
        net = self.module(torch).to(memory_format=torch.channels_last)
        data = torch.tensor(self.data()).contiguous(memory_format=torch.channels_last)
        compiled = torch.compile(net, options={"freezing": True})

        def run() -> list[Any]:
            with torch.no_grad():
                return [compiled(data)]

        return run

    def file(self, load: Callable[[np.ndarray], Run]) -> Run:
        """Build the work with a function that reads the network's file and runs it on a batch."""
        return load(self.data())

    def export(self, torch: Any, path: str) -> None:
        """Write the network as an ONNX file."""
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # or it says each time that there is no torchvision
        net, data = self.module(torch), torch.tensor(self.data())
        torch.onnx.export(net, (data,), path, dynamo=True, external_data=False, verbose=False)


def predicting(torch: Any, net: Any, weights: Callable[[list[tuple[int, ...]]], list[np.ndarray]]) -> Any:
    """Put weights, made from their shapes, into a torch.nn.Module whose parts are in Gluon's order."""
    net.eval().requires_grad_(False)
    fill(torch, net, weights)
    return net


def fill(torch: Any, net: Any, weights: Callable[[list[tuple[int, ...]]], list[np.ndarray]]) -> None:
    """Put weights into a module; the number of batches that BatchNorm counts is none."""
    arrays = [value for name, value in net.state_dict().items() if not name.endswith("num_batches_tracked")]
    for array, value in zip(arrays, weights([tuple(array.shape) for array in arrays]), strict=True):
        array.copy_(torch.from_numpy(value))
