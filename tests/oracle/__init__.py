"""Real MXNet 1.9.1 in a separate process, as the judge of Glueball.

``client`` is the side of the tests, ``worker`` the side of MXNet. The modules that both sides import
(``wire``, ``plain``, ``program``, ``operator_call``) need only NumPy and run on Python 3.10 and later; MXNet itself
runs on 3.11 at most.
"""
