package org.imgblstr.cli.common.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.protocol.contract.ExitCode;
import org.junit.jupiter.api.Test;

class InterruptionTest {
    private final List<String> done = new ArrayList<>();

    @Test
    void whatWasRegisteredRunsOnceAndNewestFirst() {
        Interruption interruption = new Interruption();
        interruption.onInterrupt(() -> done.add("first"));
        interruption.onInterrupt(() -> done.add("closed")).close();
        interruption.onInterrupt(() -> done.add("last"));
        interruption.check();
        interruption.interrupt();
        interruption.interrupt();
        assertThat(done).containsExactly("last", "first");
        assertThatThrownBy(interruption::check).isInstanceOfSatisfying(CliException.class, e -> assertThat(e.exitCode())
                .isEqualTo(130));
    }

    @Test
    void anActionThatFailsDoesNotKeepTheOthersFromRunning() {
        Interruption interruption = new Interruption();
        List<String> ran = new ArrayList<>();
        interruption.onInterrupt(() -> ran.add("slaves are told"));
        interruption.onInterrupt(() -> {
            throw new IllegalStateException("the terminal has gone");
        });
        interruption.interrupt();
        assertThat(ran).containsExactly("slaves are told");
    }

    @Test
    void aSignalAfterTheEndDoesNotChangeTheExitCode() {
        Interruption interruption = new Interruption();
        interruption.onInterrupt(() -> done.add("stopped"));
        interruption.finish(ExitCode.DONE);
        interruption.onShutdown("SIGTERM", code -> done.add("code " + code));
        interruption.onShutdown("", code -> done.add("halted"));
        assertThat(done).containsExactly("code 0");
    }

    /** The summary has said "done" by then. */
    @Test
    void aProgramThatEndsByItselfAfterASignalKeepsItsExitCode() {
        Interruption interruption = new Interruption();
        interruption.onInterrupt(() -> interruption.finish(ExitCode.DEVICE_FAILED));
        interruption.onShutdown("SIGTERM", code -> done.add("code " + code));
        assertThat(done).containsExactly("code 12");
    }

    @Test
    void aClosedTerminalIsNamed() {
        Interruption interruption = new Interruption();
        interruption.onInterrupt(() -> interruption.finish(ExitCode.INTERRUPTED));
        interruption.onShutdown("SIGHUP", code -> done.add("code " + code));
        assertThat(done).containsExactly("code 130");
        assertThatThrownBy(interruption::check).hasMessageContaining("the terminal was closed");
    }

    @Test
    void whatIsRegisteredTooLateRunsAtOnce() {
        Interruption interruption = new Interruption();
        interruption.interrupt();
        interruption.onInterrupt(() -> done.add("late"));
        assertThat(done).containsExactly("late");
    }
}
