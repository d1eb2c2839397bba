"""A torch.nn.Module as a Block."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from ...core.context import Context
from ...core.doors import door
from ...core.errors import InvalidTypeError, MXNetError
from ...core.mode import mode
from ...core.warning import warn
from ...gluon.core import nested
from ...gluon.core.block import Block
from ...gluon.core.parameter import Parameter
from ...gluon.core.parameter_checks import as_contexts
from ...gluon.core.parameter_dict import ParameterDict
from ...ndarray import NDArray
from ...ndarray.invoke import wrap
from .shared import Shared, adopt


@door
def as_block(
    module: nn.Module | torch.export.ExportedProgram, prefix: str | None = None, params: ParameterDict | None = None
) -> TorchBlock:
    """Return a torch.nn.Module as a Block on the same memory, for a place among the blocks of a Gluon network.

    `collect_params`, a `Trainer`, `save_parameters` and `load_parameters` know its parameters, and its buffers as
    parameters without a gradient. Gradients flow through it. ``autograd.record()`` and ``train_mode`` put it into
    torch's training mode for the call, `predict_mode` out of it.

    ``net.initialize()`` leaves its values alone. It has no graph: it can be a child of a `Block` or a `Sequential`,
    whose ``hybridize()`` leaves it as it is, and not of a HybridBlock, which refuses it. To compile it, pass
    ``torch.compile(module)``. A program of torch.export, such as ``torch.export.load("net.pt2")``, stays in the mode
    in which it was exported.

    Parameters
    ----------
    module : torch.nn.Module or torch.export.ExportedProgram
        The module.
    prefix : str, optional
        As in `Block`. The names of parameters are the prefix and torch's names, such as ``'torchblock0_fc.weight'``.
    params : ParameterDict, optional
        Refused: a module has parameters itself.

    Raises
    ------
    MXNetError
        A parameter of the module has no shape yet, or a type that MXNet does not have.

    Examples
    --------
    >>> import torch
    >>> from glueball import autograd, gluon, nd
    >>> from glueball.gluon import nn
    >>> from glueball.interop.torch import as_block
    >>> net = nn.Sequential()
    >>> net.add(as_block(torch.nn.Linear(3, 4), prefix="body_"), nn.Dense(2, prefix="out_"))
    >>> net.initialize()
    >>> trainer = gluon.Trainer(net.collect_params(), "sgd")
    >>> with autograd.record():
    ...     loss = net(nd.ones((5, 3))).sum()
    >>> loss.backward()
    >>> trainer.step(5)
    >>> list(net.collect_params())
    ['body_weight', 'body_bias', 'out_weight', 'out_bias']
    """
    if isinstance(module, torch.export.ExportedProgram):
        module = module.module()
    if not isinstance(module, nn.Module):
        raise InvalidTypeError(f"as_block: module must be a torch.nn.Module; received {type(module).__name__}")
    if params is not None:
        raise InvalidTypeError("as_block: params must be left out: a module has parameters itself")
    return TorchBlock(module, prefix)


class TorchParameter(Parameter):
    """A Parameter whose values are a tensor of a module, which initialize() leaves alone."""

    _glueball_shared: Shared | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the module; the block restores it."""
        return {**super().__getstate__(), "_glueball_shared": None}

    def initialize(
        self,
        init: Any = None,
        ctx: Context | Sequence[Context] | None = None,
        default_init: Any = None,
        force_reinit: bool = False,
    ) -> None:
        """Keep the values, and move them to the context, if one is given."""
        if force_reinit:
            warn(f"Parameter {self.name}: torch initializes it; force_reinit=True leaves it unchanged")
        if ctx is not None:
            self.reset_ctx(ctx)

    def reset_ctx(self, ctx: Context | Sequence[Context] | None) -> None:
        """Move it to another context."""
        contexts = as_contexts(f"Parameter {self.name}", ctx)
        if contexts != self.list_ctx():
            super().reset_ctx(contexts)

    def cast(self, dtype: Any) -> None:
        """Cast numbers that are no integers, as torch's modules do."""
        if self.data()._data.is_floating_point():
            super().cast(dtype)
            self._glueball_hand_over()

    def _init_impl(self, data: NDArray, ctx_list: Sequence[Context]) -> None:
        if len(ctx_list) > 1:
            raise MXNetError(
                f"Parameter {self.name}: a torch module is on one device; received {list(ctx_list)}; pass one context"
            )
        super()._init_impl(data, ctx_list)
        self._glueball_hand_over()

    def _glueball_hand_over(self) -> None:
        if self._glueball_shared is not None:
            self._glueball_shared.hand_over()


class TorchBlock(Block):
    """What `as_block` returns.

    Parameters
    ----------
    module : torch.nn.Module
        The module.
    prefix : str, optional
        As in `Block`.

    Attributes
    ----------
    module : torch.nn.Module
        The module.
    """

    def __init__(self, module: nn.Module, prefix: str | None = None) -> None:
        super().__init__(prefix)
        self.module = module
        self._glueball_shared: dict[str, Shared] = {}
        made: dict[Tensor, TorchParameter] = {}
        for name, tensor in _tensors(module):
            if is_lazy(tensor):
                raise MXNetError(f"as_block: {name} must have a shape; call the module once before, in torch")
            if tensor not in made:
                made[tensor] = parameter = TorchParameter(
                    self.prefix + name, grad_req="write" if tensor.requires_grad else "null", shape=(1,),
                    differentiable=isinstance(tensor, nn.Parameter),
                )  # fmt: skip
                adopt(parameter, tensor)
                self.params.update({parameter.name: parameter})
            self._reg_params[name] = made[tensor]
        self._glueball_link()

    def _glueball_link(self) -> None:
        for name, parameter in self._reg_params.items():
            path, _, last = name.rpartition(".")
            self._glueball_shared[name] = shared = Shared(parameter, self.module.get_submodule(path), last)
            shared.hand_over()
            assert isinstance(parameter, TorchParameter)
            parameter._glueball_shared = shared

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what joins the two sides, so that a copy shares memory with its own module."""
        return {**self.__dict__, "_glueball_shared": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Join both sides again."""
        self.__dict__.update(state)
        self._glueball_link()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(\n  " + repr(self.module).replace("\n", "\n  ") + "\n)"

    def forward(self, *args: Any) -> Any:
        """Call the module with tensors in the place of arrays."""
        if nested.find_symbols(args):
            raise InvalidTypeError(
                "TorchBlock: a torch module has no graph of symbols; received a Symbol; leave the network that has it "
                "unhybridized, or use gluon.Block and Sequential there"
            )
        for shared in self._glueball_shared.values():
            shared.agree()
        arrays = nested.find_arrays(args)
        tensors = _in_place_of_arrays(args)
        with self._glueball_in_mode(), torch.set_grad_enabled(mode.recording):
            outputs = torch.func.functional_call(self.module, self._glueball_tapes(), tensors, tie_weights=False)
        context = arrays[0]._ctx if arrays else self._glueball_context()
        memories = {each._data.untyped_storage().data_ptr() for each in arrays}
        return _in_place_of_tensors(outputs, context, memories)

    def _glueball_tapes(self) -> dict[str, Tensor]:
        """Return what MXNet's autograd sees of the parameters; torch's own gradients are left alone."""
        if not mode.recording:
            return {}
        found = {}
        for name, shared in self._glueball_shared.items():
            tape, tensor = shared.parameter.data()._tape, shared.tensor
            if tape is not None and tensor is not None:
                found[name] = tape.view(tensor.shape)
        return found

    def _glueball_context(self) -> Context:
        contexts = self.collect_params().list_ctx()
        return contexts[0] if contexts else Context.default_ctx

    @contextlib.contextmanager
    def _glueball_in_mode(self) -> Iterator[None]:
        before = [(each, each.training) for each in self.module.modules()]
        with contextlib.suppress(NotImplementedError):  # what was exported has one mode
            self.module.train(mode.training)
        try:
            yield
        finally:
            for each, training in before:
                each.training = training


def _tensors(module: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Yield what a state dict has, by name: parameters, and buffers that are saved."""
    yield from module.named_parameters(remove_duplicate=False)
    for path, each in module.named_modules(remove_duplicate=False):
        for name, buffer in each._buffers.items():
            if buffer is not None and name not in each._non_persistent_buffers_set:
                yield f"{path}.{name}" if path else name, buffer


def _in_place_of_arrays(value: Any) -> Any:
    if isinstance(value, NDArray):
        source = value._source()
        return source if type(source) is Tensor else value._data
    if type(value) in (list, tuple):
        return type(value)(map(_in_place_of_arrays, value))
    return {key: _in_place_of_arrays(each) for key, each in value.items()} if type(value) is dict else value


def _in_place_of_tensors(value: Any, context: Context, memories: set[int]) -> Any:
    if isinstance(value, Tensor):
        return wrap(value, context, may_alias=value.untyped_storage().data_ptr() in memories)
    if type(value) in (list, tuple):
        return type(value)([_in_place_of_tensors(each, context, memories) for each in value])
    if isinstance(value, dict):
        return {key: _in_place_of_tensors(each, context, memories) for key, each in value.items()}
    return value
