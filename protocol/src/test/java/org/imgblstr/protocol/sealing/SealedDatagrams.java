package org.imgblstr.protocol.sealing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Random;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.DisconnectAcknowledgeFlyweight;
import org.imgblstr.protocol.wire.EndOfDataFlyweight;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.schedule.GroupKey;

/** Keys and datagrams for tests of sealing. */
final class SealedDatagrams {
    static final Primitives PRIMITIVES = Primitives.best();
    static final long SESSION_ID = 0x0102_0304_A1B2_C3D4L;
    static final int SESSION = (int) SESSION_ID;

    /** Where datagrams lie in their buffers, behind something else. */
    static final int OFFSET = 3;

    private SealedDatagrams() {}

    static SecretBytes key(long seed) {
        return SecretBytes.random(32, new Random(seed)::nextBytes);
    }

    static GroupKey group(int epoch) {
        return new GroupKey(epoch, key(epoch));
    }

    static GroupSealer dataSealer(int epoch, int lastSequence) {
        return GroupSealer.ofData(
                group(epoch).data(PRIMITIVES.hashing(), SESSION_ID), epoch, lastSequence, 0, PRIMITIVES);
    }

    static GroupSealer stateSealer(int epoch) {
        return GroupSealer.ofState(group(epoch).state(PRIMITIVES.hashing(), SESSION_ID), epoch, PRIMITIVES);
    }

    /** An open datagram to the data group, at {@link #OFFSET}. */
    static ByteBuf toGroup(int sequence) {
        ByteBuf buffer = buffer();
        new EndOfDataFlyweight()
                .wrapForWriting(buffer, OFFSET)
                .session(SESSION)
                .sequence(sequence)
                .seal();
        return buffer;
    }

    /** An open datagram to one slave. */
    static ByteBuf toSlave() {
        ByteBuf buffer = buffer();
        new DisconnectAcknowledgeFlyweight()
                .wrapForWriting(buffer, OFFSET)
                .session(SESSION)
                .seal();
        return buffer;
    }

    /** A datagram that a flyweight has begun. */
    static ByteBuf of(CommandFlyweight<?> flyweight) {
        ByteBuf buffer = buffer();
        flyweight.wrapForWriting(buffer, OFFSET);
        flyweight.session(SESSION);
        flyweight.seal();
        return buffer;
    }

    /** Bytes of the datagram in a buffer of this class. */
    static int length(ByteBuf buffer) {
        return buffer.writerIndex() - OFFSET;
    }

    private static ByteBuf buffer() {
        return Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(2048)).setIndex(0, OFFSET);
    }

    static ByteBuf copy(ByteBuf buffer) {
        return buffer().setBytes(0, buffer, 0, buffer.capacity()).writerIndex(buffer.writerIndex());
    }
}
