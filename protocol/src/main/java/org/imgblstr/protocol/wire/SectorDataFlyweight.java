package org.imgblstr.protocol.wire;

/**
 * One symbol of an encoded track: Sector Data, and Sector Data &amp; Flush. Source: docs/protocol.md, section 3.4.
 * <pre>
 *   12      16       18  20           21      22        24
 *   | track | symbol | k | generation | flags | planned | 1 to S bytes |
 * </pre>
 *
 * Written by {@link SymbolWriter}.
 */
public final class SectorDataFlyweight extends CommandFlyweight<SectorDataFlyweight> {
    /** Source symbols of a track at most: leaves room for 32 parity rows in GF(256). */
    public static final int MAX_SOURCE_SYMBOLS = 224;

    /** Generation of a track that is a link of a chain: it is decoded after the links before it (docs/decisions/15-chains.md). */
    public static final int LINK = 0;

    /** Generation of a track that stands alone. */
    public static final int ALONE = 1;

    /** Source symbols and parity rows together at most. */
    public static final int MAX_SYMBOLS = 256;

    private static final int TRACK = HEADER_BYTES;
    static final int SYMBOL = TRACK + Integer.BYTES;
    private static final int K = SYMBOL + Short.BYTES;
    private static final int GENERATION = K + Short.BYTES;
    private static final int FLAGS = GENERATION + Byte.BYTES;
    private static final int PLANNED = FLAGS + Byte.BYTES;
    static final int PAYLOAD = PLANNED + Short.BYTES;
    static final int FIXED_BYTES = PAYLOAD;

    /** Bytes around each symbol, header and trailer included. */
    public static final int OVERHEAD_BYTES = FIXED_BYTES + TRAILER_BYTES;

    public SectorDataFlyweight() {
        super(CommandType.SECTOR_DATA);
    }

    /**
     * Whether it is a symbol of a track of the session, and as long as it must be: {@code symbolBytes}, or less (but something) for the
     * last source symbol.
     */
    public boolean isValid(int trackCount, int symbolBytes) {
        return hasFixedFields()
                && isRangeOf(trackCount, track(), 1)
                && sourceSymbols() >= 1
                && sourceSymbols() <= MAX_SOURCE_SYMBOLS
                && symbol() < MAX_SYMBOLS
                && planned() < MAX_SYMBOLS
                && isPayload(payloadBytes(), symbolBytes);
    }

    /** Whether it is Sector Data &amp; Flush: the last datagram of the track in this pass, or of this repair. */
    public boolean isFlush() {
        return command() == CommandType.SECTOR_DATA_AND_FLUSH;
    }

    public int track() {
        return i32(TRACK);
    }

    /** 0 to k-1: source; from k on: parity. */
    public int symbol() {
        return u16(SYMBOL);
    }

    public boolean isParity() {
        return symbol() >= sourceSymbols();
    }

    /** Row of a parity symbol, from 0. */
    public int parityRow() {
        return symbol() - sourceSymbols();
    }

    /** k: source symbols of this track. */
    public int sourceSymbols() {
        return u16(K);
    }

    /** Which encoding of the track it belongs to: {@link #LINK} or {@link #ALONE}. Of two that a slave can use it keeps the higher. */
    public int generation() {
        return u8(GENERATION);
    }

    /** Parity symbols of this track still queued. */
    public int planned() {
        return u16(PLANNED);
    }

    /** Bytes of the symbol. */
    public int payloadBytes() {
        return length() - OVERHEAD_BYTES;
    }

    private boolean isPayload(int bytes, int symbolBytes) {
        boolean mayBeShort = symbol() == sourceSymbols() - 1;
        return bytes == symbolBytes || (mayBeShort && bytes >= 1 && bytes < symbolBytes);
    }

    @Override
    boolean isOurCommand() {
        return super.isOurCommand() || isFlush();
    }

    @Override
    SectorDataFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        return FIXED_BYTES;
    }
}
