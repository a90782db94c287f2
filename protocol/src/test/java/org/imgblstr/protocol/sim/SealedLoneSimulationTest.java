package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.DoneFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A slave that is alone has nobody to fear and needs no manifest. Who joins later never gets the key of that time, and what comes then is judged. */
@Execution(ExecutionMode.CONCURRENT)
class SealedLoneSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final int TRACKS = 1_100;

    /** When the second slave joins. */
    enum Stage {
        BEFORE_THE_START,
        AT_THE_BEGINNING,
        HALF_WAY,
        NEAR_THE_END;

        private boolean isNow(SimulatedMaster master) {
            return switch (this) {
                case BEFORE_THE_START -> !master.slaves().isEmpty();
                case AT_THE_BEGINNING -> master.sendPosition() > 3;
                case HALF_WAY -> master.sendPosition() > TRACKS / 2;
                case NEAR_THE_END -> master.sendPosition() > TRACKS * 3 / 4;
            };
        }
    }

    private SimulatedLan lan;
    private SimulatedSource source;
    private SimulatedMaster master;
    private SimulatedSlave first;

    private void session(long seed, Stage stage) {
        lan = new SimulatedLan(seed)
                .sealed(SimulatedSeal.of(seed))
                .linkBitsPerSecond(40_000_000)
                .loss(0.02);
        source = SimulatedSource.random(TRACKS, seed);
        int wanted = stage == Stage.BEFORE_THE_START ? 2 : 1;
        master = lan.startMaster(source, settings -> settings.slaves(wanted));
        master.mayRepeat();
        first = lan.startSlave(source).mayRepeat();
    }

    private void runTo(Stage stage) {
        lan.runUntil(() -> stage.isNow(master), LIMIT);
    }

    private void runToEnd(SimulatedSlave second) {
        lan.runUntil(() -> master.isOver() && first.isOver() && second.isOver(), LIMIT);
    }

    private void assertFirstIsComplete() {
        assertThat(first.result()).as(first.toString()).isEqualTo(Result.COMPLETE);
        assertThat(first.hasSourcesBytes()).isTrue();
    }

    @Test
    void aloneItTakesNoMoreDatagramsThanAnOpenSession() {
        source = SimulatedSource.random(300, 2);
        AtomicInteger openData = new AtomicInteger();
        AtomicInteger sealedData = new AtomicInteger();
        for (SimulatedSeal seal : new SimulatedSeal[] {null, SimulatedSeal.of(2)}) {
            lan = new SimulatedLan(2).sealed(seal);
            AtomicInteger data = seal == null ? openData : sealedData;
            lan.losing((slave, isToMaster, command, datagram) -> {
                data.addAndGet(command == CommandType.SECTOR_DATA ? 1 : 0);
                return false;
            });
            master = lan.startMaster(source, settings -> settings.slaves(1));
            first = lan.startSlave(source);
            lan.runUntil(() -> master.isOver() && first.isOver(), LIMIT);
            assertFirstIsComplete();
            assertThat(master.saysComplete()).isTrue();
        }
        assertThat(sealedData.get()).isEqualTo(openData.get());
        assertThat(master.readForDigests()).isZero();
        assertThat(master.sealed().epoch()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void whoJoinsLaterGetsAnotherKeyAndBothEndWithTheMastersBytes(Stage stage) {
        session(20, stage);
        runTo(stage);
        assertThat(master.sealed().epoch()).isEqualTo(1);

        SimulatedSlave second = lan.startSlave(source).mayRepeat();
        runToEnd(second);

        assertThat(master.sealed().epoch()).isEqualTo(2);
        assertFirstIsComplete();
        assertThat(second.result()).as(second.toString()).isEqualTo(Result.COMPLETE);
        assertThat(second.hasSourcesBytes()).isTrue();
        assertThat(master.saysComplete()).isTrue();
        assertThat(master.readForDigests() == 0).isEqualTo(stage == Stage.BEFORE_THE_START);
    }

    @ParameterizedTest
    @EnumSource
    void whatASecondSlaveForgesIsRefusedByTheFirst(Stage stage) {
        session(40, stage);
        runTo(stage);

        AtomicInteger forged = forging(40, -1);
        SimulatedSlave insider = lan.startSlave(source).mayRepeat();
        runToEnd(insider);

        assertThat(forged.get()).isGreaterThan(20);
        assertFirstIsComplete();
        assertThat(master.changes()).anyMatch(told -> told.contains("got tracks that this master did not send"));
    }

    @Test
    void theFirstBelievesNothingNewWhicheverConfirmIsLost() {
        int confirms = 1;
        for (int lost = 0; lost < confirms; lost++) {
            session(60, Stage.HALF_WAY);
            runTo(Stage.HALF_WAY);
            forging(60, lost);
            SimulatedSlave insider = lan.startSlave(source).mayRepeat();

            runToEnd(insider);

            assertThat(confirmed)
                    .as("Confirm %d was lost, and others came", lost)
                    .isGreaterThan(lost);
            assertFirstIsComplete();
            confirms = lost == 0 ? Math.min(3, confirmed) : confirms;
        }
        assertThat(confirms).isEqualTo(3);
    }

    private int confirmed;

    /** The slave that is started next forges whatever it can, until it has forged 60 times. {@code lost}: number of a Confirm that is lost. */
    private AtomicInteger forging(long seed, int lost) {
        AtomicInteger forged = new AtomicInteger();
        SimulatedInsider keys = new SimulatedInsider(seed);
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedSlave victim = first;
        confirmed = 0;
        lan.sealed(keys.seal());
        lan.losing((slave, isToMaster, command, datagram) -> {
            boolean isHeard = slave != victim && !isToMaster && command.isData();
            if (isHeard) {
                keys.hear(datagram);
            }
            if (isHeard && keys.isReady() && random.nextInt(8) == 0 && forged.get() < 60) {
                forged.incrementAndGet();
                for (byte[] datagramOfIt : forgery(keys, random)) {
                    lan.after(
                            Duration.ofNanos(50_000),
                            () -> victim.onDatagram(Unpooled.wrappedBuffer(datagramOfIt), SimulatedLan.MASTER));
                }
            }
            return command == CommandType.CONFIRM_DOWNLOAD && confirmed++ == lost;
        });
        return forged;
    }

    private List<byte[]> forgery(SimulatedInsider keys, SplittableRandom random) {
        int track = random.nextInt(TRACKS);
        return switch (random.nextInt(4)) {
            case 0 -> List.of(keys.skip(track, 1 + random.nextInt(Math.min(4, TRACKS - track)), TrackKind.ZERO));
            case 1 -> List.of(keys.done(DoneFlyweight.COMPLETE, TRACKS));
            default -> keys.track(track, source.image.space().rawBytes(track));
        };
    }

    @Test
    void aDeltaSessionIsNeverLone() {
        lan = new SimulatedLan(5).sealed(SimulatedSeal.of(5));
        source = SimulatedSource.mixed(200, 5, TrackKind.DATA, TrackKind.ZERO);
        master = lan.startMaster(source, settings -> settings.slaves(1).delta());
        first = lan.startSlave(source);
        lan.runUntil(() -> master.isOver() && first.isOver(), LIMIT);

        assertThat(master.sealed().isLone()).isFalse();
        assertFirstIsComplete();
        assertThat(master.saysComplete()).isTrue();
    }
}
