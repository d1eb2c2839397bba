"""Which part of the data a process reads: all of it, as in MXNet, unless it asks for its part."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.parallel import several


@pytest.fixture
def folder(tmp_path):
    """A file for each iterator that reads parts, with the labels 0 to 9."""
    lines = [f"{label} 0:{label} 2:1.5" for label in range(10)]
    (tmp_path / "rows.libsvm").write_text("\n".join(lines) + "\n")
    (tmp_path / "rows.csv").write_text("\n".join(f"{label},1" for label in range(10)) + "\n")
    names = [str(tmp_path / f"pictures.{ending}") for ending in ("idx", "rec")]
    records = mx.recordio.MXIndexedRecordIO(*names, "w")
    for label in range(10):
        picture = np.full((8, 8, 3), 20 * label, np.uint8)
        header = mx.recordio.IRHeader(0, float(label), label, 0)
        records.write_idx(label, mx.recordio.pack_img(header, picture, img_fmt=".png"))
    records.close()
    return str(tmp_path)


def labels_read(mx, folder):
    """What each iterator reads by default, and of the part of a process."""
    store = mx.kv.create("dist_sync")
    record, index = folder + "/pictures.rec", folder + "/pictures.idx"
    found = []
    for part in ({}, {"part_index": store.rank, "num_parts": store.num_workers}):
        pictures = {"path_imgrec": record, "data_shape": (3, 8, 8), "batch_size": 5, **part}
        iterators = [
            mx.io.LibSVMIter(data_libsvm=folder + "/rows.libsvm", data_shape=(3,), batch_size=5, **part),
            mx.io.ImageRecordIter(path_imgidx=index, preprocess_threads=1, **pictures),
            mx.io.ImageRecordIter(preprocess_threads=1, **pictures),
            mx.image.ImageIter(path_imgidx=index, **pictures),
        ]
        if not part:
            iterators.append(mx.io.CSVIter(data_csv=folder + "/rows.csv", data_shape=(2,), batch_size=5))
        for iterator in iterators:
            read = []
            for batch in iterator:
                arrays = batch.label if iterator is not iterators[-1] or part else batch.data
                values = arrays[0].asnumpy().reshape(5, -1)[:, 0]
                read += values[: 5 - (batch.pad or 0)].tolist()
            found.append(read)
    shards = [list(mx.gluon.data.SimpleDataset(list(range(11))).shard(store.num_workers, store.rank))]
    return [store.rank, found, shards]


def ours_read(folder):
    return labels_read(mx, folder)


def test_iterators_read_what_mxnets_do_in_each_process(mxnet_processes, folder):
    ours, theirs = several.run(ours_read, 2, folder), sorted(mxnet_processes(labels_read, 2, folder))
    whole = [float(label) for label in range(10)]
    for found in (ours, theirs):  # MXNet divides text by its bytes, and so into other parts than rows
        assert found[0][1].pop(5) + found[1][1].pop(5) == whole
    assert ours == theirs
    assert [read for _, found, _ in ours for read in found[:5]] == [whole] * 10


def loaded():
    """What a process loads of 11 samples: before it is connected, since that is not needed, and after it."""
    make = mx.gluon.contrib.data.SplitSampler
    samples = mx.gluon.data.SimpleDataset(list(range(11)))
    found = [sorted(make(11)), sorted(make(11, even_size=False))]
    store = mx.kv.create("dist_sync")
    batches = list(mx.gluon.data.DataLoader(samples, 4, sampler=make(11)))
    loaded = sorted(index for batch in batches for index in batch.asnumpy().tolist())
    return [store.rank, *found, loaded, len(batches)]


def test_a_sampler_takes_the_part_of_its_process():
    assert several.run(loaded, 2) == [
        [0, [*range(6)], [*range(6)], [*range(6)], 2],
        [1, [0, *range(6, 11)], [*range(6, 11)], [0, *range(6, 11)], 2],
    ]


def scored(mx, log):
    """What Module.score returns in each process, and what Module.fit and a Speedometer log of the metric."""
    import logging

    store = mx.kv.create("dist_sync")
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    data = np.arange(16.0).reshape(8, 2) * (1 + store.rank)
    label = np.array([0, 1] * 4) if store.rank else np.array([1] * 8)
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
    iterator = mx.io.NDArrayIter(data, label, batch_size=2)
    start = {"fc_weight": mx.nd.array([[0, 0], [1, 1]]), "fc_bias": mx.nd.zeros(2)}
    module.fit(
        iterator, iterator, num_epoch=1, kvstore=store, arg_params=start, optimizer_params={"learning_rate": 0},
        batch_end_callback=mx.callback.Speedometer(2, 2, auto_reset=False),
    )  # fmt: skip
    told = [line for line in lines if "accuracy" in line]
    values = [line.rpartition("accuracy=")[2] for line in told]
    return [store.rank, [[name, float(value)] for name, value in module.score(iterator, "acc")], values]


def our_scored():
    return scored(mx, None)


def test_module_reports_the_metric_of_its_process_as_mxnets_does(mxnet_processes):
    ours, theirs = several.run(our_scored, 2), sorted(mxnet_processes(scored, 2, None))
    assert ours == theirs
    assert [found for _, found, _ in ours] == [[["accuracy", 1.0]], [["accuracy", 0.5]]]
    assert all(len(values) >= 3 for *_, values in ours)
