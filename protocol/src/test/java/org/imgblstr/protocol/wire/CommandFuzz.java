package org.imgblstr.protocol.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;

/**
 * Datagrams of each command. A flyweight says whether it takes one, and all that it takes can be read. Ranges and records that were read are written
 * and read again as the same.
 */
public final class CommandFuzz {
    private static final long MOST_ALLOCATED_BYTES = 4 << 20;
    private static final int ROOM_BYTES = 2048;

    private CommandFuzz() {}

    /** Whether header and CRC are put right, one byte; then the datagram. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        boolean isRepaired = in.u8() % 2 == 1;
        byte[] bytes = in.rest();
        ByteBuf datagram = Unpooled.wrappedBuffer(bytes);
        if (isRepaired && bytes.length >= CommandFlyweight.MINIMUM_BYTES) {
            datagram.setShort(CommandFlyweight.MAGIC, CommandFlyweight.MAGIC_VALUE)
                    .setByte(CommandFlyweight.VERSION, CommandFlyweight.VERSION_VALUE);
            Vectors.resealed(datagram);
        }
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        Datagram.isOfOtherVersion(datagram, 0, bytes.length);
        Datagram.hasHeader(datagram, 0, bytes.length);
        if (Datagram.isSound(datagram)) {
            FlyweightPropertyTest.readAll(datagram);
            readSealed(datagram);
            writeAgain(datagram);
        }
        budget.check();
    }

    private static void readSealed(ByteBuf datagram) {
        HelloFlyweight hello = new HelloFlyweight().wrap(datagram);
        if (hello.isValid()) {
            require(hello.hello() != null && hello.fields() != null, "no keys");
        }
        SealedRsvpFlyweight rsvp = new SealedRsvpFlyweight().wrap(datagram);
        if (rsvp.isValid()) {
            require(rsvp.boxBytes() > 0 && rsvp.cookie().length + rsvp.exchange().length == 48, "no box");
        }
        SealedConfirmFlyweight confirm = new SealedConfirmFlyweight().wrap(datagram);
        if (confirm.isValid()) {
            ByteBuf open = Unpooled.buffer(ROOM_BYTES, ROOM_BYTES);
            int length = confirm.toOpen(open, 0);
            new ConfirmDownloadFlyweight()
                    .wrap(open.writerIndex(length), 0, length)
                    .isValid(Samples.TRACK_COUNT);
            if (confirm.hasGroupKey()) {
                require(confirm.groupKey().length == SealedConfirmFlyweight.GROUP_KEY_BYTES, "no key");
            }
            if (confirm.hasImage()) {
                putImage(confirm);
            }
        }
    }

    private static void putImage(SealedConfirmFlyweight confirm) {
        ByteBuf geometry = Unpooled.buffer(ROOM_BYTES, ROOM_BYTES);
        geometry.writeBytes(Vectors.of(CommandType.DRIVE_GEOMETRY));
        int length = confirm.putImage(geometry, 0);
        require(length <= 1176 + CommandFlyweight.TRAILER_BYTES, "more than there must be room for");
        DriveGeometryFlyweight open = new DriveGeometryFlyweight().wrap(geometry.writerIndex(length), 0, length);
        if (open.isValid()) {
            require(open.image().space().totalBytes() > 0, "an image of no bytes");
        }
    }

    private static void writeAgain(ByteBuf datagram) {
        CommandType type = Datagram.command(datagram, 0);
        if (type == CommandType.SKIP_TRACK) {
            SkipTrackFlyweight skip = new SkipTrackFlyweight().wrap(datagram);
            if (skip.isValid(Samples.TRACK_COUNT)) {
                writeAgain(skip);
            }
        } else if (type == CommandType.RESEND_REQUEST) {
            ResendRequestFlyweight request = new ResendRequestFlyweight().wrap(datagram);
            if (request.isValid(Samples.TRACK_COUNT, Samples.TRACK_COUNT)) {
                writeAgain(request);
            }
        } else if (type == CommandType.CONFIRM_DOWNLOAD) {
            ConfirmDownloadFlyweight confirm = new ConfirmDownloadFlyweight().wrap(datagram);
            if (confirm.isValid(Samples.TRACK_COUNT)) {
                ConfirmDownloadFlyweight again = Samples.confirmDownload().asked(confirm.asked());
                again.seal();
                require(again.asked().equals(confirm.asked()), "something else is asked for");
            }
        }
    }

    private static void writeAgain(SkipTrackFlyweight skip) {
        SkipTrackFlyweight again = new SkipTrackFlyweight().wrapForWriting(Unpooled.buffer(ROOM_BYTES), 0);
        for (int range = 0; range < skip.ranges(); range++) {
            again.add(skip.firstTrack(range), skip.count(range), skip.kind(range));
        }
        again.seal();
        require(again.isValid(Samples.TRACK_COUNT) && again.ranges() == skip.ranges(), "other ranges");
        for (int range = 0; range < skip.ranges(); range++) {
            require(
                    again.firstTrack(range) == skip.firstTrack(range)
                            && again.count(range) == skip.count(range)
                            && again.kind(range) == skip.kind(range),
                    "another range");
        }
    }

    private static void writeAgain(ResendRequestFlyweight request) {
        ResendRequestFlyweight again = new ResendRequestFlyweight()
                .wrapForWriting(Unpooled.buffer(ROOM_BYTES), 0)
                .slave(request.slave())
                .goodUpTo(request.goodUpTo())
                .highest(request.highest())
                .windowEnd(request.windowEnd())
                .tracksDone(request.tracksDone())
                .tracksMissing(request.tracksMissing());
        for (int record = 0; record < request.records(); record++) {
            again.add(
                    request.firstTrack(record),
                    request.count(record),
                    request.symbolsNeeded(record),
                    request.generation(record));
        }
        again.seal();
        require(
                again.isValid(Samples.TRACK_COUNT, Samples.TRACK_COUNT)
                        && again.records() == request.records()
                        && again.goodUpTo() == request.goodUpTo()
                        && again.windowEnd() == request.windowEnd(),
                "another request");
        for (int record = 0; record < request.records(); record++) {
            require(
                    again.firstTrack(record) == request.firstTrack(record)
                            && again.count(record) == request.count(record)
                            && again.symbolsNeeded(record) == request.symbolsNeeded(record)
                            && again.generation(record) == request.generation(record),
                    "another record");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** The golden datagram of each command, and a confirmation that asks for something. */
    public static List<byte[]> seeds() {
        List<byte[]> datagrams = new ArrayList<>(FuzzDatagrams.golden());
        datagrams.add(FuzzDatagrams.asking());
        List<byte[]> seeds = new ArrayList<>();
        for (byte[] datagram : datagrams) {
            byte[] seed = new byte[1 + datagram.length];
            seed[0] = 1;
            System.arraycopy(datagram, 0, seed, 1, datagram.length);
            seeds.add(seed);
        }
        return seeds;
    }
}
