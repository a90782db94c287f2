package org.imgblstr.protocol.sealing;

import io.netty.buffer.ByteBuf;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;

/** Seals what a master sends to all slaves of an epoch, under one of its two keys. One thread. */
public final class GroupSealer implements AutoCloseable {
    /** Datagrams that a key may seal. */
    public static final int MOST_DATAGRAMS = 1 << 28;

    private final DatagramCipher cipher;
    private final int nibble;
    private final boolean isNumbering;
    private int last;
    private int count;

    /** {@code count}: datagrams that the key has sealed. */
    GroupSealer(SecretBytes key, int epoch, Primitives primitives, boolean isNumbering, int last, int count) {
        cipher = new DatagramCipher(key, primitives);
        nibble = SealedLayout.groupNibble(epoch);
        this.isNumbering = isNumbering;
        this.last = last;
        this.count = count;
    }

    /**
     * For the data group, whose datagrams bring the numbers of the master.
     *
     * @param key of {@link org.imgblstr.sealing.schedule.GroupKey#data}
     * @param lastSequence number of the last datagram before this epoch
     * @param sealed datagrams that the key has sealed
     */
    public static GroupSealer ofData(SecretBytes key, int epoch, int lastSequence, int sealed, Primitives primitives) {
        return new GroupSealer(key, epoch, primitives, false, lastSequence, sealed);
    }

    /** For Drive Geometry, whose datagrams are numbered here, from 1. {@code key}: of {@link org.imgblstr.sealing.schedule.GroupKey#state}. */
    public static GroupSealer ofState(SecretBytes key, int epoch, Primitives primitives) {
        return new GroupSealer(key, epoch, primitives, true, 0, 0);
    }

    /**
     * Seals a datagram as a flyweight has left it.
     *
     * @param length with its CRC-32C; the 12 bytes behind it are overwritten
     * @return bytes of the sealed datagram, 12 more
     * @throws IllegalStateException when its number is not after the last one, or the key is worn out: a number that
     *     serves twice would give the key away
     */
    public int seal(ByteBuf buffer, int offset, int length) {
        number(buffer, offset);
        return sealNumbered(buffer, offset, length);
    }

    /** As {@link #seal}, with the master's signature as the last field of the body: 64 bytes more. */
    public int sealSigned(ByteBuf buffer, int offset, int length, DatagramSignature signature) {
        number(buffer, offset);
        return sealNumbered(buffer, offset, signature.sign(buffer, offset, length));
    }

    private int sealNumbered(ByteBuf buffer, int offset, int length) {
        cipher.seal(buffer, offset, CommandFlyweight.HEADER_BYTES, DatagramCipher.bodyBytes(length));
        return length + SealedLayout.MORE_BYTES;
    }

    private void number(ByteBuf buffer, int offset) {
        if (isWornOut()) {
            throw new IllegalStateException("a group key has sealed " + count + " datagrams");
        }
        if (isNumbering) {
            Datagram.putSequence(buffer, offset, last + 1);
        }
        int sequence = Datagram.sequence(buffer, offset);
        if (!Datagram.isAfter(sequence, last)) {
            throw new IllegalStateException("datagram " + sequence + " is to be sealed after datagram " + last);
        }
        last = sequence;
        count++;
        Datagram.putKeyNibble(buffer, offset, nibble);
    }

    /** Datagrams that were sealed. */
    public int count() {
        return count;
    }

    /** Whether a new epoch has to begin. */
    public boolean isWornOut() {
        return count >= MOST_DATAGRAMS;
    }

    @Override
    public void close() {
        cipher.close();
    }
}
