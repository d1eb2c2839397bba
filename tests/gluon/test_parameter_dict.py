"""ParameterDict: names, sharing, agreement, and methods on all parameters."""

from __future__ import annotations

import pickle

import pytest

import glueball as mx
from glueball import gluon, nd
from tests.comparison import assert_same

#: Programs in which p is an empty ParameterDict with the prefix net_.
SAME = {
    "get": """
        w = p.get('weight', shape=(2, 3)); b = p.get('bias', shape=(3,))
        names = [x.name for x in p.values()], [n for n, _ in p.items()], list(p)
        return list(p.keys()), names, w is p['net_weight'], b is p['net_bias']""",
    "in": "p.get('w'); return 'net_w' in p, 'w' in p",
    "repr": "p.get('weight', shape=(2, 3)); p.get('bias'); return repr(p), repr(gluon.ParameterDict()), p.prefix",
    "no such name": "p['w']",
    "no assignment": "p['w'] = 3",
    "a name that is no text": "p.get(3)",
    # agreement
    "twice": "return p.get('w', shape=(2, 3)) is p.get('w', shape=(2, 3))",
    "another shape": "p.get('w', shape=(2, 3)); p.get('w', shape=(2, 4))",
    "a shape of other length": "p.get('w', shape=(2, 0)); p.get('w', shape=(2,))",
    "a length filled in": "p.get('w', shape=(2, 0)); return p.get('w', shape=(2, 4)).shape",
    "a length left open": "p.get('w', shape=(2, 4)); return p.get('w', shape=(0, 4)).shape",
    "both lengths": "p.get('w', shape=(2, 0)); return p.get('w', shape=(0, 4)).shape",
    "no shape again": "p.get('w', shape=(2,)); return p.get('w').shape",
    "a shape for none": "p.get('w'); return p.get('w', shape=(2,)).shape",
    "the same type": "p.get('w', dtype='float32'); return p.get('w', dtype=np.float32).dtype",
    "another type": "p.get('w', dtype='float32'); p.get('w', dtype='float64')",
    "another init": "p.get('w', init='ones'); p.get('w', init='zeros')",
    "an init for none": "p.get('w'); return p.get('w', init='zeros').init",
    "an equal init": "i = p.get('w', init=mx.init.Uniform(1)); return p.get('w', init=mx.init.Uniform(1)) is i",
    "an unequal init": "p.get('w', init=mx.init.Uniform(1)); p.get('w', init=mx.init.Uniform(2))",
    "another lr_mult": "p.get('w', lr_mult=1); p.get('w', lr_mult=2)",
    "an equal lr_mult": "p.get('w', lr_mult=1); return p.get('w', lr_mult=1.0).lr_mult",
    "another grad_req": "p.get('w'); p.get('w', grad_req='null')",
    "the same stype": "p.get('w'); return p.get('w', stype='default').name",
    "an unknown keyword": "p.get('w', nonsense=1)",
    # sharing
    "shared": """
        w = p.get('w', shape=(2,)); q = gluon.ParameterDict('net_', shared=p)
        return list(q.keys()), q.get('w') is w, list(q.keys()), q.get('v', shape=(1,)).name, list(p.keys())""",
    "shared under another prefix": """
        w = p.get('w', shape=(2,)); q = gluon.ParameterDict('other_', shared=p)
        return q.get('w', shape=(3,)) is w, list(q.keys()), list(p.keys())""",
    # constants
    "get_constant": """
        c = p.get_constant('c', nd.array([1, 2]))
        return c.name, p.get_constant('c') is c, p.get_constant('c', np.array([1, 2])) is c, list(p.keys())""",
    "get_constant of a list": "return p.get_constant('c', [1, 2]).value",
    "get_constant with other values": "p.get_constant('c', nd.array([1, 2])); p.get_constant('c', nd.array([1, 3]))",
    "get_constant of another shape": "p.get_constant('c', nd.array([1, 2])); p.get_constant('c', nd.array([1]))",
    "get_constant without a value": "p.get_constant('c')",
    "get_constant of a parameter": "p.get('c', shape=(2,)); p.get_constant('c', nd.array([1, 2]))",
    # update
    "update": "q = gluon.ParameterDict('o_'); q.get('v'); p.get('w'); p.update(q); return list(p.keys())",
    "update with itself": """
        p.get('w'); q = gluon.ParameterDict('net_', shared=p); q.get('w'); p.update(q); return list(p.keys())""",
    "update with another of that name": "q = gluon.ParameterDict('net_'); q.get('w'); p.get('w'); p.update(q)",
    # on all
    "initialize": """
        p.get('weight', shape=(2,)); p.get('bias', shape=(2,), init='zeros'); p.initialize(mx.init.One())
        return [x.data() for x in p.values()]""",
    "initialize with a text": "p.get('weight', shape=(2,)); p.initialize('ones'); return p['net_weight'].data()",
    "initialize again": """
        p.get('weight', shape=(2,)); p.initialize('ones'); p.initialize('zeros', force_reinit=True)
        return p['net_weight'].data()""",
    "initialize on contexts": """
        p.get('weight', shape=(2,)); p.initialize('ones', ctx=[mx.cpu(1), mx.cpu(2)])
        return [str(c) for c in p.list_ctx()], p['net_weight'].list_data()""",
    "zero_grad": """
        w = p.get('w', shape=(2,)); p.get('v', shape=(2,), grad_req='null'); p.initialize(); w.grad()[:] = 5
        p.zero_grad(); return w.grad()""",
    "zero_grad before initialize": "p.get('w', shape=(2,)); return p.zero_grad()",
    "reset_ctx": """
        p.get('w', shape=(2,)); p.initialize(); p.reset_ctx([mx.cpu(1), mx.cpu(2)])
        return [str(c) for c in p.list_ctx()]""",
    "list_ctx": """
        p.get('w', shape=(2,)).initialize(ctx=[mx.cpu(0)]); p.get('v', shape=(2,)).initialize(ctx=mx.cpu(1))
        return type(p.list_ctx()), sorted(str(c) for c in p.list_ctx())""",
    "list_ctx of none": "return p.list_ctx()",
    "setattr": "w = p.get('w'); p.setattr('lr_mult', 5); p.setattr('grad_req', 'null'); return w.lr_mult, w.grad_req",
    "setattr of a bad value": "p.get('w'); p.setattr('grad_req', 'overwrite')",
    "setattr of something new": "w = p.get('w'); p.setattr('note', 5); return w.note",
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_as_in_mxnet(oracle, name):
    import textwrap

    ours, theirs = oracle.both("p = gluon.ParameterDict('net_')\n" + textwrap.dedent(SAME[name]))
    assert_same(ours, theirs)


REFUSED = [
    (lambda p: p.get("w", shape=(4,)), r"must agree with \(2, 3\); received \(4,\)"),
    (lambda p: p.get("w", dtype="float64"), "net_w exists with another dtype, .*float32.*; received float64"),
    (lambda p: p.get("w", lr_mult=2), "exists with another lr_mult, 1.0; received 2; use another name"),
    (lambda p: p.get_constant("w", [1]), "net_w must be a Constant; it is a Parameter"),
    (lambda p: p.get_constant("c", [1, 3]), "net_c exists with other values"),
    (lambda p: p.update({"net_w": gluon.Parameter("net_w")}), "'net_w' means two different parameters"),
]


@pytest.mark.parametrize("call, message", REFUSED, ids=[message[:30] for _, message in REFUSED])
def test_refusals_say_what_is_wrong(call, message):
    parameters = gluon.ParameterDict("net_")
    parameters.get("w", shape=(2, 3))
    parameters.get_constant("c", [1, 2])
    with pytest.raises(mx.MXNetError, match=message):
        call(parameters)


def test_a_keyword_that_parameter_lacks_is_refused_for_an_existing_one_too():
    """MXNet sets it as an attribute."""
    parameters = gluon.ParameterDict("net_")
    parameters.get("w")
    with pytest.raises(TypeError, match="Parameter has no argument 'shpae'; received it for net_w"):
        parameters.get("w", shpae=(2,))
    with pytest.raises(KeyError, match="there is no constant 'net_c'; pass a value"):
        parameters.get_constant("c")


def test_a_refused_update_adds_nothing():
    parameters, others = gluon.ParameterDict("net_"), gluon.ParameterDict("net_")
    parameters.get("w")
    others.get("v")
    others.get("w")
    with pytest.raises(mx.MXNetError):
        parameters.update(others)
    assert list(parameters) == ["net_w"]


def test_pickled():
    parameters = gluon.ParameterDict("net_")
    parameters.get("w", shape=(2,), init="ones")
    parameters.initialize()
    loaded = pickle.loads(pickle.dumps(parameters))
    assert loaded["net_w"].data().asnumpy().tolist() == [1, 1]


def test_values_from_elsewhere():
    parameters = gluon.ParameterDict("net_")
    parameters.get("w", shape=(2,))
    parameters.load_dict({"arg:net_w": nd.array([3, 4])})
    assert parameters["net_w"].data().asnumpy().tolist() == [3, 4]
