package org.imgblstr.protocol.sealing;

import io.netty.buffer.ByteBuf;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.primitive.Signing;
import org.imgblstr.sealing.schedule.SessionSignature;
import org.imgblstr.sealing.schedule.SignedBytes;

/**
 * The master's signature in a datagram, the last 64 bytes of its body: every slave has the group key, and only the master has this one. One
 * session, one thread. Specification: docs/security.md, section 7.
 */
public final class DatagramSignature implements GroupOpener.SignatureCheck {
    /** Bytes by which a datagram is longer with its signature. */
    public static final int BYTES = Signing.SIGNATURE_BYTES;

    private final SessionSignature session;

    private DatagramSignature(SessionSignature session) {
        this.session = session;
    }

    /** At the master. {@code seed}: of the key pair of this session; the caller wipes it. */
    public static DatagramSignature ofMaster(Signing signing, long sessionId, SecretBytes seed) {
        return new DatagramSignature(SessionSignature.ofMaster(signing, sessionId, seed));
    }

    /** At a slave. {@code verify}: V of the hello. */
    public static DatagramSignature ofSlave(Signing signing, long sessionId, byte[] verify) {
        return new DatagramSignature(SessionSignature.ofSlave(signing, sessionId, verify));
    }

    /** V: 32 bytes, for the hello. */
    public byte[] verify() {
        return session.verify();
    }

    /** Appends the signature to the body of a numbered datagram of {@code length} bytes, trailer included. Returns the bytes it has then. */
    int sign(ByteBuf buffer, int offset, int length) {
        int bodyEnd = length - CommandFlyweight.TRAILER_BYTES;
        byte[] signature = session.sign(labelOf(buffer, offset), signed(buffer, offset, bodyEnd));
        int lacking = offset + length + BYTES - buffer.writerIndex();
        if (lacking > 0) {
            buffer.ensureWritable(lacking).writerIndex(offset + length + BYTES);
        }
        buffer.setBytes(offset + bodyEnd, signature);
        return length + BYTES;
    }

    @Override
    public boolean isSigned(ByteBuf buffer, int offset, int length) {
        int bodyEnd = length - CommandFlyweight.TRAILER_BYTES - BYTES;
        if (bodyEnd < CommandFlyweight.HEADER_BYTES) {
            return false;
        }
        byte[] signature = new byte[BYTES];
        buffer.getBytes(offset + bodyEnd, signature);
        return session.isSigned(labelOf(buffer, offset), signed(buffer, offset, bodyEnd), signature);
    }

    private static SignedBytes labelOf(ByteBuf buffer, int offset) {
        return Datagram.command(buffer, offset) == CommandType.DONE ? SignedBytes.DONE : SignedBytes.STATE;
    }

    private static byte[] signed(ByteBuf buffer, int offset, int bodyEnd) {
        byte[] content = new byte[bodyEnd];
        buffer.getBytes(offset, content);
        return content;
    }
}
