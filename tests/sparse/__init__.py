"""Arrays with csr and row_sparse storage."""
