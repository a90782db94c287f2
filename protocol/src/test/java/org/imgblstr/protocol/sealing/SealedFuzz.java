package org.imgblstr.protocol.sealing;

import static org.imgblstr.protocol.sealing.SealedDatagrams.OFFSET;
import static org.imgblstr.protocol.sealing.SealedDatagrams.PRIMITIVES;
import static org.imgblstr.protocol.sealing.SealedDatagrams.SESSION;
import static org.imgblstr.protocol.sealing.SealedDatagrams.SESSION_ID;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.DisconnectFlyweight;

/**
 * Sealed datagrams on each of their three ways. Whatever is not exactly what was sealed is dropped and counted, and then a sound datagram is still
 * opened. What was sealed is opened to what it was.
 */
public final class SealedFuzz {
    private static final int ROOM_BYTES = 2048;
    private static final ByteBuf BUFFER = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(ROOM_BYTES));

    /** Keys are made once: making them costs more than all else. */
    private static final Epochs EPOCHS = epochs();

    private static final PairSealer TO_MASTER = PairSealer.ofSlave(SealedDatagrams.key(6), 3, PRIMITIVES);
    private static final SealCounts COUNTS = new SealCounts();
    private static final PairOpener AT_SLAVE = PairOpener.ofMaster(SealedDatagrams.key(5), SESSION, COUNTS, PRIMITIVES);
    private static final PairOpener AT_MASTER = PairOpener.ofSlave(SealedDatagrams.key(6), SESSION, COUNTS, PRIMITIVES);

    private SealedFuzz() {}

    private static Epochs epochs() {
        Epochs epochs = new Epochs(SESSION_ID, PRIMITIVES);
        epochs.add(SealedDatagrams.group(1));
        return epochs;
    }

    /** Which way; whether header and session are put right; then the datagram. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        int way = in.u8() % 3;
        boolean isRepaired = in.u8() % 2 == 1;
        byte[] bytes = in.take(ROOM_BYTES - OFFSET);
        if (isRepaired && bytes.length >= CommandFlyweight.HEADER_BYTES) {
            ByteBuffer.wrap(bytes).putShort(0, (short) 0x494D).putInt(4, SESSION);
            bytes[2] = (byte) (0x10 | (bytes[2] & 0xF));
        }
        long before = seen();
        BUFFER.setIndex(0, OFFSET).writeBytes(bytes);
        if (open(way, bytes.length) != 0) {
            throw new AssertionError("a forged datagram was opened");
        }
        if (seen() != before + 1) {
            throw new AssertionError("a dropped datagram was not counted once");
        }
        requireSound();
    }

    private static int open(int way, int length) {
        return switch (way) {
            case 0 ->
                new GroupOpener(SESSION, EPOCHS, (buffer, offset, opened) -> true, COUNTS)
                        .open(BUFFER, OFFSET, length, 0);
            case 1 -> AT_SLAVE.open(BUFFER, OFFSET, length);
            default -> AT_MASTER.open(BUFFER, OFFSET, length);
        };
    }

    private static long seen() {
        return COUNTS.badTag() + COUNTS.replayed() + COUNTS.unknownEpoch() + COUNTS.open() + COUNTS.malformed();
    }

    private static void requireSound() {
        BUFFER.setIndex(0, OFFSET);
        DisconnectFlyweight flyweight = new DisconnectFlyweight().wrapForWriting(BUFFER, OFFSET);
        flyweight.session(SESSION);
        int open = flyweight.seal();
        byte[] wanted = ByteBufUtil.getBytes(BUFFER, OFFSET + 12, open - 12 - CommandFlyweight.TRAILER_BYTES);
        int sealed = TO_MASTER.seal(BUFFER, OFFSET, open);
        BUFFER.writerIndex(OFFSET + sealed);
        int opened = AT_MASTER.open(BUFFER, OFFSET, sealed);
        byte[] found = opened == open
                ? ByteBufUtil.getBytes(
                        BUFFER, OFFSET + AT_MASTER.shift() + 12, open - 12 - CommandFlyweight.TRAILER_BYTES)
                : new byte[0];
        if (!Arrays.equals(wanted, found)) {
            throw new AssertionError("a sound datagram was not opened to what it was");
        }
    }

    /** A sealed datagram of each way, under keys that nobody has. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        ByteBuf group = SealedDatagrams.toGroup(7);
        int length = SealedDatagrams.dataSealer(2, 0).seal(group, OFFSET, SealedDatagrams.length(group));
        seeds.add(seed(0, group, length));
        ByteBuf slave = SealedDatagrams.toSlave();
        length = PairSealer.ofMaster(SealedDatagrams.key(7), PRIMITIVES)
                .seal(slave, OFFSET, SealedDatagrams.length(slave));
        seeds.add(seed(1, slave, length));
        ByteBuf master = SealedDatagrams.of(new DisconnectFlyweight());
        length = PairSealer.ofSlave(SealedDatagrams.key(7), 3, PRIMITIVES)
                .seal(master, OFFSET, SealedDatagrams.length(master));
        seeds.add(seed(2, master, length));
        return seeds;
    }

    private static byte[] seed(int way, ByteBuf datagram, int length) {
        byte[] seed = new byte[2 + length];
        seed[0] = (byte) way;
        seed[1] = 1;
        datagram.getBytes(OFFSET, seed, 2, length);
        return seed;
    }
}
