"""The modules of the buckets of a `BucketingModule`: how they are made, bound and switched."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from ..core.context import cpu
from ..core.errors import InvalidTypeError, MissingNameError, RefusedError
from ..core.naming import NameManager
from ..core.strangers import call
from .base_module import BaseModule
from .module import Module


class BoundBuckets(BaseModule):
    """The part of `BucketingModule` that has a module for each bucket; its arguments are those of `BucketingModule`."""

    def __init__(
        self,
        sym_gen: Callable[[Any], tuple[Any, Any, Any]],
        default_bucket_key: Any = None,
        logger: Any = logging,
        context: Any = cpu(),  # noqa: B008  (contexts are constants)
        work_load_list: Sequence[float] | None = None,
        fixed_param_names: Sequence[str] | None = None,
        state_names: Sequence[str] | None = None,
        group2ctxs: Any = None,
        compression_params: Any = None,
    ) -> None:
        super().__init__(logger)
        if default_bucket_key is None:
            raise RefusedError("BucketingModule: default_bucket_key must be given; received None")
        self._default_bucket_key = default_bucket_key
        self._sym_gen = sym_gen
        self._context = context
        self._work_load_list = work_load_list
        self._fixed_param_names = fixed_param_names
        self._state_names = state_names
        self._group2ctxs = group2ctxs
        self._compression_params = compression_params
        self._buckets: dict[Any, Module] = {}
        self._curr_module: Any = None
        self._curr_bucket_key: Any = None
        self._params_dirty = False
        self._monitor: Any = None
        self._grad_req: Any = None
        self._glueball_module(default_bucket_key)  # refuses what does not fit at once

    def _call_sym_gen(self, *args: Any, **kwargs: Any) -> tuple[Any, Any, Any]:
        with NameManager():  # each graph counts its automatic names from 0
            found = call(lambda: self._sym_gen(*args, **kwargs))
        if not isinstance(found, list | tuple) or len(found) != 3:
            raise ValueError(
                "BucketingModule: sym_gen must return a symbol, the names of its inputs, and those of its labels; "
                f"received {found!r}"
            )
        return found[0], found[1], found[2]

    def _glueball_module(self, bucket_key: Any, symbol: Any = None) -> Module:
        """Return a new module for a bucket, with its own graph or the one given."""
        made, data_names, label_names = self._call_sym_gen(bucket_key)
        return Module(
            made if symbol is None else symbol,
            data_names,
            label_names,
            logger=self.logger,
            context=self._context,
            work_load_list=self._work_load_list,
            fixed_param_names=self._fixed_param_names,
            state_names=self._state_names,
            group2ctxs=self._group2ctxs,
            compression_params=self._compression_params,
        )

    def _reset_bind(self) -> None:
        """Forget all buckets."""
        self.binded = False
        self._buckets = {}
        self._curr_module = None
        self._curr_bucket_key = None

    # --- properties -----------------------------------------------------------------------------------------

    @property
    def symbol(self) -> Any:
        """The graph of the current bucket, once bound."""
        self._glueball_require("symbol", "bound")
        return self._curr_module.symbol

    @property
    def data_names(self) -> Any:
        """The names of the inputs."""
        return self._curr_module.data_names if self.binded else self._call_sym_gen(self._default_bucket_key)[1]

    @property
    def output_names(self) -> list[str]:
        """The names of the outputs."""
        if self.binded:
            return list(self._curr_module.output_names)
        return list(self._call_sym_gen(self._default_bucket_key)[0].list_outputs())

    @property
    def data_shapes(self) -> Any:
        """Descriptions of the inputs of the current bucket, once bound."""
        self._glueball_require("data_shapes", "bound")
        return self._curr_module.data_shapes

    @property
    def label_shapes(self) -> Any:
        """Descriptions of the labels of the current bucket, once bound; None without labels."""
        self._glueball_require("label_shapes", "bound")
        return self._curr_module.label_shapes

    @property
    def output_shapes(self) -> Any:
        """Names and shapes of the outputs of the current bucket, once bound."""
        self._glueball_require("output_shapes", "bound")
        return self._curr_module.output_shapes

    # --- binding --------------------------------------------------------------------------------------------

    def bind(
        self,
        data_shapes: Sequence[Any],
        label_shapes: Sequence[Any] | None = None,
        for_training: bool = True,
        inputs_need_grad: bool = False,
        force_rebind: bool = False,
        shared_module: Any = None,
        grad_req: Any = "write",
    ) -> None:
        """Bind the default bucket; the others are bound when they are needed.

        Parameters
        ----------
        data_shapes, label_shapes : list of DataDesc or of (name, shape)
            Those of the default bucket.
        for_training, inputs_need_grad, force_rebind, grad_req
            As for `Module.bind`, for all buckets.
        shared_module : None
            Must be None, as in MXNet.

        Raises
        ------
        AssertionError
            `shared_module` is given.
        """
        values = self.get_params() if self.params_initialized else None
        before = self._curr_module
        if force_rebind:
            self._reset_bind()
        if self.binded:
            self.logger.warning(
                "BucketingModule.bind: it is already bound and left unchanged; force_rebind=True binds it again"
            )
            return
        if shared_module is not None:
            raise RefusedError(f"BucketingModule.bind: shared_module must be None; received {shared_module!r}")
        self.for_training, self.inputs_need_grad = for_training, inputs_need_grad
        self._grad_req = grad_req
        key = self._default_bucket_key
        module = self._buckets.get(key) or self._glueball_module(key)
        module.bind(
            data_shapes, label_shapes, for_training, inputs_need_grad, force_rebind=False, shared_module=None,
            grad_req=grad_req,
        )  # fmt: skip
        self._curr_module, self._curr_bucket_key = module, key
        self._buckets[key] = module
        self.binded = True
        if values is not None:
            self.set_params(*values)
        if self.optimizer_initialized:
            module.borrow_optimizer(before)

    def switch_bucket(self, bucket_key: Any, data_shapes: Any, label_shapes: Any = None) -> None:
        """Make a bucket the current one.

        Parameters
        ----------
        bucket_key : object
            The key of the bucket.
        data_shapes, label_shapes : list of DataDesc or of (name, shape)
            Its inputs and labels; they are needed if it has not been bound yet.
        """
        self._glueball_require("switch_bucket", "bound")
        module = self._buckets.get(bucket_key)
        if module is None or not module.binded:
            module = self._glueball_bound(bucket_key, module, data_shapes, label_shapes)
        self._curr_module, self._curr_bucket_key = module, bucket_key

    def _glueball_bound(self, bucket_key: Any, module: Module | None, data_shapes: Any, label_shapes: Any) -> Module:
        """Return the module of a bucket that is needed for the first time, with the arrays of the default bucket."""
        if data_shapes is None:
            raise InvalidTypeError(
                f"BucketingModule.switch_bucket: data_shapes must be given for the bucket {bucket_key!r}, which is "
                "not bound yet; a batch has them as provide_data"
            )
        self._glueball_require("switch_bucket", "params")  # as in MXNet: the others begin with the same values
        shared = self._buckets[self._default_bucket_key]
        module = module or self._glueball_module(bucket_key)
        for kind, names, known in (
            ("parameters", module._param_names, shared._param_names),
            ("states", module._aux_names, shared._aux_names),
        ):
            missing = [name for name in names if name not in known]
            if missing:
                raise MissingNameError(
                    f"BucketingModule: the default bucket must have the {kind} of all buckets; {', '.join(missing)} of "
                    f"the bucket {bucket_key!r} it lacks; pass the key of the largest graph as default_bucket_key"
                )
        module.bind(
            data_shapes, label_shapes, self.for_training, self.inputs_need_grad, force_rebind=False,
            shared_module=shared, grad_req=self._grad_req,
        )  # fmt: skip
        if self._monitor is not None:
            module.install_monitor(self._monitor)
        self._buckets[bucket_key] = module
        return module

    def prepare(self, data_batch: Any, sparse_row_id_fn: Any = None) -> None:
        """Bind the bucket of a batch, if it has not been; the current bucket stays the current one.

        Parameters
        ----------
        data_batch : DataBatch
            The batch.
        sparse_row_id_fn : callable, optional
            As in `Module.prepare`.
        """
        self._glueball_require("prepare", "bound", "params")
        current = self._curr_bucket_key
        self._glueball_switch_to(data_batch)
        self._curr_module.prepare(data_batch, sparse_row_id_fn=sparse_row_id_fn)
        self.switch_bucket(current, None, None)

    def _glueball_switch_to(self, batch: Any) -> None:
        self.switch_bucket(
            getattr(batch, "bucket_key", None),
            getattr(batch, "provide_data", None),
            getattr(batch, "provide_label", None),
        )
