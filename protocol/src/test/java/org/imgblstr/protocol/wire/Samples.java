package org.imgblstr.protocol.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveResult;

/** One datagram of each command, written by the flyweights: the same as the golden ones in the hex files. */
final class Samples {
    /** Tracks of {@link #image()}: 5 + 3. */
    static final int TRACK_COUNT = 8;

    static final int SYMBOL_BYTES = 1416;
    static final long SESSION_ID = 0x0102_0304_A1B2_C3D4L;
    static final int SESSION = 0xA1B2_C3D4;
    static final long NONCE = 0x1122_3344_5566_7788L;

    private Samples() {}

    /** Two partitions of a disk of 8 MiB: sectors 2048 and on, 2100 of them, and 8192 and on, 1536 of them. */
    static SessionImage image() {
        Geometry geometry = Geometry.of(512, 16_384);
        List<Region> regions = List.of(new Region(1, 2048, 2100, ""), new Region(3, 8192, 1536, ""));
        UUID imageId = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
        return new SessionImage(imageId, "büro", new TrackSpace(geometry, regions), 0);
    }

    static ByteBuf sealed(CommandFlyweight<?> flyweight) {
        flyweight.seal();
        return flyweight.buffer();
    }

    static ByteBuf of(CommandType type) {
        return switch (type) {
            case DRIVE_GEOMETRY -> sealed(driveGeometry());
            case RSVP -> sealed(rsvp());
            case CONFIRM_DOWNLOAD -> sealed(confirmDownload());
            case SECTOR_DATA -> sectorData(false);
            case SECTOR_DATA_AND_FLUSH -> sectorData(true);
            case SKIP_TRACK -> sealed(skipTrack());
            case RESEND_REQUEST -> sealed(resendRequest());
            case END_OF_DATA -> sealed(endOfData());
            case DONE -> sealed(done());
            case DISCONNECT -> sealed(disconnect());
            case DISCONNECT_ACKNOWLEDGE -> sealed(disconnectAcknowledge());
        };
    }

    /** Whether the flyweight of the command at the start of {@code datagram} takes it, in the session of {@link #image()}. */
    static boolean isValid(ByteBuf datagram) {
        return switch (Datagram.command(datagram, 0)) {
            case DRIVE_GEOMETRY -> new DriveGeometryFlyweight().wrap(datagram).isValid();
            case RSVP -> new RsvpFlyweight().wrap(datagram).isValid();
            case CONFIRM_DOWNLOAD ->
                new ConfirmDownloadFlyweight().wrap(datagram).isValid(TRACK_COUNT);
            case SECTOR_DATA, SECTOR_DATA_AND_FLUSH ->
                new SectorDataFlyweight().wrap(datagram).isValid(TRACK_COUNT, SYMBOL_BYTES);
            case SKIP_TRACK -> new SkipTrackFlyweight().wrap(datagram).isValid(TRACK_COUNT);
            case RESEND_REQUEST -> new ResendRequestFlyweight().wrap(datagram).isValid(TRACK_COUNT, TRACK_COUNT);
            case END_OF_DATA -> new EndOfDataFlyweight().wrap(datagram).isValid(TRACK_COUNT);
            case DONE -> new DoneFlyweight().wrap(datagram).isValid(TRACK_COUNT);
            case DISCONNECT -> new DisconnectFlyweight().wrap(datagram).isValid(TRACK_COUNT);
            case DISCONNECT_ACKNOWLEDGE ->
                new DisconnectAcknowledgeFlyweight().wrap(datagram).isValid();
        };
    }

    static DriveGeometryFlyweight driveGeometry() {
        return new DriveGeometryFlyweight()
                .wrapForWriting(buffer(), 0)
                .sequence(7)
                .sessionId(SESSION_ID)
                .image(image())
                .symbolBytes(SYMBOL_BYTES)
                .probeBytes(8972)
                .codecs(0b111)
                .state(DriveGeometryFlyweight.State.SENDING)
                .repairWindow(256)
                .sendPosition(5)
                .countdownMs(DriveGeometryFlyweight.STARTED_BY_OPERATOR)
                .joined(2)
                .wanted(3)
                .master(address("192.0.2.1"), 40_000)
                .data(address("239.77.1.2"), 7780)
                .nodeAddress(0x0202_0300_0405_0000L);
    }

    static RsvpFlyweight rsvp() {
        return new RsvpFlyweight()
                .wrapForWriting(buffer(), 0)
                .session(SESSION)
                .sequence(1)
                .nonce(NONCE)
                .slaveId(UUID.fromString("ffeeddcc-bbaa-9988-7766-554433221100"))
                .deviceBytes(500_107_862_016L)
                .sectorBytes(512)
                .codecs(0b111)
                .largestSymbol(8944)
                .windowTracks(128)
                .intent(RsvpFlyweight.JOIN)
                .longestHeard(8972)
                .label("pc-17")
                .machine(machine());
    }

    static SlaveMachine machine() {
        return new SlaveMachine("52:54:00:12:34:56", "/dev/sda", "Samsung SSD 870", "S5Y1NX0R", 500_107_862_016L);
    }

    static ConfirmDownloadFlyweight confirmDownload() {
        return new ConfirmDownloadFlyweight()
                .wrapForWriting(buffer(), 0)
                .session(SESSION)
                .sequence(9)
                .nonce(NONCE)
                .slave(2)
                .result(ConfirmDownloadFlyweight.Result.OK_LATE)
                .reportIntervalMs(200)
                .sendPosition(5)
                .joined(2)
                .usedBytes(0x1_2345_6789L);
    }

    /** The short last source symbol of track 4, which ends the track, or the same without flush. */
    static ByteBuf sectorData(boolean flush) {
        ByteBuf out = buffer();
        ByteBuffer payload = ByteBuffer.wrap("..imaging".getBytes(UTF_8));
        writeSymbol(out, SESSION, -2, flush, 4, 99, 100, 1, 6, payload, 2, 7);
        return out;
    }

    /** One datagram more at the writer index of {@code out}. Returns its length. */
    static int writeSymbol(
            ByteBuf out,
            int session,
            int sequence,
            boolean flush,
            int track,
            int symbol,
            int k,
            int generation,
            int planned,
            ByteBuffer payload,
            int payloadOffset,
            int payloadBytes) {
        int before = out.writerIndex();
        var writer = new SymbolWriter()
                .start(out.ensureWritable(payloadBytes + SectorDataFlyweight.OVERHEAD_BYTES), session)
                .track(track, k, generation);
        writer.append(sequence, flush, symbol, planned, payload, payloadOffset, payloadBytes);
        return writer.finish().writerIndex() - before;
    }

    static SkipTrackFlyweight skipTrack() {
        return new SkipTrackFlyweight()
                .wrapForWriting(buffer(), 0)
                .session(SESSION)
                .sequence(11)
                .add(0, 3, TrackKind.UNUSED)
                .add(5, 1, TrackKind.ZERO)
                .add(7, 1, TrackKind.UNREADABLE);
    }

    static ResendRequestFlyweight resendRequest() {
        return new ResendRequestFlyweight()
                .wrapForWriting(buffer(), 0)
                .session(SESSION)
                .sequence(12)
                .slave(2)
                .status(ResendRequestFlyweight.HOLD | ResendRequestFlyweight.DISK_ERROR)
                .nonce(NONCE)
                .sequenceSeen(0x8000_0001)
                .goodUpTo(1)
                .highest(8)
                .windowEnd(129)
                .tracksDone(5)
                .tracksMissing(3)
                .received(0xFFFF_FFFEL)
                .lost(3)
                .diskRateKib(204_800)
                .dropped(1)
                .tracksRepaired(4)
                .errno(5)
                .longestHeard(1472)
                .add(1, 2, 0, 0)
                .add(6, 1, 17, 1);
    }

    static EndOfDataFlyweight endOfData() {
        return new EndOfDataFlyweight()
                .wrapForWriting(buffer(), 0)
                .session(SESSION)
                .sequence(13)
                .kind(EndOfDataFlyweight.WAITING_FOR_ROOM)
                .pass(2)
                .trackCount(TRACK_COUNT)
                .sentUpTo(6)
                .queued(4)
                .windowMs(150);
    }

    static DoneFlyweight done() {
        return new DoneFlyweight()
                .wrapForWriting(buffer(), 0)
                .session(SESSION)
                .sequence(14)
                .reason(DoneFlyweight.COMPLETE)
                .trackCount(TRACK_COUNT)
                .dataTracks(3)
                .digest(digest())
                .slaves(1, 10)
                .departed(1)
                .departed(10);
    }

    static DisconnectFlyweight disconnect() {
        return new DisconnectFlyweight()
                .wrapForWriting(buffer(), 0)
                .session(SESSION)
                .sequence(15)
                .slave(2)
                .result(SlaveResult.Result.VERIFY_FAILED)
                .nonce(NONCE)
                .errno(5)
                .tracksMissing(1)
                .bytesWritten(1_861_632)
                .elapsedMs(61_000)
                .digest(digest())
                .counters(new SlaveCounters(1000, 12, 3, 5, 182_044L * 1024))
                .text("track 7 reads back wrong", false);
    }

    static DisconnectAcknowledgeFlyweight disconnectAcknowledge() {
        return new DisconnectAcknowledgeFlyweight()
                .wrapForWriting(buffer(), 0)
                .session(SESSION)
                .sequence(16)
                .slave(2)
                .result(SlaveResult.Result.VERIFY_FAILED)
                .nonce(NONCE);
    }

    static byte[] digest() {
        byte[] digest = new byte[DoneFlyweight.DIGEST_BYTES];
        for (int i = 0; i < digest.length; i++) {
            digest[i] = (byte) (0xE0 + i);
        }
        return digest;
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    /** Full of ones, so that a flyweight must clear what it does not set. */
    private static ByteBuf buffer() {
        ByteBuf buffer = Unpooled.buffer(1500);
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.setByte(i, 0xFF);
        }
        return buffer;
    }
}
