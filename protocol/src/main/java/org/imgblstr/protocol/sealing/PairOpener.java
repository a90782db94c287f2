package org.imgblstr.protocol.sealing;

import io.netty.buffer.ByteBuf;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.SealedConfirmFlyweight;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;

/** Opens what one slave sends to its master, or a master to one slave. Takes only what is newer than the newest. One thread. */
public final class PairOpener implements AutoCloseable {
    private final DatagramCipher cipher;
    private final int session;
    private final SealedLayout.Form form;
    private final SealCounts counts;
    private int newest;

    private PairOpener(SecretBytes key, int session, SealedLayout.Form form, SealCounts counts, Primitives primitives) {
        cipher = new DatagramCipher(key, primitives);
        this.session = session;
        this.form = form;
        this.counts = counts;
    }

    /**
     * At a slave, for what its master sends to it alone.
     *
     * @param key the slave's key {@code down}
     * @param session low 32 bits of the session id
     */
    public static PairOpener ofMaster(SecretBytes key, int session, SealCounts counts, Primitives primitives) {
        return new PairOpener(key, session, SealedLayout.Form.OF_MASTER, counts, primitives);
    }

    /** At a master, for what one slave sends. {@code key}: the slave's key {@code up}. */
    public static PairOpener ofSlave(SecretBytes key, int session, SealCounts counts, Primitives primitives) {
        return new PairOpener(key, session, SealedLayout.Form.OF_SLAVE, counts, primitives);
    }

    /** How far behind the sealed datagram the opened one begins. */
    public int shift() {
        return form.clearBytes();
    }

    /**
     * Opens a datagram where it lies. Throws nothing for any bytes.
     *
     * @return bytes of the open datagram, which begins {@link #shift} behind {@code offset}; where its CRC would be are bytes of no meaning. 0
     *     when it was dropped and counted; then its bytes are lost
     */
    public int open(ByteBuf buffer, int offset, int length) {
        if (!isOpened(buffer, offset, length, CommandFlyweight.HEADER_BYTES + shift())) {
            return 0;
        }
        if (form == SealedLayout.Form.OF_SLAVE) {
            SealedLayout.joinHeader(buffer, offset);
        }
        return length - SealedLayout.MORE_BYTES - shift();
    }

    /** Opens a Confirm Download to a {@link org.imgblstr.protocol.wire.SealedConfirmFlyweight}, as {@link #open} does. Only at a slave. */
    public int openConfirm(ByteBuf buffer, int offset, int length) {
        return isOpened(buffer, offset, length, SealedConfirmFlyweight.BOX) ? length - SealedLayout.MORE_BYTES : 0;
    }

    private boolean isOpened(ByteBuf buffer, int offset, int length, int bodyAt) {
        if (!form.fits(buffer, offset, length, session, counts)) {
            return false;
        }
        int sequence = Datagram.sequence(buffer, offset);
        if (!Datagram.isAfter(sequence, newest)) {
            counts.onReplayed();
            return false;
        }
        if (!cipher.open(buffer, offset, bodyAt, length)) {
            counts.onBadTag();
            return false;
        }
        newest = sequence;
        counts.onOpened();
        return true;
    }

    @Override
    public void close() {
        cipher.close();
    }
}
