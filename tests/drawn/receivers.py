"""Objects to call methods on, one way to make each public class."""

from __future__ import annotations

import inspect
import random
from typing import Any

from tests.drawn.objects import OBJECTS
from tests.drawn.values import SCOPE, fit

#: How objects are made whose constructors take more than their signatures say, by the ends of their full names.
MADE: dict[str, str] = {
    "core.constant.Constant": "gluon.Constant('c', [1, 2])",
    "image.det_augmenter.DetBorrowAug": "mx.image.DetBorrowAug(mx.image.CastAug())",
    "image.image_iter.ImageIter": "mx.image.ImageIter(1, (3, 2, 2), imglist=[[0, 'dots.ppm']], path_root='.')",
    "image.image_det_iter.ImageDetIter": "mx.image.ImageDetIter(1, (3, 2, 2), path_root='.', "
    "imglist=[[[2, 5, 0, 0.1, 0.1, 0.9, 0.9], 'dots.ppm']])",
    "initializer.fused_rnn.FusedRNN": "mx.init.FusedRNN(mx.init.Zero(), 2, 1, 'lstm')",
    "rnn.fused_cell.FusedRNNCell": "mx.rnn.FusedRNNCell(2)",
    "rnn.composed_cells.BidirectionalCell": "mx.rnn.BidirectionalCell(mx.rnn.RNNCell(2), mx.rnn.GRUCell(2))",
    **{
        f"rnn.modifier_cells.{name}": f"mx.rnn.{name}(mx.rnn.RNNCell(2))"
        for name in ("ModifierCell", "ResidualCell", "ZoneoutCell")
    },
    **{
        f"rnn.conv_cells.{name}": f"mx.rnn.{name}((1, 3, 4, 4), 2)"
        for name in ("ConvRNNCell", "ConvLSTMCell", "ConvGRUCell")
    },
    "rnn.conv_cells.BaseConvRNNCell": "mx.rnn.ConvRNNCell((1, 3, 4, 4), 2)",
    "rnn.io.BucketSentenceIter": "mx.rnn.BucketSentenceIter([[1, 2]] * 4, 2)",
    "bucketing_module.BucketingModule": "mx.mod.BucketingModule(lambda key: (make('Symbol'), ['data'], None), 1)",
    "core.symbol_block.SymbolBlock": "gluon.SymbolBlock(make('Symbol'), sym.var('data'))",
    "numpy.ndarray": "mx.np.ones((2, 3))",
    "ndarray.sparse.BaseSparseNDArray": "nd.sparse.csr_matrix(([1, 2], ([0, 1], [2, 0])))",
    "ndarray.sparse.CSRNDArray": "nd.sparse.csr_matrix(([1, 2], ([0, 1], [2, 0])))",
    "ndarray.sparse.RowSparseNDArray": "nd.sparse.row_sparse_array(([[1, 2]], [1]), shape=(3, 2))",
    "metric.classification.TopKAccuracy": "mx.metric.TopKAccuracy(2)",
    "initializer.composite.Load": "mx.init.Load({'w': nd.ones((2, 3))}, 'zeros')",
    "gluon.data.dataset.ArrayDataset": "gluon.data.ArrayDataset([1, 2, 3], [4, 5, 6])",
    "resnet_blocks.BottleneckV1": "gluon.model_zoo.vision.BottleneckV1(8, 1)",
    "resnet_blocks.BottleneckV2": "gluon.model_zoo.vision.BottleneckV2(8, 1)",
    "squeezenet.SqueezeNet": "gluon.model_zoo.vision.SqueezeNet('1.0')",
    "gluon.data.dataloader.DataLoader": "gluon.data.DataLoader([1, 2, 3], 2)",
    "test_utils.dummy_iter.DummyIter": "mx.test_utils.DummyIter(make('DataIter'))",
    "vision.mnist.MNIST": "gluon.data.vision.MNIST('.')",
    "vision.mnist.FashionMNIST": "gluon.data.vision.FashionMNIST('.')",
    "vision.cifar.CIFAR10": "gluon.data.vision.CIFAR10('.')",
    "vision.cifar.CIFAR100": "gluon.data.vision.CIFAR100('.')",
    "vision.pictures.ImageFolderDataset": "gluon.data.vision.ImageFolderDataset('pictures')",
    "vision.pictures.ImageRecordDataset": "gluon.data.vision.ImageRecordDataset('some.rec')",
    "data.record_file.RecordFileDataset": "gluon.data.RecordFileDataset('some.rec')",
    "gluon.contrib.data.text.WikiText2": "gluon.contrib.data.text.WikiText2('.', seq_len=2)",
    "gluon.contrib.data.text.WikiText103": "gluon.contrib.data.text.WikiText103('.', seq_len=2)",
    "estimator.estimator.Estimator": "gluon.contrib.estimator.Estimator(make('HybridBlock'), gluon.loss.L2Loss(), "
    "trainer=make('Trainer'))",
    "estimator.event_handler.MetricHandler": "gluon.contrib.estimator.MetricHandler(mx.metric.Accuracy())",
    "estimator.checkpoint_handler.CheckpointHandler": "gluon.contrib.estimator.CheckpointHandler('saved')",
    "estimator.early_stopping_handler.EarlyStoppingHandler": "gluon.contrib.estimator.EarlyStoppingHandler("
    "mx.metric.Accuracy(), mode='max')",
    "contrib.text.embedding.CustomEmbedding": "mx.contrib.text.embedding.CustomEmbedding('vectors.txt')",
    "contrib.text.embedding.CompositeEmbedding": "mx.contrib.text.embedding.CompositeEmbedding("
    "mx.contrib.text.vocab.Vocabulary(), mx.contrib.text.embedding.CustomEmbedding('vectors.txt'))",
    "contrib.text.embedding.GloVe": "mx.contrib.text.embedding.GloVe('glove.6B.50d.txt', '.')",
    "contrib.text.embedding.FastText": "mx.contrib.text.embedding.FastText('wiki.zu.vec', '.')",
    "contrib.io.DataLoaderIter": "mx.contrib.io.DataLoaderIter(gluon.data.DataLoader(gluon.data.ArrayDataset("
    "nd.ones((3, 2)), nd.ones((3,))), 2))",
    "svrg_module.SVRGModule": "mx.contrib.svrg_optimization.svrg_module.SVRGModule("
    "sym.SoftmaxOutput(sym.var('data'), name='softmax'), update_freq=1)",
    "sync_batch_norm.SyncBatchNorm": "gluon.contrib.nn.SyncBatchNorm(2, 1)",
    "cached_op.CachedOp": "nd.CachedOp(make('Symbol'))",
    "io.mnist_iter.MNISTIter": "mx.io.MNISTIter(batch_size=2)",
    "io.csv_iter.CSVIter": "mx.io.CSVIter(data_csv='rows.csv', data_shape=(2,), batch_size=1)",
    "io.libsvm_iter.LibSVMIter": "mx.io.LibSVMIter(data_libsvm='rows.t', data_shape=(2,), batch_size=1)",
    "io.mx_data_iter.MXDataIter": "mx.io.CSVIter(data_csv='rows.csv', data_shape=(2,), batch_size=1)",
    **{
        f"io.image_record_iter.{name}": f"mx.io.{name}(path_imgrec='some.rec', data_shape=(3, 4, 4), batch_size=1)"
        for name in (
            "ImageRecordIter",
            "ImageRecordIter_v1",
            "ImageRecordInt8Iter",
            "ImageRecordUInt8Iter",
            "ImageRecordUInt8Iter_v1",
        )
    },
    "ImageDetRecordIter": "mx.io.ImageDetRecordIter(path_imgrec='boxes.rec', data_shape=(3, 4, 4), batch_size=1)",
    "recordio.files.MXRecordIO": "mx.recordio.MXRecordIO('some.rec', 'r')",
    **{
        f"profiler.objects.{name}": f"mx.profiler.{name}(mx.profiler.Domain('d'), 'name')"
        for name in ("Counter", "Frame", "Marker", "Task")
    },
    **{
        f"gluon.rnn.modifier_cells.{name}": f"gluon.rnn.{name}(gluon.rnn.RNNCell(2))"
        for name in ("ModifierCell", "ResidualCell", "ZoneoutCell")
    },
    "VariationalDropoutCell": "gluon.contrib.rnn.VariationalDropoutCell(gluon.rnn.RNNCell(2))",
    "BidirectionalCell": "gluon.rnn.BidirectionalCell(gluon.rnn.RNNCell(2), gluon.rnn.RNNCell(2))",
    **{
        f"conv_rnn_cell.Conv{axes}D{kind}Cell": f"gluon.contrib.rnn.Conv{axes}D{kind}Cell((1,{' 5,' * axes}), 2, 1, 1)"
        for axes in (1, 2, 3)
        for kind in ("RNN", "LSTM", "GRU")
    },
    "contrib.tensorboard.SummaryWriter": "mx.contrib.tensorboard.SummaryWriter('logs')",
    "contrib.tensorboard.LogMetricsCallback": "mx.contrib.tensorboard.LogMetricsCallback('logs')",
    "recordio.indexed.MXIndexedRecordIO": "mx.recordio.MXIndexedRecordIO('some.idx', 'some.rec', 'r')",
}

#: Classes that cannot be made, and why.
UNMADE = {
    **dict.fromkeys(("NDArrayOp", "NumpyOp", "PythonOp"), "they warn that they are deprecated, which is an error here"),
}


def receiver(owner: type, drawn: random.Random) -> Any:
    """A new object of a class; None if it cannot be made with arguments that fit."""
    path = f"{owner.__module__}.{owner.__qualname__}"
    texts = [text for name, text in sorted(MADE.items(), key=lambda item: -len(item[0])) if path.endswith(name)]
    if texts:
        return eval(texts[0], dict(SCOPE))
    if owner.__name__ in OBJECTS:
        made = drawn.choice(OBJECTS[owner.__name__])()
        if isinstance(made, owner):
            return made
    for _ in range(5):
        try:
            return _constructed(owner, drawn)
        except Exception:  # other arguments may fit; `test_every_class_can_be_made` finds classes without any
            continue
    return None


def _constructed(owner: type, drawn: random.Random) -> Any:
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for parameter in inspect.signature(owner).parameters.values():
        if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD:
            value = eval(drawn.choice(fit(parameter)), dict(SCOPE))
            if parameter.kind is parameter.VAR_POSITIONAL:
                continue
            named[parameter.name] = value
    return owner(*positional, **named)
