package org.imgblstr.protocol.sealing;

import io.netty.buffer.ByteBuf;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.Datagram;

/**
 * Where things lie in a sealed datagram. Specification: docs/security.md, section 6.
 * <pre>
 *   0        12                     12 + n
 *   | header | body, encrypted (n)  | tag (16) |
 *
 *   of a slave:
 *   0        12            14         16                     16 + n
 *   | header | slave index | zero (2) | body, encrypted (n)  | tag (16) |
 * </pre>
 * The low nibble of the version tells the key: 0 open, 8 to 14 a group key, 15 a pairwise key.
 */
public final class SealedLayout {
    /** How much longer a sealed datagram is than the same in the open. */
    public static final int MORE_BYTES = CommandFlyweight.TAG_BYTES - CommandFlyweight.TRAILER_BYTES;

    /** What a slave has in clear behind the header. */
    static final int SLAVE_BYTES = 4;

    /** Nibble of a pairwise key. */
    static final int PAIR = 15;

    private static final int FIRST_GROUP = 8;
    private static final int EPOCHS = 7;
    private static final int SLAVE_INDEX = CommandFlyweight.HEADER_BYTES;
    private static final int SLAVE_ZERO = SLAVE_INDEX + Short.BYTES;

    private SealedLayout() {}

    /** Which key a datagram is to be sealed with, and so what stands in clear before its body. */
    enum Form {
        GROUP,
        OF_MASTER,
        OF_SLAVE;

        /** Bytes in clear between header and body. */
        int clearBytes() {
            return this == OF_SLAVE ? SLAVE_BYTES : 0;
        }

        /** Whether bytes can be a sealed datagram of this form and session; the reason why they cannot is counted. Throws nothing for any bytes. */
        boolean fits(ByteBuf buffer, int offset, int length, int session, SealCounts counts) {
            if (!Datagram.hasHeader(buffer, offset, length) || Datagram.session(buffer, offset) != session) {
                counts.onMalformed();
                return false;
            }
            int nibble = Datagram.keyNibble(buffer, offset);
            if (!isOf(nibble)) {
                countOther(nibble, counts);
                return false;
            }
            if (length < Datagram.command(buffer, offset).minimumBytes() + MORE_BYTES + clearBytes()) {
                counts.onMalformed();
                return false;
            }
            return true;
        }

        private boolean isOf(int nibble) {
            return this == GROUP ? isGroup(nibble) : nibble == PAIR;
        }

        private static void countOther(int nibble, SealCounts counts) {
            if (isGroup(nibble) || nibble == PAIR) {
                counts.onUnknownEpoch();
            } else {
                counts.onOpen();
            }
        }
    }

    /** The S that packets of {@code mtu} bytes carry in a sealed session. */
    public static int symbolBytes(int mtu) {
        return Datagram.symbolBytes(mtu) - MORE_BYTES;
    }

    /** Which kind of key a datagram says to be sealed with. */
    public enum Key {
        NONE,
        GROUP,
        PAIR
    }

    /** What the header of a datagram says of its key. */
    public static Key keyOf(ByteBuf buffer, int offset) {
        int nibble = Datagram.keyNibble(buffer, offset);
        if (nibble == PAIR) {
            return Key.PAIR;
        }
        return isGroup(nibble) ? Key.GROUP : Key.NONE;
    }

    /** Nibble of the group key of an epoch. */
    static int groupNibble(int epoch) {
        return FIRST_GROUP + epoch % EPOCHS;
    }

    /** Whether a nibble is that of a group key. */
    static boolean isGroup(int nibble) {
        return nibble >= FIRST_GROUP && nibble != PAIR;
    }

    /** The index that a slave has written in clear, 0 to 65,535; -1 when the bytes behind it are not zero. */
    public static int slaveIndex(ByteBuf buffer, int offset) {
        return buffer.getUnsignedShort(offset + SLAVE_ZERO) == 0 ? buffer.getUnsignedShort(offset + SLAVE_INDEX) : -1;
    }

    /** Moves the body of a slave's datagram of {@code length} bytes back, and writes the index before it. */
    static void putSlaveIndex(ByteBuf buffer, int offset, int length, int index) {
        int body = offset + CommandFlyweight.HEADER_BYTES;
        int lacking = offset + length + SLAVE_BYTES - buffer.writerIndex();
        if (lacking > 0) {
            buffer.ensureWritable(lacking);
        }
        buffer.setBytes(body + SLAVE_BYTES, buffer, body, length - CommandFlyweight.HEADER_BYTES);
        buffer.setShort(offset + SLAVE_INDEX, index);
        buffer.setShort(offset + SLAVE_ZERO, 0);
    }

    /** Moves the header of an opened datagram of a slave up to its body, which then begins {@link #SLAVE_BYTES} later. */
    static void joinHeader(ByteBuf buffer, int offset) {
        buffer.setBytes(offset + SLAVE_BYTES, buffer, offset, CommandFlyweight.HEADER_BYTES);
    }
}
