package org.imgblstr.protocol.sealing;

import io.netty.buffer.ByteBuf;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.RsvpFlyweight;
import org.imgblstr.protocol.wire.SealedRsvpFlyweight;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;

/** Puts an RSVP into its box and takes it out again, where it lies in a direct buffer. One slave, one thread. Specification: docs/security.md, section 4. */
public final class RsvpBox implements AutoCloseable {
    /** How much longer an RSVP is in its box. */
    public static final int MORE_BYTES =
            SealedRsvpFlyweight.BOX - SealedRsvpFlyweight.OPEN_BODY + CommandFlyweight.TAG_BYTES;

    private final DatagramCipher cipher;
    private final SealedRsvpFlyweight sealed = new SealedRsvpFlyweight();
    private final RsvpFlyweight open = new RsvpFlyweight();

    /** {@code key}: {@code k_rsvp} of this slave. */
    public RsvpBox(SecretBytes key, Primitives primitives) {
        cipher = new DatagramCipher(key, primitives);
    }

    /**
     * Seals an RSVP as its flyweight has left it. Its number must never have served before under this key.
     *
     * @param length with its CRC-32C
     * @param cookie 16 bytes; zeros when the master has asked for none
     * @param exchange X, 32 bytes
     * @return bytes of the sealed RSVP
     */
    public int seal(ByteBuf buffer, int offset, int length, byte[] cookie, byte[] exchange) {
        open.wrap(buffer, offset, length);
        int session = open.session();
        int sequence = open.sequence();
        long nonce = open.nonce();
        int boxed = length - SealedRsvpFlyweight.OPEN_BODY - CommandFlyweight.TRAILER_BYTES;
        // With room for all of it, so that the buffer does not move under the flyweight.
        int lacking = offset + length + MORE_BYTES - buffer.writerIndex();
        if (lacking > 0) {
            buffer.ensureWritable(lacking);
        }
        buffer.setBytes(offset + SealedRsvpFlyweight.BOX, buffer, offset + SealedRsvpFlyweight.OPEN_BODY, boxed);
        sealed.wrapForWriting(buffer, offset)
                .session(session)
                .sequence(sequence)
                .nonce(nonce)
                .cookie(cookie)
                .exchange(exchange)
                .boxBytes(boxed + CommandFlyweight.TAG_BYTES);
        cipher.seal(buffer, offset, SealedRsvpFlyweight.BOX, boxed);
        return sealed.seal();
    }

    /**
     * Opens a sound and valid sealed RSVP.
     *
     * @return bytes of the open RSVP, which begins at {@code offset}; where its CRC would be are bytes of no meaning. 0 when the slave does not
     *     have the secret
     */
    public int open(ByteBuf buffer, int offset, int length) {
        int boxEnd = length - CommandFlyweight.TRAILER_BYTES;
        if (!cipher.open(buffer, offset, SealedRsvpFlyweight.BOX, boxEnd)) {
            return 0;
        }
        int boxed = boxEnd - SealedRsvpFlyweight.BOX - CommandFlyweight.TAG_BYTES;
        buffer.setBytes(offset + SealedRsvpFlyweight.OPEN_BODY, buffer, offset + SealedRsvpFlyweight.BOX, boxed);
        return SealedRsvpFlyweight.OPEN_BODY + boxed + CommandFlyweight.TRAILER_BYTES;
    }

    @Override
    public void close() {
        cipher.close();
    }
}
