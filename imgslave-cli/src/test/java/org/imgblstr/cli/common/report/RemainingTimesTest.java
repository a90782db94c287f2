package org.imgblstr.cli.common.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.session.SlaveProgress;
import org.junit.jupiter.api.Test;

/** Rooms of a few slaves, four looks a second. */
class RemainingTimesTest {
    private static final long TOTAL = 100_000;
    private static final int PASS = Progress.OWN_WORK;

    private final RemainingTimes times = new RemainingTimes();
    private final Map<Integer, Long> left = new HashMap<>();
    private long nowNs;
    private int awaitedSeconds;

    @Test
    void theLastOneCountsAtItsOwnRate() {
        look(40, Map.of(PASS, 1000L, 1, 1000L, 2, 250L));
        assertThat(left).containsEntry(1, 60_000L).containsEntry(2, 90_000L);
        assertThat(times.seconds()).as("slave 2: 90000 at 1000 a second").isEqualTo(90);
    }

    @Test
    void whenTheSlowOneLeavesTheOthersAreKnownAtOnce() {
        look(40, Map.of(PASS, 1000L, 1, 1000L, 2, 10L));
        left.remove(2);
        look(1, Map.of(PASS, 1000L, 1, 1000L));
        assertThat(times.seconds()).isEqualTo(15);
    }

    @Test
    void aLateOneGoesAtTheRateThatItHasHad() {
        look(40, Map.of(PASS, 1000L, 1, 1000L));
        look(20, Map.of(PASS, 1000L, 1, 1000L, 2, 1000L));
        assertThat(times.seconds()).as("slave 2: 80000 left at 4000").isEqualTo(20);
    }

    @Test
    void oneThatHasJustComeGoesAtTheRateOfThePass() {
        look(40, Map.of(PASS, 1000L, 1, 1000L));
        look(4, Map.of(PASS, 1000L, 1, 1000L, 2, 100L));
        assertThat(times.seconds()).as("99600 at 4000").isEqualTo(25);
    }

    @Test
    void aSilentOneIsWaitedForUntilItIsGivenUp() {
        look(40, Map.of(PASS, 1000L, 1, 1000L));
        awaitedSeconds = 22;
        look(1, Map.of(PASS, 1000L, 1, 1000L));
        assertThat(times.seconds()).as("the others need 15").isEqualTo(22);
    }

    @Test
    void aSilentOneThatIsBackHasLostNoRate() {
        look(40, Map.of(PASS, 1000L, 1, 1000L, 2, 1000L));
        long lacking = left.remove(2);
        look(40, Map.of(PASS, 1000L, 1, 1000L));
        assertThat(times.seconds()).as("nobody knows when it comes back").isEqualTo(5);
        left.put(2, lacking);
        look(4, Map.of(PASS, 1000L, 1, 1000L, 2, 1000L));
        assertThat(times.seconds()).isEqualTo(14);
    }

    /** The rows of the slaves and the head of the screen are known from the same: none is later than the session. */
    @Test
    void theLatestSlaveIsTheSession() {
        for (int i = 1; i < 60; i++) {
            look(1, Map.of(PASS, 1000L, 1, 1000L, 2, 900L));
            assertThat(times.slaves().values().stream()
                            .mapToLong(Pace::etaSeconds)
                            .max())
                    .hasValue(times.seconds());
        }
        assertThat(times.slaves()).containsOnlyKeys(1, 2);
        assertThat(times.slaves().get(2).rate()).isEqualTo(3600.0);
    }

    @Test
    void atTheEndNothingIsLeftAndBeforeTheStartNobodyKnows() {
        assertThat(times.seconds()).isEqualTo(-1);
        look(100, Map.of(PASS, 1000L, 1, 1000L));
        assertThat(times.seconds()).isZero();
    }

    private SlaveProgress silent() {
        SlaveName who = new SlaveName(9, "lab-9", "10.0.0.9", SlaveMachine.UNKNOWN);
        return new SlaveProgress(
                who, new SlaveProgress.Amount(0, 0, 0), 0, SlaveCounters.NONE, "silent", awaitedSeconds);
    }

    /** So many quarters of a second; {@code each}: what is done in one. */
    private void look(int quarters, Map<Integer, Long> each) {
        each.keySet().forEach(who -> left.putIfAbsent(who, TOTAL));
        for (int i = 0; i < quarters; i++) {
            nowNs += 250_000_000;
            each.forEach((who, bytes) -> left.merge(who, -bytes, Long::sum));
            times.add(nowNs, new Progress("sending", 0, TOTAL, 0, 0, left, List.of(silent())), false);
        }
    }
}
