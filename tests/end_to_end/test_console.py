"""The console on a real drill: every screen opens, and a killed engine is told, replaced, and the run goes on."""

from __future__ import annotations

import os
import signal

from pytestqt.qtbot import QtBot

from tests.bench.running_console import running_console

SCREENS = ("Signals", "Logs", "Traces", "Workbench")


def test_that_every_screen_opens_and_a_killed_engine_is_replaced(qtbot: QtBot) -> None:
    with running_console(settle_s=3.0) as console:
        for name in SCREENS:
            console.window.show_screen(name)
            console.run_for(1.5)
        session = console.session
        run, hello = session.run, session.participant.hello
        assert hello is not None
        console.lead(lambda client: client.mark_moment("before the crash", 0))
        notices: list[object] = []
        session.noticeChanged.connect(notices.append)
        os.kill(hello.process_id, signal.SIGKILL)
        console.wait_for(lambda: any(notices), 20)
        console.wait_for(lambda: session.notice is None and session.participant.hello is not hello, 60)
        assert session.run == run
        console.wait_for(lambda: session.participant.snapshot and session.participant.snapshot.marks)
        snapshot = session.participant.snapshot
        assert snapshot is not None
        assert [mark.text for mark in snapshot.marks] == ["before the crash"]
        assert session.participant.hello is not None
        assert session.participant.hello.process_id != hello.process_id
