package org.imgblstr.protocol.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.slave.SlaveState;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.imgblstr.protocol.wire.DoneFlyweight;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.RsvpFlyweight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who joins whom, and who is told of it when somebody does not. */
@Execution(ExecutionMode.CONCURRENT)
class JoinSimulationTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final InetSocketAddress FORGER = SimulatedLan.address(66, 4000);

    private final SimulatedSource source = SimulatedSource.random(60, 1);

    // ---- two masters on one group

    @ParameterizedTest(name = "the second master appears {0} ms after the first")
    @ValueSource(ints = {0, 1, 100, 240, 700, 5_000})
    void aSlaveThatHearsTwoMastersJoinsNeitherAndSaysSo(int gapMs) {
        SimulatedLan lan = new SimulatedLan(gapMs).listening();
        SimulatedSlave slave = lan.startSlave(source);
        lan.runFor(Duration.ofSeconds(3));
        SimulatedMaster first = lan.startMaster(source, settings -> settings.slaves(2));
        lan.runFor(Duration.ofMillis(gapMs));
        SimulatedMaster second = lan.startMaster(source, settings -> settings.slaves(1));

        lan.runFor(Duration.ofSeconds(20));

        assertThat(slave.state()).isEqualTo(SlaveState.HOOK_UP);
        assertThat(slave.severals()).first().asString().contains("10.0.0.1:4000", "10.0.0.2:4000", "--session NAME");
        assertThat(List.of(first, second)).allSatisfy(master -> {
            assertThat(master.state()).isEqualTo(MasterState.SEND_GEOMETRY);
            assertThat(master.slaves()).isEmpty();
            assertThat(master.refused()).extracting(RefusedSlave::label).containsExactly("slave 1");
            assertThat(master.changes()).anyMatch(change -> change.startsWith("other master 10.0.0."));
        });
        assertThat(slave.isUntouched()).isTrue();
    }

    @Test
    void aSlaveThatStartsWhenTwoMastersAnnounceHearsBothBeforeItJoins() {
        SimulatedLan lan = new SimulatedLan(2).listening();
        SimulatedMaster first = lan.startMaster(source, settings -> settings.slaves(1));
        lan.runFor(Duration.ofMillis(3_490));
        SimulatedMaster second = lan.startMaster(source, settings -> settings.slaves(1));
        lan.runFor(Duration.ofMillis(3_130));

        SimulatedSlave slave = lan.startSlave(source);
        lan.runFor(Duration.ofSeconds(10));

        assertThat(slave.state()).isEqualTo(SlaveState.HOOK_UP);
        assertThat(first.changes()).noneMatch(change -> change.startsWith("joined"));
        assertThat(second.changes()).noneMatch(change -> change.startsWith("joined"));
    }

    @Test
    void itGoesOnByItselfWhenOneOfThemIsGone() {
        SimulatedLan lan = new SimulatedLan(3).listening();
        SimulatedSlave slave = lan.startSlave(source);
        SimulatedMaster first = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedMaster second = lan.startMaster(source, settings -> settings.slaves(1));
        lan.runFor(Duration.ofSeconds(5));

        first.kill();
        lan.runUntil(() -> second.isOver() && slave.isOver(), LIMIT);

        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
        assertThat(slave.severals()).hasSize(2).last().isEqualTo("one");
        assertThat(second.saysComplete()).isTrue();
        assertThat(second.refused()).as("it joined after all").isEmpty();
    }

    @Test
    void onceThePassHasBegunAnotherMasterDisturbsNobody() {
        SimulatedLan lan = new SimulatedLan(4).listening().linkBitsPerSecond(20_000_000);
        SimulatedSlave slave = lan.startSlave(source);
        SimulatedMaster first = lan.startMaster(source, settings -> settings.slaves(1));
        lan.runUntil(() -> first.sendPosition() > 3, LIMIT);

        SimulatedMaster second = lan.startMaster(source, settings -> settings.slaves(1));
        lan.runUntil(() -> first.isOver() && slave.isOver(), LIMIT);

        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
        assertThat(slave.withdrawals()).isZero();
        assertThat(second.slaves()).isEmpty();
    }

    @Test
    void namesKeepSessionsApart() {
        SimulatedLan lan = new SimulatedLan(5).listening();
        SimulatedSlave ofBlue = lan.startSlave(source, 1444, "blue");
        SimulatedSlave ofRed = lan.startSlave(source, 1444, "red");
        SimulatedSlave ofGreen = lan.startSlave(source, 1444, "green");
        SimulatedMaster red =
                lan.startMaster(source, settings -> settings.slaves(1).named("red"));
        SimulatedMaster blue =
                lan.startMaster(source, settings -> settings.slaves(1).named("blue"));

        lan.runUntil(() -> red.isOver() && blue.isOver() && ofBlue.isOver() && ofRed.isOver(), LIMIT);

        assertThat(List.of(ofRed, ofBlue)).allMatch(slave -> slave.result() == Result.COMPLETE);
        assertThat(List.of(red, blue)).allMatch(SimulatedMaster::saysComplete);
        assertThat(ofGreen.state()).isEqualTo(SlaveState.HOOK_UP);
        assertThat(red.changes()).noneMatch(change -> change.startsWith("other master"));
    }

    @Test
    void aSlaveThatHearsOnlyOtherSessionsSaysWhichAndRarely() {
        SimulatedLan lan = new SimulatedLan(5).listening();
        SimulatedSlave of3 = lan.startSlave(source, 1444, "3");
        SimulatedSlave ofNone = lan.startSlave(source, 1444, "");
        SimulatedMaster named7 =
                lan.startMaster(source, settings -> settings.slaves(9).named("7"));
        lan.runFor(Duration.ofSeconds(4));
        assertThat(of3.warnings()).isEmpty();
        lan.runFor(Duration.ofSeconds(2));

        String master = SimulatedLan.MASTER.getAddress().getHostAddress();
        assertThat(of3.warnings())
                .containsExactly("heard session '7' of " + master
                        + "; waiting for session '3'; name the session that is meant with --session");
        lan.runFor(Duration.ofMinutes(60));
        assertThat(of3.warnings()).hasSizeBetween(4, 7);
        assertThat(of3.state()).isEqualTo(SlaveState.HOOK_UP);
        assertThat(ofNone.warnings()).isEmpty();
        assertThat(named7.slaves()).hasSize(1);
    }

    @Test
    void aMasterThatWasKilledAndStartedAgainIsNotTakenForTwo() {
        SimulatedLan lan = new SimulatedLan(6).listening();
        SimulatedSlave slave = lan.startSlave(source);
        SimulatedMaster killed = lan.startMaster(source, settings -> settings.slaves(2));
        lan.runFor(Duration.ofSeconds(3));
        SimulatedSlave waiting = lan.startSlave(source, 1444, "another");
        killed.kill();
        lan.runFor(Duration.ofSeconds(31));

        SimulatedSlave fresh = lan.startSlave(source);
        SimulatedMaster again = lan.startMaster(source, settings -> settings.slaves(2));
        lan.runUntil(() -> again.isOver() && fresh.isOver(), LIMIT);

        // It had joined a session that never began, and listened again.
        assertThat(slave.withdrawals()).isEqualTo(1);
        assertThat(again.saysComplete()).isTrue();
        assertThat(fresh.result()).isEqualTo(Result.COMPLETE);
        assertThat(fresh.severals()).isEmpty();
        assertThat(waiting.severals()).isEmpty();
    }

    // ---- who cannot take part

    @ParameterizedTest
    @EnumSource(
            value = Result.class,
            names = {"DOES_NOT_FIT", "REFUSED"})
    void aSlaveThatCannotTakePartTellsTheMasterWhy(Result why) {
        SimulatedLan lan = new SimulatedLan(7).listening().loss(0.2);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave refused = lan.startSlave(source).refuse(why);

        lan.runUntil(() -> refused.isOver() && !master.refused().isEmpty(), LIMIT);
        SimulatedSlave good = lan.startSlave(source);
        lan.runUntil(() -> master.isOver() && good.isOver(), LIMIT);

        assertThat(refused.result()).isEqualTo(why);
        assertThat(master.refused())
                .extracting(RefusedSlave::label, RefusedSlave::address, RefusedSlave::reason)
                .containsExactly(tuple("slave 1", "10.0.0.101", "refused by the test"));
        assertThat(master.slaves())
                .as("who is refused does not count as joined")
                .hasSize(1);
        assertThat(master.saysComplete()).isTrue();
        assertThat(master.changes().stream().filter(change -> change.startsWith("refused")))
                .as("told once, however often it was said")
                .hasSize(1);
    }

    @Test
    void anImageOfMoreTracksThanTheDiskHasIsRefusedBeforeAnyTableIsMade() {
        SimulatedLan lan = new SimulatedLan(8).listening();
        SimulatedSlave slave = lan.startSlave(source);
        SessionImage image = imageOf(Integer.MAX_VALUE);
        lan.runFor(Duration.ofSeconds(1));

        slave.onDatagram(announcement(FORGER, 77, geometry -> geometry.image(image)), FORGER);
        lan.runUntil(slave::isOver, LIMIT);

        assertThat(slave.result()).isEqualTo(Result.DOES_NOT_FIT);
        assertThat(slave.message()).contains("2147483647 tracks", "use a larger disk");
    }

    @Test
    void aMasterOfAnotherVersionIsToldAndNotJoined() {
        SimulatedLan lan = new SimulatedLan(9).listening();
        SimulatedSlave slave = lan.startSlave(source);
        lan.runFor(Duration.ofSeconds(1));
        ByteBuf foreign = announcement(FORGER, 77, geometry -> {});
        setVersion(foreign, 0x20);

        slave.onDatagram(foreign, FORGER);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        lan.runUntil(() -> master.isOver() && slave.isOver(), LIMIT);

        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
        assertThat(slave.warnings()).anyMatch(text -> text.contains("version 2") && text.contains("10.0.0.66"));
    }

    @Test
    void aSlaveOfAnotherVersionIsToldAndShown() {
        SimulatedLan lan = new SimulatedLan(10).listening();
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        ByteBuf foreign = rsvp(5, UUID.randomUUID());
        setVersion(foreign, 0x30);

        master.onDatagram(foreign, SimulatedLan.address(200, 9));

        assertThat(master.refused()).hasSize(1);
        assertThat(master.refused().get(0).reason()).contains("version 3", "this master version 1");
        assertThat(master.slaves()).isEmpty();
    }

    @Test
    void anRsvpOfAnotherVersionWhoseLabelIsLongerThanTheDatagramIsToldToo() {
        SimulatedMaster master = new SimulatedLan(10).listening().startMaster(source, settings -> settings.slaves(1));
        ByteBuf foreign = rsvp(5, UUID.randomUUID()).setByte(57, 255);
        setVersion(foreign, 0x30);

        master.onDatagram(foreign.capacity(foreign.writerIndex()), SimulatedLan.address(200, 9));

        assertThat(master.refused()).extracting(RefusedSlave::label).containsExactly("other");
        assertThat(master.slaves()).isEmpty();
    }

    // ---- lives

    @Test
    void anEarlierLifeIsDroppedOnlyWhenTheLaterOneHasReported() {
        SimulatedLan lan = new SimulatedLan(11).listening().linkBitsPerSecond(20_000_000);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runUntil(() -> master.sendPosition() > 3, LIMIT);

        // A second program on the same disk: it says RSVP and is never heard of again.
        master.onDatagram(rsvp(99, new UUID(7, 1)), SimulatedLan.address(101, 999));
        lan.runUntil(() -> master.isOver() && slave.isOver(), LIMIT);

        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
        assertThat(master.changes()).noneMatch(change -> change.contains("started anew"));
    }

    // ---- other addresses than the announced master's

    @Test
    void whatComesFromAnotherAddressIsDropped() {
        SimulatedLan lan = new SimulatedLan(12).listening().linkBitsPerSecond(20_000_000);
        SimulatedMaster master = lan.startMaster(source, settings -> settings.slaves(1));
        SimulatedSlave slave = lan.startSlave(source);
        lan.runUntil(() -> slave.state() == SlaveState.AWAIT_CONFIRM, LIMIT);
        slave.onDatagram(refusal(slave.nonce()), FORGER);
        lan.runUntil(() -> slave.doneTracks() > 3, LIMIT);

        slave.onDatagram(done(DoneFlyweight.ABORTED), FORGER);
        slave.onDatagram(done(DoneFlyweight.REMOVED), FORGER);
        slave.onDatagram(announcement(FORGER, SimulatedMaster.SESSION, geometry -> {}), FORGER);
        slave.onDatagram(announcement(SimulatedLan.MASTER, SimulatedMaster.SESSION, geometry -> {}), FORGER);
        lan.runUntil(() -> master.isOver() && slave.isOver(), LIMIT);

        assertThat(slave.result()).isEqualTo(Result.COMPLETE);
        assertThat(slave.foreignDatagrams()).isEqualTo(5);
    }

    private static SessionImage imageOf(int tracks) {
        Geometry geometry = new Geometry(512, 1, 1, tracks);
        return new SessionImage(
                new UUID(1, 2), "huge", new TrackSpace(geometry, List.of(new Region(0, 0, tracks, ""))), 0);
    }

    private ByteBuf announcement(InetSocketAddress master, long session, Consumer<DriveGeometryFlyweight> change) {
        ByteBuf datagram = Unpooled.buffer(1472);
        DriveGeometryFlyweight geometry = new DriveGeometryFlyweight()
                .wrapForWriting(datagram, 0)
                .sessionId(session)
                .image(source.image)
                .symbolBytes(1444)
                .codecs(15)
                .state(DriveGeometryFlyweight.State.WAITING)
                .repairWindow(24)
                .master(master.getAddress(), master.getPort())
                .data(SimulatedLan.DATA_GROUP.getAddress(), SimulatedLan.DATA_GROUP.getPort());
        change.accept(geometry);
        geometry.seal();
        return datagram;
    }

    private ByteBuf done(int reason) {
        ByteBuf datagram = Unpooled.buffer(256);
        new DoneFlyweight()
                .wrapForWriting(datagram, 0)
                .session(SimulatedMaster.SESSION_LOW)
                .reason(reason)
                .trackCount(source.trackCount())
                .slaves(1, 1)
                .seal();
        return datagram;
    }

    private static ByteBuf refusal(long nonce) {
        ByteBuf datagram = Unpooled.buffer(256);
        new ConfirmDownloadFlyweight()
                .wrapForWriting(datagram, 0)
                .session(SimulatedMaster.SESSION_LOW)
                .nonce(nonce)
                .result(ConfirmDownloadFlyweight.Result.FULL)
                .seal();
        return datagram;
    }

    private static ByteBuf rsvp(long nonce, UUID slaveId) {
        ByteBuf datagram = Unpooled.buffer(256);
        new RsvpFlyweight()
                .wrapForWriting(datagram, 0)
                .session(SimulatedMaster.SESSION_LOW)
                .nonce(nonce)
                .slaveId(slaveId)
                .deviceBytes(1L << 40)
                .sectorBytes(512)
                .codecs(15)
                .largestSymbol(1444)
                .windowTracks(8)
                .intent(RsvpFlyweight.JOIN)
                .label("other")
                .seal();
        return datagram;
    }

    private static void setVersion(ByteBuf datagram, int version) {
        datagram.setByte(2, version);
        int bytes = datagram.readableBytes() - 4;
        CRC32C sum = new CRC32C();
        sum.update(datagram.nioBuffer(0, bytes));
        datagram.setInt(bytes, (int) sum.getValue());
    }
}
