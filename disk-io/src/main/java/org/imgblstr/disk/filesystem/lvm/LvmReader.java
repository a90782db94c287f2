package org.imgblstr.disk.filesystem.lvm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.InnerVolumes;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;

/**
 * LVM2 physical volumes: the metadata, and of each linear logical volume what the file system on it uses. Extents of no logical volume are
 * free. Logical volumes that lie on other physical volumes too are used in full; with any that are not linear (snapshots, thin pools,
 * mirrors, RAID, caches) everything is, because their parts look like volumes and are not. Source: lvm2, lib/format_text.
 */
public final class LvmReader implements FileSystemReader {
    private static final String NAME = "LVM2_member";

    private final InnerVolumes inner;

    /** {@code inner}: the readers for logical volumes. */
    public LvmReader(InnerVolumes inner) {
        this.inner = inner;
    }

    @Override
    public Optional<Identity> recognise(BlockSource volume) throws DeviceException {
        return LvmPhysicalVolume.labelSector(volume) < 0 ? Optional.empty() : Optional.of(new Identity(NAME, ""));
    }

    @Override
    public UsedMap usedBlocks(BlockSource volume) throws UnsureException, DeviceException {
        return new Walk(volume, LvmPhysicalVolume.read(volume)).map();
    }

    /** {@code length} bytes from {@code offset} of a logical volume on are at {@code place} of the physical one. */
    private record Piece(long offset, long place, long length) {}

    /** What of a logical volume is here; {@code isWhole}: all of it, and it is one that can be used. */
    private record Logical(List<Piece> pieces, boolean isWhole) {}

    /** A linear logical volume. */
    private record Linear(BlockSource below, List<Piece> pieces, long sizeBytes) implements BlockSource {
        @Override
        public int sectorBytes() {
            return below.sectorBytes();
        }

        @Override
        public void read(long offset, ByteBuffer into) throws DeviceException {
            if (offset < 0 || offset > sizeBytes - into.remaining()) {
                throw new DeviceException("read at " + offset + " leaves the logical volume of " + sizeBytes, 0, null);
            }
            int end = into.limit();
            long at = offset;
            for (Piece piece : pieces) {
                long inPiece = at - piece.offset();
                if (inPiece < piece.length() && into.position() < end) {
                    int length = (int) Math.min(end - into.position(), piece.length() - inPiece);
                    into.limit(into.position() + length);
                    below.read(piece.place() + inPiece, into);
                    into.limit(end);
                    at += length;
                }
            }
        }
    }

    /** One reading of one physical volume. */
    private final class Walk {
        private final BlockSource volume;
        private final UsedMapBuilder used;
        private final UsedMapBuilder allocated;
        private final String ownName;
        private final LvmText group;
        private final long extentBytes;
        private final long firstByte;
        private final long extents;
        private long allocatedBytes;

        Walk(BlockSource volume, LvmPhysicalVolume physical) throws UnsureException {
            this.volume = volume;
            this.used = new UsedMapBuilder(volume.sizeBytes());
            this.allocated = new UsedMapBuilder(volume.sizeBytes());
            List<String> groups = physical.metadata().sectionNames();
            LvmPhysicalVolume.require(groups.size() == 1, groups.size() + " volume groups");
            this.group = physical.metadata().requireSection(groups.get(0));
            LvmPhysicalVolume.require(
                    group.string("format").equals("lvm2"), "unknown format " + group.string("format"));
            this.ownName = ownName(physical.uuid());
            LvmText own = group.requireSection("physical_volumes").requireSection(ownName);
            this.extentBytes = bytes(group.number("extent_size"));
            this.firstByte = bytes(own.number("pe_start"));
            this.extents = own.number("pe_count");
            LvmPhysicalVolume.require(
                    extentBytes >= 1024
                            && firstByte <= volume.sizeBytes()
                            && extents <= (volume.sizeBytes() - firstByte) / extentBytes,
                    extents + " extents of " + extentBytes + " bytes in a volume of " + volume.sizeBytes());
        }

        private long bytes(long sectors) throws UnsureException {
            LvmPhysicalVolume.require(sectors <= volume.sizeBytes() / LvmPhysicalVolume.SECTOR, sectors + " sectors");
            return sectors * LvmPhysicalVolume.SECTOR;
        }

        private String ownName(String uuid) throws UnsureException {
            LvmText volumes = group.requireSection("physical_volumes");
            for (String name : volumes.sectionNames()) {
                if (volumes.requireSection(name).string("id").replace("-", "").equals(uuid)) {
                    return name;
                }
            }
            throw new UnsureException("LVM2: its metadata does not know it");
        }

        /** No logical volume is read before all extents are known to be of one only: what is read is never longer than the physical volume. */
        UsedMap map() throws UnsureException, DeviceException {
            long end = firstByte + extents * extentBytes;
            used.use(0, firstByte).use(end, volume.sizeBytes() - end);
            List<Logical> logicals = new ArrayList<>();
            Optional<LvmText> section = group.section("logical_volumes");
            if (section.isPresent()) {
                for (String name : section.get().sectionNames()) {
                    logicals.add(logical(name, section.get().requireSection(name)));
                }
            }
            LvmPhysicalVolume.require(
                    allocated.build().usedBytes() == allocatedBytes, "two logical volumes share an extent");
            for (Logical logical : logicals) {
                use(logical.pieces(), logical.isWhole());
            }
            return used.build();
        }

        private Logical logical(String name, LvmText logical) throws UnsureException {
            List<Piece> pieces = new ArrayList<>();
            long expected = 0;
            boolean isWhole = logical.list("status").contains("VISIBLE");
            for (String segmentName : logical.sectionNames()) {
                LvmText segment = logical.requireSection(segmentName);
                String type = segment.string("type");
                LvmPhysicalVolume.require(
                        type.equals("striped") && segment.number("stripe_count") == 1,
                        "logical volume " + name + " is not linear (" + type + ")");
                LvmPhysicalVolume.require(
                        segment.number("start_extent") == expected, "the segments of " + name + " have gaps");
                long count = segment.number("extent_count");
                boolean isHere = addPiece(name, segment, expected, count, pieces);
                isWhole &= isHere;
                expected += count;
            }
            LvmPhysicalVolume.require(
                    logical.number("segment_count") == logical.sectionNames().size(),
                    "segments of " + name + " are lacking");
            return new Logical(pieces, isWhole);
        }

        private boolean addPiece(String name, LvmText segment, long start, long count, List<Piece> pieces)
                throws UnsureException {
            List<?> stripes = segment.list("stripes");
            LvmPhysicalVolume.require(
                    stripes.size() == 2 && stripes.get(1) instanceof Long,
                    "the stripes of " + name + " are not understood");
            LvmPhysicalVolume.require(
                    count > 0 && count <= Integer.MAX_VALUE && start <= Integer.MAX_VALUE, name + " is too long");
            if (!stripes.get(0).equals(ownName)) {
                return false;
            }
            long first = (Long) stripes.get(1);
            LvmPhysicalVolume.require(
                    first >= 0 && count <= extents && first <= extents - count, name + " leaves the physical volume");
            Piece piece = new Piece(start * extentBytes, firstByte + first * extentBytes, count * extentBytes);
            allocated.use(piece.place(), piece.length());
            allocatedBytes += piece.length();
            pieces.add(piece);
            return true;
        }

        private void use(List<Piece> pieces, boolean isWhole) throws DeviceException {
            if (!isWhole) {
                pieces.forEach(piece -> used.use(piece.place(), piece.length()));
                return;
            }
            long size = pieces.stream().mapToLong(Piece::length).sum();
            UsedMap map = inner.usedBlocks(new Linear(volume, pieces, size));
            for (Piece piece : pieces) {
                used.useAll(piece.place(), map, piece.offset(), piece.offset() + piece.length());
            }
        }
    }
}
