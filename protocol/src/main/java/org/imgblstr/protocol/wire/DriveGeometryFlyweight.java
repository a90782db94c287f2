package org.imgblstr.protocol.wire;

import java.net.InetAddress;
import java.util.UUID;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.SessionImage;

/**
 * The master announces its session, what it transfers and where it is. Source: docs/protocol.md, section 3.1.
 * <pre>
 *   12          20          24      26                28              32            36            40
 *   | sessionId | cylinders | heads | sectorsPerTrack | startCylinder | endCylinder | sectorBytes | trackCount ...
 *   44            52              60            62       64      65      66     68             72             76
 *   | diskSectors | requiredBytes | symbolBytes | codecs | state | flags | probe | repairWindow | sendPosition | countdown ...
 *   80       82       84              100          102        104         120           128       144       146          148
 *   | joined | wanted | masterAddress | masterPort | dataPort | dataGroup | nodeAddress | imageId | regions | ...
 *   146         147
 *   | nameBytes | labelBytes | per region number (4) | firstLba (8) | sectorCount (8) |, then label and name
 * </pre>
 */
public final class DriveGeometryFlyweight extends CommandFlyweight<DriveGeometryFlyweight> {
    /** Where a session is. */
    public enum State {
        WAITING(1),
        SENDING(2),
        CATCH_UP(3),
        FAREWELL(4);

        private final int code;

        State(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }

        /** The state of a code, or null when there is none. */
        public static State ofCode(int code) {
            for (State state : values()) {
                if (state.code == code) {
                    return state;
                }
            }
            return null;
        }
    }

    /** Start countdown of a session that the operator starts. */
    public static final long STARTED_BY_OPERATOR = 0xFFFF_FFFFL;

    private static final int DELTA = 1;
    private static final int PAUSED = 2;

    private static final int SESSION_ID = HEADER_BYTES;
    private static final int CYLINDERS = SESSION_ID + Long.BYTES;
    private static final int HEADS = CYLINDERS + Integer.BYTES;
    private static final int SECTORS_PER_TRACK = HEADS + Short.BYTES;
    private static final int START_CYLINDER = SECTORS_PER_TRACK + Short.BYTES;
    private static final int END_CYLINDER = START_CYLINDER + Integer.BYTES;
    private static final int SECTOR_BYTES = END_CYLINDER + Integer.BYTES;
    private static final int TRACK_COUNT = SECTOR_BYTES + Integer.BYTES;
    private static final int DISK_SECTORS = TRACK_COUNT + Integer.BYTES;
    private static final int REQUIRED_BYTES = DISK_SECTORS + Long.BYTES;
    private static final int SYMBOL_BYTES = REQUIRED_BYTES + Long.BYTES;
    private static final int CODECS = SYMBOL_BYTES + Short.BYTES;
    private static final int STATE = CODECS + Short.BYTES;
    static final int FLAGS = STATE + Byte.BYTES;
    private static final int PROBE_BYTES = FLAGS + Byte.BYTES;
    private static final int REPAIR_WINDOW = PROBE_BYTES + Short.BYTES;
    private static final int SEND_POSITION = REPAIR_WINDOW + Integer.BYTES;
    private static final int COUNTDOWN = SEND_POSITION + Integer.BYTES;
    private static final int JOINED = COUNTDOWN + Integer.BYTES;
    private static final int WANTED = JOINED + Short.BYTES;
    private static final int MASTER_ADDRESS = WANTED + Short.BYTES;
    private static final int MASTER_PORT = MASTER_ADDRESS + WireAddress.BYTES;
    private static final int DATA_PORT = MASTER_PORT + Short.BYTES;
    private static final int DATA_GROUP = DATA_PORT + Short.BYTES;
    private static final int NODE_ADDRESS = DATA_GROUP + WireAddress.BYTES;
    private static final int IMAGE_ID = NODE_ADDRESS + Long.BYTES;
    private static final int REGIONS = IMAGE_ID + 2 * Long.BYTES;
    private static final int NAME_BYTES = REGIONS + Short.BYTES;
    private static final int LABEL_BYTES = NAME_BYTES + Byte.BYTES;
    private static final int FIRST_REGION = LABEL_BYTES + Byte.BYTES;
    static final int FIXED_BYTES = FIRST_REGION;

    /** The header of an encoded track (docs/architecture.md, section 4), which the symbols carry too. */
    private static final int ENCODED_HEADER_BYTES = 24;

    private final RegionList regions = new RegionList(this, REGIONS, FIRST_REGION);

    public DriveGeometryFlyweight() {
        super(CommandType.DRIVE_GEOMETRY);
    }

    /**
     * Whether the image can be built, a track fits its symbols, and all numbers agree with each other: then {@link #image()} succeeds.
     * Whether the image fits a disk is for the slave.
     */
    public boolean isValid() {
        return hasFixedFields()
                && session() == (int) sessionId()
                && isLayoutValid()
                && isShapeValid()
                && regions.areValid(diskSectors(), u16(SECTORS_PER_TRACK), trackCount())
                && isExtentValid()
                && isProgressValid()
                && areAddressesValid();
    }

    /** Random, 64 bits. */
    public long sessionId() {
        return i64(SESSION_ID);
    }

    /** Sets the header's session, too. */
    public DriveGeometryFlyweight sessionId(long value) {
        return session((int) value).put64(SESSION_ID, value);
    }

    /** What the session transfers. Region names are not on the wire: "". Only after {@link #isValid()}. */
    public SessionImage image() {
        UUID imageId = new UUID(i64(IMAGE_ID), i64(IMAGE_ID + Long.BYTES));
        return new SessionImage(imageId, label(), new TrackSpace(geometry(), regions.regions()), i64(REQUIRED_BYTES));
    }

    /** Writes all that is constant in a session but its addresses, symbol size and codecs. The label has at most 64 bytes of UTF-8. */
    public DriveGeometryFlyweight image(SessionImage image) {
        TrackSpace space = image.space();
        byte[] label = WireText.encode(image.label());
        put16(REGIONS, space.regions().size()).put8(LABEL_BYTES, label.length);
        reserve(bodyEnd() + TRAILER_BYTES);
        putGeometry(space.geometry());
        put32(TRACK_COUNT, space.trackCount()).put64(REQUIRED_BYTES, image.requiredBytes());
        put64(IMAGE_ID, image.imageId().getMostSignificantBits());
        put64(IMAGE_ID + Long.BYTES, image.imageId().getLeastSignificantBits());
        regions.put(space.regions());
        putU32(START_CYLINDER, startCylinderOf(space.geometry())).putU32(END_CYLINDER, endCylinderOf(space.geometry()));
        return putBytes(regions.end(), label, label.length);
    }

    /** The name that the operator gave the session, "" when none; what cannot be printed is replaced. */
    public String sessionName() {
        return WireText.decode(bytes(regions.end() + u8(LABEL_BYTES), u8(NAME_BYTES)));
    }

    /** After {@link #image(SessionImage)}: at most 64 bytes of UTF-8. */
    public DriveGeometryFlyweight sessionName(String value) {
        byte[] name = WireText.encode(value);
        put8(NAME_BYTES, name.length);
        reserve(bodyEnd() + TRAILER_BYTES);
        return putBytes(regions.end() + u8(LABEL_BYTES), name, name.length);
    }

    /** Whether a datagram of another major version reaches as far as the fields that no version moves: session id, address and port. */
    public boolean hasFrozenFields() {
        return hasFixedFields() && masterPort() != 0 && !masterAddress().isMulticastAddress();
    }

    /** Whether zeros follow the fields, so that it is as long as data will be. */
    public boolean isPadded() {
        return length() > bodyEnd() + TRAILER_BYTES;
    }

    public int trackCount() {
        return i32(TRACK_COUNT);
    }

    /** First cylinder that holds a sector of the image. */
    public long startCylinder() {
        return u32(START_CYLINDER);
    }

    /** First cylinder behind the image. */
    public long endCylinder() {
        return u32(END_CYLINDER);
    }

    /** S: bytes of a symbol. */
    public int symbolBytes() {
        return u16(SYMBOL_BYTES);
    }

    public DriveGeometryFlyweight symbolBytes(int value) {
        return put16(SYMBOL_BYTES, value);
    }

    /** Length of the longest announcements that are padded to prove the path; 0 when none is padded. */
    public int probeBytes() {
        return u16(PROBE_BYTES);
    }

    public DriveGeometryFlyweight probeBytes(int value) {
        return put16(PROBE_BYTES, value);
    }

    /** Whether S is what it will stay: not while probes are longer than what S needs. */
    public boolean isSymbolSizeDecided() {
        return probeBytes() <= symbolBytes() + SectorDataFlyweight.OVERHEAD_BYTES;
    }

    /** Codecs that may occur: bit n is codec n. */
    public int codecs() {
        return u16(CODECS);
    }

    public DriveGeometryFlyweight codecs(int value) {
        return put16(CODECS, value);
    }

    /** Null when unknown. */
    public State state() {
        return State.ofCode(u8(STATE));
    }

    public DriveGeometryFlyweight state(State value) {
        return put8(STATE, value.code());
    }

    /** Whether the session begins with digests, and slaves ask only for what their disks lack. */
    public boolean isDelta() {
        return (u8(FLAGS) & DELTA) != 0;
    }

    /** Whether the operator has paused the session: no data comes until this is false again. */
    public boolean isPaused() {
        return (u8(FLAGS) & PAUSED) != 0;
    }

    public DriveGeometryFlyweight flags(boolean isDelta, boolean isPaused) {
        return put8(FLAGS, (isDelta ? DELTA : 0) | (isPaused ? PAUSED : 0));
    }

    /** How many tracks behind the newest the master repairs at once. */
    public int repairWindow() {
        return i32(REPAIR_WINDOW);
    }

    public DriveGeometryFlyweight repairWindow(int value) {
        return put32(REPAIR_WINDOW, value);
    }

    /** Next track of the pass. */
    public int sendPosition() {
        return i32(SEND_POSITION);
    }

    public DriveGeometryFlyweight sendPosition(int value) {
        return put32(SEND_POSITION, value);
    }

    /** Milliseconds to the start, or {@link #STARTED_BY_OPERATOR}. */
    public long countdownMs() {
        return u32(COUNTDOWN);
    }

    public DriveGeometryFlyweight countdownMs(long value) {
        return putU32(COUNTDOWN, value);
    }

    /** Slaves that have joined. */
    public int joined() {
        return u16(JOINED);
    }

    public DriveGeometryFlyweight joined(int value) {
        return put16(JOINED, value);
    }

    /** Slaves wanted; 0 unknown. */
    public int wanted() {
        return u16(WANTED);
    }

    public DriveGeometryFlyweight wanted(int value) {
        return put16(WANTED, value);
    }

    /** Where slaves send to. */
    public InetAddress masterAddress() {
        return WireAddress.ofBytes(bytes(MASTER_ADDRESS, WireAddress.BYTES));
    }

    public int masterPort() {
        return u16(MASTER_PORT);
    }

    public DriveGeometryFlyweight master(InetAddress address, int port) {
        return putBytes(MASTER_ADDRESS, WireAddress.toBytes(address), WireAddress.BYTES)
                .put16(MASTER_PORT, port);
    }

    /** Where data comes: a multicast group. */
    public InetAddress dataGroup() {
        return WireAddress.ofBytes(bytes(DATA_GROUP, WireAddress.BYTES));
    }

    public int dataPort() {
        return u16(DATA_PORT);
    }

    public DriveGeometryFlyweight data(InetAddress group, int port) {
        return putBytes(DATA_GROUP, WireAddress.toBytes(group), WireAddress.BYTES)
                .put16(DATA_PORT, port);
    }

    /** The master's EUI-64, or its EUI-48 and two zero bytes. */
    public long nodeAddress() {
        return i64(NODE_ADDRESS);
    }

    public DriveGeometryFlyweight nodeAddress(long value) {
        return put64(NODE_ADDRESS, value);
    }

    private boolean isLayoutValid() {
        return regions.isCountValid()
                && u8(LABEL_BYTES) <= WireText.MAX_LABEL_BYTES
                && u8(NAME_BYTES) <= WireText.MAX_LABEL_BYTES
                && reaches(bodyEnd());
    }

    /** Whether {@link #geometry()} can be, its bytes can be counted, and a track that does not shrink fits its symbols. */
    private boolean isShapeValid() {
        int sectorBytes = i32(SECTOR_BYTES);
        return (sectorBytes == 512 || sectorBytes == 4096)
                && u16(HEADS) >= 1
                && u16(SECTORS_PER_TRACK) >= 1
                && diskSectors() >= 1
                && diskSectors() <= Long.MAX_VALUE / sectorBytes
                && symbolBytes() >= 1
                && (probeBytes() == 0 || probeBytes() >= symbolBytes() + SectorDataFlyweight.OVERHEAD_BYTES)
                && ENCODED_HEADER_BYTES + u16(SECTORS_PER_TRACK) * sectorBytes
                        <= SectorDataFlyweight.MAX_SOURCE_SYMBOLS * symbolBytes();
    }

    private boolean isExtentValid() {
        Geometry geometry = geometry();
        return u32(CYLINDERS) == geometry.cylinders()
                && startCylinder() == startCylinderOf(geometry)
                && endCylinder() == endCylinderOf(geometry)
                && i64(REQUIRED_BYTES) >= 0
                && i64(REQUIRED_BYTES) <= diskSectors() * geometry.sectorBytes();
    }

    private boolean isProgressValid() {
        return state() != null && repairWindow() >= 0 && isUpTo(trackCount(), sendPosition());
    }

    boolean areAddressesValid() {
        return masterPort() != 0
                && dataPort() != 0
                && !masterAddress().isMulticastAddress()
                && !masterAddress().isAnyLocalAddress()
                && dataGroup().isMulticastAddress();
    }

    private Geometry geometry() {
        return new Geometry(i32(SECTOR_BYTES), u16(HEADS), u16(SECTORS_PER_TRACK), diskSectors());
    }

    private void putGeometry(Geometry geometry) {
        putU32(CYLINDERS, geometry.cylinders());
        put16(HEADS, geometry.heads()).put16(SECTORS_PER_TRACK, geometry.sectorsPerTrack());
        put32(SECTOR_BYTES, geometry.sectorBytes()).put64(DISK_SECTORS, geometry.totalSectors());
    }

    private long startCylinderOf(Geometry geometry) {
        return geometry.cylinderOf(regions.firstSector());
    }

    private long endCylinderOf(Geometry geometry) {
        return geometry.cylinderOf(regions.lastSector()) + 1;
    }

    private long diskSectors() {
        return i64(DISK_SECTORS);
    }

    private String label() {
        return WireText.decode(bytes(regions.end(), u8(LABEL_BYTES)));
    }

    @Override
    DriveGeometryFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        return regions.end() + u8(LABEL_BYTES) + u8(NAME_BYTES);
    }
}
