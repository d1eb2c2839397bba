"""A training step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.workloads.workload import NetworkWorkload, Run, values

_CLASSES = 10
_ADAM = {"learning_rate": 0.001, "wd": 1e-4}


@dataclass(frozen=True)
class DigitsStep(NetworkWorkload):
    """Forward, loss, backward and Adam on the network of examples/digits.py.

    Dropout is omitted: each library would drop different values and do different work.
    """

    batch: int
    filters: tuple[int, int] = (32, 64)
    trains = True

    def network(self, mx: Any) -> Any:
        nn = mx.gluon.nn
        first, second = self.filters
        net = nn.HybridSequential()
        net.add(
            nn.Conv2D(first, 3, padding=1, activation="relu", in_channels=1),
            nn.Conv2D(second, 3, padding=1, in_channels=first),
            nn.BatchNorm(in_channels=second),
            nn.Activation("relu"),
            nn.MaxPool2D(2),
            nn.Flatten(),
            nn.Dense(_CLASSES, in_units=second * 16),
        )
        net.initialize()
        weighted = [net[0].weight, net[0].bias, net[1].weight, net[1].bias, net[6].weight, net[6].bias]
        for parameter, value in zip(weighted, self._weights(), strict=True):
            parameter.set_data(mx.nd.array(value))
        return net

    def run(self, mx: Any, net: Any) -> Run:
        loss_function = mx.gluon.loss.SoftmaxCrossEntropyLoss()
        trainer = mx.gluon.Trainer(net.collect_params(), "adam", dict(_ADAM))
        images, labels = map(mx.nd.array, self._data())

        def run() -> list[Any]:
            with mx.autograd.record():
                loss = loss_function(net(images), labels)
            loss.backward()
            trainer.step(self.batch)
            return [loss]

        return run

    def torch(self, torch: Any) -> Run:
        nn = torch.nn
        first, second = self.filters
        net = nn.Sequential(
            nn.Conv2d(1, first, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(first, second, 3, padding=1),
            nn.BatchNorm2d(second),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(second * 16, _CLASSES),
        )
        weighted = [net[0].weight, net[0].bias, net[2].weight, net[2].bias, net[7].weight, net[7].bias]
        with torch.no_grad():
            for parameter, value in zip(weighted, self._weights(), strict=True):
                parameter.copy_(torch.from_numpy(value))
        adam = torch.optim.Adam(net.parameters(), lr=_ADAM["learning_rate"], weight_decay=_ADAM["wd"])
        images, labels = map(torch.tensor, self._data())
        labels = labels.long()  # Gluon's loss takes float32 labels, as returned by its data loaders

        def run() -> list[Any]:
            adam.zero_grad()
            loss = nn.functional.cross_entropy(net(images), labels, reduction="none")
            loss.mean().backward()
            adam.step()
            return [loss]

        return run

    def _weights(self) -> list[np.ndarray]:
        first, second = self.filters
        shapes = [(first, 1, 3, 3), (first,), (second, first, 3, 3), (second,), (_CLASSES, second * 16), (_CLASSES,)]
        return [value / 10 for value in values(*shapes)]

    def _data(self) -> tuple[np.ndarray, np.ndarray]:
        (images,) = values((self.batch, 1, 8, 8), seed=1)
        return images, (np.arange(self.batch) % _CLASSES).astype("float32")
