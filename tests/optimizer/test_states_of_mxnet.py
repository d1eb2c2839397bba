"""Files of optimizer states that go from one library to the other, and files that only look like them."""

from __future__ import annotations

import os
import pickle
import struct
import time
import zlib

import numpy as np
import pytest

import glueball as mx
from glueball.optimizer.mxnet_form.values import bytes_from
from tests.comparison import assert_same

OPTIMIZERS = {
    "adadelta": {},
    "adagrad": {},
    "adam": {},
    "adamax": {},
    "ccsgd": {},
    "dcasgd": {},
    "ftml": {},
    "ftrl": {},
    "groupadagrad": {},
    "lamb": {},
    "lars": {"momentum": 0.9, "eta": 0.1},
    "lbsgd": {"batch_scale": 2, "momentum": 0.9, "updates_per_epoch": 1},
    "nadam": {},
    "nag": {"momentum": 0.9},
    "rmsprop": {"centered": True},
    "sgd": {"momentum": 0.9},
    "sgld": {},
    "signum": {},
}
SCHEDULERS = {
    "adam": "mx.lr_scheduler.CosineScheduler(30, base_lr=0.1, warmup_steps=3)",
    "sgd": "mx.lr_scheduler.MultiFactorScheduler([3, 8], 0.5, base_lr=0.1)",
    "nag": "mx.lr_scheduler.FactorScheduler(2, 0.9, base_lr=0.1)",
    "lamb": "mx.lr_scheduler.PolyScheduler(30, base_lr=0.1)",
}


def train(mx, name, options, steps, scheduler=None, load=None, save=None, form=None):
    """Six steps from 0, or from a file; each step's gradients follow from its number."""
    params = mx.gluon.ParameterDict()
    for number in range(2):
        parameter = params.get("%d_weight" % number, shape=(2, 2))  # noqa: UP031
        parameter.initialize(mx.init.One())
    options = dict(options, learning_rate=0.1)
    if scheduler is not None:
        options["lr_scheduler"] = eval(scheduler, {"mx": mx})
    trainer = mx.gluon.Trainer(params, name, options)
    if load is not None:
        params.load(load + ".params")
        trainer.load_states(load + ".states")
    for step in steps:
        draw = np.random.RandomState(step)
        with mx.autograd.record():
            loss = sum((one.data() * mx.nd.array(draw.randn(2, 2))).sum() for one in params.values())
        loss.backward()
        trainer.step(2)
    if save is not None:
        params.save(save + ".params")
        trainer.save_states(save + ".states", **({} if form is None else {"format": form}))
    return [one.data().asnumpy() for one in params.values()], trainer.learning_rate


def parameters():
    params = mx.gluon.ParameterDict()
    for number in range(2):
        params.get(f"{number}_weight", shape=(2, 2)).initialize()
    return params


@pytest.fixture
def place(tmp_path):
    return str(tmp_path / "train")


# SGLD draws random numbers.
@pytest.mark.parametrize("name", sorted(set(OPTIMIZERS) - {"sgld"}))
def test_training_goes_on_from_what_mxnet_saved(oracle, name, place):
    options, scheduler = OPTIMIZERS[name], SCHEDULERS.get(name)
    whole = oracle.run(train, name, options, list(range(12)), scheduler)
    oracle.run(train, name, options, list(range(6)), scheduler, save=place)
    found = train(mx, name, options, range(6, 12), scheduler and scheduler.replace("0.1", "0.7"), load=place)
    assert_same(list(found), list(whole), rtol=1e-5)


@pytest.mark.parametrize("name", sorted(set(OPTIMIZERS) - {"sgld"}))
def test_mxnet_goes_on_from_what_was_saved_in_its_form(oracle, name, place):
    options, scheduler = OPTIMIZERS[name], SCHEDULERS.get(name)
    whole = train(mx, name, options, range(12), scheduler)
    train(mx, name, options, range(6), scheduler, save=place, form="mxnet")
    found = oracle.run(train, name, options, list(range(6, 12)), scheduler, load=place)
    assert_same(list(found), list(whole), rtol=1e-5)
    again = train(mx, name, options, range(6, 12), scheduler, load=place)
    assert_same(list(again), list(whole), rtol=1e-6)


def test_sgld_has_no_states_but_counts(oracle, place):
    oracle.run(train, "sgld", {}, [0, 1, 2], save=place)
    trainer = mx.gluon.Trainer(parameters(), "sgld")
    trainer.load_states(place + ".states")
    assert trainer.optimizer.num_update == 3


def module_states(mx, path, save, form=None, contexts=1):
    """A Module that saves its states after two updates, or loads them and makes a third one; the weights behind."""
    data, label = mx.sym.var("data"), mx.sym.var("label")
    output = mx.sym.LinearRegressionOutput(mx.sym.FullyConnected(data, num_hidden=1, name="fc"), label)
    module = mx.mod.Module(output, label_names=["label"], context=[mx.cpu(number) for number in range(contexts)])
    module.bind([("data", (2, 3))], [("label", (2, 1))])
    module.init_params(mx.init.One())
    module.init_optimizer(optimizer="adam", optimizer_params={"learning_rate": 0.1})
    batch = mx.io.DataBatch([mx.nd.array([[1, 2, 3], [4, 5, 6]])], [mx.nd.array([[0], [1]])])
    if not save:
        module.load_optimizer_states(path)
    for _ in range(2 if save else 1):
        module.forward_backward(batch)
        module.update()
    if save:
        module.save_optimizer_states(path, **({} if form is None else {"format": form}))
    return module.get_params()[0]


@pytest.mark.parametrize("contexts", [1, 2])
def test_states_of_a_module(oracle, tmp_path, contexts):
    """With several contexts MXNet's store updates, which knows parameters by name."""
    path = str(tmp_path / "module.states")
    oracle.run(module_states, path, True, contexts=contexts)
    assert_same(*oracle.both(module_states, path, False, contexts=contexts), rtol=1e-5)
    before = module_states(mx, path, save=False, contexts=contexts)
    module_states(mx, path, save=True, form="mxnet", contexts=contexts)
    expected = {name: one.asnumpy() for name, one in before.items()}
    assert_same(oracle.run(module_states, path, False, contexts=contexts), expected, rtol=1e-5)


def store_states(mx, path, save, form=None):
    store, weight = mx.kv.create("local"), mx.nd.ones((2,))
    store.set_optimizer(mx.optimizer.SGD(learning_rate=0.1, momentum=0.9, param_idx2name={0: "a"}))
    store.init("a", weight)
    if not save:
        store.load_optimizer_states(path)
    store.push("a", mx.nd.array([1, 2]))
    store.pull("a", weight)
    if save:
        store.save_optimizer_states(path, **({} if form is None else {"format": form}))
    return weight


def test_states_of_a_store(oracle, tmp_path):
    path = str(tmp_path / "store.states")
    oracle.run(store_states, path, True)
    assert_same(*oracle.both(store_states, path, False), rtol=1e-6)
    store_states(mx, path, save=True, form="mxnet")
    assert_same(*oracle.both(store_states, path, False), rtol=1e-6)


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("dump_optimizer", [False, True])
def test_every_protocol_of_pickle(oracle, protocol, dump_optimizer):
    """Programs, and old Pythons, write others than MXNet 1.9.1 itself."""
    code = """
        import pickle
        optimizer = mx.optimizer.Adam(learning_rate=np.float32(0.25), wd=np.float64(0.5))
        optimizer.set_lr_mult({"a": np.float32(2)})
        update, weight = mx.optimizer.get_updater(optimizer), nd.array([1, 2], dtype="float16")
        update(3, nd.array([0.5, 0.25], dtype="float16"), weight)
        states = (update.states, optimizer) if dump_optimizer else update.states
        return list(bytearray(pickle.dumps(states, protocol)))"""
    data = bytes(oracle.run(code, protocol=protocol, dump_optimizer=dump_optimizer))
    update = mx.optimizer.get_updater(mx.optimizer.Adam())
    update.set_states(data)
    assert [one.asnumpy().dtype for one in update.states[3]] == [np.float16] * 2
    assert update.states[3][0].asnumpy() == pytest.approx([0.1, 0.125], rel=3e-3)
    expected = (0.25, 0.5, {"a": 2.0}, 1) if dump_optimizer else (0.001, 0, {}, 0)
    optimizer = update.optimizer
    assert (optimizer.lr, optimizer.wd, optimizer.lr_mult, optimizer.num_update) == expected


def test_a_file_that_python_2_wrote():
    """Its bytes are text, its names are bytes, and old MXNets had the class in another module."""
    array = bytes_from(mx.nd.array([1, -2])._data)
    text = array.decode("latin1").encode()
    data = b"\x80\x02}q\x00K\x03cmxnet.ndarray\nNDArray\nq\x01N\x85Rq\x02}q\x03U\x06handleq\x04"
    data += b"c__builtin__\nbytearray\nq\x05X" + struct.pack("<I", len(text)) + text + b"U\x07latin-1\x86Rq\x06sbs."
    update = mx.optimizer.get_updater(mx.optimizer.SGD(momentum=0.9))
    update.set_states(data)
    assert update.states[3].asnumpy().tolist() == [1, -2]


def test_arrays_of_numpy_are_states():
    update = mx.optimizer.get_updater(mx.optimizer.SGD(momentum=0.9))
    given = {0: np.arange(6, dtype="float32").reshape(2, 3), 1: (np.asfortranarray(np.eye(2)), np.float64(3)), 2: None}
    for protocol in range(5):
        update.set_states(pickle.dumps(given, protocol))
        assert update.states[0].asnumpy().tolist() == given[0].tolist()
        assert update.states[1][0].asnumpy().tolist() == [[1, 0], [0, 1]]
        assert update.states[2] is None
    update.set_states(pickle.dumps({0: np.array([1, 2], ">i4")}, 4))
    assert update.states[0].asnumpy().tolist() == [1, 2]


def test_the_optimizer_of_a_program_is_read_where_the_program_has_it():
    @mx.optimizer.register
    class Mine(mx.optimizer.SGD):
        pass

    Mine.__qualname__ = "Mine"
    update = mx.optimizer.get_updater(Mine(momentum=0.5))
    update.optimizer.mood = 3
    data = update.get_states(dump_optimizer=True, format="mxnet")
    assert f"{__name__}\nMine".encode() in data
    again = mx.optimizer.get_updater(Mine())
    again.optimizer.mood = 0
    again.set_states(data)
    assert (again.optimizer.momentum, again.optimizer.mood) == (0.5, 3)
    with pytest.raises(mx.MXNetError, match=r"received the name tests\.optimizer\.test_states_of_mxnet\.Mine"):
        mx.optimizer.get_updater(mx.optimizer.SGD()).set_states(data)
    del mx.optimizer.Optimizer.opt_registry["mine"]


def test_states_of_another_optimizer_are_refused(oracle, place):
    oracle.run(train, "adam", {}, [0], save=place)
    trainer = mx.gluon.Trainer(parameters(), "sgd")
    with pytest.raises(mx.MXNetError, match="they must be those of 'sgd'; received those of 'adam'"):
        trainer.load_states(place + ".states")


def test_there_are_two_forms():
    with pytest.raises(mx.MXNetError, match="format must be None or 'mxnet'; received 'pickle'"):
        mx.optimizer.get_updater(mx.optimizer.SGD()).get_states(format="pickle")


def test_what_mxnets_form_cannot_hold():
    sgd = mx.optimizer.SGD()
    sgd.hook = print
    with pytest.raises(mx.MXNetError, match="received builtin_function_or_method; save without format='mxnet'"):
        mx.optimizer.get_updater(sgd).get_states(dump_optimizer=True, format="mxnet")


# --- hostile files ----------------------------------------------------------------------------------------------------


class Calls:
    """Pickles as a call."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def refused(data, match="not carried out|damaged"):
    update = mx.optimizer.get_updater(mx.optimizer.SGD(momentum=0.9))
    with pytest.raises(mx.MXNetError, match=match):
        update.set_states(bytes(data))
    assert update.states == {}


@pytest.mark.parametrize("protocol", range(6))
def test_nothing_is_called(tmp_path, protocol):
    path = tmp_path / "made"
    for call in (
        Calls(os.mkdir, str(path)), Calls(eval, f"open({str(path)!r}, 'w')"), Calls(getattr, os, "system"),
        Calls(zlib.compress, b""), Calls(time.sleep, 100), Calls(os.system, f"touch {path}"),
    ):  # fmt: skip
        for value in (call, {0: call}, ({}, call), {0: (call, call)}):
            try:
                data = pickle.dumps(value, protocol)
            except TypeError:  # a module cannot be pickled
                continue
            refused(data, "not carried out|begins with the number")
    assert not path.exists()


def test_names_of_the_library_itself_are_refused():
    names = (
        "mxnet.optimizer.optimizer\nUpdater", "mxnet.optimizer.optimizer\nos", "mxnet.base\nMXNetError",
        "mxnet.test_utils\ndownload", "builtins\ngetattr", "numpy\nload", "numpy.core.multiarray\nfromfile",
    )  # fmt: skip
    for name in names:
        refused(f"\x80\x03c{name}\n(t\x52.".encode("latin1"), "received the name")


CRAFTED = {
    "nothing": b"\x80\x03.",
    "no end": b"\x80\x03}",
    "no dict": b"\x80\x03].",
    "a number": b"\x80\x03K\x01.",
    "a call of a number": b"\x80\x03K\x01)R.",
    "a name that is not called": b"\x80\x03}K\x00cmxnet.ndarray.ndarray\nNDArray\ns.",
    "an array without values": b"\x80\x03}K\x00cmxnet.ndarray.ndarray\nNDArray\n)Rs.",
    "a state of a dict": b"\x80\x03}}b.",
    "a state of a name": b"\x80\x03cmxnet.ndarray.ndarray\nNDArray\n}b.",
    "a list as a key": b"\x80\x03}]K\x00s.",
    "an odd dict": b"\x80\x03}(K\x00u.",
    "no mark": b"\x80\x03t.",
    "an unknown memo": b"\x80\x03h\x07.",
    "a huge memo": b"\x80\x03}r\xff\xff\xff\xffj\xff\xff\xff\xfe.",
    "a huge text": b"\x80\x03X\xff\xff\xff\xffa.",
    "huge bytes": b"\x80\x05\x96\xff\xff\xff\xff\xff\xff\xff\x0f.",
    "a persistent name": b"\x80\x03Pfile\n.",
    "an extension": b"\x80\x03\x82\x01.",
    "a bytearray of a length": b"\x80\x03}K\x00cbuiltins\nbytearray\nJ\xff\xff\xff\x7f\x85Rs.",
    "a list that holds itself": b"\x80\x03}K\x00]q\x00h\x00as.",
    "an optimizer without attributes": b"\x80\x03}cmxnet.optimizer.optimizer\nSGD\n)\x81\x86.",
    "an optimizer that is text": b"\x80\x03}X\x03\x00\x00\x00SGD\x86.",
    "not a pickle": b"(((((",
}


@pytest.mark.parametrize("name", CRAFTED)
def test_crafted_files(name):
    refused(CRAFTED[name])


def test_one_value_very_often():
    """Each list holds the one before ten times."""
    data = b"\x80\x03}K\x00]q\x00"
    for number in range(40):
        data += b"](" + 10 * (b"h" + bytes([number])) + b"eq" + bytes([number + 1])
    started = time.monotonic()
    refused(data + b"s.")
    assert time.monotonic() - started < 5


def states_of_mxnet(oracle):
    code = """
        optimizer = mx.optimizer.SGD(momentum=0.9, lr_scheduler=mx.lr_scheduler.FactorScheduler(3))
        update, weight = mx.optimizer.get_updater(optimizer), nd.array([1, 2])
        update(0, nd.array([0.5, 0.25]), weight)
        return list(bytearray(update.get_states(True)))"""
    return bytes(oracle.run(code))


def test_every_length_of_a_file_and_changed_bytes(oracle):
    whole = states_of_mxnet(oracle)
    draw = np.random.default_rng(0)
    for length in range(len(whole)):
        refused(whole[:length], "damaged|begins with|ends")
    for _ in range(600):
        data = bytearray(whole)
        for place in draw.integers(0, len(data), draw.integers(1, 4)):
            data[place] = draw.integers(0, 256)
        update = mx.optimizer.get_updater(mx.optimizer.SGD(momentum=0.9))
        try:
            update.set_states(bytes(data))
        except mx.MXNetError:
            assert update.states == {}


def test_settings_from_a_file_are_checked(oracle):
    whole = states_of_mxnet(oracle)
    place = whole.index(b"momentum")
    number = whole.index(b"G", place)
    without = bytearray(whole)
    without[2:11] = struct.pack("<BQ", 0x95, struct.unpack("<Q", whole[3:11])[0] - 8)  # the frame is shorter
    without[number : number + 9] = b"N"
    refused(without, "momentum must be a finite number; received None")
    update = mx.optimizer.get_updater(mx.optimizer.SGD(momentum=0.9))
    update.set_states(whole)
    assert isinstance(update.optimizer.lr_scheduler, mx.lr_scheduler.FactorScheduler)
