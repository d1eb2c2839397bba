"""Mistakes in what takes networks to other libraries and back, for ``make mutants``."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS = (
    Mutant(
        "the backward direction of a recurrent layer has the forward one's parameters in torch",
        "interop/torch/code/rules/recurrent.py",
        "{'_reverse' if part.direction == 'r' else ''}",
        "{'_reverse' if part.direction == 'l' else ''}",
        ("tests/interop/torch/test_recurrent.py::test_python_files[LSTM-TNC]",),
    ),
    Mutant(
        "code for torch begins recurrent layers at zeros that the user did not ask for",
        "interop/torch/code/rules/recurrent.py",
        'all(each.operator == "_zeros" for each in call.given[2:])',
        "True",
        ("tests/interop/torch/test_recurrent.py::test_python_files[GRU-TNC]",),
    ),
    Mutant(
        "the batch of the example is a number in code for torch",
        "interop/torch/code/lengths.py",
        "if shape is not None and axis < len(shape) and shape[axis] != length:",
        "if shape is None:",
        ("tests/interop/torch/test_recurrent.py::test_cells[LSTM-NTC]",),
    ),
    Mutant(
        "weights of torch's recurrent layers go to the other direction",
        "interop/torch/matching.py",
        "{'r' if is_backward else 'l'}",
        "{'l' if is_backward else 'r'}",
        ("tests/interop/torch/test_state_dict.py::test_recurrent_layers[LSTM-False]",),
    ),
    Mutant(
        "a branch beside the wrong layer hides it",
        "cli/_convert_search.py",
        "for node in nodes if node not in read]",
        "for node in nodes[-1:]]",
        ("tests/cli/test_convert_search.py::test_what_is_written_wrongly[-symbol.json]",),
    ),
    Mutant(
        "outputs of another shape are equal",
        "cli/_convert_check.py",
        'return Difference(float("inf"), 0.0, ',
        "return Difference(0.0, 0.0, ",
        ("tests/cli/test_convert.py::test_another_shape_is_a_difference",),
    ),
)
