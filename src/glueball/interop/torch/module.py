"""A Block as a torch.nn.Module."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import UninitializedBuffer, UninitializedParameter

from ...autograd import pause, record
from ...core import dtype as dtypes
from ...core.doors import door
from ...core.errors import InvalidTypeError, InvalidValueError, MXNetError
from ...gluon.core.block import Block
from ...gluon.core.hybrid_block import HybridBlock
from ...gluon.core.parameter import Parameter
from .computation import Computation, trace
from .inputs import as_arrays, as_examples, as_tensors, flatten
from .shared import Shared, only_array
from .states import names_of_states

_NAMES = ("parameter", "structure")


@door
def as_module(block: Block, *inputs: Any, names: str = "parameter") -> BlockModule:
    """Return a Block as a torch.nn.Module on the same memory.

    A step of a `gluon.Trainer` and one of a torch optimizer change the values of both. Gradients are each side's own:
    those of ``loss.backward()`` in torch are in ``parameter.grad`` of the module, those of MXNet's autograd in
    ``grad()`` of the Gluon parameter.

    Parameters
    ----------
    block : Block
        An initialized network; a HybridBlock becomes a graph, which `torch.compile`, `torch.export.export` and
        `torch.jit.trace` can look into, any other Block runs as the Python that it is.
    *inputs : torch.Tensor or NDArray
        An example of the inputs of a call, whose values do not matter. Without it, shapes that are still unknown
        follow from the first call, before which an optimizer has no parameters to look at, and a compiler nothing to
        compile.
    names : {'parameter', 'structure'}, default 'parameter'
        The names in ``state_dict()``: those of ``collect_params()``, or those that ``save_parameters`` writes.

    Returns
    -------
    BlockModule
        Its parameters are those of the block, its buffers the auxiliary states. ``train()`` and ``eval()`` are what
        ``autograd.record()`` and ``predict_mode()`` are for Gluon; random numbers follow from ``torch.manual_seed``.
        ``half()`` and ``to()`` convert the block too, by Gluon's rules: batch normalization stays float32.

    Raises
    ------
    MXNetError
        The block is not initialized, or on several contexts.

    Examples
    --------
    >>> import torch
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> from glueball.interop.torch import as_module
    >>> net = nn.Dense(2, in_units=3, prefix="out_")
    >>> net.initialize()
    >>> module = as_module(net)
    >>> [name for name, _ in module.named_parameters()]
    ['out_weight', 'out_bias']
    >>> module(torch.ones(4, 3)).sum().backward()
    >>> torch.optim.SGD(module.parameters(), lr=0.5).step()
    >>> net.bias.data().asnumpy().tolist()
    [-2.0, -2.0]
    """
    if not isinstance(block, Block):
        raise InvalidTypeError(
            f"as_module: block must be a gluon Block; received {type(block).__name__}; a Symbol becomes one with "
            "gluon.SymbolBlock(symbol, inputs)"
        )
    if names not in _NAMES:
        raise InvalidValueError(f"as_module: names must be one of {', '.join(_NAMES)}; received {names!r}")
    return BlockModule(block, as_examples(inputs), names)


class BlockModule(nn.Module):
    """What `as_module` returns.

    Parameters
    ----------
    block : Block
        The network.
    inputs : tuple
        An example of its inputs; may be empty.
    names : str
        Which names the parameters have.
    """

    def __init__(self, block: Block, inputs: tuple[Any, ...] = (), names: str = "parameter") -> None:
        super().__init__()
        self._glueball_block, self._glueball_names = block, names
        self._glueball_shared: dict[str, Shared] = {}
        self._glueball_paths: dict[str, tuple[str, ...]] = {}  # by the names of the Gluon parameters
        self._glueball_computations: dict[str, Computation] = {}
        self._glueball_obstacle = ""
        self._glueball_register()
        if inputs:
            self._glueball_prepare(inputs, flatten(inputs, []))
        elif not self._glueball_waiting() and isinstance(block, HybridBlock):
            self._glueball_trace(torch.empty(0))  # so that a compiler need not; most have one input

    # --- parameters ---------------------------------------------------------------------------------------------------

    def _glueball_parameters(self) -> Mapping[str, Parameter]:
        block = self._glueball_block
        is_full = self._glueball_names == "parameter"
        return dict(block.collect_params().items()) if is_full else block._collect_params_with_prefix()

    def _glueball_register(self) -> None:
        """Make a torch parameter or buffer of each Gluon parameter; those used under two names are one."""
        states, made = names_of_states(self._glueball_block), dict[Parameter, Tensor]()
        for path, parameter in self._glueball_parameters().items():
            if parameter not in made:
                made[parameter] = _torch_of(parameter, parameter.name in states)
            owner, name = _owner(self, path)
            if isinstance(made[parameter], nn.Parameter | UninitializedParameter):
                owner.register_parameter(name, made[parameter])  # type: ignore[arg-type]
            else:
                owner.register_buffer(name, made[parameter])
            self._glueball_shared[path] = shared = Shared(parameter, owner, name)
            self._glueball_paths[parameter.name] = tuple(path.split("."))
            if not parameter._deferred_init:
                shared.hand_over()

    def _glueball_waiting(self) -> list[Shared]:
        """Return those whose shapes are not known yet."""
        return [one for one in self._glueball_shared.values() if one.is_waiting]

    def _glueball_materialize(self) -> None:
        for shared in self._glueball_waiting():
            if not shared.parameter._deferred_init:
                array = only_array(shared.parameter, "as_module")._data
                shared.tensor.materialize(array.shape, array.device, array.dtype)  # type: ignore[union-attr]
                shared.hand_over()

    def _glueball_agree(self) -> None:
        self._glueball_materialize()
        for shared in self._glueball_shared.values():
            if not shared.parameter._deferred_init:
                shared.agree()

    # --- the computation ----------------------------------------------------------------------------------------------

    def _glueball_prepare(self, inputs: tuple[Any, ...], structure: str) -> None:
        """Do what a compiler cannot: finish parameters, take new memory, trace."""
        if self._glueball_waiting():
            with pause(train_mode=False), torch.no_grad():
                self._glueball_block(*as_arrays(inputs))  # as every first call
        self._glueball_agree()
        if structure not in self._glueball_computations:
            self._glueball_trace(*inputs)

    def _glueball_trace(self, *inputs: Any) -> None:
        structure = flatten(inputs, [])
        made = trace(self._glueball_block, as_arrays(inputs))
        if isinstance(made, str):
            self._glueball_obstacle = made
        else:
            self._glueball_computations[structure] = made

    def forward(self, *inputs: Any) -> Any:
        """Compute what the block computes; tensors in the place of arrays."""
        if not _is_traced():
            return self._glueball_forward(inputs)
        with warnings.catch_warnings():
            # of checks of shapes, which the trace leaves out
            warnings.simplefilter("ignore", torch.jit.TracerWarning)  # type: ignore[attr-defined]
            return self._glueball_forward(inputs)

    def _glueball_forward(self, inputs: tuple[Any, ...]) -> Any:
        leaves: list[Tensor] = []
        structure = flatten(inputs, leaves)
        is_compiling = torch.compiler.is_compiling()
        if not is_compiling:
            self._glueball_prepare(inputs, structure)
        computation = self._glueball_computations.get(structure)
        if computation is not None:
            return computation(self._glueball_tensor, leaves, self.training)
        if is_compiling or _is_traced():
            raise MXNetError(
                f"as_module: {type(self._glueball_block).__name__} must be a graph for a compiler; "
                f"{self._glueball_obstacle or 'pass as_module an example of its inputs'}"
            )
        return self._glueball_run(inputs)

    def _glueball_tensor(self, parameter: str) -> Tensor:
        """Return what a parameter is now: whatever an attribute is, as when it is pruned or parametrized."""
        found: Any = self
        for part in self._glueball_paths[parameter]:
            found = getattr(found, part)
        return found  # type: ignore[no-any-return]

    def _glueball_run(self, inputs: tuple[Any, ...]) -> Any:
        """Run the block as Python; what it computes from its parameters, torch records for the module's."""
        is_recorded = torch.is_grad_enabled()
        scope = record if is_recorded else pause
        with self._glueball_lent() if is_recorded else contextlib.nullcontext(), scope(train_mode=self.training):
            outputs = self._glueball_block(*as_arrays(inputs))
        return as_tensors(outputs)

    @contextlib.contextmanager
    def _glueball_lent(self) -> Iterator[None]:
        """Let the parameters' arrays be recorded as the module's tensors."""
        lent = []
        try:
            for shared in self._glueball_shared.values():
                array, tensor = only_array(shared.parameter, "as_module"), shared.tensor
                lent.append((array, array._tape))
                array._tape = tensor if tensor is not None and tensor.requires_grad else None
            yield
        finally:
            for array, tape in lent:
                array._tape = tape

    # --- what torch does to modules -----------------------------------------------------------------------------------

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> BlockModule:
        """Convert the block with the module: to(), half(), cuda() and the like come here."""
        self._glueball_agree()
        tensors = [one.tensor for one in self._glueball_shared.values() if not one.is_waiting]
        kinds = {each.dtype for each in tensors if each is not None and each.is_floating_point()}
        wanted = {fn(torch.empty(0, dtype=kind)).dtype for kind in kinds}
        if wanted != kinds:
            self._glueball_block.cast(
                dtypes.TORCH_TO_NUMPY[dtypes.to_torch(wanted.pop(), "as_module")]
            )  # by its own rules
            self._glueball_agree()

        def moved(tensor: Tensor) -> Tensor:
            result = fn(tensor)
            return result if result.dtype is tensor.dtype else tensor.to(result.device)

        super()._apply(moved, recurse)  # type: ignore[no-untyped-call]
        for shared in self._glueball_shared.values():
            if not shared.is_waiting:
                shared.take()
        return self

    def state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """Return the values by name, as every module does."""
        self._glueball_agree()
        return super().state_dict(*args, **kwargs)

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False) -> Any:
        """Load values by name, as every module does; unknown shapes become those of the values."""
        for path, shared in self._glueball_shared.items():
            if shared.is_waiting and path in state_dict:
                shared.parameter.shape = tuple(state_dict[path].shape)
                shared.parameter._finish_deferred_init()
        self._glueball_agree()
        result = super().load_state_dict(state_dict, strict, assign)
        for shared in self._glueball_shared.values():
            if not shared.is_waiting:
                shared.take()
        return result

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what follows from the block, so that a copy shares memory with its own block."""
        self._glueball_agree()
        tensors = {path: shared.tensor for path, shared in self._glueball_shared.items()}
        frozen = [path for path, tensor in tensors.items() if tensor is not None and not tensor.requires_grad]
        state = dict(self.__dict__)
        for name in ("_glueball_shared", "_glueball_computations", "_parameters", "_buffers", "_modules"):
            del state[name]
        return {**state, "_glueball_frozen": frozen}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Make the parameters again."""
        frozen = set(state.pop("_glueball_frozen"))
        super().__setstate__({**state, "_parameters": {}, "_buffers": {}, "_modules": {}})  # type: ignore[no-untyped-call]
        self._glueball_shared, self._glueball_computations = {}, {}
        self._glueball_register()
        for path, shared in self._glueball_shared.items():
            if path in frozen and isinstance(shared.tensor, nn.Parameter):
                shared.tensor.requires_grad_(False)

    def extra_repr(self) -> str:
        """Show the block."""
        return repr(self._glueball_block)


def _owner(module: nn.Module, path: str) -> tuple[nn.Module, str]:
    """Return the module that has a dotted name, made if needed, and the name there."""
    *parts, name = path.split(".")
    for part in parts:
        if part not in module._modules:
            module.add_module(part, nn.Module())
        module = module._modules[part]  # type: ignore[assignment]
    return module, name


def _torch_of(parameter: Parameter, is_state: bool) -> Tensor:
    """Return a new torch parameter or buffer."""
    is_learned = parameter.grad_req != "null"
    if parameter._deferred_init:
        return UninitializedBuffer() if is_state else UninitializedParameter(requires_grad=is_learned)
    array = only_array(parameter, "as_module")._data.detach()
    return array if is_state else nn.Parameter(array, requires_grad=is_learned and array.is_floating_point())


def _is_traced() -> bool:
    """Whether torch.jit.trace is at work."""
    return torch.jit.is_tracing()  # type: ignore[attr-defined, no-untyped-call, no-any-return]
