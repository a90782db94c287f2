package org.imgblstr.protocol.wire;

import io.netty.buffer.ByteBuf;

/** What is the same for every datagram, whatever its command. Any thread. Source: docs/protocol.md, sections 1 and 2. */
public final class Datagram {
    /** IPv4 header without options, and UDP header. */
    private static final int IP_AND_UDP_BYTES = 20 + 8;

    /** The symbol S of an Ethernet of 1500 bytes: less IPv4 and UDP headers (28) and what surrounds a symbol (28). */
    public static final int ETHERNET_SYMBOL_BYTES = symbolBytes(1500);

    /** The same for frames of 9000 bytes, the largest that all makers of cards and switches agree on. */
    public static final int JUMBO_SYMBOL_BYTES = symbolBytes(9000);

    /** The longest datagram that a path of packets of 1280 bytes carries, as each link does that takes IPv6. No command but data is longer. */
    public static final int CONTROL_BYTES = 1280 - IP_AND_UDP_BYTES;

    /** The smallest S that paths are asked for: data that such a path carries, too. */
    public static final int NARROWEST_SYMBOL_BYTES = symbolBytes(1280);

    private static final int KEY_NIBBLE = 0xF;

    private Datagram() {}

    /** The S that packets of {@code mtu} bytes carry. */
    public static int symbolBytes(int mtu) {
        return mtu - IP_AND_UDP_BYTES - SectorDataFlyweight.OVERHEAD_BYTES;
    }

    /** Bytes of the packets, as an MTU counts them, that carry datagrams of so many bytes. */
    public static int mtuOf(int datagramBytes) {
        return datagramBytes + IP_AND_UDP_BYTES;
    }

    /**
     * Whether these bytes are a datagram of ours, undamaged: magic, major version, a known command, no shorter than its fixed fields, and
     * the right CRC-32C. Says nothing about the fields: that is the flyweight's {@code isValid}. Throws nothing for any bytes or range.
     */
    public static boolean isSound(ByteBuf buffer, int offset, int length) {
        if (offset < 0 || length < CommandFlyweight.MINIMUM_BYTES || offset > buffer.writerIndex() - length) {
            return false;
        }
        return hasOurHeader(buffer, offset)
                && isLongEnough(buffer, offset, length)
                && isTrailerRight(buffer, offset, length);
    }

    /**
     * Whether these bytes are an undamaged Drive Geometry or RSVP of another major version: what each version can read of the others, to
     * say so (docs/protocol.md, section 2).
     */
    public static boolean isOfOtherVersion(ByteBuf buffer, int offset, int length) {
        if (offset < 0 || length < CommandFlyweight.MINIMUM_BYTES || offset > buffer.writerIndex() - length) {
            return false;
        }
        CommandType command = command(buffer, offset);
        return buffer.getUnsignedShort(offset + CommandFlyweight.MAGIC) == CommandFlyweight.MAGIC_VALUE
                && majorVersion(buffer, offset) != CommandFlyweight.VERSION_VALUE >> 4
                && (command == CommandType.DRIVE_GEOMETRY || command == CommandType.RSVP)
                && isLongEnough(buffer, offset, length)
                && isTrailerRight(buffer, offset, length);
    }

    /** Major version of the sender at {@code offset}. */
    public static int majorVersion(ByteBuf buffer, int offset) {
        return buffer.getUnsignedByte(offset + CommandFlyweight.VERSION) >> 4;
    }

    /** The major version that this program speaks. */
    public static int ourMajorVersion() {
        return CommandFlyweight.VERSION_VALUE >> 4;
    }

    /** Whether the last four of {@code length} bytes are the CRC-32C of those before. */
    static boolean isTrailerRight(ByteBuf buffer, int offset, int length) {
        int bytes = length - CommandFlyweight.TRAILER_BYTES;
        return DatagramBytes.crc32c(buffer, offset, bytes) == buffer.getInt(offset + bytes);
    }

    /** {@link #isSound(ByteBuf, int, int)} of all readable bytes. */
    public static boolean isSound(ByteBuf buffer) {
        return isSound(buffer, buffer.readerIndex(), buffer.readableBytes());
    }

    /** The command of the sound datagram at {@code offset}; null when unknown. */
    public static CommandType command(ByteBuf buffer, int offset) {
        return CommandType.ofCode(buffer.getUnsignedByte(offset + CommandFlyweight.COMMAND));
    }

    /** Low 32 bits of the session id of the sound datagram at {@code offset}. */
    public static int session(ByteBuf buffer, int offset) {
        return buffer.getInt(offset + CommandFlyweight.SESSION);
    }

    /** Sequence of the sound datagram at {@code offset}; compare with {@link #isAfter}. */
    public static int sequence(ByteBuf buffer, int offset) {
        return buffer.getInt(offset + CommandFlyweight.SEQUENCE);
    }

    /** Whether sequence {@code a} is after {@code b}, modulo 2^32. */
    public static boolean isAfter(int a, int b) {
        return a - b > 0;
    }

    /** Whether these bytes begin with a header of ours and a known command. Says nothing of what follows. Throws nothing for any bytes or range. */
    public static boolean hasHeader(ByteBuf buffer, int offset, int length) {
        return offset >= 0
                && length >= CommandFlyweight.HEADER_BYTES
                && offset <= buffer.writerIndex() - length
                && hasOurHeader(buffer, offset)
                && command(buffer, offset) != null;
    }

    /** Low nibble of the version at {@code offset}: 0 in the open layout, else it tells the key (docs/security.md, section 6). */
    public static int keyNibble(ByteBuf buffer, int offset) {
        return buffer.getByte(offset + CommandFlyweight.VERSION) & KEY_NIBBLE;
    }

    /** Says in the header which key seals the datagram. */
    public static void putKeyNibble(ByteBuf buffer, int offset, int nibble) {
        buffer.setByte(offset + CommandFlyweight.VERSION, CommandFlyweight.VERSION_VALUE | nibble);
    }

    /** Gives a datagram that was written another sequence. */
    public static void putSequence(ByteBuf buffer, int offset, int sequence) {
        buffer.setInt(offset + CommandFlyweight.SEQUENCE, sequence);
    }

    /** Puts the right CRC-32C at the end of a datagram of {@code length} bytes that was opened or changed. */
    public static void putTrailer(ByteBuf buffer, int offset, int length) {
        int bytes = length - CommandFlyweight.TRAILER_BYTES;
        buffer.setInt(offset + bytes, DatagramBytes.crc32c(buffer, offset, bytes));
    }

    /** {@link #isSound(ByteBuf, int, int)} of a datagram that was opened: its tag held, and what stands where its CRC would be has no meaning. */
    static boolean isSoundWhenOpened(ByteBuf buffer, int offset, int length) {
        return hasHeader(buffer, offset, length) && isLongEnough(buffer, offset, length);
    }

    private static boolean hasOurHeader(ByteBuf buffer, int offset) {
        return buffer.getUnsignedShort(offset + CommandFlyweight.MAGIC) == CommandFlyweight.MAGIC_VALUE
                && majorVersion(buffer, offset) == ourMajorVersion();
    }

    private static boolean isLongEnough(ByteBuf buffer, int offset, int length) {
        CommandType type = command(buffer, offset);
        return type != null && length >= type.minimumBytes();
    }
}
