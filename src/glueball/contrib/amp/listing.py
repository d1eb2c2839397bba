"""The operators by what mixed precision does with them: ``amp.list_lp16_ops`` and its like.

They return the lists of `glueball.contrib.amp.lists` themselves, which a program may edit before it converts a graph.
"""

from __future__ import annotations

from typing import Any

from ...core.doors import door
from .lists import symbol_bf16, symbol_fp16
from .rules import Condition, is_float16


@door
def list_lp16_ops(target_dtype: Any) -> list[str]:
    """Return the operators that compute in the 16-bit type.

    Parameters
    ----------
    target_dtype : {'float16', 'bfloat16'}
        The 16-bit type, as text or as a type of NumPy.

    Returns
    -------
    list
        Of str.

    Examples
    --------
    >>> from glueball.contrib import amp
    >>> "FullyConnected" in amp.list_lp16_ops("bfloat16")
    True
    """
    half = is_float16("list_lp16_ops", target_dtype)
    return symbol_fp16.FP16_FUNCS if half else symbol_bf16.BF16_FUNCS


@door
def list_lp16_fp32_ops(target_dtype: Any) -> list[str]:
    """Return the operators that compute in the type of their inputs.

    Parameters
    ----------
    target_dtype : {'float16', 'bfloat16'}
        The 16-bit type, as text or as a type of NumPy.

    Returns
    -------
    list
        Of str.

    Examples
    --------
    >>> from glueball.contrib import amp
    >>> "BatchNorm" in amp.list_lp16_fp32_ops("float16")
    True
    """
    half = is_float16("list_lp16_fp32_ops", target_dtype)
    return symbol_fp16.FP16_FP32_FUNCS if half else symbol_bf16.BF16_FP32_FUNCS


@door
def list_fp32_ops(target_dtype: Any) -> list[str]:
    """Return the operators that compute in float32.

    Parameters
    ----------
    target_dtype : {'float16', 'bfloat16'}
        The 16-bit type, as text or as a type of NumPy.

    Returns
    -------
    list
        Of str.

    Examples
    --------
    >>> from glueball.contrib import amp
    >>> "softmax" in amp.list_fp32_ops("float16")
    True
    """
    half = is_float16("list_fp32_ops", target_dtype)
    return symbol_fp16.FP32_FUNCS if half else symbol_bf16.FP32_FUNCS


@door
def list_conditional_fp32_ops(target_dtype: Any) -> list[Condition]:
    """Return operators with an attribute, and its values that make them compute in float32.

    Parameters
    ----------
    target_dtype : {'float16', 'bfloat16'}
        The 16-bit type, as text or as a type of NumPy.

    Returns
    -------
    list
        Of (str, str, list of str).

    Examples
    --------
    >>> from glueball.contrib import amp
    >>> amp.list_conditional_fp32_ops("float16")[0]
    ('Activation', 'act_type', ['softrelu'])
    """
    half = is_float16("list_conditional_fp32_ops", target_dtype)
    return symbol_fp16.CONDITIONAL_FP32_FUNCS if half else symbol_bf16.CONDITIONAL_FP32_FUNCS


@door
def list_widest_type_cast(target_dtype: Any) -> list[str]:
    """Return the operators that compute in the widest type of their inputs.

    Parameters
    ----------
    target_dtype : {'float16', 'bfloat16'}
        The 16-bit type, as text or as a type of NumPy.

    Returns
    -------
    list
        Of str.

    Examples
    --------
    >>> from glueball.contrib import amp
    >>> "broadcast_add" in amp.list_widest_type_cast("float16")
    True
    """
    half = is_float16("list_widest_type_cast", target_dtype)
    return symbol_fp16.WIDEST_TYPE_CASTS if half else symbol_bf16.WIDEST_TYPE_CASTS


@door
def list_loss_output_functions(target_dtype: Any) -> list[str]:
    """Return the losses whose gradient ignores the incoming one.

    Parameters
    ----------
    target_dtype : {'float16', 'bfloat16'}
        The 16-bit type, as text or as a type of NumPy.

    Returns
    -------
    list
        Of str.

    Examples
    --------
    >>> from glueball.contrib import amp
    >>> "SoftmaxOutput" in amp.list_loss_output_functions("float16")
    True
    """
    half = is_float16("list_loss_output_functions", target_dtype)
    return symbol_fp16.LOSS_OUTPUT_FUNCTIONS if half else symbol_bf16.LOSS_OUTPUT_FUNCTIONS


@door
def list_lp16_use_fp32_params(target_dtype: Any) -> dict[str, list[str]] | None:
    """Return the operators whose parameters stay float32, and their inputs; '' is one that is no parameter.

    Parameters
    ----------
    target_dtype : {'float16', 'bfloat16'}
        The 16-bit type, as text or as a type of NumPy.

    Returns
    -------
    dict
        Of str, and lists of str; None for float16.

    Examples
    --------
    >>> from glueball.contrib import amp
    >>> amp.list_lp16_use_fp32_params("bfloat16")
    {'BatchNorm': ['', 'gamma', 'beta', 'moving_mean', 'moving_var']}
    """
    half = is_float16("list_lp16_use_fp32_params", target_dtype)
    return None if half else symbol_bf16.BF16_USE_FP32_PARAMS
