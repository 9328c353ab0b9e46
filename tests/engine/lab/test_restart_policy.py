"""When a service that ended by itself is started again."""

from engine.lab.restart_policy import RestartPolicy


def test_that_pauses_grow_with_each_end() -> None:
    policy = RestartPolicy(pauses_s=(1.0, 2.0, 4.0))
    assert [policy.pause_s([0.0] * n, 0.0) for n in (1, 2, 3)] == [1.0, 2.0, 4.0]


def test_that_it_gives_up_when_there_is_no_longer_pause() -> None:
    assert RestartPolicy(pauses_s=(1.0,)).pause_s([0.0, 5.0], 5.0) is None


def test_that_ends_of_long_ago_are_forgiven() -> None:
    assert RestartPolicy(pauses_s=(1.0,), window_s=60.0).pause_s([0.0, 100.0], 100.0) == 1.0
