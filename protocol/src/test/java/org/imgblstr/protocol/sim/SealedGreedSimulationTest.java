package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slaves that have joined and ask for as much as they can: what they cost the others is bounded, and the session ends without them. */
@Execution(ExecutionMode.CONCURRENT)
class SealedGreedSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final int TRACKS = 600;
    private static final int FEW_TRACKS = 100;
    private static final long SEED = 31;

    /** More than half of the symbols of a track: it is sent again as a whole. */
    private static final int WHOLE = 30;

    /** Fewer than half of them: what the master plans parity by. */
    private static final int PARTLY = 12;

    private SimulatedMaster master;
    private List<SimulatedSlave> honest;
    private List<SimulatedSlave> greedy;
    private SimulatedGreed greed;

    private SimulatedLan session(
            long seed, int honestCount, int greedyCount, boolean areGreedy, int symbols, boolean isShared) {
        return session(seed, honestCount, greedyCount, areGreedy, symbols, isShared, TRACKS, SlowPolicy.LADDER);
    }

    private SimulatedLan session(
            long seed,
            int honestCount,
            int greedyCount,
            boolean areGreedy,
            int symbols,
            boolean isShared,
            int tracks,
            SlowPolicy slow) {
        SimulatedLan lan = new SimulatedLan(seed)
                .sealed(SimulatedSeal.of(seed))
                .linkBitsPerSecond(20_000_000)
                .loss(0.002);
        SimulatedSource source = SimulatedSource.random(tracks, seed);
        master = lan.startMaster(source, settings -> settings.slaves(honestCount + greedyCount)
                .rate(18_000_000)
                .slow(slow));
        honest = lan.startSlaves(honestCount, source);
        greedy = lan.startSlaves(greedyCount, source);
        if (areGreedy) {
            greed = new SimulatedGreed(lan, master, tracks, symbols, isShared, greedy);
        }
        lan.runUntil(() -> master.state() == MasterState.SEND_ALL_TRACKS, LIMIT);
        return lan;
    }

    /** Virtual seconds that the pass takes. */
    private double secondsOfThePass(SimulatedLan lan) {
        long startNs = lan.nowNs();
        lan.runUntil(() -> master.state() != MasterState.SEND_ALL_TRACKS, LIMIT);
        double seconds = (lan.nowNs() - startNs) / 1e9;
        assertTheHonestEndComplete(lan);
        return seconds;
    }

    private void assertTheHonestEndComplete(SimulatedLan lan) {
        lan.runUntil(() -> honest.stream().allMatch(SimulatedSlave::isOver), LIMIT);
        assertThat(honest).allSatisfy(slave -> {
            assertThat(slave.result()).as(slave.toString()).isEqualTo(Result.COMPLETE);
            assertThat(slave.hasSourcesBytes()).isTrue();
        });
    }

    private SlaveEntry entry(SimulatedSlave slave) {
        return master.slaves().stream()
                .filter(each -> each.nonce() == slave.nonce())
                .findFirst()
                .orElseThrow();
    }

    private double ratio(long seed, int honestCount, int greedyCount, int symbols, boolean isShared) {
        double alone = secondsOfThePass(session(seed, honestCount, greedyCount, false, symbols, isShared));
        double beside = secondsOfThePass(session(seed, honestCount, greedyCount, true, symbols, isShared));
        assertThat(greed.asked()).isGreaterThan(500);
        return beside / alone;
    }

    @ParameterizedTest(name = "seed {0}, {1} symbols")
    @CsvSource({"1, 30", "3, 12", "5, 4", "6, 1"})
    void whoAsksForAllItCanCostsTheOthersNoMoreThanATenth(long seed, int symbols) {
        assertThat(ratio(seed, 3, 1, symbols, true)).isLessThan(1 / 0.9);
    }

    @Test
    void severalThatAskForTracksOfTheirOwnGetAQuarterTogether() {
        assertThat(ratio(11, 3, 3, 30, false)).isLessThan(1 / 0.75);
    }

    @Test
    void severalThatAskForTheSameTracksGetHalfOfTheRateAndTheOthersEndComplete() {
        assertThat(ratio(21, 3, 3, 30, true)).isLessThan(2.4);
    }

    /** A slave that joins in the catch-up, and whose disk then stands still for a while: it lacks tracks, but not for the sake of the insider. */
    private SimulatedSlave late(SimulatedLan lan) {
        lan.runUntil(() -> master.state() == MasterState.CATCH_UP, LIMIT);
        SimulatedSlave late = lan.startSlave(SimulatedSource.random(FEW_TRACKS, SEED));
        lan.runUntil(() -> late.doneTracks() > 5, LIMIT);
        late.pauseDisk(Duration.ofSeconds(20));
        return late;
    }

    @Test
    void whoAsksForEverInTheCatchUpIsPostponedTheOthersEndAndSoDoesTheSession() {
        SimulatedLan lan = session(SEED, 2, 1, true, PARTLY, true, FEW_TRACKS, SlowPolicy.LADDER);
        SimulatedSlave late = late(lan);
        SlaveEntry insider = entry(greedy.get(0));
        lan.runUntil(insider::isPostponed, LIMIT);
        assertThat(late.isOver()).isFalse();
        assertThat(master.changes())
                .contains(
                        insider.index()
                                + " alone has had three times the image sent again and is postponed: it will be completed after the others");

        lan.runUntil(late::isOver, Duration.ofSeconds(40));
        assertThat(late.result()).isEqualTo(Result.COMPLETE);
        assertTheHonestEndComplete(lan);
        assertThat(insider.isEnded()).isFalse();
        lan.runUntil(master::isOver, Duration.ofMinutes(2));
        assertThat(insider.result()).isEqualTo(Result.TOO_SLOW);
        assertThat(master.changes()).noneMatch(told -> told.contains("is waited for again"));
    }

    @Test
    void withSlowDropItIsRemovedAndTheOthersEnd() {
        SimulatedLan lan = session(SEED, 2, 1, true, PARTLY, true, FEW_TRACKS, SlowPolicy.DROP);
        SimulatedSlave late = late(lan);
        SlaveEntry insider = entry(greedy.get(0));
        lan.runUntil(insider::isEnded, LIMIT);
        assertThat(late.isOver()).isFalse();
        assertThat(insider.result()).isEqualTo(Result.TOO_SLOW);

        lan.runUntil(master::isOver, Duration.ofSeconds(60));
        assertThat(late.result()).isEqualTo(Result.COMPLETE);
        assertTheHonestEndComplete(lan);
        assertThat(master.changes()).noneMatch(told -> told.contains("postponed"));
    }

    @Test
    void severalThatAskForTheSameForEverKeepNobodyAndAreRemovedOnceTheyMakeNoProgress() {
        SimulatedLan lan = session(33, 2, 3, true, WHOLE, true, FEW_TRACKS, SlowPolicy.LADDER);

        assertTheHonestEndComplete(lan);
        assertThat(greedy).noneMatch(slave -> entry(slave).isEnded());
        lan.runUntil(master::isOver, Duration.ofMinutes(2));
        assertThat(greedy).allSatisfy(slave -> assertThat(entry(slave).result()).isEqualTo(Result.TOO_SLOW));
    }
}
