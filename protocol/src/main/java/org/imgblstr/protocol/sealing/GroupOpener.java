package org.imgblstr.protocol.sealing;

import io.netty.buffer.ByteBuf;
import org.imgblstr.protocol.sealing.Epochs.Epoch;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.Datagram;

/**
 * Opens what a master sends to all its slaves, at one of them. In this order: header and session, epoch, number, tag, signature; a number counts
 * as come only when all of that held, so forged datagrams move nothing. One thread. Specification: docs/security.md, section 6.
 */
public final class GroupOpener {
    private final int session;
    private final Epochs epochs;
    private final SignatureCheck signatures;
    private final SealCounts counts;
    private final ReplayWindow data = new ReplayWindow();

    /** Whether the master has signed a datagram: the group key alone is in the hands of every slave. */
    @FunctionalInterface
    public interface SignatureCheck {
        /** {@code length}: of the opened datagram, with the four bytes where its CRC would be. */
        boolean isSigned(ByteBuf buffer, int offset, int length);
    }

    /**
     * Without a key yet.
     *
     * @param session low 32 bits of the session id
     * @param signatures asked for Drive Geometry and Done, which are signed
     */
    public GroupOpener(int session, Epochs epochs, SignatureCheck signatures, SealCounts counts) {
        this.session = session;
        this.epochs = epochs;
        this.signatures = signatures;
        this.counts = counts;
    }

    /**
     * Opens a datagram where it lies. Throws nothing for any bytes.
     *
     * @return bytes of the open datagram, 12 fewer; where its CRC would be are bytes of no meaning. 0 when it was dropped and counted; then its
     *     bytes are lost
     */
    public int open(ByteBuf buffer, int offset, int length, long nowNs) {
        if (!SealedLayout.Form.GROUP.fits(buffer, offset, length, session, counts)) {
            return 0;
        }
        Epoch epoch = epochs.find(Datagram.keyNibble(buffer, offset));
        if (epoch == null) {
            counts.onUnknownEpoch();
            return 0;
        }
        CommandType command = Datagram.command(buffer, offset);
        boolean isState = command == CommandType.DRIVE_GEOMETRY;
        int sequence = Datagram.sequence(buffer, offset);
        if (!isNew(epoch, isState, sequence)) {
            counts.onReplayed();
            return 0;
        }
        int opened = length - SealedLayout.MORE_BYTES;
        boolean isSigned = isState || command == CommandType.DONE;
        if (!epoch.cipher(isState).open(buffer, offset, CommandFlyweight.HEADER_BYTES, length)
                || (isSigned && !signatures.isSigned(buffer, offset, opened))) {
            counts.onBadTag();
            return 0;
        }
        if (!isState) {
            data.add(sequence);
        }
        epochs.onOpened(epoch, isState, sequence, nowNs);
        counts.onOpened();
        return opened;
    }

    private boolean isNew(Epoch epoch, boolean isState, int sequence) {
        return isState ? epoch.mayBeState(sequence) : epoch.mayBeData(sequence) && data.isNew(sequence);
    }
}
