"""Looking at graphs with loops and branches: the command line, summaries, monitors, Module."""

from __future__ import annotations

import numpy as np

import glueball as gb
from glueball.cli import main
from glueball.ops.flops import Call
from tests.comparison import assert_same


def looped(mx):
    body = lambda x, s: (mx.sym.FullyConnected(x, num_hidden=3, name="fc") + s,) * 2  # noqa: E731
    return mx.sym.Group(list(mx.sym.contrib.foreach(body, mx.sym.var("x"), mx.sym.var("s"))))


def test_inspect_counts_the_work_of_all_steps(tmp_path, capsys):
    looped(gb).save(tmp_path / "loop-symbol.json")
    assert main(["inspect", str(tmp_path / "loop-symbol.json"), "--shape", "x=5,2,7"]) == 0
    printed = capsys.readouterr().out
    # 2 x 3 outputs, each 7 products and sums, a bias, a state and a copy; five times
    assert f"{5 * 2 * 3 * (7 * 2 + 2)} FLOPs, with {5 * 2 * 3 * 7} multiply-adds" in printed
    assert "foreach" in printed


def test_the_work_of_loops_and_branches_is_the_most_that_there_can_be():
    x = gb.sym.var("x")
    loop = gb.sym.contrib.while_loop(lambda v: v.sum() < 5, lambda v: (v * 3, v * 2), x, max_iterations=4)[1]
    branch = gb.sym.contrib.cond(gb.sym.var("p"), lambda: x * 2, lambda: x * 2 + 1)
    loop, branch = (one._entries[0].node.applied.operator for one in (loop, branch))
    of_loop = {"num_out_data": 1, "max_iterations": 4, "cond_input_locs": (0,), "func_input_locs": (0,)}
    assert loop.flops(Call(of_loop, {"arg0": (3,)}, (4, 3))) == 4 * (3 + 1 + 3 + 3)
    of_branch = {"cond_input_locs": (0,), "then_input_locs": (1,), "else_input_locs": (1,)}
    assert branch.flops(Call(of_branch, {"arg0": (1,), "arg1": (3,)}, (3,))) == 6


def test_a_summary_counts_the_parameters_of_the_loop(capsys):
    gb.viz.print_summary(looped(gb), shape={"x": (5, 2, 7), "s": (2, 3)})
    assert "Total params: 24" in capsys.readouterr().out


def trained(mx):
    """A Module over a loop."""
    rows = mx.sym.swapaxes(mx.sym.var("data"), dim1=0, dim2=1)

    def body(x, s):
        made = mx.sym.tanh(mx.sym.broadcast_add(mx.sym.FullyConnected(x, num_hidden=4, name="fc"), s))
        return made, mx.sym.mean(made, axis=0, keepdims=True)

    outputs, _ = mx.sym.contrib.foreach(body, rows, mx.sym.ones((1, 4)))
    last = mx.sym.SequenceLast(outputs)
    net = mx.sym.LinearRegressionOutput(mx.sym.FullyConnected(last, num_hidden=1, name="out"), name="loss")
    values = np.random.RandomState(0)
    x, y = values.uniform(-1, 1, (8, 5, 3)).astype("f"), values.uniform(-1, 1, (8, 1)).astype("f")
    given = {"fc_weight": (4, 3), "fc_bias": (4,), "out_weight": (1, 4), "out_bias": (1,)}
    given = {name: mx.nd.array(values.uniform(-1, 1, shape)) for name, shape in given.items()}
    module = mx.mod.Module(net, label_names=["loss_label"])
    batches = mx.io.NDArrayIter(x, y, 4, label_name="loss_label")
    module.bind(batches.provide_data, batches.provide_label)
    module.init_params(arg_params=given)
    module.init_optimizer(optimizer_params={"learning_rate": 0.1})
    for batch in batches:
        module.forward_backward(batch)
        module.update()
    return module.get_params()[0], module.get_outputs()


def test_a_module_trains(oracle):
    mine, theirs = oracle.both(trained)
    assert_same(mine.get(), theirs.get(), rtol=1e-5)


def test_a_monitor_sees_the_outputs_of_the_loop():
    seen = []
    executor = looped(gb).simple_bind(gb.cpu(), x=(5, 2, 7))
    executor.set_monitor_callback(lambda name, array: seen.append(name))
    executor.forward()
    assert [name[-8:] for name in seen] == ["_output0", "_output1"]
