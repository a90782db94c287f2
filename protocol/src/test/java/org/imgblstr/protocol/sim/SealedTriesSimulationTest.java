package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.silence.Unsuited;
import org.imgblstr.protocol.slave.SlaveState;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Slaves and masters that do not have the same secret: which of them ends, when, in which words, and with which disk. */
@Execution(ExecutionMode.CONCURRENT)
class SealedTriesSimulationTest {
    private static final SimulatedSeal CODE = SimulatedSeal.ofCode("acid-acrobat-actress-acetone-acquire");
    private static final SimulatedSeal OTHER_CODE = SimulatedSeal.ofCode("acid-acrobat-actress-acetone-acuteness");
    private static final SimulatedSeal KEY = SimulatedSeal.of(1);
    private static final SimulatedSeal OTHER_KEY = SimulatedSeal.of(2);

    private final SimulatedSource source = SimulatedSource.random(40, 1);
    private final SimulatedLan lan = new SimulatedLan(1);

    private SimulatedSlave refused(SimulatedSeal ofMaster, SimulatedSeal ofSlave) {
        SimulatedMaster master = lan.sealed(ofMaster).startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.sealed(ofSlave).startSlave(source);
        lan.runUntil(slave::isOver, Duration.ofMillis(4_900));
        assertThat(slave.result()).isEqualTo(Result.NOT_AUTHENTIC);
        assertThat(slave.isUntouched()).isTrue();
        assertThat(master.slaves()).isEmpty();
        return slave;
    }

    @Test
    void aMistypedCodeCostsThreeTriesAndEndsWithTheLineThatSaysSo() {
        AtomicInteger tries = new AtomicInteger();
        lan.losing((slave, isToMaster, command, datagram) -> {
            tries.addAndGet(command == CommandType.RSVP ? 1 : 0);
            return false;
        });

        SimulatedSlave slave = refused(CODE, OTHER_CODE);

        assertThat(slave.message())
                .isEqualTo(
                        "the session of 10.0.0.1 has another join code: type the five words that its master shows now");
        // The first fails without a cookie, the second is asked for one, and the third fails with it.
        assertThat(tries.get()).isBetween(3, 5);
    }

    @Test
    void theMasterTellsItsOperatorOfAWrongSecret() {
        SimulatedMaster master = lan.sealed(CODE).startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.sealed(OTHER_CODE).startSlave(source);
        lan.runUntil(slave::isOver, Duration.ofSeconds(5));

        assertThat(master.changes()).containsExactly("wrong secret 1");
    }

    @Test
    void otherKindsOfSecretsAreNamed() {
        assertThat(refused(KEY, CODE).message())
                .startsWith("the session of 10.0.0.1 is sealed with key file ")
                .endsWith(": start this slave with --key-file");
    }

    @Test
    void aKeyFileDoesNotOpenASessionWithACode() {
        assertThat(refused(CODE, KEY).message())
                .isEqualTo("the session of 10.0.0.1 is sealed with a join code: start this slave with --code");
    }

    @Test
    void anotherKeyFileIsNamed() {
        assertThat(refused(KEY, OTHER_KEY).message()).contains("is sealed with key file ", ", and this slave has ");
    }

    @Test
    void anOpenSlaveDoesNotJoinASealedSession() {
        assertThat(refused(KEY, null).message())
                .isEqualTo(
                        "the session of 10.0.0.1 is sealed, and this slave takes only open ones: start it with --key-file");
    }

    @Test
    void aSealedSlaveDoesNotJoinAnOpenSession() {
        assertThat(refused(null, KEY).message())
                .startsWith("the session of 10.0.0.1 is open, and this slave takes only sealed ones: ");
    }

    /** Until it has a join code: docs/security.md, section 3. */
    private SimulatedSlave refusedWithoutASecret(SimulatedSeal ofMaster) {
        SimulatedMaster master = lan.sealed(ofMaster).startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.sealed(null).startSlave(source).takesNoOpen();
        slave.kill();
        slave.start();
        lan.runUntil(slave::isOver, Duration.ofMillis(4_900));
        assertThat(slave.result()).isEqualTo(Result.NOT_AUTHENTIC);
        assertThat(slave.isUntouched()).isTrue();
        assertThat(master.slaves()).isEmpty();
        return slave;
    }

    @Test
    void aSlaveWithoutASecretJoinsNothingAndSaysWhatEachSessionWants() {
        assertThat(refusedWithoutASecret(null).unsuited())
                .isEqualTo(Unsuited.of("the session of 10.0.0.1 is open, and this slave takes only sealed ones:"
                        + " start the master with the same key, or this slave with --open"));
    }

    @Test
    void aSlaveWithoutASecretWantsTheCodeOfASessionThatHasOne() {
        assertThat(refusedWithoutASecret(CODE).unsuited())
                .isEqualTo(Unsuited.lacksCode("the session of 10.0.0.1 is sealed with a join code:"
                        + " type the five words that its master shows"));
    }

    @Test
    void aSlaveWithoutASecretWantsTheKeyFileOfASessionThatHasOne() {
        Unsuited why = refusedWithoutASecret(KEY).unsuited();
        assertThat(why.isCodeWanted()).isFalse();
        assertThat(why.line())
                .matches(
                        "the session of 10.0.0.1 is sealed with key file [0-9a-f]{16}: start this slave with --key-file");
    }

    @Test
    void anOpenSessionBesideTheSealedOneDisturbsNobody() {
        SimulatedMaster open = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedMaster sealed = lan.sealed(KEY).startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave sealedSlave = lan.startSlave(source);
        SimulatedSlave openSlave = lan.sealed(null).startSlave(source);

        lan.runUntil(
                () -> open.isOver() && sealed.isOver() && sealedSlave.isOver() && openSlave.isOver(),
                Duration.ofMinutes(2));

        assertThat(List.of(sealedSlave, openSlave)).allMatch(slave -> slave.result() == Result.COMPLETE);
        assertThat(sealed.slaves()).hasSize(1);
        assertThat(open.slaves()).hasSize(1);
    }

    @Test
    void answersInClearThatAnybodyMaySendEndNobody() {
        SimulatedMaster master = lan.sealed(CODE).startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        List<Integer> forged = new ArrayList<>();
        lan.losing((to, isToMaster, command, datagram) -> {
            if (command == CommandType.DRIVE_GEOMETRY && slave.state() != SlaveState.OVER) {
                for (int code : new int[] {4, 7, 12, 13, 14, 15, 16}) {
                    forged.add(code);
                    var answer = Unpooled.buffer();
                    new ConfirmDownloadFlyweight()
                            .wrapForWriting(answer, 0)
                            .session(SimulatedMaster.SESSION_LOW)
                            .nonce(slave.nonce())
                            .result(ConfirmDownloadFlyweight.Result.ofCode(code))
                            .seal();
                    lan.at(lan.nowNs() + 1_000, () -> slave.onDatagram(answer, SimulatedLan.MASTER));
                }
            }
            return false;
        });

        lan.runUntil(() -> master.isOver() && slave.isOver(), Duration.ofMinutes(2));

        assertThat(forged).isNotEmpty();
        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
    }
}
