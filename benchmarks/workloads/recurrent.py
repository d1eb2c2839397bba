"""Recurrent layers over a batch of sequences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.workloads.workload import NetworkWorkload, Run, values


@dataclass(frozen=True)
class _Recurrent(NetworkWorkload):
    """Layers of LSTM or GRU that read sequences of as many features as they have units."""

    kind: str
    units: int = 256
    layers: int = 2
    steps: int = 64
    batch: int = 16

    def network(self, mx: Any) -> Any:
        net = getattr(mx.gluon.rnn, self.kind)(self.units, self.layers, input_size=self.units)
        net.initialize()
        for parameter, value in zip(net.collect_params().values(), self._weights(), strict=True):
            parameter.set_data(mx.nd.array(value))
        return net

    def _torch_network(self, torch: Any) -> Any:
        net = getattr(torch.nn, self.kind)(self.units, self.units, self.layers)
        with torch.no_grad():
            for parameter, value in zip(net.parameters(), self._weights(), strict=True):
                parameter.copy_(torch.from_numpy(value))
        return net

    def _weights(self) -> list[np.ndarray]:
        rows = self.units * {"LSTM": 4, "GRU": 3}[self.kind]
        shapes = [(rows, self.units), (rows, self.units), (rows,), (rows,)] * self.layers
        return [value / 16 for value in values(*shapes)]

    def _data(self) -> np.ndarray:
        (data,) = values((self.steps, self.batch, self.units), seed=1)
        return data


@dataclass(frozen=True)
class RecurrentForward(_Recurrent):
    """Outputs and last states, outside of record()."""

    def run(self, mx: Any, net: Any) -> Run:
        data, states = mx.nd.array(self._data()), net.begin_state(batch_size=self.batch)

        def run() -> list[Any]:
            output, last = net(data, states)
            return [output, *last]

        return run

    def torch(self, torch: Any) -> Run:
        net, data = self._torch_network(torch).requires_grad_(False), torch.tensor(self._data())

        def run() -> list[Any]:
            output, last = net(data)
            return [output, *(last if isinstance(last, tuple) else [last])]

        return run


@dataclass(frozen=True)
class RecurrentStep(_Recurrent):
    """Forward, a loss, backward and SGD."""

    trains = True

    def run(self, mx: Any, net: Any) -> Run:
        data, states = mx.nd.array(self._data()), net.begin_state(batch_size=self.batch)
        trainer = mx.gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1e-3})

        def run() -> list[Any]:
            with mx.autograd.record():
                output, _ = net(data, states)
                loss = (output * output).sum()
            loss.backward()
            trainer.step(self.batch)
            return [loss]

        return run

    def torch(self, torch: Any) -> Run:
        net, data = self._torch_network(torch), torch.tensor(self._data())
        sgd = torch.optim.SGD(net.parameters(), lr=1e-3 / self.batch)

        def run() -> list[Any]:
            sgd.zero_grad()
            output, _ = net(data)
            loss = (output * output).sum()
            loss.backward()
            sgd.step()
            return [loss.reshape(1)]

        return run
