"""``horovod.mxnet`` for programs that import it, over the same processes as ``mx.kv.create('dist_sync')``."""
