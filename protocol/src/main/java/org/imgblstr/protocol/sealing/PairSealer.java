package org.imgblstr.protocol.sealing;

import io.netty.buffer.ByteBuf;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.SealedConfirmFlyweight;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;

/** Seals what a master sends to one slave, or a slave to its master, and numbers it from 1. One thread. */
public final class PairSealer implements AutoCloseable {
    private static final int OF_MASTER = -1;

    private final DatagramCipher cipher;
    private final int slaveIndex;
    private int last;

    private PairSealer(SecretBytes key, int slaveIndex, Primitives primitives) {
        cipher = new DatagramCipher(key, primitives);
        this.slaveIndex = slaveIndex;
    }

    /** Of a master. {@code key}: the slave's key {@code down}. */
    public static PairSealer ofMaster(SecretBytes key, Primitives primitives) {
        return new PairSealer(key, OF_MASTER, primitives);
    }

    /** Of a slave. {@code key}: its key {@code up}; {@code slaveIndex}: by which the master finds that key. */
    public static PairSealer ofSlave(SecretBytes key, int slaveIndex, Primitives primitives) {
        return new PairSealer(key, slaveIndex, primitives);
    }

    /** Bytes by which a sealed datagram is longer than the same in the open. */
    public int moreBytes() {
        return SealedLayout.MORE_BYTES + (slaveIndex == OF_MASTER ? 0 : SealedLayout.SLAVE_BYTES);
    }

    /**
     * Seals a datagram as a flyweight has left it.
     *
     * @param length with its CRC-32C; the {@link #moreBytes} behind it are overwritten
     * @return bytes of the sealed datagram
     */
    public int seal(ByteBuf buffer, int offset, int length) {
        int bodyBytes = DatagramCipher.bodyBytes(length);
        int bodyAt = CommandFlyweight.HEADER_BYTES;
        if (slaveIndex != OF_MASTER) {
            SealedLayout.putSlaveIndex(buffer, offset, length, slaveIndex);
            bodyAt += SealedLayout.SLAVE_BYTES;
        }
        number(buffer, offset);
        cipher.seal(buffer, offset, bodyAt, bodyBytes);
        return length + moreBytes();
    }

    /** Seals a Confirm Download as {@link SealedConfirmFlyweight} has left it: both nonces stay in clear. Only at a master. */
    public int sealConfirm(ByteBuf buffer, int offset, int length) {
        number(buffer, offset);
        int boxBytes = length - SealedConfirmFlyweight.BOX - CommandFlyweight.TRAILER_BYTES;
        cipher.seal(buffer, offset, SealedConfirmFlyweight.BOX, boxBytes);
        return length + SealedLayout.MORE_BYTES;
    }

    private void number(ByteBuf buffer, int offset) {
        if (last == Integer.MAX_VALUE) {
            throw new IllegalStateException("a pairwise key has sealed " + last + " datagrams");
        }
        last++;
        Datagram.putSequence(buffer, offset, last);
        Datagram.putKeyNibble(buffer, offset, SealedLayout.PAIR);
    }

    @Override
    public void close() {
        cipher.close();
    }
}
