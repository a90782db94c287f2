package org.imgblstr.protocol.wire;

import io.netty.buffer.ByteBuf;

/**
 * A view of one datagram in a buffer, for reading after {@link #wrap} or for writing after {@link #wrapForWriting} until {@link #seal}.
 * Integers are big-endian and unsigned. It neither owns nor retains the buffer: a view is used up when the call that brought the buffer
 * returns, and is made to be wrapped again. One thread at a time. Source: docs/protocol.md, sections 1 and 2.
 * <pre>
 *   0       2         3         4         8          12       length - 4
 *   | magic | version | command | session | sequence | body ... | CRC-32C |
 * </pre>
 *
 * A received datagram goes through {@link Datagram#isSound}, then {@code wrap}, then {@code isValid} of its flyweight; only after these are
 * the other accessors defined.
 *
 * @param <F> the flyweight itself, so that writers chain
 */
public abstract class CommandFlyweight<F extends CommandFlyweight<F>> {
    /** Bytes ahead of the body. */
    public static final int HEADER_BYTES = 12;

    /** Bytes behind the body. */
    public static final int TRAILER_BYTES = 4;

    /** Bytes of the tag that stands there in a sealed datagram (docs/security.md, section 6). */
    public static final int TAG_BYTES = 16;

    /** The last index that a slave may have; the first is 1. */
    public static final int MAX_SLAVE_INDEX = 65_534;

    static final int MAGIC = 0;
    static final int VERSION = MAGIC + Short.BYTES;
    static final int COMMAND = VERSION + Byte.BYTES;
    static final int SESSION = COMMAND + Byte.BYTES;
    static final int SEQUENCE = SESSION + Integer.BYTES;

    static final int MINIMUM_BYTES = HEADER_BYTES + TRAILER_BYTES;
    static final int MAGIC_VALUE = 0x494D;
    static final int VERSION_VALUE = 0x10;

    private final CommandType type;
    private ByteBuf buffer;
    private int offset;
    private int length;

    CommandFlyweight(CommandType type) {
        this.type = type;
    }

    /** Views a sound datagram of {@code length} bytes that starts at index {@code offset}. */
    public final F wrap(ByteBuf buffer, int offset, int length) {
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        return self();
    }

    /** Views all readable bytes. */
    public final F wrap(ByteBuf buffer) {
        return wrap(buffer, buffer.readerIndex(), buffer.readableBytes());
    }

    /** Starts a datagram at index {@code offset}: header set, session, sequence and all fixed fields zero. */
    public final F wrapForWriting(ByteBuf buffer, int offset) {
        wrap(buffer, offset, 0);
        reserve(type.minimumBytes());
        buffer.setZero(offset, type.minimumBytes());
        put16(MAGIC, MAGIC_VALUE).put8(VERSION, VERSION_VALUE).put8(COMMAND, type.code());
        onBegin();
        return self();
    }

    /**
     * Ends a datagram that was written: appends the CRC-32C and moves the buffer's writer index behind it.
     *
     * @return bytes of the datagram, header and trailer included
     */
    public final int seal() {
        return seal(bodyEnd());
    }

    /**
     * Ends a datagram as {@link #seal()} does, with zeros behind its fields so that it is {@code datagramBytes} long, or as long as its fields
     * need when that is more.
     */
    public final int sealPadded(int datagramBytes) {
        int fieldsEnd = bodyEnd();
        int bodyEnd = Math.max(fieldsEnd, datagramBytes - TRAILER_BYTES);
        reserve(bodyEnd + TRAILER_BYTES);
        buffer.setZero(offset + fieldsEnd, bodyEnd - fieldsEnd);
        return seal(bodyEnd);
    }

    private int seal(int bodyEnd) {
        reserve(bodyEnd + TRAILER_BYTES);
        put32(bodyEnd, DatagramBytes.crc32c(buffer, offset, bodyEnd));
        length = bodyEnd + TRAILER_BYTES;
        buffer.writerIndex(offset + length);
        return length;
    }

    /** The command; null when unknown. */
    public final CommandType command() {
        return CommandType.ofCode(u8(COMMAND));
    }

    /** Low 32 bits of the session id. */
    public final int session() {
        return i32(SESSION);
    }

    public final F session(int value) {
        return put32(SESSION, value);
    }

    /** Serial number; compare with {@link Datagram#isAfter}. */
    public final int sequence() {
        return i32(SEQUENCE);
    }

    public final F sequence(int value) {
        return put32(SEQUENCE, value);
    }

    /** Bytes of the datagram, header and trailer included; 0 while it is being written. */
    public final int length() {
        return length;
    }

    /** A new datagram begins: nothing is known of fields behind the fixed ones. */
    void onBegin() {}

    abstract F self();

    /** Where the body ends, by the counts that were written: relative to the start of the datagram. */
    abstract int bodyEnd();

    /** Whether the datagram carries one of this flyweight's commands. */
    boolean isOurCommand() {
        return command() == type;
    }

    /** Whether the fixed fields are there and the command is ours: the first question of every {@code isValid}. */
    final boolean hasFixedFields() {
        return length >= type.minimumBytes()
                && offset >= 0
                && offset <= buffer.writerIndex() - length
                && isOurCommand();
    }

    /** Whether the body reaches at least to {@code bodyEnd}. */
    final boolean reaches(int bodyEnd) {
        return bodyEnd <= length - TRAILER_BYTES;
    }

    final ByteBuf buffer() {
        return buffer;
    }

    /** Index in the buffer of a field. */
    final int indexOf(int field) {
        return offset + field;
    }

    /** Makes room for a datagram of {@code bytes} bytes. */
    final void reserve(int bytes) {
        int lacking = offset + bytes - buffer.writerIndex();
        if (lacking > 0) {
            buffer.ensureWritable(lacking);
        }
    }

    final int u8(int field) {
        return buffer.getUnsignedByte(offset + field);
    }

    final int u16(int field) {
        return buffer.getUnsignedShort(offset + field);
    }

    final int i32(int field) {
        return buffer.getInt(offset + field);
    }

    final long u32(int field) {
        return buffer.getUnsignedInt(offset + field);
    }

    final long i64(int field) {
        return buffer.getLong(offset + field);
    }

    final byte[] bytes(int field, int count) {
        byte[] bytes = new byte[count];
        buffer.getBytes(offset + field, bytes);
        return bytes;
    }

    final F put8(int field, int value) {
        buffer.setByte(offset + field, checked(value, 0xFF));
        return self();
    }

    final F put16(int field, int value) {
        buffer.setShort(offset + field, checked(value, 0xFFFF));
        return self();
    }

    final F put32(int field, int value) {
        buffer.setInt(offset + field, value);
        return self();
    }

    final F putU32(int field, long value) {
        return put32(field, (int) checked(value, 0xFFFF_FFFFL));
    }

    final F put64(int field, long value) {
        buffer.setLong(offset + field, value);
        return self();
    }

    final F putBytes(int field, byte[] bytes, int expected) {
        if (bytes.length != expected) {
            throw new IllegalArgumentException("field: expected " + expected + " bytes, found " + bytes.length);
        }
        buffer.setBytes(offset + field, bytes);
        return self();
    }

    static boolean isSlaveIndex(int index) {
        return index >= 1 && index <= MAX_SLAVE_INDEX;
    }

    /** Whether a track number or a count of tracks lies in 0 to {@code trackCount}. */
    static boolean isUpTo(int trackCount, int value) {
        return value >= 0 && value <= trackCount;
    }

    /** Whether {@code count} tracks, at least one, from {@code firstTrack} on are all there. */
    static boolean isRangeOf(int trackCount, int firstTrack, int count) {
        return firstTrack >= 0 && count >= 1 && count <= trackCount - firstTrack;
    }

    private static int checked(int value, int max) {
        return (int) checked((long) value, max);
    }

    private static long checked(long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException("field: expected 0 to " + max + ", found " + value);
        }
        return value;
    }
}
