package org.imgblstr.protocol.sim;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.Pacer;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.imgblstr.protocol.wire.SkipTrackFlyweight;

/**
 * What must hold of a master in every simulation, whatever the wire does. Each datagram to the data group has the next number; a symbol is of a
 * track that the pass has reached, and has the bytes of the source; a skip range is of tracks of its kind; a rate that was set is kept. After
 * each event the good-up-to of no slave has fallen, the position of the pass has not, and few tracks are awaited from the source.
 */
final class MasterInvariants {
    /** Tracks read again for repairs that the engine asks for at a time, docs/protocol.md, section 5. */
    private static final int MOST_AWAITED = 128;

    private final SimulatedSource source;
    private final int endTrack;
    private final int largestSymbol;
    private final long rateBitsPerSecond;
    private final Map<Integer, Integer> goodUpTo = new HashMap<>();
    private final SectorDataFlyweight data = new SectorDataFlyweight();
    private final SkipTrackFlyweight skip = new SkipTrackFlyweight();
    private int lastSequence;
    private boolean mayRepeat;
    private int lastPosition;
    private long firstDataNs = Long.MIN_VALUE;
    private long dataBytes;

    /** {@code rateBitsPerSecond}: 0 when none was set. */
    MasterInvariants(SimulatedSource source, int largestSymbol, long rateBitsPerSecond) {
        this.source = source;
        this.endTrack = source.trackCount() + DigestTracks.count(source.trackCount());
        this.largestSymbol = largestSymbol;
        this.rateBitsPerSecond = rateBitsPerSecond;
    }

    /** Somebody forges data: tracks that slaves refuse are missing again. */
    void mayRepeat() {
        mayRepeat = true;
    }

    /** {@code position}: where the pass is, the track under way included. */
    void onMulticast(ByteBuf datagrams, int datagramBytes, int position, long nowNs) {
        for (int at = datagrams.readerIndex(); at < datagrams.writerIndex(); at += datagramBytes) {
            ByteBuf datagram = datagrams.slice(at, Math.min(datagramBytes, datagrams.writerIndex() - at));
            int sequence = Datagram.sequence(datagram, 0);
            require(sequence == lastSequence + 1, "datagram " + sequence + " follows " + lastSequence);
            lastSequence = sequence;
            CommandType command = Datagram.command(datagram, 0);
            if (command == CommandType.SKIP_TRACK) {
                checkSkips(datagram);
            } else if (command == CommandType.SECTOR_DATA || command == CommandType.SECTOR_DATA_AND_FLUSH) {
                checkSymbol(datagram, datagramBytes - SectorDataFlyweight.OVERHEAD_BYTES, position);
                checkRate(datagram.readableBytes() + Pacer.FRAME_BYTES, nowNs);
            }
        }
    }

    private void checkSkips(ByteBuf datagram) {
        require(skip.wrap(datagram).isValid(source.trackCount()), "Skip Track names tracks outside of the image");
        for (int range = 0; range < skip.ranges(); range++) {
            for (int i = 0; i < skip.count(range); i++) {
                int track = skip.firstTrack(range) + i;
                require(
                        source.kind(track) == skip.kind(range),
                        "track " + track + " is said to be " + skip.kind(range));
            }
        }
    }

    private void checkSymbol(ByteBuf datagram, int symbolBytes, int position) {
        require(symbolBytes <= largestSymbol, "symbols of " + symbolBytes + " bytes are sent");
        require(data.wrap(datagram).isValid(endTrack, symbolBytes), "Sector Data names a track outside of the image");
        int track = data.track();
        if (track >= source.trackCount()) {
            return;
        }
        require(track < position, "track " + track + " is sent, but the pass is at " + position);
        require(source.kind(track).isEncoded(), "track " + track + " is sent as data and has none");
        boolean isOfSource = data.isParity()
                || isOf(source.encoded(track), datagram, symbolBytes)
                || isOf(source.alone(track), datagram, symbolBytes);
        require(isOfSource, "symbol " + data.symbol() + " of track " + track + " has other bytes than the source");
    }

    private boolean isOf(byte[] encoded, ByteBuf datagram, int symbolBytes) {
        int first = data.symbol() * symbolBytes;
        int end = Math.min(encoded.length, first + symbolBytes);
        byte[] payload = new byte[data.payloadBytes()];
        int trailer = SectorDataFlyweight.OVERHEAD_BYTES - Integer.BYTES;
        datagram.getBytes(trailer, payload);
        return end - first == payload.length && Arrays.equals(encoded, first, end, payload, 0, payload.length);
    }

    /** Over all of the session; what a pause left may be made up for, and a batch is sent at once. */
    private void checkRate(int wireBytes, long nowNs) {
        if (rateBitsPerSecond == 0) {
            return;
        }
        firstDataNs = firstDataNs == Long.MIN_VALUE ? nowNs : firstDataNs;
        dataBytes += wireBytes;
        double allowed = rateBitsPerSecond / 8e9 * (nowNs - firstDataNs + 10_000_000) + 2 * Pacer.BURST_BYTES;
        require(dataBytes <= allowed, dataBytes + " bytes were sent, the rate allows " + (long) allowed);
    }

    void afterEvent(List<SlaveEntry> slaves, int position, int awaited) {
        for (SlaveEntry slave : slaves) {
            int before = goodUpTo.getOrDefault(slave.index(), 0);
            require(slave.goodUpTo() >= before || mayRepeat, slave.index() + ": good up to fell from " + before);
            goodUpTo.put(slave.index(), slave.goodUpTo());
        }
        require(position >= lastPosition, "the pass went back from " + lastPosition + " to " + position);
        lastPosition = position;
        require(position <= source.trackCount(), "the pass is behind the last track");
        require(awaited <= MOST_AWAITED, awaited + " tracks are awaited");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
