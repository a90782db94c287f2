package org.imgblstr.protocol.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParityPlanTest {
    private static final int K = 187;

    /** A room in which every slave loses single datagrams, and the master hears of a track {@code lag} tracks later. */
    private static final class Room {
        final ParityPlan plan = new ParityPlan();
        final SplittableRandom random = new SplittableRandom(1);
        final ArrayDeque<int[]> unseen = new ArrayDeque<>();
        final int slaves;
        final int lag;
        int track;
        long rowsInVain;
        long rowsUnasked;
        long rowsNeeded;

        Room(int slaves, int lag) {
            this.slaves = slaves;
            this.lag = lag;
        }

        void send(int tracks, double loss, double wholeShare) {
            for (int i = 0; i < tracks; i++) {
                int rows = plan.rows(K);
                boolean isWhole = random.nextDouble() < wholeShare;
                int need = isWhole ? K : worstLoss(loss, rows);
                rowsInVain += isWhole ? rows : Math.max(0, rows - need);
                rowsUnasked += rows;
                rowsNeeded += need;
                plan.onSent(track, K, rows, track);
                unseen.addLast(new int[] {track, rows, need});
                track++;
                if (unseen.size() > lag) {
                    hear(unseen.removeFirst());
                }
            }
        }

        private void hear(int[] sent) {
            if (sent[2] > sent[1]) {
                plan.onAsked(sent[0], sent[2] - sent[1], sent[1]);
            }
            plan.onSeenByAll(sent[0]);
        }

        /** Rows that the unluckiest slave needs: what it lost of the source symbols and of the rows on the way. */
        private int worstLoss(double loss, int rows) {
            int worst = 0;
            for (int slave = 0; slave < slaves && loss > 0; slave++) {
                int lost = 0;
                // Gaps between losses are geometric: a few draws instead of one for each datagram.
                double at = gap(loss);
                while (at < K + Math.min(lost, rows)) {
                    lost++;
                    at += 1 + gap(loss);
                }
                worst = Math.max(worst, lost);
            }
            return worst;
        }

        private double gap(double loss) {
            return Math.floor(Math.log(1 - random.nextDouble()) / Math.log(1 - loss));
        }
    }

    @ParameterizedTest(name = "{0} slaves, loss {1}, known {2} tracks later")
    @CsvSource({
        "1, 0.01, 20, 0.15, 0.85",
        "16, 0.01, 20, 0.5, 0.96",
        "16, 0.05, 20, 0.7, 0.97",
        "16, 0.1, 20, 0.7, 0.97",
        "100, 0.001, 40, 0.3, 0.9",
        "1000, 0.001, 350, 0.5, 0.93",
        "1000, 0.01, 350, 0.7, 0.97"
    })
    void mostOfWhatIsNeededGoesAtOnceAndNearlyNothingInVain(
            int slaves, double loss, int lag, double leastAtOnce, double leastUseful) {
        Room room = new Room(slaves, lag);
        room.send(3000, loss, 0);

        double useful = room.rowsUnasked - room.rowsInVain;
        assertThat(useful / room.rowsNeeded).as("share sent at once").isGreaterThan(leastAtOnce);
        assertThat(useful / room.rowsUnasked).as("share not in vain").isGreaterThan(leastUseful);
    }

    @Test
    void withoutLossNothingIsAdded() {
        Room room = new Room(1000, 350);
        room.send(2000, 0, 0);
        assertThat(room.rowsUnasked).isZero();
    }

    @ParameterizedTest(name = "known {0} tracks later")
    @CsvSource({"20, 700", "350, 6000"})
    void whenLossStopsTheRowsStop(int lag, int tracks) {
        Room room = new Room(64, lag);
        room.send(1500, 0.05, 0);
        assertThat(room.plan.rows(K)).isGreaterThan(10);
        room.send(tracks, 0, 0);
        assertThat(room.plan.rows(K)).isZero();
    }

    @Test
    void burstsThatEatWholeTracksAddNothing() {
        Room room = new Room(1, 20);
        room.send(2000, 0, 0.6);
        assertThat(room.rowsUnasked).isZero();
    }

    @Test
    void rowsAreAQuarterOfTheTrackAtMost() {
        Room room = new Room(4, 20);
        room.send(500, 0.35, 0);
        assertThat(room.plan.rows(K)).isEqualTo(K / 4);
        assertThat(room.plan.rows(224)).isLessThanOrEqualTo(ParityCode.maxRows(224));
        assertThat(room.plan.rows(1)).isZero();
    }

    @Test
    void shorterTracksGetFewerRows() {
        Room room = new Room(64, 20);
        room.send(500, 0.05, 0);
        int rows = room.plan.rows(K);
        assertThat(room.plan.rows(K / 2)).isBetween(rows / 2 - 1, rows / 2);
    }

    @Test
    void whatIsAskedForInTheSameTrackCountsByTheMost() {
        ParityPlan plan = new ParityPlan();
        for (int track = 0; track < 16; track++) {
            plan.onSent(track, K, 0, track);
            plan.onAsked(track, 3, 0);
            plan.onAsked(track, 5, 0);
            plan.onAsked(track, 1, 5);
        }
        assertThat(plan.rows(K)).isZero();
        plan.onSeenByAll(15);
        assertThat(plan.rows(K)).isEqualTo(6);
    }
}
