package org.imgblstr.protocol.master.sending;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.master.tracks.EngineTracks;
import org.imgblstr.protocol.master.tracks.TrackSupply;
import org.imgblstr.protocol.repair.Pacer;
import org.imgblstr.protocol.repair.ParityCode;
import org.imgblstr.protocol.repair.ParityPlan;
import org.imgblstr.protocol.repair.RepairLedger;
import org.imgblstr.protocol.repair.RepairQueue;
import org.imgblstr.protocol.repair.SendHistory;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.imgblstr.protocol.wire.SkipTrackFlyweight;
import org.imgblstr.protocol.wire.SymbolWriter;

/**
 * Cuts encoded tracks into symbols and sends them in batches (FIG. 3 box 306): source symbols of the pass, parity rows and source symbols
 * of repairs, skip ranges. Owns the sequence of the data group. One thread.
 */
public final class TrackSender {
    /** Datagrams of one batch at most: what UDP segmentation takes everywhere (docs/decisions) and a cheap switch survives. */
    public static final int MAX_BATCH = 40;

    /** Bytes of one batch at most: a UDP payload with segmentation. */
    private static final int MAX_BATCH_BYTES = 60_000;

    /** Parity rows reckoned for one batch at most, so that the event loop is back within a millisecond or two. */
    private static final int MAX_BATCH_ROWS = 8;

    /** Tracks begun that flow control looks back on; more than any slave has slots. */
    private static final int HISTORY_TRACKS = 1024;

    private final MasterPort port;
    private final TrackSupply supply;
    private final EngineTracks tracks;
    private final Pacer pacer;
    private final RepairLedger ledger;
    private final ParityPlan parity;
    private final int session;
    private final SymbolSize size;
    private final byte[][] rows;
    private final SendHistory history = new SendHistory(HISTORY_TRACKS);
    private int sequence;
    private long wireBytes;
    private ByteBuf skips;
    private final SymbolWriter writer = new SymbolWriter();
    private final SkipTrackFlyweight skipTrack = new SkipTrackFlyweight();

    // The job under way: symbols of one track, by their place in its plan.
    private int track = -1;
    private boolean isRepair;
    private ByteBuffer encoded;
    private int symbolBytes;
    private int generation;
    private int k;
    private int encodedBytes;
    private int planned;
    private int place;
    private int firstWheelPlace;
    /** Parity rows of the job that are in {@link #rows}. */
    private int firstRow;

    private int rowCount;

    public TrackSender(
            MasterConfig config,
            SymbolSize size,
            MasterPort port,
            TrackSupply supply,
            EngineTracks tracks,
            Pacer pacer,
            RepairLedger ledger,
            ParityPlan parity) {
        this.port = port;
        this.supply = supply;
        this.tracks = tracks;
        this.pacer = pacer;
        this.ledger = ledger;
        this.parity = parity;
        this.session = (int) config.sessionId();
        this.size = size;
        this.rows = new byte[MAX_BATCH_ROWS][config.largestSymbolBytes()];
    }

    /** Whether a track is being sent. */
    public boolean isBusy() {
        return track >= 0;
    }

    /** Whether the track being sent is a repair. */
    public boolean isRepairing() {
        return track >= 0 && isRepair;
    }

    /** Whether a repair of this track is being sent: a request that arrives meanwhile was made before it. */
    public boolean isRepairing(int aTrack) {
        return isRepair && track == aTrack;
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

    public long wireBytes() {
        return wireBytes;
    }

    /** Starts a track of the pass: all its source symbols, then the parity rows that somebody will need. */
    public void beginTrack(int newTrack) {
        begin(newTrack, false);
        planned = k + parity.rows(k);
        place = 0;
        firstWheelPlace = 0;
    }

    /** Starts a repair of a track that the supply holds: {@code need} symbols that nobody has seen, or all its source symbols. */
    public void beginRepair(int newTrack, int need) {
        begin(newTrack, true);
        place = 0;
        if (need == RepairQueue.WHOLE || 2 * need > k) {
            planned = k;
            firstWheelPlace = -1;
            history.onBegin(sequence + 1);
        } else {
            planned = need;
            firstWheelPlace = ledger.paritySent(newTrack);
        }
    }

    private void begin(int newTrack, boolean repair) {
        flushSkips();
        // Kept for the whole job: meanwhile the track may come to be held in another encoding.
        encoded = tracks.held(newTrack);
        generation = tracks.generation(newTrack);
        track = newTrack;
        isRepair = repair;
        encodedBytes = encoded.remaining();
        symbolBytes = size.bytes();
        k = (encodedBytes + symbolBytes - 1) / symbolBytes;
        rowCount = 0;
    }

    /** Sends one batch of the track under way. Returns the datagrams sent. */
    public int sendBatch(long nowNs) {
        int datagramBytes = symbolBytes + SectorDataFlyweight.OVERHEAD_BYTES;
        int batchDatagrams = Math.max(1, Math.min(MAX_BATCH, MAX_BATCH_BYTES / datagramBytes));
        ByteBuf batch = port.allocate(Math.min(batchDatagrams, planned - place) * datagramBytes);
        writer.start(batch, session);
        int count = 0;
        int rowsSent = 0;
        boolean isOpen = true;
        while (isOpen && count < batchDatagrams && place < planned) {
            int symbol = symbolAt(place);
            int bytes = symbol == k - 1 ? encodedBytes - (k - 1) * symbolBytes : symbolBytes;
            append(symbol, bytes);
            place++;
            count++;
            rowsSent += symbol >= k ? 1 : 0;
            isOpen = bytes == symbolBytes && rowsSent < MAX_BATCH_ROWS;
        }
        writer.finish();
        account(batch.readableBytes(), count, nowNs);
        port.multicast(batch, datagramBytes);
        if (place == planned) {
            finish();
        }
        return count;
    }

    private void append(int symbol, int bytes) {
        boolean isFlush = place == planned - 1;
        ByteBuffer payload = encoded;
        int offset = encoded.position() + symbol * symbolBytes;
        if (symbol >= k) {
            payload = ByteBuffer.wrap(parityRow(symbol - k));
            offset = 0;
        }
        writer.append(++sequence, isFlush, track, symbol, k, generation, rowsLeft(), payload, offset, bytes);
    }

    /** One that is there, or is reckoned now together with those that follow it in the plan. */
    private byte[] parityRow(int row) {
        if (row < firstRow || row >= firstRow + rowCount) {
            firstRow = row;
            rowCount = Math.min(MAX_BATCH_ROWS, Math.min(planned - place, ParityCode.maxRows(k) - row));
            ParityCode.parity(firstRow, rowCount, k, symbolBytes, encoded, rows);
        }
        return rows[row - firstRow];
    }

    /** Parity rows of the job behind the present place. */
    private int rowsLeft() {
        int firstRow = isRepair && firstWheelPlace >= 0 ? 0 : k;
        return Math.max(0, planned - Math.max(firstRow, place + 1));
    }

    /** The symbol at a place of the plan. The wheel of a repair: all parity rows, then the source symbols, then again. */
    private int symbolAt(int planPlace) {
        if (!isRepair || firstWheelPlace < 0) {
            return planPlace;
        }
        int rows = SectorDataFlyweight.MAX_SYMBOLS - k;
        int wheelPlace = (firstWheelPlace + planPlace) % SectorDataFlyweight.MAX_SYMBOLS;
        return wheelPlace < rows ? k + wheelPlace : wheelPlace - rows;
    }

    private void finish() {
        if (!isRepair) {
            parity.onSent(track, k, planned - k, sequence);
            if (planned > k) {
                ledger.onSent(track, planned - k, sequence);
            }
            supply.advance();
        } else {
            ledger.onSent(track, firstWheelPlace < 0 ? 0 : planned, sequence);
            tracks.release(track);
        }
        track = -1;
        encoded = null;
    }

    /** Queues a skip range; sent with the next data, when there are enough, or by {@link #flushSkips}. */
    public void addSkip(int firstTrack, int count, TrackKind kind) {
        if (skips == null) {
            skips = port.allocate(20 + 12 * SkipTrackFlyweight.MAX_RANGES);
            skipTrack.wrapForWriting(skips, 0).session(session);
        }
        skipTrack.add(firstTrack, count, kind);
        if (skipTrack.ranges() == SkipTrackFlyweight.MAX_RANGES) {
            flushSkips();
        }
    }

    public boolean hasSkips() {
        return skips != null;
    }

    /** Sends the skip ranges that are queued. Their wire bytes are too few to be paced. */
    public void flushSkips() {
        if (skips == null) {
            return;
        }
        skipTrack.sequence(++sequence);
        int bytes = skipTrack.seal();
        wireBytes += bytes + Pacer.FRAME_BYTES;
        ByteBuf datagram = skips;
        skips = null;
        port.multicast(datagram, bytes);
    }

    /** Frees what is queued. */
    public void close() {
        if (skips != null) {
            skips.release();
            skips = null;
        }
    }

    private void account(int payloadBytes, int datagrams, long nowNs) {
        long bytes = payloadBytes + (long) datagrams * Pacer.FRAME_BYTES;
        wireBytes += bytes;
        pacer.onSent(bytes, nowNs);
    }
}
