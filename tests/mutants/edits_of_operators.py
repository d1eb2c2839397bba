"""Mutants of operators for detection, of linear algebra, of images, and of steps of optimizers."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

CONTRIB = (
    Mutant(
        "an object takes every anchor",
        "ops/contrib/multibox_target.py",
        "        shared[images, :, thing] = -1\n",
        "",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_contrib_MultiBoxTarget]",),
        needs_mxnet=True,
    ),
    Mutant(
        "mining chooses the easiest background",
        "ops/contrib/multibox_target.py",
        'masked_fill(~candidates, float("inf"))',
        'masked_fill(~candidates, float("inf")).neg()',
        ("tests/ops/test_operators.py::test_same_as_mxnet[_contrib_MultiBoxTarget]",),
        needs_mxnet=True,
    ),
    Mutant(
        "boxes of all classes suppress each other",
        "ops/contrib/multibox_detection.py",
        "None if across_classes else best[:, 0], inclusive=True",
        "None, inclusive=True",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_contrib_MultiBoxDetection]",),
        needs_mxnet=True,
    ),
    Mutant(
        "an overlap of the threshold is allowed",
        "ops/contrib/multibox_detection.py",
        "best[:, 0], inclusive=True",
        "best[:, 0], inclusive=False",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_contrib_MultiBoxDetection]",),
        needs_mxnet=True,
    ),
    Mutant(
        "boxes in the padding of a map are proposed",
        "ops/contrib/proposal.py",
        "scores = torch.where(inside & ~small, scores, -1.0)",
        "scores = torch.where(~small, scores, -1.0)",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_contrib_MultiProposal]",),
        needs_mxnet=True,
    ),
    Mutant(
        "small boxes are proposed",
        "ops/contrib/proposal.py",
        "scores = torch.where(inside & ~small, scores, -1.0)",
        "scores = torch.where(inside, scores, -1.0)",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_contrib_MultiProposal]",),
        needs_mxnet=True,
    ),
    Mutant(
        "too few proposals repeat the last",
        "ops/contrib/proposal.py",
        "kept[torch.arange(after, device=kept.device) % len(kept)]",
        "kept[torch.arange(after, device=kept.device).clamp_max(len(kept) - 1)]",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_contrib_MultiProposal]",),
        needs_mxnet=True,
    ),
    Mutant(
        "regions of ROIAlign come in the order of their grids",
        "ops/contrib/roi_align.py",
        "pooled = pieces[0] if len(pieces) == 1 else torch.cat(pieces)[torch.argsort(torch.cat(order))]",
        "pooled = torch.cat(pieces)",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_contrib_ROIAlign]",),
        needs_mxnet=True,
    ),
    Mutant(
        "regions are not moved by half a pixel",
        "ops/contrib/roi_align.py",
        "(0.5 if aligned else 0)",
        "0",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_contrib_ROIAlign]",),
        needs_mxnet=True,
    ),
    Mutant(
        "parts of channels follow each other",
        "ops/contrib/roi_align.py",
        "data.reshape(images, channels // parts, parts, height, width).permute(0, 3, 4, 2, 1)",
        "data.reshape(images, parts, channels // parts, height, width).permute(0, 3, 4, 1, 2)",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_contrib_ROIAlign]",),
        needs_mxnet=True,
    ),
    Mutant(
        "rectangles turn the other way",
        "ops/contrib/roi_align.py",
        "across * cosine + down * sine + to_x, down * cosine - across * sine + to_y",
        "across * cosine - down * sine + to_x, down * cosine + across * sine + to_y",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_contrib_RROIAlign]",),
        needs_mxnet=True,
    ),
    Mutant(
        "index_copy adds up",
        "ops/contrib/index.py",
        "old_tensor.index_copy(0, index, new_tensor)",
        "old_tensor.index_add(0, index, new_tensor)",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_contrib_index_copy]",),
        needs_mxnet=True,
    ),
)

LINEAR_ALGEBRA = (
    Mutant(
        "trmm reads what is outside of the triangle",
        "ops/linalg/products.py",
        "triangle = A.tril() if lower else A.triu()",
        "triangle = A",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_linalg_trmm]",),
        needs_mxnet=True,
    ),
    Mutant(
        "trsm takes the other triangle of a transposed matrix",
        "ops/linalg/products.py",
        "upper=lower is transpose",
        "upper=not lower",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_linalg_trsm]",),
        needs_mxnet=True,
    ),
    Mutant(
        "C is not multiplied by beta",
        "ops/linalg/products.py",
        "return products + beta * C",
        "return products + C",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_linalg_gemm]",),
        needs_mxnet=True,
    ),
    Mutant(
        "eigenvectors have any sign",
        "ops/linalg/factors.py",
        "return (vectors * signs).contiguous(), values",
        "return vectors.contiguous(), values",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_linalg_syevd]",),
        needs_mxnet=True,
    ),
    Mutant(
        "potri inverts the factor the wrong way round",
        "ops/linalg/factors.py",
        "torch.matmul(inverse.mT, inverse)",
        "torch.matmul(inverse, inverse.mT)",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_linalg_potri]",),
        needs_mxnet=True,
    ),
    Mutant(
        "upper triangles are read row by row",
        "ops/linalg/diagonals.py",
        "long * rows + short if below else short * rows + long",
        "long * rows + short if below else (short * rows + long).sort().values",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_linalg_extracttrian]",),
        needs_mxnet=True,
    ),
)

IMAGE_OPERATORS = (
    Mutant(
        "hue turns the other way",
        "ops/image/color.py",
        "hue + 360, hue) + turn.float() * 360",
        "hue + 360, hue) - turn.float() * 360",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_image_random_hue]",),
        needs_mxnet=True,
    ),
    Mutant(
        "the contrast has the mean of each channel",
        "ops/image/color.py",
        "mean = _sum_in_order(gray) / (data.shape[0] * data.shape[1])",
        "mean = pixels.mean()",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_image_random_contrast]",),
        needs_mxnet=True,
    ),
    Mutant(
        "uint8 wraps around",
        "ops/image/color.py",
        "        pixels = pixels.clamp(0, 255)\n",
        "        pass\n",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_image_random_brightness]",),
        needs_mxnet=True,
    ),
    Mutant(
        "a crop has its corner at the wrong axis",
        "ops/image/resize.py",
        "data[..., y : y + height, x : x + width, :]",
        "data[..., x : x + height, y : y + width, :]",
        ("tests/ops/test_operators.py::test_same_as_mxnet[_image_crop]",),
        needs_mxnet=True,
    ),
)

STEPS = (
    Mutant(
        "LAMB's phase 1 corrects both averages with one rate",
        "ops/optimizer/lamb.py",
        "var / (1.0 - kept_square**t)",
        "var / (1.0 - kept**t)",
        ("tests/ops/test_operators.py::test_same_as_mxnet[lamb_update_phase1]",),
        needs_mxnet=True,
    ),
    Mutant(
        "LAMB divides by a norm of 0",
        "ops/optimizer/lamb.py",
        "torch.where((r1 == 0) | (r2 == 0), 1.0, r1 / r2)",
        "r1 / r2",
        ("tests/ops/test_operators.py::test_same_as_mxnet[lamb_update_phase2]",),
        needs_mxnet=True,
    ),
)

MUTANTS = (*CONTRIB, *LINEAR_ALGEBRA, *IMAGE_OPERATORS, *STEPS)
