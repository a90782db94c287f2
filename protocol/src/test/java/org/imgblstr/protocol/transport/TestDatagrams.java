package org.imgblstr.protocol.transport;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/** Datagrams that prove their own framing: sequence, length, filling, CRC-32C of all before it. */
final class TestDatagrams {
    private static final int CRC_BYTES = Integer.BYTES;

    private TestDatagrams() {}

    static ByteBuf datagram(Transport transport, int sequence, int bytes) {
        ByteBuf buffer = transport.allocate(bytes);
        append(buffer, sequence, bytes);
        return buffer;
    }

    /** {@code count} datagrams of {@code bytes} bytes one after the other; the last is {@code shorterBy} bytes shorter. */
    static ByteBuf batch(Transport transport, int count, int bytes, int shorterBy) {
        ByteBuf buffer = transport.allocate(count * bytes);
        for (int sequence = 0; sequence < count; sequence++) {
            append(buffer, sequence, sequence == count - 1 ? bytes - shorterBy : bytes);
        }
        return buffer;
    }

    static List<Integer> firstSequences(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    static int checkedSequence(ByteBuf datagram) {
        int crcAt = datagram.writerIndex() - CRC_BYTES;
        int bytes = datagram.readableBytes();
        int sequence = datagram.getInt(datagram.readerIndex());
        if (datagram.getInt(datagram.readerIndex() + Integer.BYTES) != bytes
                || datagram.getInt(crcAt) != crc(datagram.nioBuffer(datagram.readerIndex(), bytes - CRC_BYTES))) {
            throw new IllegalStateException("datagram " + sequence + " of " + bytes + " bytes is not as it was sent");
        }
        return sequence;
    }

    private static void append(ByteBuf buffer, int sequence, int bytes) {
        int start = buffer.writerIndex();
        buffer.writeInt(sequence).writeInt(bytes);
        for (int i = 2 * Integer.BYTES; i < bytes - CRC_BYTES; i++) {
            buffer.writeByte(sequence * 31 + i);
        }
        buffer.writeInt(crc(buffer.nioBuffer(start, bytes - CRC_BYTES)));
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
