"""Converting a trained `BucketingModule` to mixed precision."""

from __future__ import annotations

from typing import Any

from ...core.doors import door
from ...core.errors import RefusedError
from ...module import BucketingModule
from .converting import convert_model


@door
def convert_bucketing_module(
    bucketing_mod: BucketingModule,
    target_dtype: Any = "float16",
    target_dtype_ops: list[str] | None = None,
    fp32_ops: list[str] | None = None,
    conditional_fp32_ops: list[tuple[str, str, list[str]]] | None = None,
    excluded_sym_names: list[str] | None = None,
    cast_optional_params: bool = False,
) -> BucketingModule:
    """Convert the buckets of a module that have been used to mixed precision, for prediction.

    Parameters
    ----------
    bucketing_mod : BucketingModule
        The module, bound and with parameters. A bucket that it has not used yet is not converted later either.
    target_dtype, target_dtype_ops, fp32_ops, conditional_fp32_ops, excluded_sym_names, cast_optional_params
        As in `convert_model`.

    Returns
    -------
    BucketingModule
        A new module, which is to be bound.

    Raises
    ------
    AssertionError
        The module is not bound or has no parameters; or as in `convert_model`.

    Examples
    --------
    >>> import glueball as mx
    >>> from glueball.contrib.amp.amp import convert_bucketing_module
    >>> def network(length):
    ...     net = mx.sym.FullyConnected(mx.sym.var("data").mean(axis=1), num_hidden=2, name="fc")
    ...     return mx.sym.SoftmaxOutput(net, name="softmax"), ["data"], ["softmax_label"]
    >>> module = mx.mod.BucketingModule(network, default_bucket_key=5)
    >>> module.bind([("data", (4, 5, 3))], [("softmax_label", (4,))])
    >>> module.init_params()
    >>> fast = convert_bucketing_module(module, "bfloat16")
    >>> fast.bind([("data", (4, 5, 3))], [("softmax_label", (4,))], for_training=False)
    >>> "fc_weight_amp_cast_bfloat16" in [node.name for node in fast.symbol.get_internals()]
    True
    """
    owner = "convert_bucketing_module"
    if not isinstance(bucketing_mod, BucketingModule):
        raise RefusedError(f"{owner}: bucketing_mod must be a BucketingModule; received {type(bucketing_mod).__name__}")
    if not bucketing_mod._buckets or not bucketing_mod.params_initialized:
        raise RefusedError(f"{owner}: bucketing_mod must be bound and have parameters; call bind() and init_params()")
    given = bucketing_mod.get_params()
    graphs = {}
    for key, module in bucketing_mod._buckets.items():
        graphs[key], arg_params, aux_params = convert_model(
            module.symbol, *given, target_dtype, target_dtype_ops, fp32_ops, conditional_fp32_ops, excluded_sym_names,
            cast_optional_params,
        )  # fmt: skip
    return BucketingModule.load_dict(
        graphs,
        bucketing_mod._sym_gen,
        bucketing_mod._default_bucket_key,
        arg_params,
        aux_params,
        logger=bucketing_mod.logger,
        context=bucketing_mod._context,
        work_load_list=bucketing_mod._work_load_list,
        fixed_param_names=bucketing_mod._fixed_param_names,
        state_names=bucketing_mod._state_names,
        group2ctxs=bucketing_mod._group2ctxs,
    )
