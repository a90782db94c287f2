package org.imgblstr.protocol.master.sending;

import io.netty.buffer.ByteBuf;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.master.tracks.EngineTracks;
import org.imgblstr.protocol.repair.Pacer;
import org.imgblstr.protocol.repair.ParityPlan;
import org.imgblstr.protocol.repair.RepairLedger;
import org.imgblstr.protocol.repair.RepairQueue;
import org.imgblstr.protocol.repair.SendHistory;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.imgblstr.protocol.wire.SymbolWriter;

/**
 * Sends tracks in batches of symbols (FIG. 3 box 306), one track at a time, and skip ranges. Owns the sequence of the data group. One thread.
 */
public final class TrackSender {
    /** Datagrams of one batch at most: what UDP segmentation takes everywhere (docs/decisions) and a cheap switch survives. */
    static final int MAX_BATCH = 40;

    /** Bytes of one batch at most: a UDP payload with segmentation. */
    private static final int MAX_BATCH_BYTES = 60_000;

    /** Tracks begun that flow control looks back on; more than any slave has slots. */
    private static final int HISTORY_TRACKS = 1024;

    private final MasterPort port;
    private final EngineTracks tracks;
    private final Pacer pacer;
    private final RepairLedger ledger;
    private final ParityPlan parity;
    private final SymbolSize size;
    private final int session;

    /** Bytes behind each datagram of data that the port fills with its seal; 0 in an open session. */
    private final int moreBytes;

    private final TrackJob job;
    private final SkipBatch skips;
    private final SendHistory history = new SendHistory(HISTORY_TRACKS);
    private final SymbolWriter writer = new SymbolWriter();
    private int sequence;
    private long wireBytes;

    public TrackSender(
            MasterConfig config,
            SymbolSize size,
            MasterPort port,
            EngineTracks tracks,
            Pacer pacer,
            RepairLedger ledger,
            ParityPlan parity) {
        this.port = port;
        this.tracks = tracks;
        this.pacer = pacer;
        this.ledger = ledger;
        this.parity = parity;
        this.size = size;
        this.session = config.offer().sessionBits();
        this.moreBytes = config.symbols().moreBytes();
        this.job = new TrackJob(config.symbols().largestBytes());
        this.skips = new SkipBatch(port, session, moreBytes);
    }

    /** Whether a track is being sent. */
    public boolean isBusy() {
        return job.isBusy();
    }

    /** Whether the track being sent is a repair. */
    public boolean isRepairing() {
        return job.isBusy() && job.isRepair();
    }

    /** Whether a repair of this track, or a digest track of the pass, is being sent: a request that arrives meanwhile was made before it. */
    public boolean isRepairing(int track) {
        return job.isBusy() && job.track() == track && (job.isRepair() || tracks.isDigest(track));
    }

    /** The sequence number of the last datagram to the data group. */
    public int sequence() {
        return sequence;
    }

    /** Tracks repaired as a whole since the datagram numbered {@code sequenceSeen}. */
    public int begunAfter(int sequenceSeen) {
        return history.begunAfter(sequenceSeen);
    }

    /** The number for one more datagram to the data group that is sent elsewhere. */
    public int nextSequence() {
        return ++sequence;
    }

    /** Bytes sent to the data group, frame headers included. */
    public long wireBytes() {
        return wireBytes;
    }

    /** Starts a track of the pass: all its source symbols, then the parity rows that somebody will need. */
    public void beginTrack(int track) {
        begin(track);
        job.planPass(parity.rows(job.sourceSymbols()));
    }

    /** Starts a repair of a track that is held: {@code need} symbols that nobody has seen, or all its source symbols. */
    public void beginRepair(int track, int need) {
        begin(track);
        if (symbolsFor(need, job.sourceSymbols()) == job.sourceSymbols()) {
            job.planWhole();
            history.onBegin(sequence + 1);
        } else {
            job.planWheel(need, ledger.paritySent(track));
        }
    }

    private static int symbolsFor(int need, int sourceSymbols) {
        return need == RepairQueue.WHOLE || 2 * need > sourceSymbols ? sourceSymbols : need;
    }

    /** Symbols that a repair of a track that is held sends, when it needs so many. */
    public int repairSymbols(int track, int need) {
        return symbolsFor(need, sourceSymbols(track));
    }

    /** Source symbols of a track that is held. */
    public int sourceSymbols(int track) {
        return (tracks.held(track).remaining() + size.bytes() - 1) / size.bytes();
    }

    private void begin(int track) {
        flushSkips();
        job.begin(track, tracks.held(track), tracks.generation(track), size.bytes());
    }

    /** Sends one batch of the track under way. Returns the datagrams sent. */
    public int sendBatch(long nowNs) {
        int symbolBytes = job.symbolBytes();
        int datagramBytes = symbolBytes + SectorDataFlyweight.OVERHEAD_BYTES + moreBytes;
        int most = Math.min(Math.max(1, Math.min(MAX_BATCH, MAX_BATCH_BYTES / datagramBytes)), job.left());
        ByteBuf batch = port.allocate(most * datagramBytes);
        job.describe(writer.start(batch, session, moreBytes));
        int count = 0;
        int rows = 0;
        boolean isOpen = true;
        while (isOpen && count < most) {
            rows += job.isAtRow() ? 1 : 0;
            int bytes = job.write(writer, ++sequence);
            count++;
            isOpen = bytes == symbolBytes && rows < TrackJob.MAX_BATCH_ROWS;
        }
        writer.finish();
        account(batch.readableBytes(), count, nowNs);
        port.multicast(batch, datagramBytes);
        if (job.left() == 0) {
            finish();
        }
        return count;
    }

    private void finish() {
        int track = job.track();
        int extra = job.extraSymbols();
        if (job.isRepair()) {
            ledger.onSent(track, extra, sequence);
            tracks.release(track);
        } else {
            parity.onSent(track, job.sourceSymbols(), extra, sequence);
            boolean isDigest = tracks.isDigest(track);
            // A slave asks for a digest track when the last track before it has come. Such a request crosses the digest
            // track on its way.
            if (extra > 0 || isDigest) {
                ledger.onSent(track, extra, sequence);
            }
            if (!isDigest) {
                tracks.advance();
            }
        }
        job.end();
    }

    /** Queues a skip range; sent with the next data, when there are enough, or by {@link #flushSkips}. */
    public void addSkip(int firstTrack, int count, TrackKind kind) {
        skips.add(firstTrack, count, kind);
        if (skips.isFull()) {
            flushSkips();
        }
    }

    /** Sends the skip ranges that are queued. Their wire bytes are too few to be paced. */
    public void flushSkips() {
        if (!skips.isEmpty()) {
            wireBytes += skips.send(++sequence) + Pacer.FRAME_BYTES;
        }
    }

    /** Frees what is queued. */
    public void close() {
        skips.close();
    }

    private void account(int payloadBytes, int datagrams, long nowNs) {
        long bytes = payloadBytes + (long) datagrams * Pacer.FRAME_BYTES;
        wireBytes += bytes;
        pacer.onSent(bytes, nowNs);
    }
}
