"""``mx.test_utils``: what tests of programs are made of, and the MNIST digits that many programs train on."""

from ..core.context import Context, current_context
from ..ndarray import array
from ..runtime import Features
from ..symbol import Symbol
from ..util import get_cuda_compute_capability, getenv, setenv
from .arrays import (
    assign_each,
    assign_each2,
    collapse_sum_like,
    create_2d_tensor,
    create_vector,
    get_identity_mat,
    get_identity_mat_batch,
    np_reduce,
    rand_coord_2d,
    rand_ndarray,
    rand_shape_2d,
    rand_shape_3d,
    rand_shape_nd,
    random_arrays,
    random_sample,
    random_uniform_arrays,
)
from .comparison import (
    almost_equal,
    assert_allclose,
    assert_almost_equal,
    assert_almost_equal_ignore_nan,
    assert_almost_equal_with_err,
    checkShapes,
    compare_ndarray_tuple,
    locationError,
    same,
    same_array,
)
from .consistency import (
    check_consistency,
    check_gluon_hybridize_consistency,
    check_speed,
    compare_optimizer,
    same_symbol_structure,
)
from .dummy_iter import DummyIter
from .fetch import download, get_bz2_data, get_cifar10, get_mnist_pkl, get_zip_data
from .generators import chi_square_check, gen_buckets_probs_with_ppf, mean_check, var_check, verify_generator
from .gradients import check_numeric_gradient
from .graphs import check_symbolic_backward, check_symbolic_forward, numeric_grad, simple_forward
from .matrices import (
    new_matrix_with_real_eigvals_2d,
    new_matrix_with_real_eigvals_nd,
    new_orthonormal_matrix_2d,
    new_sym_matrix_with_real_eigvals_2d,
    new_sym_matrix_with_real_eigvals_nd,
)
from .mnist import get_mnist, get_mnist_iterator, get_mnist_ubyte
from .sparse_arrays import (
    create_sparse_array,
    create_sparse_array_zd,
    rand_sparse_ndarray,
    shuffle_csr_column_indices,
)
from .surroundings import (
    assert_exception,
    default_context,
    default_dtype,
    discard_stderr,
    environment,
    has_tvm_ops,
    is_aarch64_run,
    is_cd_run,
    is_op_runnable,
    list_gpus,
    retry,
    set_default_context,
)
from .tolerance import (
    default_atols,
    default_numeric_eps,
    default_rtols,
    effective_dtype,
    get_atol,
    get_etol,
    get_rtol,
    get_tolerance,
    get_tols,
)

# with what MXNet's module imports: tests say "from mxnet.test_utils import *"
__all__ = [
    "Context", "DummyIter", "Features", "Symbol", "almost_equal", "array", "assert_allclose", "assert_almost_equal",
    "assert_almost_equal_ignore_nan", "assert_almost_equal_with_err", "assert_exception", "assign_each", "assign_each2",
    "checkShapes", "check_consistency", "check_gluon_hybridize_consistency", "check_numeric_gradient", "check_speed",
    "check_symbolic_backward", "check_symbolic_forward", "chi_square_check", "collapse_sum_like",
    "compare_ndarray_tuple", "compare_optimizer", "create_2d_tensor", "create_sparse_array", "create_sparse_array_zd",
    "create_vector", "current_context", "default_atols", "default_context", "default_dtype", "default_numeric_eps",
    "default_rtols", "discard_stderr", "download", "effective_dtype", "environment", "gen_buckets_probs_with_ppf",
    "get_atol", "get_bz2_data", "get_cifar10", "get_cuda_compute_capability", "get_etol", "get_identity_mat",
    "get_identity_mat_batch", "get_mnist", "get_mnist_iterator", "get_mnist_pkl", "get_mnist_ubyte", "get_rtol",
    "get_tolerance", "get_tols", "get_zip_data", "getenv", "has_tvm_ops", "is_aarch64_run", "is_cd_run",
    "is_op_runnable", "list_gpus", "locationError", "mean_check", "new_matrix_with_real_eigvals_2d",
    "new_matrix_with_real_eigvals_nd", "new_orthonormal_matrix_2d", "new_sym_matrix_with_real_eigvals_2d",
    "new_sym_matrix_with_real_eigvals_nd", "np_reduce", "numeric_grad", "rand_coord_2d", "rand_ndarray",
    "rand_shape_2d", "rand_shape_3d", "rand_shape_nd", "rand_sparse_ndarray", "random_arrays", "random_sample",
    "random_uniform_arrays", "retry", "same", "same_array", "same_symbol_structure", "set_default_context", "setenv",
    "shuffle_csr_column_indices", "simple_forward", "var_check", "verify_generator",
]  # fmt: skip

#: Other names of MXNet's module, and what to use instead.
_INSTEAD = {
    "download_model": "mx.gluon.model_zoo.vision has networks and reads their weights from files",
    "get_im2rec_path": "run 'glueball im2rec'",
}
