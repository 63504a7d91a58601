"""Hundreds and thousands of slow clients against a running installation while citizens and officials walk their flows.

``attacking`` holds the slow clients (a process of its own), ``walking`` the people, ``running`` serves, measures and
judges. Run it with ``python -m bench.slow_connections``.
"""
