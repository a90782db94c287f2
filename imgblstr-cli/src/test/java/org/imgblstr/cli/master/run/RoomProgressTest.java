package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.cli.common.report.Progress;
import org.imgblstr.cli.common.report.Reporter;
import org.imgblstr.protocol.contract.SessionPhase;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.session.MasterProgress;
import org.imgblstr.protocol.session.SessionControl;
import org.imgblstr.protocol.session.SlaveProgress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The announced end of a session of 256 tracks at 7 a second, of which slaves are killed and started again. Four looks a second. */
class RoomProgressTest {
    private static final int TRACKS = 256;
    private static final long TRACK_BYTES = 256 << 10;
    private static final double TRACKS_A_LOOK = 7 / 4.0;

    private final RoomProgress room = new RoomProgress(TRACKS * TRACK_BYTES);
    private final Reporter reporter = new Reporter(silent(), true, false, Clock.systemUTC());
    private final List<Slave> slaves = new ArrayList<>();
    private final List<Long> announced = new ArrayList<>();
    private int lives;
    private double sent;
    private long nowNs;

    private static Streams silent() {
        PrintStream none = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return Streams.unattended(none, none);
    }

    static LongStream seeds() {
        return new Random(28).longs(8);
    }

    /** A machine: what its disk holds lasts, what its program has told does not. */
    private final class Slave {
        private final String label;
        private final BitSet disk = new BitSet();
        private final BitSet told = new BitSet();
        private int index = ++lives;
        private boolean isThere = true;

        Slave(String label) {
            this.label = label;
        }

        void startAgain() {
            told.clear();
            index = ++lives;
            isThere = true;
        }

        void take(int track) {
            if (isThere) {
                disk.set(track);
                told.set(track);
            }
        }

        SlaveProgress progress() {
            boolean isComplete = told.cardinality() == TRACKS;
            return new SlaveProgress(
                    new SlaveName(index, label, "10.0.0.1", new SlaveMachine("", "/dev/sda", "", "", 0)),
                    new SlaveProgress.Amount(0, told.cardinality() * TRACK_BYTES, 0),
                    0,
                    SlaveCounters.NONE,
                    isComplete ? "complete" : isThere ? "receiving" : "gone",
                    0);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void slavesThatAreStartedAgainDoNotMakeTheEndSeemFar(long seed) {
        // given
        Random random = new Random(seed);
        for (String label : List.of("pc1", "pc2", "pc3")) {
            slaves.add(new Slave(label));
        }
        int firstKill = 8 + random.nextInt(24);
        int secondKill = firstKill + random.nextInt(16);
        int firstStart = secondKill + 4 + random.nextInt(16);
        int secondStart = firstStart + 1 + random.nextInt(12);
        // when
        for (int look = 0; sent < TRACKS; look++) {
            slaves.get(0).isThere &= look != firstKill;
            slaves.get(1).isThere &= look != secondKill;
            if (look == firstStart) {
                slaves.get(0).startAgain();
            }
            if (look == secondStart) {
                slaves.get(1).startAgain();
            }
            sendPass();
        }
        // The digests come, and each compares its disk.
        slaves.forEach(slave -> slave.told.or(slave.disk));
        while (slaves.stream().anyMatch(slave -> slave.disk.cardinality() < TRACKS)) {
            sendWhatIsLacking();
        }
        // then
        int looks = announced.size();
        for (int look = looks / 3; look < looks; look++) {
            double truth = (looks - look) / 4.0;
            assertThat(announced.get(look))
                    .as("announced with %s s to go, after %s s", truth, look / 4.0)
                    .isBetween((long) (truth / 2) - 2, (long) (truth * 2) + 1);
        }
    }

    private void sendPass() {
        int before = (int) sent;
        sent = Math.min(TRACKS, sent + TRACKS_A_LOOK);
        for (int track = before; track < (int) sent; track++) {
            int next = track;
            slaves.forEach(slave -> slave.take(next));
        }
        look(SessionPhase.SENDING);
    }

    private void sendWhatIsLacking() {
        BitSet had = new BitSet();
        had.set(0, TRACKS);
        slaves.forEach(slave -> had.and(slave.disk));
        for (int i = 0; i < TRACKS_A_LOOK; i++) {
            int track = had.nextClearBit(0);
            if (track < TRACKS) {
                had.set(track);
                slaves.forEach(slave -> slave.take(track));
            }
        }
        look(SessionPhase.CATCHING_UP);
    }

    private void look(SessionPhase phase) {
        nowNs += 250_000_000;
        long bytesSent = ((long) sent) * TRACK_BYTES;
        List<SlaveProgress> views = slaves.stream().map(Slave::progress).toList();
        SessionControl.Standing standing = new SessionControl.Standing(phase, null, "");
        Progress progress = room.at(new MasterProgress(1, bytesSent, 0, 0, standing, views), bytesSent);
        reporter.progress(progress, nowNs);
        announced.add(reporter.etaSeconds());
    }
}
