package org.imgblstr.disk.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.disk.machine.ProcessorUse;
import org.imgblstr.disk.pass.DiskFeed.Encoding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pass whose sequencer is some tracks behind the reader, on a machine that has nothing else to do. */
class EncodingLevelTest {
    private static final int TRACKS = 20_000;
    private static final int GROUP = EncodedTrack.CHAIN_TRACKS;
    private static final int INTERVAL = LevelController.INTERVAL_TRACKS;
    private static final int BEHIND = 3 * GROUP;

    @TempDir
    private Path proc;

    private final LevelMap levels = new LevelMap(TRACKS);
    private ProcessorUse processors;
    private double ahead;
    private long nowNs;
    private long idleTicks;

    @BeforeEach
    void startMachine() throws IOException {
        Files.createDirectories(proc.resolve("self"));
        Files.writeString(proc.resolve("self/stat"), "17 (a) R 1 2 3 4 5 6 7 8 9 10 5 5 0 0 20 0 1 0\n");
        passTime();
        processors = new ProcessorUse(proc, () -> nowNs);
    }

    @Test
    void theLevelRisesOnlyOnceTheLastDecisionShows() throws IOException {
        ahead = 1;
        EncodingLevel level =
                new EncodingLevel(new Encoding(CodecChoice.DEFAULT, false, false, () -> ahead), levels, processors);
        run(level, 0, 2000, 0);
        // One step for what is on its way, rounded up to a group, and the tracks of one decision at most.
        int raised = 0;
        for (int track = GROUP; track < 2000; track += GROUP) {
            int step = levels.of(track) - levels.of(track - GROUP);
            assertThat(step).as("track %d", track).isBetween(0, 2);
            if (step > 0 && raised > 0) {
                assertThat(track - raised).as("track %d", track).isBetween(BEHIND, BEHIND + 2 * GROUP + INTERVAL);
            }
            raised = step > 0 ? track : raised;
        }
        assertThat(levels.of(1999)).isEqualTo(9);
    }

    @Test
    void theLevelFallsAtOnceWhenNothingIsAhead() throws IOException {
        ahead = 1;
        EncodingLevel level =
                new EncodingLevel(new Encoding(CodecChoice.DEFAULT, false, false, () -> ahead), levels, processors);
        run(level, 0, 2000, 0);
        ahead = 0;
        run(level, 2000, 2000 + 8 * INTERVAL + GROUP, GROUP);
        assertThat(levels.of(2000 + 8 * INTERVAL + GROUP - 1)).isEqualTo(CodecChoice.HOME_LEVEL);
    }

    @Test
    void whileTheDiskIsSlowTheLevelStays() throws IOException {
        EncodingLevel level =
                new EncodingLevel(new Encoding(CodecChoice.DEFAULT, false, false, () -> ahead), levels, processors);
        run(level, 0, 3000, 1);
        assertThat(levels.of(2999)).isEqualTo(CodecChoice.HOME_LEVEL);
    }

    @Test
    void whileGroupsWaitForEncodersTheLevelFallsBelowHome() throws IOException {
        EncodingLevel level =
                new EncodingLevel(new Encoding(CodecChoice.DEFAULT, false, false, () -> ahead), levels, processors);
        run(level, 0, 3000, GROUP);
        assertThat(levels.of(2999)).isNegative();
    }

    private void run(EncodingLevel level, int firstTrack, int endTrack, int waiting) throws IOException {
        for (int track = firstTrack; track < endTrack; track++) {
            level.onRead(track);
            if (track >= BEHIND) {
                passTime();
                level.onTrack(track - BEHIND, waiting);
            }
        }
    }

    private void passTime() throws IOException {
        nowNs += 1_000_000_000;
        idleTicks += 100;
        Files.writeString(proc.resolve("stat"), "cpu  100 0 100 " + idleTicks + " 50 0 0 0 0 0\n");
    }
}
