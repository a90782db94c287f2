package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.MasterState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A session with a list of slaves: when it starts, and whom it admits. */
@Execution(ExecutionMode.CONCURRENT)
class ExpectedSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final SimulatedSource source = SimulatedSource.random(60, 1);
    private final SimulatedLan lan = new SimulatedLan(1).listening();

    @Test
    void itStartsWhenAllAreThereByLabelOrHardwareAddressHoweverTheyAreSpelled() {
        SimulatedSlave first = lan.startSlave(source);
        SimulatedSlave second = lan.startSlave(source);
        String mac = second.mac().replace(':', '-').toUpperCase(Locale.ROOT);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.expect(false, "SLAVE 1", mac, "slave 3"));

        lan.runFor(Duration.ofSeconds(20));
        assertThat(master.state()).isEqualTo(MasterState.SEND_GEOMETRY);
        SimulatedSlave third = lan.startSlave(source);
        lan.runUntil(master::isOver, LIMIT);

        assertThat(List.of(first, second, third)).allMatch(slave -> slave.result() == Result.COMPLETE);
        assertThat(master.refused()).isEmpty();
    }

    @Test
    void aStrangeSlaveIsRefusedAndItsDiskStaysUntouched() {
        SimulatedSlave strange = lan.startSlave(source);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.expect(false, "slave 2"));
        lan.runUntil(strange::isOver, LIMIT);
        SimulatedSlave expected = lan.startSlave(source);
        lan.runUntil(master::isOver, LIMIT);

        assertThat(expected.result()).isEqualTo(Result.COMPLETE);
        assertThat(strange.result()).isEqualTo(Result.REFUSED);
        assertThat(strange.message()).contains("'slave 1'", strange.mac(), "--force at the master");
        assertThat(strange.isUntouched()).isTrue();
        assertThat(master.refused()).extracting(RefusedSlave::label).containsExactly("slave 1");
        assertThat(master.refused().get(0).reason()).contains("not on the list", strange.mac(), "--force");
        assertThat(master.slaves()).hasSize(1);
    }

    @Test
    void withForceAStrangeSlaveTakesPartButStandsInForNobody() {
        SimulatedSlave strange = lan.startSlave(source);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.expect(true, "slave 2"));
        lan.runFor(Duration.ofSeconds(20));
        assertThat(master.state()).as("slave 2 is missing").isEqualTo(MasterState.SEND_GEOMETRY);
        lan.startSlave(source);
        lan.runUntil(master::isOver, LIMIT);

        assertThat(strange.result()).isEqualTo(Result.COMPLETE);
        assertThat(master.changes()).anyMatch(change -> change.contains("not on the list of expected slaves"));
        assertThat(master.slaves()).hasSize(2);
    }

    @Test
    void aLineStandsForOneSlave() {
        SimulatedSlave first = lan.startSlave(source);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.expect(false, "debian", "slave 3"));
        first.kill();
        first.label("debian").start();
        lan.runFor(Duration.ofSeconds(5));
        SimulatedSlave second = lan.startSlave(source);
        second.kill();
        second.label("debian").start();
        lan.runUntil(second::isOver, LIMIT);
        lan.startSlave(source);
        lan.runUntil(master::isOver, LIMIT);

        assertThat(first.result()).isEqualTo(Result.COMPLETE);
        assertThat(second.result()).isEqualTo(Result.REFUSED);
        assertThat(master.refused())
                .filteredOn(refused -> refused.label().equals("debian"))
                .singleElement()
                .satisfies(refused ->
                        assertThat(refused.reason()).contains("the slave at ", " has its place on the list"));
    }

    @Test
    void aSlaveThatIsStartedAgainKeepsItsPlace() {
        SimulatedLan slow = new SimulatedLan(2).listening().linkBitsPerSecond(20_000_000);
        SimulatedMaster master = slow.startMaster(source, settings -> settings.expect(false, "slave 1"));
        SimulatedSlave slave = slow.startSlave(source);
        slow.runUntil(() -> master.sendPosition() > 3, LIMIT);
        slave.kill();
        slave.start();
        slow.runUntil(master::isOver, LIMIT);

        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
        assertThat(master.refused()).isEmpty();
    }

    @Test
    void whenTheWaitEndsItStartsWithoutTheMissingOnesWhoMayStillCome() {
        SimulatedLan slow = new SimulatedLan(3).listening().linkBitsPerSecond(4_000_000);
        SimulatedSlave there = slow.startSlave(source);
        SimulatedMaster master = slow.startMaster(
                source, settings -> settings.expect(false, "slave 1", "slave 2").waitTime(Duration.ofSeconds(10), 1));
        slow.runUntil(() -> master.sendPosition() > 3, LIMIT);
        SimulatedSlave late = slow.startSlave(source);
        slow.runUntil(() -> master.isOver() && late.isOver(), LIMIT);

        assertThat(there.result()).isEqualTo(Result.COMPLETE);
        assertThat(late.result()).isEqualTo(Result.COMPLETE);
    }
}
