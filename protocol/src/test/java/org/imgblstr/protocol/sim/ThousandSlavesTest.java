package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A thousand slaves on a gigabit, with the real engines, in open and in sealed sessions: the same bars hold for both. The image is small unless the
 * property {@code imgblstr.room.mib} says otherwise; {@code bench/thousand} runs it with 10 GiB.
 */
@Execution(ExecutionMode.CONCURRENT)
class ThousandSlavesTest {
    private static final long IMAGE_BYTES = Long.getLong("imgblstr.room.mib", 96) << 20;

    private static final boolean IS_LARGE = IMAGE_BYTES >= 1L << 30;

    /**
     * Whether the session is sealed, loss, links, bar. Links have half as many symbols as the other tracks: of few the unluckiest slave loses a larger
     * part. Sealed sessions have their worst cases in each build, and all of them with a large image.
     */
    private static Stream<Arguments> bars() {
        return Stream.of(false, true).flatMap(isSealed -> Stream.of(
                        arguments(isSealed, 0.0, false, 0.01),
                        arguments(isSealed, 0.001, false, 0.03),
                        arguments(isSealed, 0.01, false, 0.06),
                        arguments(isSealed, 0.0, true, 0.01),
                        arguments(isSealed, 0.001, true, 0.03),
                        arguments(isSealed, 0.01, true, 0.08))
                .filter(bar -> !isSealed || IS_LARGE || bar.get()[1].equals(0.01)));
    }

    @ParameterizedTest(name = "sealed {0}, loss {1}, links {2}: at most {3} more datagrams")
    @MethodSource("bars")
    void aThousandSlavesCostFewDatagramsMoreThanOne(
            boolean isSealed, double loss, boolean areLinks, double mostOverhead) {
        RoomReport report = run(RoomSettings.of(1000, IMAGE_BYTES)
                .sealed(isSealed)
                .links(areLinks)
                .loss(loss));

        assertThat(report.overhead()).as(report.toString()).isLessThanOrEqualTo(mostOverhead);
        if (loss == 0) {
            assertThat(report.sent().digests())
                    .as("no digest track goes twice: " + report)
                    .isLessThanOrEqualTo(report.sent().digestSource());
        }
        // A gigabit moves 117 MB a second of images. Pauses of 2.5 s in all: the first parity rows are chosen by what
        // was lost, and
        // the last reports of a thousand take half a second.
        double mostSeconds = IMAGE_BYTES / 117e6 * 1.1 + 2.5;
        assertThat(report.dataSeconds()).as(report.toString()).isLessThan(mostSeconds);
    }

    @ParameterizedTest(name = "sealed {0}")
    @ValueSource(booleans = {false, true})
    void burstsCostLittleMoreThanWhatTheyEat(boolean isSealed) {
        RoomReport report =
                run(RoomSettings.of(100, IMAGE_BYTES).sealed(isSealed).bursts(0.002, 4000));

        assertThat(report.overhead()).as(report.toString()).isLessThanOrEqualTo(1.5 * report.lostShare());
    }

    private static RoomReport run(RoomSettings settings) {
        long startNs = System.nanoTime();
        Room room = new Room(settings);
        RoomReport report = room.run();
        double seconds = (System.nanoTime() - startNs) / 1e9;
        long masterHeapBytes = room.masterHeapBytes();
        if (IS_LARGE) {
            System.out.printf(
                    Locale.ROOT,
                    "%s; master %d KiB of heap; %.0f s of real time%n",
                    report,
                    masterHeapBytes >> 10,
                    seconds);
        }
        assertThat(report.complete()).as(report.toString()).isEqualTo(settings.slaves());
        assertThat(report.sent().digests() > 0).as(report.toString()).isEqualTo(settings.sealed());
        assertThat(report.feedback().inAnySecond()).as(report.toString()).isLessThan(3000);
        assertThat(masterHeapBytes).isLessThan(512L << 20);
        return report;
    }
}
