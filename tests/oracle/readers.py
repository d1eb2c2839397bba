"""The three ways in which MXNet reads an exported network, each a function for ``oracle.run``.

Each takes the two files and the inputs, name to float32 array in the order of the graph, and returns the outputs.

    oracle.run(read_with_c_predict, "net-symbol.json", "net-0000.params", {"data": images})
"""

from __future__ import annotations

import numpy as np


def read_with_symbol_block(mx, symbol_file, parameter_file, inputs):
    """Run ``gluon.SymbolBlock.imports``; this also works under Glueball."""
    network = mx.gluon.SymbolBlock.imports(symbol_file, list(inputs), parameter_file)
    return _as_list(network(*[mx.nd.array(array, dtype=array.dtype) for array in inputs.values()]))


def read_with_module(mx, symbol_file, parameter_file, inputs):
    """Run ``mod.Module`` bound for prediction; this also works under Glueball."""
    symbol = mx.sym.load(symbol_file)
    arguments, states = {}, {}
    for name, array in mx.nd.load(parameter_file).items():
        kind, _, bare = name.partition(":")
        {"arg": arguments, "aux": states}[kind][bare] = array
    module = mx.mod.Module(symbol, data_names=list(inputs), label_names=None, context=mx.cpu())
    shapes = [(name, array.shape) for name, array in inputs.items()]
    module.bind(for_training=False, data_shapes=shapes)
    # A label that only training needs (as of SoftmaxOutput) has no value in the file.
    has_label = any(name.endswith("_label") for name in symbol.list_arguments())
    module.set_params(arguments, states, allow_missing=has_label)
    module.forward(mx.io.DataBatch([mx.nd.array(array) for array in inputs.values()]), is_train=False)
    return module.get_outputs()


def read_with_c_predict(mx, symbol_file, parameter_file, inputs):
    """Run the C predict API of ``libmxnet.so``, as a C++ program would."""
    import ctypes

    library = ctypes.CDLL(mx.libinfo.find_lib_path()[0])
    with open(symbol_file, "rb") as symbol, open(parameter_file, "rb") as parameters:
        json, values = symbol.read(), parameters.read()
    predictor = _create_predictor(library, json, values, {name: array.shape for name, array in inputs.items()})
    try:
        for name, array in inputs.items():
            flat = np.ascontiguousarray(array, dtype=np.float32)
            pointer = flat.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
            _check(library, library.MXPredSetInput(predictor, name.encode(), pointer, ctypes.c_uint32(flat.size)))
        _check(library, library.MXPredForward(predictor))
        return [_predicted(library, predictor, number) for number in range(len(mx.sym.load(symbol_file)))]
    finally:
        library.MXPredFree(predictor)


def _create_predictor(library, json, values, shapes):
    import ctypes

    ends = np.cumsum([0, *[len(shape) for shape in shapes.values()]]).tolist()
    sizes = [size for shape in shapes.values() for size in shape]
    predictor = ctypes.c_void_p()
    cpu = 1
    code = library.MXPredCreate(
        ctypes.c_char_p(json),
        ctypes.c_char_p(values),
        ctypes.c_int(len(values)),
        ctypes.c_int(cpu),
        ctypes.c_int(0),
        ctypes.c_uint32(len(shapes)),
        (ctypes.c_char_p * len(shapes))(*[name.encode() for name in shapes]),
        (ctypes.c_uint32 * len(ends))(*ends),
        (ctypes.c_uint32 * len(sizes))(*sizes),
        ctypes.byref(predictor),
    )
    _check(library, code)
    return predictor


def _predicted(library, predictor, number):
    import ctypes

    sizes, rank = ctypes.POINTER(ctypes.c_uint32)(), ctypes.c_uint32()
    index = ctypes.c_uint32(number)
    _check(library, library.MXPredGetOutputShape(predictor, index, ctypes.byref(sizes), ctypes.byref(rank)))
    output = np.empty(sizes[: rank.value], np.float32)
    pointer = output.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
    _check(library, library.MXPredGetOutput(predictor, index, pointer, ctypes.c_uint32(output.size)))
    return output


def _check(library, code):
    import ctypes

    if code:
        library.MXGetLastError.restype = ctypes.c_char_p
        raise RuntimeError(library.MXGetLastError().decode())


def _as_list(outputs):
    return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
