"""A long load shares a core with the server that it talks to."""

import os
from threading import Thread

from marketplace.platform.cores import beside_the_server, run_anywhere
from marketplace.platform.transaction import connection_at_hand, transaction


def server_of() -> int:
    return connection_at_hand().connection.driver_connection.info.backend_pid


def test_both_run_on_one_core_and_are_let_go_afterwards(committed_database):
    cores = os.sched_getaffinity(0)
    with committed_database.app.app_context(), transaction():
        with beside_the_server():
            mine, theirs = os.sched_getaffinity(0), os.sched_getaffinity(server_of())

        assert mine == theirs
        assert len(mine) == 1
        assert os.sched_getaffinity(0) == cores
        assert os.sched_getaffinity(server_of()) == cores


def test_other_threads_may_run_anywhere(committed_database):
    cores, seen = os.sched_getaffinity(0), []

    def look() -> None:
        run_anywhere()
        seen.append(os.sched_getaffinity(0))

    with committed_database.app.app_context(), transaction(), beside_the_server():
        helper = Thread(target=look)
        helper.start()
        helper.join()

    assert seen == [cores]


def test_a_server_that_belongs_to_others_is_left_alone(committed_database, monkeypatch):
    cores = os.sched_getaffinity(0)
    choose = os.sched_setaffinity

    def refuse(pid, wanted):
        if pid:
            raise PermissionError
        choose(pid, wanted)

    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    with committed_database.app.app_context(), transaction(), beside_the_server():
        assert os.sched_getaffinity(0) == cores
