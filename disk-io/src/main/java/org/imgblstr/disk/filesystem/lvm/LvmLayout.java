package org.imgblstr.disk.filesystem.lvm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;

/**
 * A volume group that lies in one physical volume, and where its logical volumes are. Immutable.
 *
 * @param group its name, which lvm2 takes
 * @param groupId as lvm2 spells it: 32 characters in seven groups
 * @param physicalId of the physical volume, spelled the same
 * @param freeExtents that no logical volume has
 * @param volumes in the order of the metadata
 */
public record LvmLayout(String group, String groupId, String physicalId, long freeExtents, List<Logical> volumes) {
    /** Source: lvm(8), "VALID NAMES". */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9+_.][a-zA-Z0-9+_.-]{0,126}");

    private static final Pattern ID = Pattern.compile("\\w{6}(-\\w{4}){5}-\\w{6}");

    public LvmLayout {
        volumes = List.copyOf(volumes);
    }

    /** {@code bytes} from {@code place} of the physical volume on. */
    public record Piece(long place, long bytes) {
        long end() {
            return place + bytes;
        }
    }

    /**
     * A linear logical volume.
     *
     * @param pieces in its own order; at least one
     */
    public record Logical(String name, List<Piece> pieces) {
        public Logical {
            pieces = List.copyOf(pieces);
        }

        /** Its length. */
        public long bytes() {
            return pieces.stream().mapToLong(Piece::bytes).sum();
        }

        /** Where the last of its pieces ends on the physical volume. */
        public long end() {
            return pieces.stream().mapToLong(Piece::end).max().orElseThrow();
        }
    }

    /**
     * Reads the metadata.
     *
     * @throws UnsureException when it is not sound, or names what is not on this physical volume, or is no linear logical volume, or belongs to a
     *     cluster or another owner; the message says which
     */
    public static LvmLayout read(BlockSource volume) throws UnsureException, DeviceException {
        LvmPhysicalVolume physical = LvmPhysicalVolume.read(volume);
        List<String> groups = physical.metadata().sectionNames();
        LvmPhysicalVolume.require(groups.size() == 1, groups.size() + " volume groups");
        return new Reading(volume, physical, groups.get(0)).layout();
    }

    /** One reading. */
    private static final class Reading {
        private final LvmText text;
        private final String name;
        private final String physicalName;
        private final long extentBytes;
        private final long firstByte;
        private final long extents;

        Reading(BlockSource volume, LvmPhysicalVolume physical, String name) throws UnsureException {
            this.text = physical.metadata().requireSection(name);
            this.name = name;
            LvmPhysicalVolume.require(NAME.matcher(name).matches(), "the name of its volume group is none");
            checkOwner();
            LvmText all = text.requireSection("physical_volumes");
            LvmPhysicalVolume.require(
                    all.sectionNames().size() == 1,
                    "the volume group " + name + " lies in "
                            + all.sectionNames().size() + " physical volumes");
            this.physicalName = all.sectionNames().get(0);
            LvmText own = all.requireSection(physicalName);
            LvmPhysicalVolume.require(
                    own.string("id").replace("-", "").equals(physical.uuid()), "its metadata does not know it");
            this.extentBytes = bytes(text.number("extent_size"), volume);
            this.firstByte = bytes(own.number("pe_start"), volume);
            this.extents = own.number("pe_count");
            LvmPhysicalVolume.require(
                    extentBytes % volume.sectorBytes() == 0 && firstByte % volume.sectorBytes() == 0,
                    "its extents are no whole sectors");
            LvmPhysicalVolume.require(
                    extentBytes >= 1024
                            && firstByte <= volume.sizeBytes()
                            && extents <= (volume.sizeBytes() - firstByte) / extentBytes,
                    extents + " extents of " + extentBytes + " bytes in a volume of " + volume.sizeBytes());
        }

        private void checkOwner() throws UnsureException {
            LvmPhysicalVolume.require(text.string("format").equals("lvm2"), "unknown format " + text.string("format"));
            List<?> status = text.list("status");
            LvmPhysicalVolume.require(
                    status.contains("WRITE") && status.contains("RESIZEABLE") && !status.contains("EXPORTED"),
                    "the volume group " + name + " may not be changed: " + status);
            LvmPhysicalVolume.require(
                    isNothing("system_id") && isNothing("lock_type") && !status.contains("CLUSTERED"),
                    "the volume group " + name + " has an owner or is shared");
        }

        private boolean isNothing(String key) {
            return text.text(key)
                    .map(value -> value.isEmpty() || value.equals("none"))
                    .orElse(true);
        }

        private static long bytes(long sectors, BlockSource volume) throws UnsureException {
            LvmPhysicalVolume.require(sectors <= volume.sizeBytes() / LvmPhysicalVolume.SECTOR, sectors + " sectors");
            return sectors * LvmPhysicalVolume.SECTOR;
        }

        LvmLayout layout() throws UnsureException {
            List<Logical> volumes = new ArrayList<>();
            Optional<LvmText> section = text.section("logical_volumes");
            if (section.isPresent()) {
                for (String volume : section.get().sectionNames()) {
                    volumes.add(logical(volume, section.get().requireSection(volume)));
                }
            }
            long used = volumes.stream().mapToLong(Logical::bytes).sum() / extentBytes;
            LvmPhysicalVolume.require(!isShared(volumes) && used <= extents, "two logical volumes share an extent");
            String physicalId = text.requireSection("physical_volumes")
                    .requireSection(physicalName)
                    .string("id");
            return new LvmLayout(name, id(text.string("id")), id(physicalId), extents - used, volumes);
        }

        private static String id(String id) throws UnsureException {
            LvmPhysicalVolume.require(ID.matcher(id).matches(), "an identifier is none");
            return id;
        }

        private static boolean isShared(List<Logical> volumes) {
            List<Piece> pieces = volumes.stream()
                    .flatMap(volume -> volume.pieces().stream())
                    .sorted(Comparator.comparingLong(Piece::place))
                    .toList();
            for (int i = 1; i < pieces.size(); i++) {
                if (pieces.get(i - 1).end() > pieces.get(i).place()) {
                    return true;
                }
            }
            return false;
        }

        private Logical logical(String volume, LvmText logical) throws UnsureException {
            List<?> status = logical.list("status");
            LvmPhysicalVolume.require(NAME.matcher(volume).matches(), "the name of a logical volume is none");
            LvmPhysicalVolume.require(
                    status.contains("VISIBLE") && status.contains("WRITE"),
                    "logical volume " + volume + " may not be changed: " + status);
            List<Piece> pieces = new ArrayList<>();
            long expected = 0;
            for (String segmentName : logical.sectionNames()) {
                LvmText segment = logical.requireSection(segmentName);
                String type = segment.string("type");
                LvmPhysicalVolume.require(
                        type.equals("striped") && segment.number("stripe_count") == 1,
                        "logical volume " + volume + " is not linear (" + type + ")");
                LvmPhysicalVolume.require(
                        segment.number("start_extent") == expected, "the segments of " + volume + " have gaps");
                expected += addPiece(volume, segment, pieces);
            }
            LvmPhysicalVolume.require(
                    !pieces.isEmpty()
                            && logical.number("segment_count")
                                    == logical.sectionNames().size(),
                    "segments of " + volume + " are lacking");
            return new Logical(volume, pieces);
        }

        private long addPiece(String volume, LvmText segment, List<Piece> pieces) throws UnsureException {
            List<?> stripes = segment.list("stripes");
            LvmPhysicalVolume.require(
                    stripes.size() == 2 && physicalName.equals(stripes.get(0)) && stripes.get(1) instanceof Long,
                    "the stripes of " + volume + " are not understood");
            long count = segment.number("extent_count");
            long first = (Long) stripes.get(1);
            LvmPhysicalVolume.require(
                    count > 0 && first >= 0 && count <= extents && first <= extents - count,
                    volume + " leaves the physical volume");
            Piece piece = new Piece(firstByte + first * extentBytes, count * extentBytes);
            // Neighbours are one piece: a loop device can stand for it.
            Piece before = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
            if (before != null && before.end() == piece.place()) {
                pieces.set(pieces.size() - 1, new Piece(before.place(), before.bytes() + piece.bytes()));
            } else {
                pieces.add(piece);
            }
            return count;
        }
    }
}
