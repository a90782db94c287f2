package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.silence.Silence.What;
import org.imgblstr.protocol.wire.CommandType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sides notice what they do not hear, name the right side, and say nothing while all is well. */
class SilenceSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Set<CommandType> DATA = Set.of(
            CommandType.SECTOR_DATA,
            CommandType.SECTOR_DATA_AND_FLUSH,
            CommandType.SKIP_TRACK,
            CommandType.END_OF_DATA,
            CommandType.DONE);

    private final SimulatedSource source = SimulatedSource.random(400, 7);

    @Test
    void aSlaveThatHearsNoMasterSaysSoAfterFiveSecondsAndLessAndLessOften() {
        SimulatedLan lan = new SimulatedLan(1);
        SimulatedSlave slave = lan.startSlave(source);
        lan.runFor(Duration.ofMillis(4_900));
        assertThat(slave.silences()).isEmpty();
        lan.runFor(Duration.ofMillis(200));
        assertThat(slave.silences()).containsExactly(new Silence(What.NO_MASTER, 5, null, null));
        lan.runFor(Duration.ofMinutes(10));
        assertThat(slave.silences()).extracting(Silence::seconds).containsExactly(5L, 65L, 185L, 425L);
        assertThat(slave.silences()).noneMatch(Silence::isFault);
    }

    @Test
    void aMasterWhoseAnnouncementsAreDroppedAndItsSlaveBothSaySo() {
        SimulatedLan lan = new SimulatedLan(2).losing((slave, isToMaster, command, datagram) -> !isToMaster);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runFor(Duration.ofSeconds(12));
        assertThat(kinds(slave.silences())).containsExactly(What.NO_MASTER);
        assertThat(master.silences()).containsExactly(new Silence(What.NO_SLAVE, 10, master.address(), null));
        assertThat(master.silences()).noneMatch(Silence::isFault);
    }

    @Test
    void aSlaveWhoseAnswersAreDroppedNamesItsMaster() {
        SimulatedLan lan = new SimulatedLan(3).losing((slave, isToMaster, command, datagram) -> isToMaster);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runFor(Duration.ofSeconds(12));
        assertThat(kinds(slave.silences())).containsExactly(What.NO_ANSWER);
        assertThat(slave.silences().get(0).master()).isEqualTo(master.address());
        assertThat(slave.silences().get(0).seconds()).isBetween(5L, 9L);
        assertThat(kinds(master.silences())).containsExactly(What.NO_SLAVE);
        // The slave goes on asking: it starts over after twelve tries, and a minute passes before it says so again.
        lan.runFor(Duration.ofSeconds(50));
        assertThat(slave.silences()).hasSize(1);
        lan.losing(null);
        lan.runUntil(() -> slave.isOver() && master.isOver(), LIMIT);
        assertThat(slave.hasSourcesBytes()).isTrue();
    }

    @Test
    void onlyTheSlaveKnowsWhenAnswersOfTheMasterAreDropped() {
        SimulatedLan lan = new SimulatedLan(4)
                .losing((slave, isToMaster, command, datagram) -> command == CommandType.CONFIRM_DOWNLOAD);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runFor(Duration.ofSeconds(12));
        assertThat(kinds(slave.silences())).containsExactly(What.NO_ANSWER);
        assertThat(master.silences()).isEmpty();
    }

    @Test
    void aMasterThatDiedIsNotSaidToBeHeard() {
        SimulatedLan lan = new SimulatedLan(5).losing((slave, isToMaster, command, datagram) -> isToMaster);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runFor(Duration.ofSeconds(2));
        master.kill();
        lan.runFor(Duration.ofSeconds(20));
        assertThat(kinds(slave.silences())).doesNotContain(What.NO_ANSWER);
    }

    @Test
    void aSlaveThatHearsItsMasterAndNoDataNamesTheGroup() {
        SimulatedLan lan = new SimulatedLan(6).losing((slave, isToMaster, command, datagram) -> DATA.contains(command));
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runFor(Duration.ofSeconds(9));
        assertThat(kinds(slave.silences())).containsExactly(What.NO_DATA);
        assertThat(slave.silences().get(0).dataGroup().getAddress().isMulticastAddress())
                .isTrue();
        lan.losing(null);
        lan.runUntil(() -> slave.isOver() && master.isOver(), LIMIT);
        assertThat(slave.hasSourcesBytes()).isTrue();
    }

    @Test
    void aSlaveThatWaitsLongForTheStartMissesNoData() {
        SimulatedLan lan = new SimulatedLan(7);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(2));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runFor(Duration.ofSeconds(90));
        master.begin();
        lan.runUntil(() -> slave.isOver() && master.isOver(), LIMIT);
        assertThat(slave.silences()).isEmpty();
        assertThat(master.silences()).isEmpty();
    }

    @Test
    void aMasterAndASlaveThatLoseEachOtherBothSaySo() {
        SimulatedLan lan = new SimulatedLan(8);
        SimulatedMaster master =
                lan.startMaster(source, settings -> settings.slaves(1).rate(1_000_000));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runUntil(() -> slave.doneTracks() > 0, LIMIT);
        slave.cutOff(true);
        lan.runFor(Duration.ofSeconds(12));
        assertThat(kinds(slave.silences())).containsExactly(What.NO_MASTER_ANY_MORE);
        assertThat(kinds(master.silences())).containsExactly(What.NO_SLAVE_ANY_MORE);
        assertThat(master.silences()).allMatch(Silence::isFault);
        slave.cutOff(false);
        lan.runUntil(() -> slave.isOver() && master.isOver(), LIMIT);
        assertThat(slave.hasSourcesBytes()).isTrue();
    }

    @ParameterizedTest(name = "{0} % lost")
    @ValueSource(ints = {0, 20})
    void nothingIsSaidWhileAllIsWell(int percent) {
        SimulatedLan lan = new SimulatedLan(9).loss(percent / 100.0);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(3));
        List<SimulatedSlave> slaves = lan.startSlaves(3, source);
        lan.runUntil(master::isOver, LIMIT);
        assertThat(slaves).allSatisfy(slave -> assertThat(slave.silences()).isEmpty());
        assertThat(master.silences()).isEmpty();
    }

    private static List<What> kinds(List<Silence> silences) {
        return silences.stream().map(Silence::what).toList();
    }
}
