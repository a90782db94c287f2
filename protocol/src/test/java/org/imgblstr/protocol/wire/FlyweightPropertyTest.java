package org.imgblstr.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.imgblstr.protocol.contract.SessionImage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever arrives, a flyweight says yes or no: it throws nothing, and after yes every reader can be called. */
class FlyweightPropertyTest {
    private static final int GARBAGE_DATAGRAMS = 100_000;
    private static final int MUTANTS = 20_000;

    @ParameterizedTest
    @EnumSource
    void aTruncatedDatagramIsNotSound(CommandType type) {
        ByteBuf golden = Vectors.of(type);

        for (int length = 0; length < golden.writerIndex(); length++) {
            assertThat(Datagram.isSound(golden, 0, length))
                    .as("%d bytes", length)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTruncatedDatagramWithTheRightChecksumIsNotValid(CommandType type) {
        int wholeBytes = Vectors.of(type).writerIndex();
        // A shorter symbol is a symbol still: of Sector Data only the fixed fields can be cut.
        int firstValid = isSectorData(type) ? type.minimumBytes() + 1 : wholeBytes;

        for (int length = CommandFlyweight.MINIMUM_BYTES; length < wholeBytes; length++) {
            ByteBuf cut = Vectors.resealed(Vectors.of(type).writerIndex(length));
            assertThat(Datagram.isSound(cut)).as("%d bytes", length).isEqualTo(length >= type.minimumBytes());
            // A Disconnect may lack all that earlier versions do not send.
            boolean isEarlier = type == CommandType.DISCONNECT && length == type.minimumBytes();
            assertThat(Samples.isValid(cut)).as("%d bytes", length).isEqualTo(length >= firstValid || isEarlier);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesThatWeDoNotKnowBehindTheBodyAreIgnored(CommandType type) {
        ByteBuf longer = Unpooled.copiedBuffer(Vectors.of(type), Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));

        Vectors.resealed(longer);

        assertThat(Datagram.isSound(longer)).isTrue();
        assertThat(Samples.isValid(longer)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aFlippedBitIsNoticed(CommandType type) {
        ByteBuf golden = Vectors.of(type);

        for (int bit = 0; bit < golden.writerIndex() * 8; bit++) {
            flip(golden, bit);
            assertThat(Datagram.isSound(golden)).as("bit %d", bit).isFalse();
            flip(golden, bit);
        }
        assertThat(Datagram.isSound(golden)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aFlippedBitWithTheRightChecksumDoesNoHarm(CommandType type) {
        for (int bit = 0; bit < (Vectors.of(type).writerIndex() - CommandFlyweight.TRAILER_BYTES) * 8; bit++) {
            ByteBuf flipped = Vectors.of(type);
            flip(flipped, bit);
            readAll(Vectors.resealed(flipped));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void garbageIsNotSound(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < GARBAGE_DATAGRAMS; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            ByteBuf garbage = Unpooled.wrappedBuffer(bytes);
            if (i % 2 == 0 && bytes.length >= CommandFlyweight.HEADER_BYTES) {
                giveHeader(garbage, random);
            }
            assertThat(Datagram.isSound(garbage)).as("datagram %d", i).isFalse();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void garbageWithHeaderAndChecksumDoesNoHarm(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < GARBAGE_DATAGRAMS; i++) {
            byte[] bytes = new byte[CommandFlyweight.MINIMUM_BYTES + random.nextInt(300)];
            random.nextBytes(bytes);
            ByteBuf garbage = Unpooled.wrappedBuffer(bytes);
            giveHeader(garbage, random);
            readAll(Vectors.resealed(garbage));
        }
    }

    /** Extreme values at every place of good datagrams come closer to what a validity check forgets than garbage does. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void extremeFieldsDoNoHarm(long seed) {
        Random random = new Random(seed);
        int[] extremes = {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0xFFFF, 0x7FFF_FFFE, 8, 9, 110, 111, 65_535};
        CommandType[] types = CommandType.values();
        for (int i = 0; i < MUTANTS; i++) {
            ByteBuf mutant = Vectors.of(types[random.nextInt(types.length)]);
            for (int change = random.nextInt(3); change >= 0; change--) {
                int body = mutant.writerIndex() - CommandFlyweight.MINIMUM_BYTES;
                int at = CommandFlyweight.HEADER_BYTES + random.nextInt(body / 2 - 1) * 2;
                mutant.setInt(at, extremes[random.nextInt(extremes.length)]);
            }
            readAll(Vectors.resealed(mutant));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x20, 0xF0})
    void anotherMajorVersionIsNotSound(int version) {
        ByteBuf datagram = Vectors.of(CommandType.DONE);

        Vectors.resealed(datagram.setByte(2, version));

        assertThat(Datagram.isSound(datagram)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x11, 0x1F})
    void anotherMinorVersionIsSound(int version) {
        ByteBuf datagram = Vectors.of(CommandType.DONE);

        Vectors.resealed(datagram.setByte(2, version));

        assertThat(Datagram.isSound(datagram)).isTrue();
        assertThat(Samples.isValid(datagram)).isTrue();
    }

    static long[] seeds() {
        return new long[] {1, 42, System.nanoTime()};
    }

    private static boolean isSectorData(CommandType type) {
        return type == CommandType.SECTOR_DATA || type == CommandType.SECTOR_DATA_AND_FLUSH;
    }

    private static void giveHeader(ByteBuf datagram, Random random) {
        datagram.setShort(0, 0x494D).setByte(2, 0x10).setByte(3, 1 + random.nextInt(CommandType.values().length));
    }

    private static void flip(ByteBuf datagram, int bit) {
        datagram.setByte(bit / 8, datagram.getByte(bit / 8) ^ (1 << (bit % 8)));
    }

    /** What an engine does: ask, and only after two yeses read all that could go astray. */
    static void readAll(ByteBuf datagram) {
        if (!Datagram.isSound(datagram) || !Samples.isValid(datagram)) {
            return;
        }
        switch (Datagram.command(datagram, 0)) {
            case DRIVE_GEOMETRY -> readImage(new DriveGeometryFlyweight().wrap(datagram));
            case RSVP -> {
                var rsvp = new RsvpFlyweight().wrap(datagram);
                assertThat(rsvp.label()).isNotNull();
                assertThat(rsvp.machine().path()).isNotNull();
            }
            case CONFIRM_DOWNLOAD -> {
                var confirm = new ConfirmDownloadFlyweight().wrap(datagram);
                assertThat(confirm.result()).isNotNull();
                assertThat(confirm.sendPosition()).isBetween(0, Samples.TRACK_COUNT);
                assertThat(confirm.asked()).isNotNull();
            }
            case SECTOR_DATA, SECTOR_DATA_AND_FLUSH -> {
                var data = new SectorDataFlyweight().wrap(datagram);
                assertThat(data.track()).isBetween(0, Samples.TRACK_COUNT - 1);
                assertThat(data.payloadBytes()).isBetween(1, Samples.SYMBOL_BYTES);
            }
            case SKIP_TRACK -> readRanges(new SkipTrackFlyweight().wrap(datagram));
            case RESEND_REQUEST -> readRecords(new ResendRequestFlyweight().wrap(datagram));
            case END_OF_DATA ->
                assertThat(new EndOfDataFlyweight().wrap(datagram).sentUpTo()).isBetween(0, Samples.TRACK_COUNT);
            case DONE -> {
                var done = new DoneFlyweight().wrap(datagram);
                assertThat(done.digest()).hasSize(32);
                done.hasDeparted(done.base() + done.bits() - 1);
            }
            case DISCONNECT -> {
                var disconnect = new DisconnectFlyweight().wrap(datagram);
                assertThat(disconnect.result()).isNotNull();
                assertThat(disconnect.digest()).hasSize(32);
                assertThat(disconnect.text()).isNotNull();
            }
            case DISCONNECT_ACKNOWLEDGE ->
                assertThat(new DisconnectAcknowledgeFlyweight().wrap(datagram).result())
                        .isNotNull();
        }
    }

    private static void readImage(DriveGeometryFlyweight geometry) {
        SessionImage image = geometry.image();
        assertThat(image.space().trackCount()).isEqualTo(geometry.trackCount());
        assertThat(image.space().totalBytes()).isPositive();
        assertThat(image.space().rawBytes(geometry.trackCount() - 1)).isPositive();
        assertThat(geometry.dataGroup().isMulticastAddress()).isTrue();
    }

    private static void readRanges(SkipTrackFlyweight skip) {
        for (int range = 0; range < skip.ranges(); range++) {
            assertThat(skip.kind(range)).isNotNull();
            assertThat(skip.firstTrack(range) + skip.count(range)).isBetween(1, Samples.TRACK_COUNT);
        }
    }

    private static void readRecords(ResendRequestFlyweight request) {
        int tracks = 0;
        for (int record = 0; record < request.records(); record++) {
            assertThat(request.firstTrack(record) + request.count(record)).isBetween(1, Samples.TRACK_COUNT);
            tracks += request.count(record);
        }
        assertThat(tracks).isLessThanOrEqualTo(Samples.TRACK_COUNT);
    }
}
