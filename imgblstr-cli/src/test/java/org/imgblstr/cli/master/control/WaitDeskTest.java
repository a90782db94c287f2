package org.imgblstr.cli.master.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run answers while it waits for the time of its start. */
class WaitDeskTest {
    private final List<String> done = new ArrayList<>();
    private final WaitDesk desk = new WaitDesk(
            new SessionTitle(0xab12, "lab-2"),
            "2026-11-30 22:30",
            () -> 18_720,
            12,
            new WaitDesk.Actions(() -> done.add("begin"), () -> done.add("abort")));

    private ControlReply ask(ControlRequest request) throws IOException {
        return desk.answer(request.line());
    }

    @Test
    void statusSaysThatItWaitsAndUntilWhen() throws IOException {
        assertThat(ask(new ControlRequest("status", "", 0, false, true)).line())
                .contains(
                        "session lab-2 (000000000000ab12): waiting for its time, opens at 2026-11-30 22:30, in 5:12:00")
                .contains("\"exitCode\":0");
        assertThat(ask(ControlRequest.of("status")).line())
                .contains(
                        "\"session\":\"000000000000ab12\"",
                        "\"name\":\"lab-2\"",
                        "\"phase\":\"scheduled\"",
                        "\"startsInSeconds\":18720",
                        "\"slavesJoined\":0",
                        "\"slavesWanted\":12",
                        "\"limit\":null");
        assertThat(done).isEmpty();
    }

    @Test
    void startEndsTheWaitAndAbortTheRunWhenTheAnswerIsOnItsWay() throws IOException {
        ControlReply start = ask(ControlRequest.of("start"));
        assertThat(start.line()).contains("\"exitCode\":0", "opens now and not at 2026-11-30 22:30");
        assertThat(done).isEmpty();
        start.after().run();
        assertThat(done).containsExactly("begin");
        ControlReply abort = ask(ControlRequest.of("abort"));
        assertThat(abort.line()).contains("\"exitCode\":0", "nothing was written");
        abort.after().run();
        assertThat(done).containsExactly("begin", "abort");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kick", "pause", "resume", "rate", "dance"})
    void whatNeedsASessionIsRefused(String command) throws IOException {
        ControlReply reply = ask(ControlRequest.of(command));
        reply.after().run();
        assertThat(reply.line()).contains("\"exitCode\":2", "\"command\":\"" + command + "\"");
        assertThat(done).isEmpty();
    }

    @Test
    void aLineThatIsNoRequestIsRefused() throws IOException {
        assertThat(desk.answer("hello").line()).contains("\"exitCode\":2", "expected one line");
    }
}
