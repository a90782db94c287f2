package org.imgblstr.protocol.slave;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.imgblstr.protocol.wire.SymbolRun;

/** Sorts what arrives at a slave: drops what is damaged or of another session, makes runs of symbols. One thread. */
final class Inbox {
    /** The object that takes the sorted datagrams. */
    interface Reader {
        /** Whether nothing more is taken. */
        boolean isOver();

        /** Whether these are the low 32 bits of its session's id. */
        boolean isOfSession(int session);

        /** Reads the run that begins with sound Sector Data; false when it is of no use now, or not valid. */
        boolean readRun(SymbolRun run, DatagramBatch batch, int first);

        void onRun(SymbolRun run, long nowNs);

        /** A Drive Geometry, of whatever session. */
        void onAnnouncement(ByteBuf datagram, long nowNs);

        /** A Drive Geometry of another version of the protocol. */
        void onOtherVersion(ByteBuf datagram, long nowNs);

        /** A Confirm Download, of whatever session. */
        void onConfirm(int session, ByteBuf datagram, long nowNs);

        /** Any other sound command of the session. */
        void onCommand(CommandType command, ByteBuf datagram, long nowNs);
    }

    private final Reader reader;
    private final SymbolRun run = new SymbolRun();

    Inbox(Reader reader) {
        this.reader = reader;
    }

    /** Hands on what is in a batch. Returns whether there was anything but data. */
    boolean sort(DatagramBatch batch, long nowNs) {
        boolean isOnlyData = true;
        int next = 0;
        while (next < batch.count() && !reader.isOver()) {
            if (!batch.isSound(next)) {
                onUnsound(batch, next++, nowNs);
            } else if (batch.command(next).isData()) {
                next += onData(batch, next, nowNs);
            } else {
                isOnlyData = false;
                onCommand(batch, next++, nowNs);
            }
        }
        return !isOnlyData;
    }

    /** Returns the datagrams of the run that begins with {@code first}, or 1 when it is of no use. */
    private int onData(DatagramBatch batch, int first, long nowNs) {
        if (!reader.isOfSession(batch.session(first)) || !reader.readRun(run, batch, first)) {
            return 1;
        }
        reader.onRun(run, nowNs);
        return run.count();
    }

    private void onUnsound(DatagramBatch batch, int index, long nowNs) {
        if (batch.isOfOtherVersion(index) && batch.command(index) == CommandType.DRIVE_GEOMETRY) {
            onDatagram(batch, index, buffer -> reader.onOtherVersion(buffer, nowNs));
        }
    }

    private void onCommand(DatagramBatch batch, int index, long nowNs) {
        CommandType command = batch.command(index);
        int session = batch.session(index);
        onDatagram(batch, index, buffer -> {
            if (command == CommandType.DRIVE_GEOMETRY) {
                reader.onAnnouncement(buffer, nowNs);
            } else if (command == CommandType.CONFIRM_DOWNLOAD) {
                reader.onConfirm(session, buffer, nowNs);
            } else if (reader.isOfSession(session)) {
                reader.onCommand(command, buffer, nowNs);
            }
        });
    }

    private static void onDatagram(DatagramBatch batch, int index, Consumer<ByteBuf> read) {
        ByteBuf buffer = batch.buffer();
        int start = buffer.readerIndex();
        int end = buffer.writerIndex();
        int offset = batch.offset(index);
        buffer.setIndex(offset, offset + batch.length(index));
        try {
            read.accept(buffer);
        } finally {
            buffer.setIndex(start, end);
        }
    }
}
