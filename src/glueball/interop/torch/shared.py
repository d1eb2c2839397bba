"""One array that a Gluon Parameter and a torch module both have, and what happens when one of them gets another."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from ...core.context import Context
from ...core.errors import MXNetError
from ...core.writes import writes
from ...gluon.core.parameter import Parameter
from ...gluon.core.parameter_arrays import places_of
from ...ndarray.exchange import from_torch
from ...ndarray.ndarray import NDArray


class Shared:
    """A Parameter, and the tensor of a torch module that has the same memory.

    Writing to the memory needs nothing. This is for the rest: ``net.cast`` and ``module.half`` make new memory, which
    the other side must then take.

    Parameters
    ----------
    parameter : Parameter
        It has values, on one context.
    module : torch.nn.Module
        The module that has the tensor itself.
    name : str
        Its name there.
    """

    def __init__(self, parameter: Parameter, module: nn.Module, name: str) -> None:
        self.parameter, self._module, self._name = parameter, module, name
        self._array: Tensor | None = None  # the Parameter's when both were last compared

    @property
    def tensor(self) -> Tensor | None:
        """What the module has under the name now; None if it was taken away, as by pruning."""
        found = self._module._parameters.get(self._name)
        return self._module._buffers.get(self._name) if found is None else found

    @property
    def is_waiting(self) -> bool:
        """Whether the tensor has no shape yet."""
        return self.tensor is not None and is_lazy(self.tensor)

    def hand_over(self) -> None:
        """Let the tensor be the Parameter's array."""
        tensor, array = self.tensor, _array_of(self.parameter)
        if tensor is not None and not _is_same(tensor, array):
            tensor.data = array.detach().view(tensor.shape) if tensor.numel() == array.numel() else array.detach()
        self._note(array)

    def take(self) -> None:
        """Let the Parameter's array be the tensor."""
        tensor = self.tensor
        if tensor is None:
            return
        if self.parameter._data is None or not _is_same(tensor, _array_of(self.parameter)):
            adopt(self.parameter, tensor)
        self._note(_array_of(self.parameter))

    def agree(self) -> None:
        """Find out which side has new memory, if any, and give it to the other."""
        if _array_of(self.parameter) is self._array:
            self.take()
        else:
            self.hand_over()

    def _note(self, array: Tensor) -> None:
        if array is not self._array:
            writes.share(array)  # torch writes to it without telling those who keep what they computed from it
        self._array = array


def adopt(parameter: Parameter, tensor: Tensor) -> None:
    """Make a tensor the array of a Parameter, which is then initialized."""
    array = from_torch(as_array(tensor))
    parameter._shape, parameter._dtype, parameter._var = array.shape, array.dtype, None
    parameter._data = [array]
    parameter._ctx_list, parameter._ctx_map, parameter._deferred_init = [array._ctx], places_of([array._ctx]), ()
    parameter._init_grad()


def as_array(tensor: Tensor) -> Tensor:
    """Return the tensor as an array of MXNet has it: a single number has one axis."""
    values = tensor.detach()
    return values if values.dim() else values.view(1)


def only_array(parameter: Parameter, owner: str) -> NDArray:
    """Return the array of a Parameter, which must be on one context."""
    contexts: list[Context] = parameter.list_ctx()
    if len(contexts) > 1:
        raise MXNetError(
            f"{owner}: a torch module is on one device; {parameter.name} is on {contexts}; call reset_ctx() with one"
        )
    return parameter.data(contexts[0])


def _array_of(parameter: Parameter) -> Tensor:
    assert parameter._data is not None
    return parameter._data[0]._data


def _is_same(tensor: Tensor, array: Tensor) -> bool:
    return (
        tensor.data_ptr() == array.data_ptr()
        and tensor.dtype is array.dtype
        and tensor.device == array.device
        and as_array(tensor).shape == array.shape
    )
