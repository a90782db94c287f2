package org.imgblstr.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.protocol.contract.SlaveResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Golden bytes, one datagram of each command, written and read. */
class FlyweightVectorTest {
    @ParameterizedTest
    @EnumSource
    void aFlyweightWritesTheGoldenBytes(CommandType type) {
        assertThat(ByteBufUtil.prettyHexDump(Samples.of(type))).isEqualTo(ByteBufUtil.prettyHexDump(Vectors.of(type)));
    }

    @ParameterizedTest
    @EnumSource
    void theGoldenBytesAreSoundAndValid(CommandType type) {
        ByteBuf golden = Vectors.of(type);

        assertThat(Datagram.isSound(golden)).isTrue();
        assertThat(Datagram.command(golden, 0)).isEqualTo(type);
        assertThat(Samples.isValid(golden)).isTrue();
    }

    @Test
    void driveGeometryIsRead() {
        var golden = new DriveGeometryFlyweight().wrap(Vectors.of(CommandType.DRIVE_GEOMETRY));

        assertThat(golden.sequence()).isEqualTo(7);
        assertThat(golden.sessionId()).isEqualTo(0x0102_0304_A1B2_C3D4L);
        assertThat(golden.image().space().geometry()).isEqualTo(new Geometry(512, 4, 512, 16_384));
        assertThat(golden.image().space().regions())
                .containsExactly(new Region(1, 2048, 2100, ""), new Region(3, 8192, 1536, ""));
        assertThat(golden.image().imageId()).isEqualTo(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
        assertThat(golden.image().label()).isEqualTo("büro");
        assertThat(golden.trackCount()).isEqualTo(8);
        assertThat(golden.symbolBytes()).isEqualTo(1416);
        assertThat(golden.probeBytes()).isEqualTo(8972);
        assertThat(golden.isSymbolSizeDecided()).isFalse();
        assertThat(golden.codecs()).isEqualTo(7);
        assertThat(golden.state()).isEqualTo(DriveGeometryFlyweight.State.SENDING);
        assertThat(golden.repairWindow()).isEqualTo(256);
        assertThat(golden.sendPosition()).isEqualTo(5);
        assertThat(golden.countdownMs()).isEqualTo(DriveGeometryFlyweight.STARTED_BY_OPERATOR);
        assertThat(golden.joined()).isEqualTo(2);
        assertThat(golden.wanted()).isEqualTo(3);
        assertThat(golden.masterAddress()).isEqualTo(Samples.address("192.0.2.1"));
        assertThat(golden.masterPort()).isEqualTo(40_000);
        assertThat(golden.dataGroup()).isEqualTo(Samples.address("239.77.1.2"));
        assertThat(golden.dataPort()).isEqualTo(7780);
        assertThat(golden.nodeAddress()).isEqualTo(0x0202_0300_0405_0000L);
    }

    @Test
    void rsvpIsRead() {
        var golden = new RsvpFlyweight().wrap(Vectors.of(CommandType.RSVP));

        assertThat(golden.nonce()).isEqualTo(0x1122_3344_5566_7788L);
        assertThat(golden.slaveId()).isEqualTo(UUID.fromString("ffeeddcc-bbaa-9988-7766-554433221100"));
        assertThat(golden.deviceBytes()).isEqualTo(500_107_862_016L);
        assertThat(golden.sectorBytes()).isEqualTo(512);
        assertThat(golden.codecs()).isEqualTo(7);
        assertThat(golden.largestSymbol()).isEqualTo(8944);
        assertThat(golden.windowTracks()).isEqualTo(128);
        assertThat(golden.intent()).isEqualTo(RsvpFlyweight.JOIN);
        assertThat(golden.longestHeard()).isEqualTo(8972);
        assertThat(golden.label()).isEqualTo("pc-17");
        assertThat(golden.machine()).isEqualTo(Samples.machine());
    }

    @Test
    void confirmDownloadIsRead() {
        var golden = new ConfirmDownloadFlyweight().wrap(Vectors.of(CommandType.CONFIRM_DOWNLOAD));

        assertThat(golden.nonce()).isEqualTo(0x1122_3344_5566_7788L);
        assertThat(golden.slave()).isEqualTo(2);
        assertThat(golden.result()).isEqualTo(ConfirmDownloadFlyweight.Result.OK_LATE);
        assertThat(golden.reportIntervalMs()).isEqualTo(200);
        assertThat(golden.sendPosition()).isEqualTo(5);
        assertThat(golden.joined()).isEqualTo(2);
        assertThat(golden.usedBytes()).isEqualTo(0x1_2345_6789L);
    }

    @Test
    void sectorDataIsRead() {
        var golden = new SectorDataFlyweight().wrap(Vectors.of(CommandType.SECTOR_DATA));

        assertThat(golden.isFlush()).isFalse();
        assertThat(golden.sequence()).isEqualTo(-2);
        assertThat(golden.track()).isEqualTo(4);
        assertThat(golden.symbol()).isEqualTo(99);
        assertThat(golden.sourceSymbols()).isEqualTo(100);
        assertThat(golden.generation()).isEqualTo(1);
        assertThat(golden.planned()).isEqualTo(6);
        ByteBuffer payload = ByteBuffer.allocate(golden.payloadBytes());
        golden.buffer().getBytes(golden.indexOf(SectorDataFlyweight.PAYLOAD), payload);
        assertThat(payload.array()).asString().isEqualTo("imaging");
        assertThat(new SectorDataFlyweight()
                        .wrap(Vectors.of(CommandType.SECTOR_DATA_AND_FLUSH))
                        .isFlush())
                .isTrue();
    }

    @Test
    void skipTrackIsRead() {
        var golden = new SkipTrackFlyweight().wrap(Vectors.of(CommandType.SKIP_TRACK));

        assertThat(golden.ranges()).isEqualTo(3);
        assertThat(golden.kind(0)).isEqualTo(TrackKind.UNUSED);
        assertThat(golden.count(0)).isEqualTo(3);
        assertThat(golden.kind(1)).isEqualTo(TrackKind.ZERO);
        assertThat(golden.firstTrack(1)).isEqualTo(5);
        assertThat(golden.kind(2)).isEqualTo(TrackKind.UNREADABLE);
        assertThat(golden.firstTrack(2)).isEqualTo(7);
    }

    @Test
    void resendRequestIsRead() {
        var golden = new ResendRequestFlyweight().wrap(Vectors.of(CommandType.RESEND_REQUEST));

        assertThat(golden.slave()).isEqualTo(2);
        assertThat(golden.status()).isEqualTo(0b1010);
        assertThat(golden.nonce()).isEqualTo(0x1122_3344_5566_7788L);
        assertThat(golden.sequenceSeen()).isEqualTo(0x8000_0001);
        assertThat(golden.goodUpTo()).isEqualTo(1);
        assertThat(golden.highest()).isEqualTo(8);
        assertThat(golden.windowEnd()).isEqualTo(129);
        assertThat(golden.tracksDone()).isEqualTo(5);
        assertThat(golden.tracksMissing()).isEqualTo(3);
        assertThat(golden.received()).isEqualTo(0xFFFF_FFFEL);
        assertThat(golden.lost()).isEqualTo(3);
        assertThat(golden.diskRateKib()).isEqualTo(204_800);
        assertThat(golden.dropped()).isEqualTo(1);
        assertThat(golden.errno()).isEqualTo(5);
        assertThat(golden.records()).isEqualTo(2);
        assertThat(golden.firstTrack(0)).isEqualTo(1);
        assertThat(golden.count(0)).isEqualTo(2);
        assertThat(golden.symbolsNeeded(1)).isEqualTo(17);
        assertThat(golden.generation(1)).isEqualTo(1);
    }

    @Test
    void endOfDataIsRead() {
        var golden = new EndOfDataFlyweight().wrap(Vectors.of(CommandType.END_OF_DATA));

        assertThat(golden.kind()).isEqualTo(EndOfDataFlyweight.WAITING_FOR_ROOM);
        assertThat(golden.pass()).isEqualTo(2);
        assertThat(golden.trackCount()).isEqualTo(8);
        assertThat(golden.sentUpTo()).isEqualTo(6);
        assertThat(golden.queued()).isEqualTo(4);
        assertThat(golden.windowMs()).isEqualTo(150);
    }

    @Test
    void doneIsRead() {
        var golden = new DoneFlyweight().wrap(Vectors.of(CommandType.DONE));

        assertThat(golden.reason()).isEqualTo(DoneFlyweight.COMPLETE);
        assertThat(golden.exitCode()).isZero();
        assertThat(golden.trackCount()).isEqualTo(8);
        assertThat(golden.dataTracks()).isEqualTo(3);
        assertThat(golden.digest()).isEqualTo(Samples.digest());
        assertThat(golden.base()).isEqualTo(1);
        assertThat(golden.bits()).isEqualTo(10);
        assertThat(golden.hasDeparted(9)).isFalse();
        assertThat(golden.hasDeparted(10)).isTrue();
    }

    @Test
    void disconnectIsRead() {
        var golden = new DisconnectFlyweight().wrap(Vectors.of(CommandType.DISCONNECT));

        assertThat(golden.slave()).isEqualTo(2);
        assertThat(golden.result()).isEqualTo(SlaveResult.Result.VERIFY_FAILED);
        assertThat(golden.nonce()).isEqualTo(0x1122_3344_5566_7788L);
        assertThat(golden.errno()).isEqualTo(5);
        assertThat(golden.tracksMissing()).isEqualTo(1);
        assertThat(golden.bytesWritten()).isEqualTo(1_861_632);
        assertThat(golden.elapsedMs()).isEqualTo(61_000);
        assertThat(golden.digest()).isEqualTo(Samples.digest());
        assertThat(golden.counters().isReadBack()).isFalse();
        assertThat(golden.text()).isEqualTo("track 7 reads back wrong");
    }

    @Test
    void disconnectAcknowledgeIsRead() {
        var golden = new DisconnectAcknowledgeFlyweight().wrap(Vectors.of(CommandType.DISCONNECT_ACKNOWLEDGE));

        assertThat(golden.slave()).isEqualTo(2);
        assertThat(golden.result()).isEqualTo(SlaveResult.Result.VERIFY_FAILED);
        assertThat(golden.nonce()).isEqualTo(0x1122_3344_5566_7788L);
    }
}
