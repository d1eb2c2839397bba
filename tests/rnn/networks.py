"""The cells of these tests, under either library."""

from __future__ import annotations


def stacked(mx, *cells):
    """A SequentialRNNCell of cells."""
    stack = mx.rnn.SequentialRNNCell()
    for cell in cells:
        stack.add(cell)
    return stack


def made(mx, kind):
    """A new cell of a kind; those that draw random numbers are in it, too."""
    rnn = mx.rnn
    image = (1, 3, 6, 6)
    makers = {
        "RNNCell": lambda: rnn.RNNCell(4, activation="relu"),
        "LSTMCell": lambda: rnn.LSTMCell(4, forget_bias=2.0),
        "GRUCell": lambda: rnn.GRUCell(4, prefix="g_"),
        "ResidualCell": lambda: rnn.ResidualCell(rnn.LSTMCell(4, prefix="l_")),
        "ZoneoutCell": lambda: rnn.ZoneoutCell(rnn.LSTMCell(4), 0.2, 0.3),
        "ZoneoutCell of outputs": lambda: rnn.ZoneoutCell(rnn.GRUCell(4), zoneout_outputs=0.2),
        "DropoutCell": lambda: rnn.DropoutCell(0.4),
        "BidirectionalCell": lambda: rnn.BidirectionalCell(rnn.LSTMCell(2, prefix="l_"), rnn.GRUCell(2, prefix="r_")),
        "SequentialRNNCell": lambda: stacked(
            mx, rnn.LSTMCell(4, prefix="a_"), rnn.DropoutCell(0.3), rnn.ResidualCell(rnn.GRUCell(4, prefix="b_")),
            rnn.ZoneoutCell(rnn.RNNCell(4, prefix="z_"), 0.2, 0.3),
        ),
        "a stack of two directions": lambda: stacked(
            mx,
            rnn.BidirectionalCell(rnn.LSTMCell(2, prefix="l_"), rnn.GRUCell(2, prefix="r_")),
            rnn.BidirectionalCell(rnn.RNNCell(2, prefix="m_"), rnn.RNNCell(2, prefix="n_"), output_prefix="b_"),
        ),
        "ConvRNNCell": lambda: rnn.ConvRNNCell(image, 5, activation="tanh"),
        "ConvLSTMCell": lambda: rnn.ConvLSTMCell(
            image, 5, i2h_stride=(2, 2), h2h_kernel=(5, 3), h2h_dilate=(1, 2), i2h_dilate=(1, 1)
        ),
        "ConvGRUCell": lambda: rnn.ConvGRUCell(image, 5, i2h_weight_initializer=mx.init.Xavier()),
        "FusedRNNCell": lambda: rnn.FusedRNNCell(
            4, num_layers=2, prefix="x_", get_next_state=True, forget_bias=3.0
        ),
        "FusedRNNCell of GRUs": lambda: rnn.FusedRNNCell(2, mode="gru", bidirectional=True, get_next_state=True),
        "FusedRNNCell without states": lambda: rnn.FusedRNNCell(4, mode="rnn_tanh"),
        "a stack of fused cells": lambda: stacked(
            mx, rnn.FusedRNNCell(4, prefix="a_"), rnn.DropoutCell(0.5),
            rnn.FusedRNNCell(2, mode="rnn_relu", prefix="b_", bidirectional=True),
        ),
        "two directions, one fused": lambda: rnn.BidirectionalCell(
            rnn.FusedRNNCell(2, prefix="a_"), rnn.RNNCell(2, prefix="b_")
        ),
        "two directions, both fused": lambda: rnn.BidirectionalCell(
            rnn.FusedRNNCell(2, prefix="a_"), rnn.FusedRNNCell(2, mode="gru", prefix="b_")
        ),
        "ResidualCell of a fused one": lambda: rnn.ResidualCell(rnn.FusedRNNCell(4, prefix="a_")),
        "unfused": lambda: rnn.FusedRNNCell(
            2, num_layers=3, bidirectional=True, prefix="x_", dropout=0.2, forget_bias=3.0
        ).unfuse(),
        "unfused of one direction": lambda: rnn.FusedRNNCell(4, num_layers=2, mode="rnn_relu").unfuse(),
    }  # fmt: skip
    return makers[kind]() if kind else list(makers)


def flat(found):
    """What is in nested lists."""
    return [one for each in found for one in flat(each)] if isinstance(found, list | tuple) else [found]


def unrolled(mx, kind, layout="NTC", merge=None, as_list=False, steps=3):
    """A graph of all outputs and states of a cell; and whether the outputs are a list."""
    cell = made(mx, kind)
    names = [f"step{number}" for number in range(steps)]
    inputs = [mx.sym.var(name) for name in names] if as_list else mx.sym.var("data")
    outputs, states = cell.unroll(steps, inputs, layout=layout, merge_outputs=merge)
    return mx.sym.Group(flat([outputs, states])), isinstance(outputs, list), len(flat(states))
