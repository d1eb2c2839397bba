"""ONNX: what each operator is in ONNX's operators, and the document that they are put into.

`rules` has a small function for each operator that can be said in ONNX. It takes a `Call` and adds to its `Document`.
"""
