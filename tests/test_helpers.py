"""Functions and classes of MXNet that are not in its documentation, and that public programs import all the same."""

from __future__ import annotations

import logging

import numpy as np
import pytest

import glueball as mx
from glueball.core.class_property import ClassPropertyMeta
from tests.comparison import assert_same


def _registered(mx, name, arguments, keywords):
    """What the functions of mx.registry make of a name."""
    import warnings

    class Base:
        def __init__(self, *args, **kwargs):
            self.made_with = (type(self).__name__, args, tuple(sorted(kwargs.items())))

    class First(Base):
        pass

    class Second(Base):
        pass

    register = mx.registry.get_register_func(Base, "thing")
    same = register(First) is First and register(Second, "Other") is Second
    same = same and mx.registry.get_alias_func(Base, "thing")("one", "UNO")(First) is First
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        register(Second, "uno")
    names = {name: found.__name__ for name, found in mx.registry.get_registry(Base).items()}
    made = mx.registry.get_create_func(Base, "thing")(*([name] if name else []), *arguments, **keywords)
    return made.made_with, names, same, [warning.category.__name__ for warning in caught]


@pytest.mark.parametrize(
    ("name", "arguments", "keywords"),
    [
        ("first", [1], {"b": 2}), ("OTHER", [], {}), ("uno", [], {}), ("nothing", [], {}), (3, [], {}), (None, [], {}),
        (None, [], {"thing": "first", "b": 2}), ('["first", {"b": 2}]', [], {}), ('["first", {"b": 2}]', [1], {}),
        ('{"thing": "first", "b": 2}', [], {}), ({"thing": "first", "b": 2}, [], {}), ({"b": 2}, [], {}),
    ],
)  # fmt: skip
def test_registry(oracle, name, arguments, keywords):
    assert_same(*oracle.both(_registered, name, arguments, keywords))


def test_a_registry_is_of_the_base_class():
    assert mx.registry.get_registry(mx.init.Initializer)["xavier"] is mx.init.Xavier
    create = mx.registry.get_create_func(mx.metric.EvalMetric, "measure")
    assert isinstance(create("acc"), mx.metric.Accuracy)
    instance = mx.init.Zero()
    create = mx.registry.get_create_func(mx.init.Initializer, "initializer")
    assert create(instance) is instance
    for wrong in (lambda: create(instance, 1), lambda: create("nothing"), lambda: create(3)):
        with pytest.raises(AssertionError) as caught:
            wrong()
        assert isinstance(caught.value, mx.MXNetError)


def _as_list(mx, value):
    return mx.base._as_list(value)


@pytest.mark.parametrize("value", [[1], (1, 2), 3, None, "ab", {"a": 1}])
def test_as_list(oracle, value):
    assert_same(*oracle.both(_as_list, value))


def _class_helpers(mx):
    class Counted(mx.base.with_metaclass(type("Meta", (type,), {"letter": "z"}), ValueError)):
        number = 5

        @mx.base.classproperty
        def doubled(cls):
            return 2 * cls.number

    return Counted.letter, Counted.__bases__[0].__name__, Counted.doubled, Counted().doubled


def test_class_helpers(oracle):
    assert_same(*oracle.both(_class_helpers))


def test_class_properties_can_be_assigned_to():
    class Settings(metaclass=ClassPropertyMeta):
        @mx.base.classproperty
        def size(cls):
            return cls.stored

        @size.setter
        def size(cls, value):
            cls.stored = value + 1

        @mx.base.classproperty
        def fixed(cls):
            return 1

    Settings.size = 2
    assert Settings.size == 3
    Settings().size = 5
    assert Settings.size == 6
    with pytest.raises(AttributeError):
        Settings.fixed = 2


def _current_scopes(mx):
    import warnings

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        before = str(mx.context.Context.default_ctx)
        with mx.Context("cpu", 1):
            inside = str(mx.Context.default_ctx)
            mx.Context.default_ctx = mx.cpu(2)
            changed = [str(mx.Context.default_ctx), str(mx.nd.ones((1,)).context), str(mx.current_context())]
        after = str(mx.Context.default_ctx)
        manager = mx.name.NameManager.current
        names = [manager.get(None, "unused"), manager.get("mine", "unused")]
        mx.name.NameManager.current = mx.name.Prefix("p_")
        names.append(mx.sym.exp(mx.sym.var("x"), name="y").name)
        mx.name.NameManager.current = manager
        scope = mx.AttrScope.current
        mx.AttrScope.current = mx.AttrScope(ctx_group="here")
        names.append(mx.sym.var("x").attr("ctx_group"))
        mx.AttrScope.current = scope
        names.append(mx.sym.var("x").attr("ctx_group"))
    return before, inside, changed, after, names, {warning.category.__name__ for warning in caught}


def test_current_scopes(oracle):
    assert_same(*oracle.both(_current_scopes))


@pytest.mark.parametrize(
    ("owner", "name"), [(mx.Context, "default_ctx"), (mx.name.NameManager, "current"), (mx.AttrScope, "current")]
)
def test_current_scopes_refuse_other_things(owner, name):
    with pytest.warns(DeprecationWarning) as caught:
        assert getattr(owner, name) is not None
        with pytest.raises(mx.MXNetError, match=f"{name}: it must be a"):
            setattr(owner, name, 3)
    assert {warning.filename for warning in caught} == {__file__}


def _logged(mx, folder):
    import os
    import re

    path = os.path.join(folder, "log.txt")
    name = f"glueball.test.{os.path.basename(folder)}"
    logger = mx.log.get_logger(name, filename=path, level=mx.log.DEBUG)
    logger.debug("number %d", 3)
    logger.log(25, "between")
    again = mx.log.get_logger(name, level=mx.log.ERROR)
    with open(path) as file:
        written = file.read()
    lines = []
    for level in (5, 10, 20, 25, 30, 40, 50):
        record = mx.log.logging.LogRecord("n", level, "/a/b.py", 7, "text", (), None, "f")
        lines.append(re.sub(r"\d\d:\d\d:\d\d \d+", "TIME", mx.log._Formatter().format(record))[:9])
    handlers = [type(each).__name__ for each in mx.log.get_logger(name + "2").handlers]
    return written, again is logger, again.level, len(again.handlers), lines, handlers


def test_log(oracle, tmp_path):
    for side in ("ours", "theirs"):
        (tmp_path / side).mkdir()
    ours = _logged(mx, str(tmp_path / "ours"))
    assert ours == oracle.run(_logged, str(tmp_path / "theirs"))
    with pytest.warns(DeprecationWarning, match="get_logger"):
        assert isinstance(mx.log.getLogger("glueball.test"), logging.Logger)


def _errors(mx):
    @mx.error.register_error
    class OwnError(ValueError):
        pass

    @mx.error.register_error("Named")
    class OtherError(ValueError):
        pass

    direct = mx.error.register_error("Direct", KeyError)
    found = mx.base.error_types
    known = sorted(found)
    internal = mx.error.InternalError("why")
    return (
        found["OwnError"] is OwnError, found["Named"] is OtherError, direct is KeyError is found["Direct"], known,
        isinstance(internal, mx.MXNetError), str(internal).startswith("why\n"), mx.error.register.__name__,
        issubclass(mx.base.NotSupportedForSparseNDArray, mx.MXNetError),
        type(mx.base.NotSupportedForSparseNDArray(max, "f", 1)).__name__,
    )  # fmt: skip


def test_errors(oracle):
    ours, theirs = oracle.both(_errors)
    assert ours.get()[:8] == tuple(theirs.get())[:8]


def _gluon_utils(mx, repository):
    import os

    from_utils = mx.gluon.utils
    before = os.environ.pop("MXNET_GLUON_REPO", None)
    try:
        if repository:
            os.environ["MXNET_GLUON_REPO"] = repository
        urls = [from_utils._get_repo_url(), from_utils._get_repo_file_url("gluon/dataset", "a.gz")]
    finally:
        os.environ.pop("MXNET_GLUON_REPO", None)
        if before is not None:
            os.environ["MXNET_GLUON_REPO"] = before
    letters = list("abcdefghij")
    texts = [from_utils._indent(text, 2) for text in ("a\nb\n  c", "a", "", "a\n\nb")]
    brief = [from_utils._brief_print_list(letters[:count], limit) for count in (0, 3, 10) for limit in (7, 4, 3)]
    store = mx.gluon.model_zoo.model_store
    digests = sorted(store._model_sha1.items())
    kind = from_utils._check_same_symbol_type([mx.sym.var("a")]).__name__
    return urls, texts, brief, digests, store.short_hash("vgg16"), store.apache_repo_url, store._url_format, kind


@pytest.mark.parametrize("repository", ["", "http://x/", "http://x"])
def test_gluon_utils(oracle, repository):
    assert_same(*oracle.both(_gluon_utils, repository))


def test_gluon_utils_refuse(monkeypatch):
    monkeypatch.setenv("MXNET_GLUON_REPO", "")
    with pytest.raises(mx.MXNetError, match="MXNET_GLUON_REPO must be the address of a server"):
        mx.gluon.utils._get_repo_url()
    with pytest.raises(mx.MXNetError, match="one or more Symbols"):
        mx.gluon.utils._check_same_symbol_type([])
    with pytest.raises(TypeError, match=r"it must return arrays of mx\.np; received NDArray"):
        mx.gluon.utils._check_all_np_ndarrays([mx.nd.ones((1,))])


def test_a_published_network_can_be_added(tmp_path, monkeypatch):
    store = mx.gluon.model_zoo.model_store
    monkeypatch.setitem(store._model_sha1, "mine", "0123456789" * 4)
    assert store.short_hash("mine") == "01234567"
    with pytest.raises(mx.MXNetError, match="mine-01234567"):
        store.get_model_file("mine", root=str(tmp_path))


#: Nests of arrays (a) and symbols (s), as text: what is sent to MXNet is plain.
NESTS = [
    "a",
    "[a]",
    "[a, [a, a]]",
    "(a, (a,))",
    "[None, a]",
    "s",
    "[s, [s]]",
    "two",
    "[two, s]",
    "[]",
    "[[]]",
    "[a, s]",
]


def _flat(mx, nest):
    names = {"a": mx.nd.ones((1,)), "s": mx.sym.var("s"), "two": mx.sym.Group([mx.sym.var("b"), mx.sym.var("c")])}
    value = eval(nest, names)

    def kinds(nested):
        return [kinds(each) for each in nested] if isinstance(nested, list) else type(nested).__name__

    flat, form = mx.gluon.block._flatten(value, "input")
    symbols, arrays, contexts, first = mx.gluon.block._gather_type_ctx_info(value)
    return kinds(flat), form, kinds(mx.gluon.block._regroup(flat, form)), symbols, arrays, len(contexts), str(first)


@pytest.mark.parametrize("nest", NESTS)
def test_flat_form_of_inputs(oracle, nest):
    assert_same(*oracle.both(_flat, nest))


@pytest.mark.parametrize("nest", ["3", "[a, 3]", "'a'", "{1: a}"])
def test_flat_form_refuses_other_things(oracle, nest):
    assert_same(*oracle.both(_flat, nest))


def test_flat_form_needs_enough_arrays():
    with pytest.raises(IndexError, match="there is none left"):
        mx.gluon.block._regroup([mx.nd.ones((1,))], [0, 0])
    with pytest.raises(ValueError, match="must be a list"):
        mx.gluon.block._regroup(3, [0])


def _common_prefix(mx, names):
    return mx.gluon.block._common_prefix(names)


@pytest.mark.parametrize("names", [["a_b", "a_c"], ["x"], [], ["ab", "cd"], ["aa_", "aa_"], ["a", "ab"]])
def test_common_prefix(oracle, names):
    assert_same(*oracle.both(_common_prefix, names))


def _iterator_helpers(mx, kind, allow_empty):
    import numpy as np

    array, floats = mx.nd.array([[1, 2], [3, 4]], dtype="int32"), np.arange(4.0).reshape(2, 2)
    data = {
        "array": array, "floats": floats, "list": [array, floats], "one": [array], "dict": {"b": array, "a": floats},
        "none": None, "empty": [], "wrong": 3, "text": {"x": "q"}, "tuple": (array, floats),
    }[kind]  # fmt: skip
    found = mx.io.utils._init_data(data, allow_empty, "data")
    chosen = mx.io.utils._getdata_by_idx(found, np.array([1, 0]))
    has = [mx.io.utils._has_instance(found, wanted) for wanted in (mx.nd.NDArray, int)]
    slices = [mx.io.utils._slice_along_batch_axis(value, slice(0, 1), axis) for _, value in found for axis in (0, 1)]
    return found, chosen, has, slices, mx.io._init_data is mx.io.io._init_data is mx.io.utils._init_data


@pytest.mark.parametrize("allow_empty", [True, False])
@pytest.mark.parametrize(
    "kind", ["array", "floats", "list", "one", "dict", "none", "empty", "wrong", "text", "tuple"]
)  # fmt: skip
def test_iterator_helpers(oracle, kind, allow_empty):
    assert_same(*oracle.both(_iterator_helpers, kind, allow_empty))


def test_helpers_of_arrays_and_numpy_agree():
    """What programs rely on when they check types."""
    assert isinstance(np.float32(1), mx.base.numeric_types)
    assert mx.gluon.nn.conv_layers.numeric_types is mx.base.numeric_types


def _tables(mx):
    numbers = {str(flag): str(kind).replace("bool_", "bool") for flag, kind in mx.nd._DTYPE_MX_TO_NP.items()}
    back = sorted((flag, numbers[str(flag)]) for flag in mx.nd._DTYPE_NP_TO_MX.values())
    kinds = [kind.__name__ for kind in mx.gluon.tensor_types]
    return numbers, back, mx.nd.ndarray._GRAD_REQ_MAP, kinds


def test_tables_of_types(oracle):
    assert_same(*oracle.both(_tables))


def _bases(mx):
    nn, data = mx.gluon.nn, mx.gluon.data
    chosen = data.ArrayDataset([1, 2, 3])
    return [
        issubclass(nn.GlobalAvgPool1D, nn.conv_layers._Pooling), issubclass(nn.Conv2DTranspose, nn.conv_layers._Conv),
        issubclass(nn.BatchNorm, nn.basic_layers._BatchNorm),
        issubclass(data.vision.MNIST, data.dataset._DownloadedDataset),
        type(chosen.transform(abs)).__name__, type(chosen.transform_first(abs)._fn).__name__,
        sorted(vars(chosen.transform(abs))), type(chosen.take(2)).__name__,
    ]  # fmt: skip


def test_bases_of_classes(oracle):
    assert_same(*oracle.both(_bases))


def _downloaded(mx, folder, transformed):
    import os

    class Own(mx.gluon.data.dataset._DownloadedDataset):
        def _get_data(self):
            self._data, self._label = mx.nd.arange(3), [1, 2, 3]

    found = Own(os.path.join(folder, "own"), (lambda data, label: (data + 1, label)) if transformed else None)
    return len(found), found[1], os.path.isdir(found._root), os.path.basename(found._root)


@pytest.mark.parametrize("transformed", [False, True])
def test_a_dataset_in_a_folder(oracle, tmp_path, transformed):
    assert_same(*oracle.both(_downloaded, str(tmp_path), transformed))
    with pytest.raises(NotImplementedError, match="a subclass must set _data and _label"):
        mx.gluon.data.dataset._DownloadedDataset(tmp_path, None)
