package org.imgblstr.protocol.wire;

/** The commands and their numbers on the wire. Source: docs/protocol.md, section 3. */
public enum CommandType {
    DRIVE_GEOMETRY(1, DriveGeometryFlyweight.FIXED_BYTES),
    RSVP(2, RsvpFlyweight.FIXED_BYTES),
    CONFIRM_DOWNLOAD(3, ConfirmDownloadFlyweight.FIXED_BYTES),
    SECTOR_DATA(4, SectorDataFlyweight.FIXED_BYTES),
    SECTOR_DATA_AND_FLUSH(5, SectorDataFlyweight.FIXED_BYTES),
    SKIP_TRACK(6, SkipTrackFlyweight.FIXED_BYTES),
    RESEND_REQUEST(7, ResendRequestFlyweight.FIXED_BYTES),
    END_OF_DATA(8, EndOfDataFlyweight.FIXED_BYTES),
    DONE(9, DoneFlyweight.FIXED_BYTES),
    DISCONNECT(10, DisconnectFlyweight.FIXED_BYTES),
    DISCONNECT_ACKNOWLEDGE(11, DisconnectAcknowledgeFlyweight.FIXED_BYTES);

    private static final CommandType[] BY_CODE = new CommandType[values().length + 1];

    static {
        for (CommandType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final int fixedBytes;

    CommandType(int code, int fixedBytes) {
        this.code = code;
        this.fixedBytes = fixedBytes;
    }

    /** The number on the wire, 1 to 11. */
    public int code() {
        return code;
    }

    /** Whether it carries a symbol. */
    public boolean isData() {
        return this == SECTOR_DATA || this == SECTOR_DATA_AND_FLUSH;
    }

    /** Bytes of the shortest datagram of this command: header, fixed fields and trailer. */
    public int minimumBytes() {
        return fixedBytes + CommandFlyweight.TRAILER_BYTES;
    }

    /** The command of a code, or null when there is none. */
    public static CommandType ofCode(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
