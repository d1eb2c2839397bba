"""``mx.profiler``: MXNet's table and names, a trace that opens, and results that stay as they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import autograd, nd, profiler
from glueball.core.observers import observers
from glueball.gluon import nn
from tests.comparison import assert_same

#: What MXNet's engine does for itself, or for its memory; rows that no program asked for.
_ENGINES_OWN = {
    "DeleteVariable", "WaitForVar", "CopyCPU2CPU", "Reorder", "ResourceParallelRandomSetSeed", "SetValueOp",
    "zeros_like",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clean(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    profiler.dumps(reset=True)
    yield
    profiler.resume()
    profiler.set_state("run")
    profiler.set_state("stop")
    profiler.dump()
    profiler.set_config(aggregate_stats=True)
    profiler.dumps(reset=True)
    profiler.set_config()


def rows(text, section="operator"):
    """The rows of a section: names, counts and four numbers."""
    lines = text.partition(f"\n{section}\n")[2].split("\n\n")[0].splitlines()[3:]
    return {line.rsplit(maxsplit=5)[0]: [float(each) for each in line.split()[-5:]] for line in lines}


def _trace(name="profile.json"):
    return json.loads(Path(name).read_text(encoding="utf-8"))["traceEvents"]


def measured(mx, values):
    """The table of a program, which MXNet can be asked for once in a process, without what depends on time."""
    import os
    import tempfile

    nd, profiler = mx.nd, mx.profiler
    file = os.path.join(tempfile.mkdtemp(), "profile.json")
    profiler.set_config(profile_all=True, aggregate_stats=True, filename=file)
    x, w = nd.array(values), nd.ones((8, values.shape[1]))
    nd.waitall()
    profiler.set_state("run")
    domain = profiler.Domain("of the program")
    counter = domain.new_counter("pictures", 3)
    counter += 2
    counter -= 1
    counter.set_value(17)
    domain.new_marker("here").mark()
    for _ in range(3):
        y = nd.dot(x, x)
        z = nd.FullyConnected(y, w, no_bias=True, num_hidden=8)
        z = (2 - (z + 1) * z) / 3
        nd.concat(z, z.relu(), dim=1)
        nd.softmax(z).sum()
        z.T.mean(axis=0)
        nd.stack(z, z > 0).argmax(axis=1)
    nd.random.uniform(shape=(2,))
    w.attach_grad()
    with mx.autograd.record():
        loss = nd.FullyConnected(y, w, no_bias=True, num_hidden=8).tanh().sum()
    loss.backward()
    nd.waitall()
    profiler.set_state("stop")
    text = profiler.dumps(reset=True)
    profiler.dump()
    sections = [text.partition("\n" + name + "\n")[2].split("\n\n")[0] for name in ("of the program", "operator")]
    lines = sections[1].splitlines()
    counts = {line.split()[0]: int(line.split()[1]) for line in lines[3:]}
    return counts, sections[0], lines[:3], text.split("\n")[:3], "of the program,instant_marker" in text, text[-2:]


def test_the_table_is_mxnets(oracle):
    ours, theirs = oracle.both(measured, np.random.RandomState(0).rand(6, 6).astype("float32"))
    (counts, *form), (expected, *their_form) = ours.value, theirs.value
    assert form == their_form
    assert counts == {name: count for name, count in expected.items() if name not in _ENGINES_OWN}


def signatures(mx):
    """The parameters of everything in mx.profiler, and their defaults."""
    import inspect

    found = {}

    def look_at(name, function):
        parameters = inspect.signature(function).parameters.values()
        found[name] = [(str(each.kind), each.name, str(each.default)) for each in parameters]

    for name in ("dump", "dump_profile", "dumps", "pause", "profiler_set_config", "profiler_set_state", "resume",
                 "set_config", "set_kvstore_handle", "set_state"):  # fmt: skip
        look_at(name, getattr(mx.profiler, name))
    for kind in ("Counter", "Domain", "Event", "Frame", "Marker", "Task"):
        for member in dir(getattr(mx.profiler, kind)):
            if member == "__init__" or not member.startswith("_"):
                look_at(kind + "." + member, getattr(getattr(mx.profiler, kind), member))
    return found


def test_signatures_are_mxnets(oracle):
    assert_same(*oracle.both(signatures))


@pytest.mark.parametrize(
    "call",
    [
        "mx.profiler.set_state('neither')",
        "mx.profiler.pause('nobody')",
        "mx.profiler.set_config(nonsense=1)",
        "mx.profiler.set_config(profile_all='perhaps')",
        "mx.profiler.dumps(sort_by='name')",
        "mx.profiler.dumps(format='xml')",
        "mx.profiler.Domain('d').new_marker('m').mark('everywhere')",
        "mx.profiler.Domain('d').new_counter('c', 'many')",
    ],
)
def test_what_is_refused(oracle, call):
    assert_same(*oracle.both(call))


def test_servers_are_refused():
    """MXNet's process may end there."""
    with pytest.raises(mx.MXNetError, match="server"):
        mx.profiler.set_state("run", "server")


def _network():
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Conv2D(8, 3, padding=1), nn.BatchNorm(), nn.Activation("relu"), nn.GlobalAvgPool2D(), nn.Dense(3))
    net.initialize(mx.init.Xavier())
    return net


@pytest.mark.parametrize("backend", [None, "eager", "onednn", "hybridized", "inductor"])
def test_results_and_gradients_are_the_same_while_it_runs(backend):
    if backend == "inductor" and os.environ.get("GLUEBALL_ENGINES") != "all":
        pytest.skip("compiles for seconds; GLUEBALL_ENGINES=all runs it")
    net, x = _network(), nd.random.uniform(shape=(2, 3, 16, 16))
    net(x)
    if backend:
        net.hybridize(**({} if backend == "hybridized" else {"backend": backend}))

    def work():
        for name, parameter in net.collect_params(".*running.*").items():
            parameter.set_data(nd.full(parameter.shape, 1 if name.endswith("var") else 0))
        predicted = [net(x).asnumpy() for _ in range(3)]
        with autograd.record():
            loss = (net(x) ** 2).sum()
        loss.backward()
        parameters = net.collect_params()
        gradients = [each.grad().asnumpy() for each in parameters.values() if each.grad_req != "null"]
        return [*predicted, loss.asnumpy(), *gradients, *[each.data().asnumpy() for each in parameters.values()]]

    expected = work()
    profiler.set_config(aggregate_stats=True)
    profiler.set_state("run")
    found = work()
    profiler.set_state("stop")
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-6)
    names = {name for row in rows(profiler.dumps()) for name in row.split(",")}
    assert {"Convolution", "BatchNorm", "Activation", "FullyConnected", "Pooling"} <= names
    assert {"_backward_Convolution", "_backward_BatchNorm", "_backward_FullyConnected"} <= names


def test_results_of_graphs_own_their_memory():
    net, x = _network(), nd.random.uniform(shape=(2, 3, 16, 16))
    net.hybridize()
    net(x)
    profiler.set_state("run")
    first = net(x)
    kept = first.asnumpy()
    net(x * 2)
    profiler.set_state("stop")
    np.testing.assert_array_equal(first.asnumpy(), kept)


def test_errors_name_the_node_while_it_runs():
    net = _network()
    net.hybridize()
    net(nd.ones((2, 3, 8, 8)))
    profiler.set_state("run")
    with pytest.raises(mx.MXNetError, match="Convolution"):
        net(nd.ones((2, 4, 8, 8)))
    with pytest.raises(mx.MXNetError, match="dot"):
        nd.dot(nd.ones((2, 3)), nd.ones((2, 3)))


def test_the_trace_opens():
    profiler.set_config(filename="trace.json")
    profiler.set_state("run")
    x = nd.ones((4, 4))
    x.attach_grad()
    with autograd.record():
        y = nd.dot(x, x).sum()
    y.backward()
    domain = profiler.Domain("mine")
    one, other = domain.new_task("one"), domain.new_task("other")
    one.start()
    other.start()
    one.stop()
    other.stop()
    profiler.Event("event").start()
    domain.new_counter("counter", 3)
    domain.new_marker("marker").mark("thread")
    profiler.set_state("stop")
    profiler.dump()
    events = _trace("trace.json")
    assert {event["ph"] for event in events} == {"M", "B", "E", "b", "e", "C", "i", "X"}
    assert all(isinstance(event["ts"], int) for event in events if event["ph"] != "M")
    operators = [event for event in events if event.get("cat") == "operator"]
    assert {"dot", "sum", "_backward_sum", "_backward_dot"} <= {event["name"] for event in operators}
    assert [event["ts"] for event in operators] == sorted(event["ts"] for event in operators)
    # What is below the operators lies within their time.
    [begin] = [event["ts"] for event in operators if event["name"] == "dot" and event["ph"] == "B"]
    [end] = [event["ts"] for event in operators if event["name"] == "dot" and event["ph"] == "E"]
    product = next(event for event in events if event.get("cat") == "torch" and event["name"] == "aten::mm")
    assert begin - 500 <= product["ts"] <= end + 500
    tasks = [event for event in events if event.get("cat") == "mine" and event["ph"] in "be"]
    assert len({event["id"] for event in tasks}) == 2


def test_a_trace_is_finished_once():
    with pytest.raises(mx.MXNetError, match="must have run"):
        profiler.dump()
    profiler.set_state("run")
    nd.exp(nd.ones(2))
    profiler.dump(finished=False)
    assert "exp" in {event["name"] for event in _trace()}
    nd.log(nd.ones(2))
    profiler.dump()
    assert {"exp", "log"} <= {event["name"] for event in _trace()}
    nd.sin(nd.ones(2))
    with pytest.raises(mx.MXNetError, match="must have run"):
        profiler.dump()
    profiler.set_state("run")
    profiler.set_state("stop")
    profiler.dump()
    assert not {"exp", "sin"} & {event["name"] for event in _trace()}


def test_pause_and_what_is_chosen():
    profiler.set_config(profile_imperative=True, aggregate_stats=True)
    net = _network()
    net.hybridize()
    x = nd.ones((1, 3, 8, 8))
    net(x)
    profiler.set_state("run")
    profiler.pause()
    nd.exp(x)
    profiler.resume()
    nd.log(x)
    net(x)
    profiler.set_state("stop")
    nd.sin(x)
    assert set(rows(profiler.dumps(reset=True))) == {"log"}
    assert "log" not in profiler.dumps()
    profiler.set_config(profile_symbolic=True, aggregate_stats=True)
    profiler.set_state("run")
    nd.log(x)
    net(x)
    profiler.set_state("stop")
    found = profiler.dumps()
    assert "Convolution" in found
    assert "log" not in found


def test_orders_and_json():
    profiler.set_config(aggregate_stats=True)
    profiler.set_state("run")
    for _ in range(3):
        nd.exp(nd.ones(10))
    nd.dot(nd.ones((300, 300)), nd.ones((300, 300)))
    profiler.set_state("stop")
    for place, order in enumerate(("count", "total", "min", "max", "avg")):
        for ascending in (False, True):
            numbers = [row[place] for row in rows(profiler.dumps(sort_by=order, ascending=ascending)).values()]
            assert numbers == sorted(numbers, reverse=not ascending)
    values = json.loads(profiler.dumps(format="json"))
    assert values["Unit"] == {"Time": "ms", "Memory": "kB"}
    assert values["Time"]["operator"]["exp"]["Count"] == 3
    profiler.set_config()
    assert profiler.dumps() == ""


def test_other_threads_are_recorded():
    profiler.set_config(aggregate_stats=True)
    profiler.set_state("run")
    thread = threading.Thread(target=lambda: nd.exp(nd.ones(2)))
    thread.start()
    thread.join()
    profiler.set_state("stop")
    assert rows(profiler.dumps())["exp"][0] == 1
    profiler.dump()
    threads = {event["tid"] for event in _trace() if event.get("cat") == "operator"}
    assert threading.get_ident() not in threads


def test_module_and_scope():
    profiler.set_config(aggregate_stats=True)
    module = mx.mod.Module(
        mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=3), name="softmax")
    )
    module.bind([("data", (4, 5))], [("softmax_label", (4,))])
    module.init_params()
    module.init_optimizer()
    profiler.set_state("run")
    module.forward_backward(mx.io.DataBatch([nd.ones((4, 5))], [nd.zeros(4)]))
    module.update()
    with profiler.scope("outer:"), profiler.scope("inner:"):
        nd.exp(nd.ones(2))
    profiler.set_state("stop")
    found = rows(profiler.dumps())
    assert {"FullyConnected", "_backward_FullyConnected", "SoftmaxOutput", "outer:inner:exp"} <= set(found)


def test_the_programs_own_profiler_of_torch_goes_first():
    with torch.profiler.profile() as of_torch:
        profiler.set_state("run")
        nd.exp(nd.ones(2))
        profiler.set_state("stop")
    assert "exp" in {event.name for event in of_torch.events()}  # the operator's name is in its trace
    profiler.dump()
    assert "exp" in {event["name"] for event in _trace()}


def test_continuous_dump():
    profiler.set_config(continuous_dump=True, dump_period=1e-6, filename="again.json")
    profiler.set_state("run")
    nd.exp(nd.ones(2))
    nd.log(nd.ones(2))
    assert "exp" in {event["name"] for event in _trace("again.json")}


def test_a_program_that_ends_while_it_runs_has_its_trace(tmp_path):
    text = "import glueball as mx; mx.profiler.set_state('run'); mx.nd.exp(mx.nd.ones(2))"
    path = str(Path(mx.__file__).parents[1])
    subprocess.run([sys.executable, "-c", text], cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, check=True)
    assert "exp" in {event["name"] for event in _trace()}


def test_the_environment_can_start_it(tmp_path):
    text = "import glueball as mx; mx.nd.exp(mx.nd.ones(2))"
    environment = {**os.environ, "PYTHONPATH": str(Path(mx.__file__).parents[1]), "MXNET_PROFILER_AUTOSTART": "1"}
    subprocess.run([sys.executable, "-c", text], cwd=tmp_path, env=environment, check=True)
    assert "exp" in {event["name"] for event in _trace()}


class _AddOne(mx.operator.CustomOp):
    def forward(self, is_train, req, in_data, out_data, aux):
        self.assign(out_data[0], req[0], in_data[0] + 1)

    def backward(self, req, out_grad, in_data, out_data, in_grad, aux):
        self.assign(in_grad[0], req[0], out_grad[0])


@mx.operator.register("AddOneOfTheProfilersTest")
class _AddOneProp(mx.operator.CustomOpProp):
    def create_operator(self, ctx, shapes, dtypes):
        return _AddOne()


def test_operators_of_a_program_have_a_section():
    """MXNet's has these rows, too, among others of its engine."""
    profiler.set_config(aggregate_stats=True)
    x = nd.ones(3)
    x.attach_grad()
    profiler.set_state("run")
    with autograd.record():
        y = nd.Custom(x, op_type="AddOneOfTheProfilersTest") * 2
    y.backward()
    profiler.set_state("stop")
    found = rows(profiler.dumps(), "Custom Operator")
    name = "AddOneOfTheProfilersTest"
    assert set(found) == {f"{name}::pure_python", f"{name}::_plus_scalar", f"_backward_{name}::pure_python"}
    assert "_plus_scalar" not in rows(profiler.dumps())


def test_it_costs_nothing_while_it_is_off():
    """What runs operators finds nobody looking on, and autograd's nodes have no hooks."""
    profiler.set_state("run")
    profiler.set_state("stop")
    assert observers == []


def test_older_names_warn():
    with pytest.warns(UserWarning, match="deprecated"):
        profiler.profiler_set_config("all", "old.json")
    with pytest.warns(UserWarning, match="deprecated"):
        profiler.profiler_set_state("run")
    nd.exp(nd.ones(2))
    with pytest.warns(UserWarning, match="deprecated"):
        profiler.dump_profile()
    assert "exp" in {event["name"] for event in _trace("old.json")}
