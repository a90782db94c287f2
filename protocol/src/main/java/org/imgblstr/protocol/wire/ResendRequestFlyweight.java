package org.imgblstr.protocol.wire;

/**
 * A slave's NAK, status and flow control in one. Source: docs/protocol.md, section 3.6.
 * <pre>
 *   12      14       16      24             28         32        36          40           44              48
 *   | slave | status | nonce | sequenceSeen | goodUpTo | highest | windowEnd | tracksDone | tracksMissing | received ...
 *   52     56         60        64               68      70             72        74
 *   | lost | diskRate | dropped | tracksRepaired | errno | longestHeard | records | firstTrack (4) | count (4) | symbols (2) | generation (1) | zero (1) | ...
 * </pre>
 */
public final class ResendRequestFlyweight extends CommandFlyweight<ResendRequestFlyweight> {
    /** Records of one datagram: 74 + 97 * 12 + 4 = 1242 bytes. */
    public static final int MAX_RECORDS = 97;

    /** Symbols needed of a track of which nothing is here, and that others wait for which are: all, and not as late as may be. */
    public static final int ALL_NOW = SectorDataFlyweight.MAX_SOURCE_SYMBOLS;

    /** Status bits. */
    public static final int NOTHING_MISSING = 1;

    public static final int HOLD = 1 << 1;
    public static final int VERIFYING = 1 << 2;
    public static final int DISK_ERROR = 1 << 3;
    public static final int BLACKOUT = 1 << 4;

    private static final int SLAVE = HEADER_BYTES;
    private static final int STATUS = SLAVE + Short.BYTES;
    private static final int NONCE = STATUS + Short.BYTES;
    private static final int SEQUENCE_SEEN = NONCE + Long.BYTES;
    private static final int GOOD_UP_TO = SEQUENCE_SEEN + Integer.BYTES;
    private static final int HIGHEST = GOOD_UP_TO + Integer.BYTES;
    private static final int WINDOW_END = HIGHEST + Integer.BYTES;
    private static final int TRACKS_DONE = WINDOW_END + Integer.BYTES;
    private static final int TRACKS_MISSING = TRACKS_DONE + Integer.BYTES;
    private static final int RECEIVED = TRACKS_MISSING + Integer.BYTES;
    private static final int LOST = RECEIVED + Integer.BYTES;
    private static final int DISK_RATE = LOST + Integer.BYTES;
    private static final int DROPPED = DISK_RATE + Integer.BYTES;
    private static final int TRACKS_REPAIRED = DROPPED + Integer.BYTES;
    private static final int ERRNO = TRACKS_REPAIRED + Integer.BYTES;
    private static final int LONGEST_HEARD = ERRNO + Short.BYTES;
    private static final int RECORDS = LONGEST_HEARD + Short.BYTES;
    private static final int FIRST_RECORD = RECORDS + Short.BYTES;
    static final int FIXED_BYTES = FIRST_RECORD;

    private static final int FIRST_TRACK = 0;
    private static final int COUNT = FIRST_TRACK + Integer.BYTES;
    private static final int SYMBOLS_NEEDED = COUNT + Integer.BYTES;
    private static final int GENERATION = SYMBOLS_NEEDED + Short.BYTES;
    private static final int RECORD_BYTES = GENERATION + Short.BYTES;

    private int mostRecords = MAX_RECORDS;
    private boolean isRefusedWritten;

    public ResendRequestFlyweight() {
        super(CommandType.RESEND_REQUEST);
    }

    /** Takes no more records than such a datagram has room for, {@link #MAX_RECORDS} at most. For writing. */
    public ResendRequestFlyweight room(int datagramBytes) {
        mostRecords = Math.min(MAX_RECORDS, (datagramBytes - FIXED_BYTES - TRAILER_BYTES) / RECORD_BYTES);
        return this;
    }

    /** Whether there is no room for one more record. For writing. */
    public boolean isFull() {
        return records() >= mostRecords;
    }

    /**
     * Whether every track is below {@code trackCount}, those of the records below {@code endTrack}, and the records are all there, ascending and apart: so one request costs the master
     * no more than one walk over the tracks.
     */
    public boolean isValid(int trackCount, int endTrack) {
        return hasFixedFields()
                && isSlaveIndex(slave())
                && isUpTo(trackCount, goodUpTo())
                && isUpTo(trackCount, highest())
                && windowEnd() >= 0
                && isUpTo(trackCount, tracksDone())
                && isUpTo(trackCount, tracksMissing())
                && records() <= MAX_RECORDS
                && reaches(bodyEnd())
                && areRecordsValid(endTrack);
    }

    /** Index of the slave, 1 to 65534. */
    public int slave() {
        return u16(SLAVE);
    }

    public ResendRequestFlyweight slave(int value) {
        return put16(SLAVE, value);
    }

    /** {@link #NOTHING_MISSING}, {@link #HOLD}, {@link #VERIFYING}, {@link #DISK_ERROR}, {@link #BLACKOUT}, or-ed. */
    public int status() {
        return u16(STATUS);
    }

    public ResendRequestFlyweight status(int value) {
        return put16(STATUS, value);
    }

    /** Whether a status bit is set. */
    public boolean has(int statusBit) {
        return (status() & statusBit) != 0;
    }

    public long nonce() {
        return i64(NONCE);
    }

    public ResendRequestFlyweight nonce(long value) {
        return put64(NONCE, value);
    }

    /** Sequence of the newest datagram received from the data group. */
    public int sequenceSeen() {
        return i32(SEQUENCE_SEEN);
    }

    public ResendRequestFlyweight sequenceSeen(int value) {
        return put32(SEQUENCE_SEEN, value);
    }

    /** First track that is not done. */
    public int goodUpTo() {
        return i32(GOOD_UP_TO);
    }

    public ResendRequestFlyweight goodUpTo(int value) {
        return put32(GOOD_UP_TO, value);
    }

    /** Highest track heard of, plus one. */
    public int highest() {
        return i32(HIGHEST);
    }

    public ResendRequestFlyweight highest(int value) {
        return put32(HIGHEST, value);
    }

    /** First track that it has no room for; may lie behind the last track. */
    public int windowEnd() {
        return i32(WINDOW_END);
    }

    public ResendRequestFlyweight windowEnd(int value) {
        return put32(WINDOW_END, value);
    }

    public int tracksDone() {
        return i32(TRACKS_DONE);
    }

    public ResendRequestFlyweight tracksDone(int value) {
        return put32(TRACKS_DONE, value);
    }

    /** Tracks missing below {@link #highest()}. */
    public int tracksMissing() {
        return i32(TRACKS_MISSING);
    }

    public ResendRequestFlyweight tracksMissing(int value) {
        return put32(TRACKS_MISSING, value);
    }

    /** Datagrams received from the data group, modulo 2^32. */
    public long received() {
        return u32(RECEIVED);
    }

    public ResendRequestFlyweight received(long value) {
        return put32(RECEIVED, (int) value);
    }

    /** Datagrams lost, modulo 2^32. */
    public long lost() {
        return u32(LOST);
    }

    public ResendRequestFlyweight lost(long value) {
        return put32(LOST, (int) value);
    }

    /** What its disk took lately, KiB/s. */
    public long diskRateKib() {
        return u32(DISK_RATE);
    }

    public ResendRequestFlyweight diskRateKib(long value) {
        return putU32(DISK_RATE, value);
    }

    /** Datagrams dropped by its socket, modulo 2^32. */
    public long dropped() {
        return u32(DROPPED);
    }

    public ResendRequestFlyweight dropped(long value) {
        return put32(DROPPED, (int) value);
    }

    /** Tracks that parity made whole, or that were sent again when it asked for them. */
    public long tracksRepaired() {
        return u32(TRACKS_REPAIRED);
    }

    public ResendRequestFlyweight tracksRepaired(long value) {
        return putU32(TRACKS_REPAIRED, value);
    }

    /** The error number of a disk error, 0 when none or unknown. */
    public int errno() {
        return u16(ERRNO);
    }

    public ResendRequestFlyweight errno(int value) {
        return put16(ERRNO, value);
    }

    /** Bytes of the longest announcement of the session that has come. */
    public int longestHeard() {
        return u16(LONGEST_HEARD);
    }

    public ResendRequestFlyweight longestHeard(int value) {
        return put16(LONGEST_HEARD, value);
    }

    public int records() {
        return u16(RECORDS);
    }

    public int firstTrack(int record) {
        return i32(at(record) + FIRST_TRACK);
    }

    /** Tracks of a record. */
    public int count(int record) {
        return i32(at(record) + COUNT);
    }

    /** Symbols that each of its tracks lacks; 0: all; {@link #ALL_NOW}. */
    public int symbolsNeeded(int record) {
        return u16(at(record) + SYMBOLS_NEEDED);
    }

    /** Generation of the symbols that it holds; where it holds none, the least that is of use. */
    public int generation(int record) {
        return u8(at(record) + GENERATION);
    }

    /** Appends a record behind the tracks of the one before; there may be {@link #MAX_RECORDS}. */
    public ResendRequestFlyweight add(int firstTrack, int count, int symbolsNeeded, int generation) {
        int record = records();
        if (record == MAX_RECORDS) {
            throw new IllegalStateException("record " + record + " does not fit Resend Request");
        }
        reserve(at(record + 1) + TRAILER_BYTES);
        put16(RECORDS, record + 1);
        return put32(at(record) + FIRST_TRACK, firstTrack)
                .put32(at(record) + COUNT, count)
                .put16(at(record) + SYMBOLS_NEEDED, symbolsNeeded)
                .put16(at(record) + GENERATION, generation << 8);
    }

    /** How often its tracks were refused by the manifest, in a sealed session; 0 when it did not say. */
    public long refused() {
        return reaches(at(records()) + Integer.BYTES) ? u32(at(records())) : 0;
    }

    /** Behind the last record; nothing is added afterwards. */
    public ResendRequestFlyweight refused(long value) {
        reserve(at(records()) + Integer.BYTES + TRAILER_BYTES);
        isRefusedWritten = true;
        return putU32(at(records()), value);
    }

    @Override
    void onBegin() {
        isRefusedWritten = false;
    }

    private boolean areRecordsValid(int trackCount) {
        int end = 0;
        for (int record = 0; record < records(); record++) {
            if (firstTrack(record) < end
                    || !isRangeOf(trackCount, firstTrack(record), count(record))
                    || symbolsNeeded(record) > SectorDataFlyweight.MAX_SOURCE_SYMBOLS) {
                return false;
            }
            end = firstTrack(record) + count(record);
        }
        return true;
    }

    private static int at(int record) {
        return FIRST_RECORD + record * RECORD_BYTES;
    }

    @Override
    ResendRequestFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        return at(records()) + (length() == 0 && isRefusedWritten ? Integer.BYTES : 0);
    }
}
