"""Converting a BucketingModule to mixed precision."""

from __future__ import annotations

import pytest

import glueball as mx
from glueball.contrib.amp.amp import convert_bucketing_module
from tests.comparison import assert_same, succeeded


def module_of(mx, **options):
    def network(length):
        words = mx.sym.Embedding(mx.sym.var("data"), input_dim=10, output_dim=3, name="words")
        outputs, _ = mx.rnn.GRUCell(4).unroll(length, words)
        net = mx.sym.FullyConnected(outputs[-1], num_hidden=4, name="fc")
        return mx.sym.SoftmaxOutput(net, name="softmax"), ["data"], ["softmax_label"]

    module = mx.mod.BucketingModule(network, default_bucket_key=6, **options)
    module.bind([("data", (2, 6))], [("softmax_label", (2,))])
    module.init_params(mx.init.One())
    module.switch_bucket(3, [("data", (2, 3))], [("softmax_label", (2,))])
    return module


def converted(mx, options):
    from importlib import import_module

    amp = import_module(f"{mx.__name__}.contrib.amp.amp")
    module = amp.convert_bucketing_module(module_of(mx, fixed_param_names=["words_weight"]), "bfloat16", **options)
    states = module.binded, module.params_initialized, module.optimizer_initialized, list(module._buckets)
    graphs = [each.symbol.tojson() for each in module._buckets.values()]
    arguments, auxiliaries = module.get_params()
    module.bind([("data", (2, 6))], for_training=False)
    module.forward(mx.io.DataBatch([mx.nd.ones((2, 3))], bucket_key=3, provide_data=[("data", (2, 3))]), is_train=False)
    types = {name: "bfloat16" in str(array.dtype) for name, array in sorted(arguments.items())}
    return states, graphs, types, auxiliaries, module._fixed_param_names, module.get_outputs()


@pytest.mark.filterwarnings("ignore:.*label_shapes:UserWarning")
@pytest.mark.parametrize("options", [{}, {"cast_optional_params": True}, {"excluded_sym_names": ["fc"]}])
def test_buckets(oracle, options):
    assert_same(*succeeded(oracle.both(converted, options)), rtol=1e-2)


def test_what_cannot_be_converted():
    with pytest.raises(AssertionError, match="must be a BucketingModule; received Module"):
        convert_bucketing_module(
            mx.mod.Module(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2), label_names=None)
        )
    with pytest.raises(AssertionError, match="must be bound and have parameters"):
        convert_bucketing_module(
            mx.mod.BucketingModule(lambda key: (mx.sym.var("data") * 2, ["data"], []), default_bucket_key=1)
        )
