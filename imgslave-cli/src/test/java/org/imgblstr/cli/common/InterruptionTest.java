package org.imgblstr.cli.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
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
    void whatIsRegisteredTooLateRunsAtOnce() {
        Interruption interruption = new Interruption();
        interruption.interrupt();
        interruption.onInterrupt(() -> done.add("late"));
        assertThat(done).containsExactly("late");
    }
}
