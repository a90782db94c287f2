package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.wire.CommandType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both engines with their doors on a simulated LAN, sealed by real ciphers: what an open session can do, a sealed one can. */
@Execution(ExecutionMode.CONCURRENT)
class SealedTransferSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    static Stream<Long> seeds() {
        return LongStream.concat(LongStream.range(0, 4), LongStream.of(System.nanoTime()))
                .boxed();
    }

    private static SimulatedLan lan(long seed) {
        return new SimulatedLan(seed).sealed(SimulatedSeal.of(seed));
    }

    private static void assertComplete(SimulatedMaster master, List<SimulatedSlave> slaves) {
        assertThat(master.saysComplete()).as(master + " " + slaves).isTrue();
        assertThat(slaves).allSatisfy(slave -> {
            assertThat(slave.result()).as(slave.toString()).isEqualTo(Result.COMPLETE);
            assertThat(slave.hasSourcesBytes()).isTrue();
        });
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everySlaveEndsWithTheMastersBytes(long seed) {
        SimulatedLan lan =
                lan(seed).loss(0.05).duplication(0.01).reorderingMs(1).corruption(0.001);
        SimulatedSource source = SimulatedSource.mixed(120, seed);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(8));
        List<SimulatedSlave> slaves = lan.startSlaves(8, source);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertComplete(master, slaves);
        assertThat(slaves).allMatch(slave -> slave.mostWritesOfATrack() == 1);
    }

    @ParameterizedTest(name = "sealed {0}")
    @ValueSource(booleans = {true, false})
    void eachSlaveIsAskedForItsOwnNameThoughDatagramsAreLost(boolean isSealed) {
        SimulatedLan lan = new SimulatedLan(5)
                .sealed(isSealed ? SimulatedSeal.of(5) : null)
                .loss(0.1)
                .duplication(0.05);
        SimulatedSource source = SimulatedSource.mixed(40, 5);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(4)
                .asking(slave -> new AfterCopy("", true, slave.label().replace(' ', '-'))));
        List<SimulatedSlave> slaves = lan.startSlaves(4, source);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertComplete(master, slaves);
        assertThat(slaves.stream().map(slave -> slave.disk.asked().hostName()))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.startsWith("slave-"));
        assertThat(slaves).allMatch(slave -> slave.disk.asked().newIds());
    }

    @Test
    void aSealedSessionTakesAsManyDatagramsAsAnOpenOneAndItsManifest() {
        SimulatedSource source = SimulatedSource.random(300, 2);
        AtomicInteger openData = new AtomicInteger();
        AtomicInteger sealedData = new AtomicInteger();
        for (SimulatedSeal seal : new SimulatedSeal[] {null, SimulatedSeal.of(2)}) {
            SimulatedLan lan = new SimulatedLan(2).sealed(seal);
            AtomicInteger data = seal == null ? openData : sealedData;
            lan.losing((slave, isToMaster, command, datagram) -> {
                if (command == CommandType.SECTOR_DATA) {
                    data.incrementAndGet();
                }
                return false;
            });
            SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
            List<SimulatedSlave> slaves = lan.startSlaves(3, source);
            lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);
            assertComplete(master, slaves);
        }
        // 300 entries of 33 bytes and a signature are 40 symbols, for each of the three slaves.
        assertThat(sealedData.get() - openData.get()).isBetween(3 * 38, 3 * 44);
    }

    @Test
    void nothingOnTheWireTellsWhoTheSlavesAreOrWhatIsSent() {
        SimulatedLan lan = lan(3);
        SimulatedSource source = SimulatedSource.mixed(20, 3, TrackKind.DATA, TrackKind.ZERO);
        AtomicInteger seen = new AtomicInteger();
        lan.losing((slave, isToMaster, command, datagram) -> {
            String text = new String(datagram, StandardCharsets.ISO_8859_1);
            assertThat(text)
                    .doesNotContain("slave 1")
                    .doesNotContain("/dev/sda")
                    .doesNotContain(source.image.label());
            seen.incrementAndGet();
            return false;
        });
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        List<SimulatedSlave> slaves = lan.startSlaves(1, source);

        lan.runUntil(() -> master.isOver() && slaves.get(0).isOver(), LIMIT);

        assertComplete(master, slaves);
        assertThat(source.image.label()).as("else nothing was looked for").isNotEmpty();
        assertThat(seen.get()).isGreaterThan(100);
    }

    @ParameterizedTest(name = "loss {0}")
    @ValueSource(doubles = {0, 0.1})
    void groupKeysThatAreWornOutAreReplacedAndWhoMissesOneAsksForIt(double loss) {
        SimulatedLan lan = lan(4).loss(loss);
        SimulatedSource source = SimulatedSource.random(150, 4);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(5).epochDatagrams(300));
        List<SimulatedSlave> slaves = lan.startSlaves(5, source);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertComplete(master, slaves);
        assertThat(master.sealed().epoch()).isGreaterThan(10);
    }

    @Test
    void aSlaveThatGetsNoConfirmOfANewEpochGoesOnAfterHavingAsked() {
        SimulatedLan lan = lan(5).linkBitsPerSecond(20_000_000);
        SimulatedSource source = SimulatedSource.random(200, 5);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(2).epochDatagrams(2_000));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        AtomicInteger lost = new AtomicInteger();
        lan.losing((slave, isToMaster, command, datagram) -> command == CommandType.CONFIRM_DOWNLOAD
                && master.state() != MasterState.SEND_GEOMETRY
                && slave == slaves.get(0)
                && lost.incrementAndGet() <= 1);

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertThat(lost.get())
                .as("one was lost, and one came that it asked for")
                .isGreaterThan(1);
        assertComplete(master, slaves);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {6, 7})
    void whoJoinsLateOrStartsAgainGetsWhatItMissed(long seed) {
        SimulatedLan lan = lan(seed).loss(0.02).linkBitsPerSecond(50_000_000);
        SimulatedSource source = SimulatedSource.random(200, seed);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        lan.runUntil(() -> master.sendPosition() > 50, LIMIT);
        slaves.get(1).kill();
        SimulatedSlave late = lan.startSlave(source);
        lan.runFor(Duration.ofSeconds(2));
        slaves.get(1).start();

        lan.runUntil(() -> master.isOver() && late.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertThat(late.result()).as(lan.toString()).isEqualTo(Result.COMPLETE);
        assertThat(slaves).allMatch(SimulatedSlave::hasSourcesBytes);
        assertThat(slaves.get(1).result()).isEqualTo(Result.COMPLETE);
    }

    @Test
    void aDeltaSessionSendsOnlyWhatSlavesLack() {
        SimulatedLan lan = lan(8).loss(0.02);
        SimulatedSource source = SimulatedSource.random(400, 8);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(2).delta());
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        slaves.forEach(slave -> slave.holdsAllBut(40));

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertComplete(master, slaves);
        assertThat(lan.datagramsToSlaves()).isLessThan(400 * 26 / 2);
    }

    @Test
    void slavesLearnThatTheMasterGaveUpAndThatTheyWereKicked() {
        SimulatedLan lan = lan(9).linkBitsPerSecond(20_000_000);
        SimulatedSource source = SimulatedSource.random(300, 9);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);

        master.kick(master.slaves().get(0));
        lan.runUntil(() -> slaves.stream().anyMatch(SimulatedSlave::isOver), LIMIT);
        master.abort(12);
        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertThat(slaves)
                .extracting(SimulatedSlave::result)
                .containsExactlyInAnyOrder(Result.KICKED, Result.MASTER_ABORTED);
    }

    @Test
    void whoChangesItsAddressGoesOn() {
        SimulatedLan lan = lan(10).linkBitsPerSecond(20_000_000);
        SimulatedSource source = SimulatedSource.random(300, 10);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        List<SimulatedSlave> slaves = lan.startSlaves(2, source);
        lan.runUntil(() -> master.sendPosition() > 20, LIMIT);
        slaves.get(0).move();
        lan.runUntil(() -> master.sendPosition() > 60, LIMIT);
        master.moveTo(SimulatedLan.address(7, 4000));

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertComplete(master, slaves);
    }

    @Test
    void symbolsBecomeAsLongAsThePathIsProvenToCarry() {
        SimulatedLan lan = lan(11);
        SimulatedSource source = SimulatedSource.random(60, 11);
        AtomicInteger longest = new AtomicInteger();
        lan.losing((slave, isToMaster, command, datagram) -> {
            if (command == CommandType.SECTOR_DATA) {
                longest.accumulateAndGet(datagram.length, Math::max);
            }
            return false;
        });
        SimulatedMaster master = lan.startMaster(
                source, settings -> settings.slaves(2).leastSymbol(1_200).largestSymbol(1_432));
        List<SimulatedSlave> slaves =
                Stream.of(1, 2).map(i -> lan.startSlave(source, 1_432)).toList();

        lan.runUntil(() -> master.isOver() && slaves.stream().allMatch(SimulatedSlave::isOver), LIMIT);

        assertComplete(master, slaves);
        assertThat(longest).as("as long as a packet of 1,500 bytes takes").hasValue(1_472);
    }
}
