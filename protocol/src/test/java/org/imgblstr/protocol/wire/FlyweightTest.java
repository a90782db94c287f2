package org.imgblstr.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlyweightTest {
    @ParameterizedTest
    @EnumSource
    void whatAFlyweightWritesIsSoundAndValid(CommandType type) {
        ByteBuf datagram = Samples.of(type);

        assertThat(Datagram.isSound(datagram)).isTrue();
        assertThat(Datagram.command(datagram, 0)).isEqualTo(type);
        assertThat(Datagram.session(datagram, 0)).isEqualTo(Samples.SESSION);
        assertThat(datagram.readableBytes()).isGreaterThanOrEqualTo(type.minimumBytes());
        assertThat(Samples.isValid(datagram)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aCodeLeadsBackToItsCommand(CommandType type) {
        assertThat(CommandType.ofCode(type.code())).isEqualTo(type);
    }

    @Test
    void anUnknownCodeHasNoCommand() {
        assertThat(CommandType.ofCode(0)).isNull();
        assertThat(CommandType.ofCode(12)).isNull();
        assertThat(CommandType.ofCode(255)).isNull();
        assertThat(CommandType.ofCode(-1)).isNull();
    }

    @Test
    void aFlyweightRefusesAnotherCommand() {
        ByteBuf done = Samples.of(CommandType.DONE);

        assertThat(new EndOfDataFlyweight().wrap(done).isValid(Samples.TRACK_COUNT))
                .isFalse();
        assertThat(new DisconnectAcknowledgeFlyweight().wrap(done).isValid()).isFalse();
    }

    @Test
    void aDatagramInTheMiddleOfABufferIsReadThere() {
        // given
        ByteBuf buffer = Unpooled.directBuffer().writeLong(-1);
        int length = new DisconnectAcknowledgeFlyweight()
                .wrapForWriting(buffer, 8)
                .session(5)
                .slave(77)
                .result(SlaveResult.Result.COMPLETE)
                .nonce(9)
                .seal();
        buffer.writeLong(-1);
        // then
        assertThat(length).isEqualTo(28);
        assertThat(Datagram.isSound(buffer, 8, length)).isTrue();
        assertThat(Datagram.isSound(buffer, 8, length + 1)).isFalse();
        var flyweight = new DisconnectAcknowledgeFlyweight().wrap(buffer, 8, length);
        assertThat(flyweight.isValid()).isTrue();
        assertThat(flyweight.slave()).isEqualTo(77);
        assertThat(flyweight.nonce()).isEqualTo(9);
        buffer.release();
    }

    @Test
    void aRangeOutsideTheBufferIsNotSound() {
        ByteBuf datagram = Samples.of(CommandType.RSVP);

        assertThat(Datagram.isSound(datagram, -1, 20)).isFalse();
        assertThat(Datagram.isSound(datagram, 0, -1)).isFalse();
        assertThat(Datagram.isSound(datagram, 0, datagram.writerIndex() + 1)).isFalse();
        assertThat(Datagram.isSound(datagram, Integer.MAX_VALUE, 20)).isFalse();
        assertThat(Datagram.isSound(datagram, 0, Integer.MAX_VALUE)).isFalse();
    }

    @Test
    void sequencesAreComparedModulo32Bits() {
        assertThat(Datagram.isAfter(2, 1)).isTrue();
        assertThat(Datagram.isAfter(1, 1)).isFalse();
        assertThat(Datagram.isAfter(1, 2)).isFalse();
        assertThat(Datagram.isAfter(0, -1)).isTrue();
        assertThat(Datagram.isAfter(Integer.MIN_VALUE, Integer.MAX_VALUE)).isTrue();
    }

    @Test
    void anImageComesBackFromDriveGeometry() {
        // given
        SessionImage sent = Samples.image();
        // when
        var flyweight = new DriveGeometryFlyweight().wrap(Samples.of(CommandType.DRIVE_GEOMETRY));
        SessionImage received = flyweight.image();
        // then
        assertThat(received.imageId()).isEqualTo(sent.imageId());
        assertThat(received.label()).isEqualTo("büro");
        assertThat(received.requiredBytes()).isZero();
        assertThat(received.space().geometry()).isEqualTo(sent.space().geometry());
        assertThat(received.space().regions()).isEqualTo(sent.space().regions());
        assertThat(received.space().trackCount()).isEqualTo(Samples.TRACK_COUNT);
        assertThat(flyweight.startCylinder()).isEqualTo(1);
        assertThat(flyweight.endCylinder()).isEqualTo(5);
        assertThat(flyweight.masterAddress()).isEqualTo(Samples.address("192.0.2.1"));
        assertThat(flyweight.dataGroup()).isEqualTo(Samples.address("239.77.1.2"));
    }

    @Test
    void aPaddedAnnouncementSaysTheSame() {
        // given
        DriveGeometryFlyweight written = Samples.driveGeometry();
        // when
        int length = written.sealPadded(8972);
        // then
        ByteBuf datagram = written.buffer();
        assertThat(length).isEqualTo(8972);
        assertThat(datagram.readableBytes()).isEqualTo(8972);
        assertThat(Datagram.isSound(datagram)).isTrue();
        var read = new DriveGeometryFlyweight().wrap(datagram);
        assertThat(read.isValid()).isTrue();
        assertThat(read.length()).isEqualTo(8972);
        assertThat(read.image().label()).isEqualTo("büro");
        assertThat(datagram.slice(300, 8972 - 304)).isEqualTo(Unpooled.wrappedBuffer(new byte[8972 - 304]));
    }

    @Test
    void paddingToLessThanTheFieldsTakeChangesNothing() {
        ByteBuf plain = Samples.of(CommandType.DRIVE_GEOMETRY);
        DriveGeometryFlyweight padded = Samples.driveGeometry();

        assertThat(padded.sealPadded(100)).isEqualTo(plain.readableBytes());
        assertThat(padded.buffer()).isEqualTo(plain);
    }

    @Test
    void addressesAreMappedAndComeBack() {
        byte[] mapped = WireAddress.toBytes(Samples.address("192.0.2.1"));

        assertThat(mapped).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1);
        assertThat(WireAddress.ofBytes(mapped)).isInstanceOf(java.net.Inet4Address.class);
        var six = Samples.address("2001:db8::1");
        assertThat(WireAddress.ofBytes(WireAddress.toBytes(six))).isEqualTo(six);
    }

    @Test
    void aLabelCannotWriteToTheOperatorsTerminal() {
        String label = "a\u001b[2J\nb\u202ec";

        var flyweight = new RsvpFlyweight().wrap(Samples.sealed(Samples.rsvp().label(label)));

        assertThat(flyweight.label()).isEqualTo("a\uFFFD[2J\uFFFDb\uFFFDc");
    }

    @ParameterizedTest(name = "U+{0}")
    @ValueSource(
            strings = {"0000", "001B", "000A", "000D", "0085", "009B", "061C", "200B", "202E", "2028", "2066", "FEFF"})
    void noTextOfASlaveOrAMasterCanWriteToTheOperatorsTerminal(String point) {
        String evil = "a" + Character.toString(Integer.parseInt(point, 16)) + "b";
        var machine = new SlaveMachine("", evil, evil, evil, 1);

        var rsvp = new RsvpFlyweight()
                .wrap(Samples.sealed(Samples.rsvp()
                        .label(evil)
                        .machine(machine)
                        .cannot(ConfirmDownloadFlyweight.Result.GEOMETRY, evil)));
        var geometry = new DriveGeometryFlyweight()
                .wrap(Samples.sealed(Samples.driveGeometry().sessionName(evil)));

        assertThat(List.of(
                        rsvp.label(),
                        rsvp.machine().path(),
                        rsvp.machine().model(),
                        rsvp.machine().serial(),
                        rsvp.reason(),
                        geometry.sessionName()))
                .containsOnly("a\uFFFDb");
    }

    @Test
    void longTextsOfADiskAreCutAndNothingIsKnownOfAnEmptyOne() {
        var machine = new SlaveMachine("", "ü".repeat(100), "m".repeat(300), "s".repeat(65), 5);

        var cut = new RsvpFlyweight()
                .wrap(Samples.sealed(Samples.rsvp().deviceBytes(5).machine(machine)));

        assertThat(cut.isValid()).isTrue();
        assertThat(cut.machine()).isEqualTo(new SlaveMachine("", "ü".repeat(64), "m".repeat(64), "s".repeat(64), 5));
        var none = new RsvpFlyweight()
                .wrap(Samples.sealed(Samples.rsvp().deviceBytes(0).machine(SlaveMachine.UNKNOWN)));
        assertThat(none.machine()).isEqualTo(SlaveMachine.UNKNOWN);
    }

    @Test
    void aLabelOfMoreThan64BytesIsOurMistake() {
        assertThat(new RsvpFlyweight()
                        .wrap(Samples.sealed(Samples.rsvp().label("ä".repeat(32))))
                        .label())
                .hasSize(32);
        assertThatThrownBy(() -> Samples.rsvp().label("ä".repeat(33)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("66");
    }

    @Test
    void symbolsAreAppendedOneBehindTheOther() {
        // given
        ByteBuf out = Unpooled.directBuffer(64);
        ByteBuffer payload = ByteBuffer.allocateDirect(20);
        for (int i = 0; i < 20; i++) {
            payload.put(i, (byte) i);
        }
        // when
        int first = Samples.writeSymbol(out, 1, 10, false, 3, 0, 2, 0, 1, payload, 0, 12);
        int second = Samples.writeSymbol(out, 1, 11, true, 3, 1, 2, 0, 1, payload, 12, 8);
        // then
        assertThat(first).isEqualTo(40);
        assertThat(out.writerIndex()).isEqualTo(first + second);
        assertThat(Datagram.isSound(out, 0, first)).isTrue();
        assertThat(Datagram.isSound(out, first, second)).isTrue();
        var flyweight = new SectorDataFlyweight().wrap(out, first, second);
        assertThat(flyweight.isValid(4, 12)).isTrue();
        assertThat(flyweight.isFlush()).isTrue();
        assertThat(flyweight.isParity()).isFalse();
        byte[] symbol = flyweight.bytes(SectorDataFlyweight.PAYLOAD, 8);
        assertThat(symbol).containsExactly(12, 13, 14, 15, 16, 17, 18, 19);
        assertThat(payload.position()).isZero();
        out.release();
    }

    @Test
    void onlyTheLastSourceSymbolMayBeShort() {
        assertThat(isSymbolValid(1, 2, 11)).isTrue();
        assertThat(isSymbolValid(1, 2, 12)).isTrue();
        assertThat(isSymbolValid(1, 2, 0)).isFalse();
        assertThat(isSymbolValid(1, 2, 13)).isFalse();
        assertThat(isSymbolValid(0, 2, 11)).isFalse();
        assertThat(isSymbolValid(2, 2, 11)).isFalse();
        assertThat(isSymbolValid(2, 2, 12)).isTrue();
        assertThat(isSymbolValid(255, 224, 12)).isTrue();
    }

    @Test
    void doneTellsOnlyAboutSlavesItNames() {
        var flyweight = new DoneFlyweight().wrap(Samples.of(CommandType.DONE));

        assertThat(flyweight.hasDeparted(1)).isTrue();
        assertThat(flyweight.hasDeparted(2)).isFalse();
        assertThat(flyweight.hasDeparted(10)).isTrue();
        assertThat(flyweight.hasDeparted(0)).isFalse();
        assertThat(flyweight.hasDeparted(11)).isFalse();
        assertThat(flyweight.digest()).isEqualTo(Samples.digest());
    }

    @Test
    void recordsAreReadAsWritten() {
        var flyweight = new ResendRequestFlyweight().wrap(Samples.of(CommandType.RESEND_REQUEST));

        assertThat(flyweight.records()).isEqualTo(2);
        assertThat(flyweight.firstTrack(1)).isEqualTo(6);
        assertThat(flyweight.count(1)).isEqualTo(1);
        assertThat(flyweight.symbolsNeeded(1)).isEqualTo(17);
        assertThat(flyweight.generation(1)).isEqualTo(1);
        assertThat(flyweight.has(ResendRequestFlyweight.HOLD)).isTrue();
        assertThat(flyweight.has(ResendRequestFlyweight.VERIFYING)).isFalse();
        assertThat(flyweight.received()).isEqualTo(0xFFFF_FFFEL);
    }

    @Test
    void skipTrackHolds102Ranges() {
        SkipTrackFlyweight flyweight = new SkipTrackFlyweight().wrapForWriting(Unpooled.buffer(), 0);
        for (int i = 0; i < SkipTrackFlyweight.MAX_RANGES; i++) {
            flyweight.add(i, 1, TrackKind.ZERO);
        }

        assertThatThrownBy(() -> flyweight.add(102, 1, TrackKind.ZERO)).isInstanceOf(IllegalStateException.class);
        assertThat(flyweight.seal()).isEqualTo(1244);
        assertThat(flyweight.isValid(102)).isTrue();
        assertThat(flyweight.isValid(101)).isFalse();
        assertThat(flyweight.kind(101)).isEqualTo(TrackKind.ZERO);
    }

    @Test
    void theLongestOfEachCommandFitsANarrowPath() {
        ResendRequestFlyweight request = Samples.resendRequest();
        for (int i = request.records(); i < ResendRequestFlyweight.MAX_RECORDS; i++) {
            request.add(10 + i, 1, 0, 0);
        }
        List<Region> regions = new ArrayList<>();
        for (int i = 0; i < TrackSpace.MAX_REGIONS; i++) {
            regions.add(new Region(i + 1, 2048L * i, 2048, ""));
        }
        TrackSpace space = new TrackSpace(new Geometry(512, 4, 512, 1 << 20), regions);
        String text = "n".repeat(300);
        DriveGeometryFlyweight geometry = Samples.driveGeometry()
                .image(new SessionImage(new UUID(1, 2), text.substring(0, 64), space, 0))
                .sessionName(text.substring(0, 64));
        RsvpFlyweight rsvp = Samples.rsvp()
                .label(text.substring(0, 64))
                .machine(new SlaveMachine("52:54:00:12:34:56", text, text, text, 1))
                .cannot(ConfirmDownloadFlyweight.Result.DEVICE, text);
        DoneFlyweight done = Samples.done().slaves(1, DoneFlyweight.MAX_BITS);

        DisconnectFlyweight disconnect = Samples.disconnect().text(text + text + text, true);

        assertThat(List.of(request.seal(), geometry.seal(), rsvp.seal(), done.seal(), disconnect.seal()))
                .allMatch(bytes -> bytes <= Datagram.CONTROL_BYTES)
                .anyMatch(bytes -> bytes > Datagram.CONTROL_BYTES - 12);
    }

    /** Earlier versions end with the disk rate. */
    @Test
    void aDisconnectWithoutATextIsTakenAndSaysNothing() {
        ByteBuf buffer = Unpooled.buffer(512);
        new DisconnectFlyweight()
                .wrapForWriting(buffer, 0)
                .slave(2)
                .result(SlaveResult.Result.DISK_ERROR)
                .digest(Samples.digest())
                .seal();

        var disconnect = new DisconnectFlyweight().wrap(buffer);

        assertThat(buffer.readableBytes()).isEqualTo(CommandType.DISCONNECT.minimumBytes());
        assertThat(disconnect.isValid(Samples.TRACK_COUNT)).isTrue();
        assertThat(disconnect.text()).isEmpty();
        assertThat(disconnect.counters().isReadBack()).isTrue();
    }

    @Test
    void aSentenceThatHasNoRoomEndsAfterAWholeWord() {
        String reason = "word ".repeat(60).strip();

        String told = toldBy(reason);

        assertThat(told).hasSize(249 + 3).startsWith("word word").endsWith("word word...");
        assertThat(toldBy("x".repeat(300))).isEqualTo("x".repeat(252) + "...");
        assertThat(toldBy("ä".repeat(150))).isEqualTo("ä".repeat(126) + "...");
        assertThat(toldBy("y".repeat(255))).isEqualTo("y".repeat(255));
    }

    private static String toldBy(String reason) {
        RsvpFlyweight rsvp = Samples.rsvp().cannot(ConfirmDownloadFlyweight.Result.DEVICE, reason);
        rsvp.seal();
        return rsvp.reason();
    }

    @Test
    void aResultThatNoSlaveSendsIsOurMistake() {
        assertThatThrownBy(() -> Samples.disconnect().result(SlaveResult.Result.LOST))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean isSymbolValid(int symbol, int k, int payloadBytes) {
        ByteBuf out = Unpooled.buffer();
        Samples.writeSymbol(out, 1, 1, false, 0, symbol, k, 0, 0, ByteBuffer.allocate(64), 0, payloadBytes);
        return new SectorDataFlyweight().wrap(out).isValid(1, 12);
    }
}
