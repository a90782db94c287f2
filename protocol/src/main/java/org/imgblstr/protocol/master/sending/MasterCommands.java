package org.imgblstr.protocol.master.sending;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.DisconnectAcknowledgeFlyweight;
import org.imgblstr.protocol.wire.DoneFlyweight;
import org.imgblstr.protocol.wire.DriveGeometryFlyweight;
import org.imgblstr.protocol.wire.EndOfDataFlyweight;

/** Writes the master's control commands. One thread. */
public final class MasterCommands {
    /** In a sealed session Done is signed. */
    private static final int SIGNATURE_BYTES = 64;

    /** In front of it is D of the manifest. */
    private static final int SEALED_BYTES = DoneFlyweight.DIGEST_BYTES + SIGNATURE_BYTES;

    private final MasterConfig config;
    private final MasterPort port;
    private final int session;
    private final DriveGeometryFlyweight geometry = new DriveGeometryFlyweight();
    private final ConfirmDownloadFlyweight confirm = new ConfirmDownloadFlyweight();
    private final EndOfDataFlyweight endOfData = new EndOfDataFlyweight();
    private final DoneFlyweight done = new DoneFlyweight();
    private final DisconnectAcknowledgeFlyweight acknowledge = new DisconnectAcknowledgeFlyweight();

    public MasterCommands(MasterConfig config, MasterPort port) {
        this.config = config;
        this.port = port;
        this.session = config.offer().sessionBits();
    }

    /** Where slaves send to. */
    public InetSocketAddress feedback() {
        return port.feedback();
    }

    /** The slave is to read nothing of the session any more. */
    public void exclude(SlaveEntry slave, long nowNs) {
        port.exclude(slave.nonce(), nowNs);
    }

    /** No machine at the address of the slave is given the keys of a sealed session. {@code partakers}: nonces of those that keep them. */
    public void bar(SlaveEntry slave, Set<Long> partakers) {
        port.bar(slave.nonce(), partakers);
    }

    /** Whether a slave of a sealed session was the first that had the keys, so that it may have needed no manifest. */
    public boolean wasAlone(SlaveEntry slave) {
        return port.wasAlone(slave.nonce());
    }

    /** {@code countdownNs}: negative when the operator starts; {@code paddedBytes}: as long as this at least. */
    public void geometry(
            DriveGeometryFlyweight.State state,
            SymbolSize size,
            int sendPosition,
            int joined,
            long countdownNs,
            int sequence,
            boolean isPaused,
            int paddedBytes) {
        ByteBuf buffer = port.allocate(Math.max(Datagram.CONTROL_BYTES, paddedBytes));
        geometry.wrapForWriting(buffer, 0)
                .sessionId(config.offer().sessionId())
                .sequence(sequence)
                .image(config.offer().image())
                .sessionName(config.offer().sessionName())
                .symbolBytes(size.bytes())
                .probeBytes(size.probeBytes())
                .codecs(config.offer().codecs())
                .state(state)
                .flags(config.offer().delta(), isPaused)
                .repairWindow(config.repairWindow())
                .sendPosition(sendPosition)
                .countdownMs(countdownNs < 0 ? DriveGeometryFlyweight.STARTED_BY_OPERATOR : countdownNs / 1_000_000)
                .joined(joined)
                .wanted(Math.min(65_535, config.start().slavesWanted()))
                .master(feedback().getAddress(), feedback().getPort())
                .data(
                        config.addresses().dataGroup().getAddress(),
                        config.addresses().dataGroup().getPort())
                .nodeAddress(config.addresses().node())
                .sealPadded(paddedBytes);
        port.announce(buffer);
    }

    public void confirm(
            SlaveEntry slave,
            boolean isLate,
            int reportIntervalMs,
            int position,
            int joined,
            InetSocketAddress to,
            int sequence) {
        ByteBuf buffer = port.allocate(Datagram.CONTROL_BYTES);
        confirm.wrapForWriting(buffer, 0)
                .session(session)
                .sequence(sequence)
                .nonce(slave.nonce())
                .slave(slave.index())
                .result(isLate ? ConfirmDownloadFlyweight.Result.OK_LATE : ConfirmDownloadFlyweight.Result.OK)
                .reportIntervalMs(reportIntervalMs)
                .sendPosition(position)
                .joined(joined)
                .resume(slave.isResumed())
                .usedBytes(config.offer().image().usedBytes())
                .asked(config.offer().asked().of(slave.name()))
                .seal();
        port.send(buffer, slave.nonce(), to);
    }

    public void refuse(long nonce, ConfirmDownloadFlyweight.Result why, InetSocketAddress to, int sequence) {
        ByteBuf buffer = port.allocate(Datagram.CONTROL_BYTES);
        confirm.wrapForWriting(buffer, 0)
                .session(session)
                .sequence(sequence)
                .nonce(nonce)
                .slave(0)
                .result(why)
                .seal();
        port.send(buffer, nonce, to);
    }

    public void endOfData(int kind, int sentUpTo, int queued, int windowMs, int sequence) {
        ByteBuf buffer = port.allocate(Datagram.CONTROL_BYTES);
        int bytes = endOfData
                .wrapForWriting(buffer, 0)
                .session(session)
                .sequence(sequence)
                .kind(kind)
                .trackCount(config.offer().image().space().trackCount())
                .sentUpTo(sentUpTo)
                .queued(queued)
                .windowMs(windowMs)
                .seal();
        port.multicast(buffer, bytes);
    }

    /**
     * Done with reason complete and the list of slaves whose Disconnect has come; one datagram for each {@code MAX_BITS} slaves.
     *
     * @param root D of the manifest; null in an open session
     */
    public void complete(
            int dataTracks, byte[] digest, byte[] root, List<SlaveEntry> slaves, int lastIndex, TrackSender sender) {
        int moreBytes = config.symbols().moreBytes();
        int mostBits = DoneFlyweight.MAX_BITS - (moreBytes == 0 ? 0 : Byte.SIZE * (moreBytes + SEALED_BYTES));
        int base = 1;
        do {
            int bits = Math.max(1, Math.min(mostBits, lastIndex - base + 1));
            ByteBuf buffer = port.allocate(Datagram.CONTROL_BYTES);
            done.wrapForWriting(buffer, 0)
                    .session(session)
                    .sequence(sender.nextSequence())
                    .reason(DoneFlyweight.COMPLETE)
                    .trackCount(config.offer().image().space().trackCount())
                    .dataTracks(dataTracks)
                    .digest(digest)
                    .slaves(base, bits);
            for (SlaveEntry slave : slaves) {
                if (slave.result() != null && slave.index() >= base && slave.index() < base + bits) {
                    done.departed(slave.index());
                }
            }
            if (root != null) {
                done.manifest(root);
            }
            port.multicast(buffer, done.seal());
            base += bits;
        } while (base <= lastIndex);
    }

    /** Done to one slave: it is removed. Three times, as its next chance to hear of it is after its next report. */
    public void removed(SlaveEntry slave, int sequence) {
        told(slave, DoneFlyweight.REMOVED, sequence);
    }

    /** As {@link #removed}, by the operator. */
    public void kicked(SlaveEntry slave, int sequence) {
        told(slave, DoneFlyweight.KICKED, sequence);
    }

    private void told(SlaveEntry slave, int reason, int sequence) {
        for (int i = 0; i < 3; i++) {
            ByteBuf buffer = port.allocate(Datagram.CONTROL_BYTES);
            done.wrapForWriting(buffer, 0)
                    .session(session)
                    .sequence(sequence)
                    .reason(reason)
                    .trackCount(config.offer().image().space().trackCount())
                    .slaves(1, 1)
                    .seal();
            port.send(buffer, slave.nonce(), slave.address());
        }
    }

    public void aborted(int exitCode, int sequence) {
        gaveUp(DoneFlyweight.ABORTED, exitCode, sequence);
    }

    /** The session ends before its start. */
    public void cancelled(int exitCode, int sequence) {
        gaveUp(DoneFlyweight.CANCELLED, exitCode, sequence);
    }

    private void gaveUp(int reason, int exitCode, int sequence) {
        ByteBuf buffer = port.allocate(Datagram.CONTROL_BYTES);
        int bytes = done.wrapForWriting(buffer, 0)
                .session(session)
                .sequence(sequence)
                .reason(reason)
                .exitCode(exitCode)
                .trackCount(config.offer().image().space().trackCount())
                .slaves(1, 1)
                .seal();
        port.multicast(buffer, bytes);
    }

    public void acknowledge(SlaveEntry slave, SlaveResult.Result result, InetSocketAddress to, int sequence) {
        ByteBuf buffer = port.allocate(Datagram.CONTROL_BYTES);
        acknowledge
                .wrapForWriting(buffer, 0)
                .session(session)
                .sequence(sequence)
                .slave(slave.index())
                .nonce(slave.nonce())
                .result(result)
                .seal();
        port.send(buffer, slave.nonce(), to);
    }
}
