"""Real MXNet 1.9.1 in a process of its own, as the judge of Glueball.

``client`` is the side of the tests, ``worker`` the side of MXNet. The modules that both sides import
(``wire``, ``plain``, ``program``, ``operator_call``) need nothing but NumPy and run on Python 3.10 and later,
where MXNet itself stops at 3.11.
"""
