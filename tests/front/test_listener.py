"""The server's own listening socket is found among the descriptors of the process, and nothing stays open for that."""

import os
import socket
import sys

import pytest

from kaoping.front.listener import bound_unread_answers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


def test_the_listener_is_bounded_by_the_kernel():
    with socket.socket() as one_socket:
        one_socket.bind(("127.0.0.1", 0))
        one_socket.listen()
        assert bound_unread_answers(12.5)
        with socket.create_connection(one_socket.getsockname()):
            accepted, _ = one_socket.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 12500


def test_looking_for_it_again_and_again_leaves_no_descriptor_open():
    before = sorted(os.listdir("/proc/self/fd"))
    for _ in range(3):
        bound_unread_answers(12.5)
    assert sorted(os.listdir("/proc/self/fd")) == before
