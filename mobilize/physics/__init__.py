"""The physics of a month: compiled kernels over arrays, in plain loops.

Every kernel takes the network, the state and the parameters and changes the state. The same
function without compilation is its ``py_func``: the reference in tests.
"""
