package org.imgblstr.cli.common.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.slf4j.LoggerFactory;

@ResourceLock(Resources.SYSTEM_ERR)
class StrayLinesTest {
    private final List<String> lines = new ArrayList<>();

    @Test
    void whatIsWrittenToStandardErrorBecomesLines() {
        PrintStream before = System.err;
        StrayLines stray = StrayLines.take(lines::add);
        try {
            System.err.print("one");
            System.err.println(" line\r");
            System.err.print("büro\n\nno end");
        } finally {
            stray.giveBack();
        }
        assertThat(lines).containsExactly("one line", "büro", "no end");
        assertThat(System.err).isSameAs(before);
    }

    /** A screen may take standard error after the line of progress has, which gives it back first. */
    @Test
    void oneThatIsGivenBackLeavesALaterOneInPlace() {
        PrintStream before = System.err;
        List<String> later = new ArrayList<>();
        StrayLines first = StrayLines.take(lines::add);
        StrayLines second = StrayLines.take(later::add);
        try {
            first.giveBack();
            System.err.println("on the screen");
        } finally {
            second.giveBack();
            System.setErr(before);
        }
        assertThat(lines).isEmpty();
        assertThat(later).containsExactly("on the screen");
    }

    /** The log keeps no stream of its own: a warning in the middle of a session scrolled the screen. */
    @Test
    void aWarningOfTheLogBecomesALine() {
        StrayLines stray = StrayLines.take(lines::add);
        try {
            LoggerFactory.getLogger(StrayLinesTest.class).warn("slave 8 is given up");
        } finally {
            stray.giveBack();
        }
        assertThat(lines).anyMatch(line -> line.contains("slave 8 is given up"));
    }
}
