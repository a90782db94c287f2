package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.slave.SlaveState;
import org.imgblstr.protocol.wire.CommandType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Several masters on one group: only those count that prove the secret. */
@Execution(ExecutionMode.CONCURRENT)
class SealedSeveralSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final SimulatedSeal CODE = SimulatedSeal.ofCode("acid-acrobat-actress-acetone-acquire");
    private static final SimulatedSeal OTHER_CODE = SimulatedSeal.ofCode("acid-acrobat-actress-acetone-acuteness");
    private static final SimulatedSeal KEY = SimulatedSeal.of(1);
    private static final SimulatedSeal OTHER_KEY = SimulatedSeal.of(2);

    private final SimulatedSource source = SimulatedSource.random(40, 1);

    @Test
    void twoMastersWithTheSecretAreNamedAndNeitherIsJoined() {
        SimulatedLan lan = new SimulatedLan(1).listening().sealed(KEY);
        SimulatedSlave slave = lan.startSlave(source);
        SimulatedMaster first = lan.startMaster(source, settings -> settings.slaves(2));
        SimulatedMaster second = lan.startMaster(source, settings -> settings.slaves(2));

        lan.runFor(Duration.ofSeconds(20));

        assertThat(slave.state()).isEqualTo(SlaveState.HOOK_UP);
        assertThat(slave.severals()).first().asString().contains("10.0.0.1:4000", "10.0.0.2:4000", "--session NAME");
        assertThat(List.of(first, second)).allSatisfy(master -> {
            assertThat(master.state()).isEqualTo(MasterState.SEND_GEOMETRY);
            assertThat(master.changes()).anyMatch(change -> change.startsWith("other master 10.0.0."));
        });
        first.kill();
        lan.runUntil(() -> slave.doneTracks() == 0 && second.slaves().size() == 1, LIMIT);
    }

    /** A slave has one secret, so it cannot mistake one for the other. */
    @Test
    void mastersThatNoSlaveCouldTakeForEachOtherSayNothingOfThemselves() {
        SimulatedLan lan = new SimulatedLan(9).listening().sealed(KEY);
        SimulatedMaster first = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedMaster second = lan.sealed(OTHER_KEY).startMaster(source, settings -> settings.slaves(1));
        SimulatedMaster coded = lan.sealed(CODE).startMaster(source, settings -> settings.slaves(1));
        SimulatedMaster open = lan.sealed(null).startMaster(source, settings -> settings.slaves(1));

        lan.runFor(Duration.ofSeconds(5));
        assertThat(List.of(first, second, coded, open))
                .allSatisfy(master -> assertThat(master.changes()).isEmpty());

        lan.sealed(OTHER_CODE).startMaster(source, settings -> settings.slaves(1));
        lan.runFor(Duration.ofSeconds(5));
        assertThat(coded.changes())
                .as("codes do not show which they are")
                .anyMatch(change -> change.startsWith("other master 10.0.0.5"));
    }

    /** Listening for others begins anew with each hello. */
    @Test
    void aSecondMasterIsHeardEvenWhenItSpeaksJustBeforeTheFirstIsJoined() {
        SimulatedLan lan = new SimulatedLan(7).listening().sealed(KEY);
        SimulatedSlave slave = lan.startSlave(source);
        lan.runFor(Duration.ofSeconds(5));
        SimulatedMaster first = lan.startMaster(source, settings -> settings.slaves(1));
        lan.runFor(Duration.ofMillis(245));
        SimulatedMaster second = lan.startMaster(source, settings -> settings.slaves(1));

        lan.runFor(Duration.ofSeconds(5));

        assertThat(slave.state()).isEqualTo(SlaveState.HOOK_UP);
        assertThat(slave.severals()).isNotEmpty();
        assertThat(first.slaves()).isEmpty();
        assertThat(second.slaves()).isEmpty();
    }

    /** A machine under load may need longer for the second handshake than it listens for others. */
    @Test
    void aSecondMasterIsWaitedForWhileItMayYetProveItself() {
        SimulatedLan lan = new SimulatedLan(8).listening().sealed(KEY);
        SimulatedMaster first = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedMaster second = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        int[] confirms = new int[1];
        lan.losing((to, isToMaster, command, datagram) -> {
            if (command != CommandType.CONFIRM_DOWNLOAD || confirms[0]++ != 1) {
                return false;
            }
            lan.after(
                    Duration.ofMillis(700), () -> slave.onDatagram(Unpooled.wrappedBuffer(datagram), second.address()));
            return true;
        });

        lan.runFor(Duration.ofSeconds(5));

        assertThat(slave.severals()).isNotEmpty();
        assertThat(first.slaves()).isEmpty();
        assertThat(second.slaves()).isEmpty();
    }

    @Test
    void aMasterWithoutTheSecretIsNoSecondOne() {
        SimulatedLan lan = new SimulatedLan(2).listening().sealed(CODE);
        SimulatedSlave slave = lan.startSlave(source);
        SimulatedMaster rogue =
                lan.startMaster(source, settings -> settings.slaves(1).seal(OTHER_CODE));
        SimulatedMaster open = lan.sealed(null).startMaster(source, settings -> settings.slaves(1));
        lan.sealed(CODE);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));

        lan.runUntil(() -> master.isOver() && slave.isOver(), LIMIT);

        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
        assertThat(slave.severals()).isEmpty();
        assertThat(rogue.slaves()).isEmpty();
        assertThat(open.slaves()).isEmpty();
    }

    @Test
    void aMasterThatNamesTheKeyAndDoesNotHaveItTouchesNoDisk() {
        SimulatedLan lan = new SimulatedLan(3).sealed(OTHER_KEY);
        SimulatedMaster rogue = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.sealed(KEY).startSlave(source);
        int[] rsvps = new int[1];
        lan.losing((to, isToMaster, command, datagram) -> {
            rsvps[0] += command == CommandType.RSVP ? 1 : 0;
            if (command == CommandType.DRIVE_GEOMETRY) {
                // The id of the slave's key instead of its own.
                System.arraycopy(KEY.ofSlave(0).secret().keyId(), 0, datagram, 152, 8);
                SimulatedLan.sealAgain(datagram);
            }
            return false;
        });

        lan.runUntil(slave::isOver, Duration.ofSeconds(5));

        assertThat(slave.result()).isEqualTo(Result.NOT_AUTHENTIC);
        assertThat(slave.message()).endsWith(" and is not signed by it: somebody may pose as the master");
        assertThat(slave.isUntouched()).isTrue();
        assertThat(rsvps[0]).isZero();
        assertThat(rogue.slaves()).isEmpty();
    }

    @Test
    void namesTellSessionsOfOneSecretApart() {
        SimulatedLan lan = new SimulatedLan(4).listening().sealed(KEY);
        SimulatedMaster three =
                lan.startMaster(source, settings -> settings.slaves(1).named("3"));
        SimulatedMaster seven =
                lan.startMaster(source, settings -> settings.slaves(1).named("7"));
        SimulatedSlave slave = lan.startSlave(source, 1444, "7");

        lan.runUntil(() -> seven.isOver() && slave.isOver(), LIMIT);

        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
        assertThat(three.slaves()).isEmpty();
        assertThat(seven.slaves()).hasSize(1);
    }

    @Test
    void helloesOfSessionsThatAreNotThereKeepNobodyForEver() {
        SimulatedLan lan = new SimulatedLan(5).sealed(CODE);
        for (int i = 0; i < 9; i++) {
            lan.startMaster(source, settings -> settings.slaves(1).seal(OTHER_CODE))
                    .kill();
        }
        SimulatedSlave slave = lan.startSlave(source);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));

        lan.runUntil(() -> master.isOver() && slave.isOver(), LIMIT);

        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
    }
}
