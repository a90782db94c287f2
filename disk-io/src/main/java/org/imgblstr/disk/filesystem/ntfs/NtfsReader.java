package org.imgblstr.disk.filesystem.ntfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.disk.filesystem.UsedMapBuilder;
import org.imgblstr.disk.filesystem.VolumeBytes;

/**
 * NTFS: its cluster bitmap, believed only when the volume is neither dirty nor hibernated, its journal is carried out, and every cluster
 * of every file in the MFT is marked: the bitmap has no checksum, so the MFT is read in full to know that nothing is missing from it.
 * Source: Linux-NTFS project, "NTFS Documentation".
 */
public final class NtfsReader implements FileSystemReader {
    private static final int PIECE_BYTES = 1 << 20;
    private static final int BITMAP_PIECE_BYTES = 64 << 10;

    /** Dirty, to be checked because the journal was resized, to be upgraded, and chkdsk at work. */
    private static final int BAD_FLAGS = 0x1 | 0x2 | 0x4 | 0x4000;

    private static final Set<String> HIBERNATION_FILE = Set.of("hiberfil.sys");

    private final boolean skipsPageFiles;

    public NtfsReader() {
        this(false);
    }

    /** {@code skipsPageFiles}: whether the content of pagefile.sys, swapfile.sys and hiberfil.sys counts as free. */
    public NtfsReader(boolean skipsPageFiles) {
        this.skipsPageFiles = skipsPageFiles;
    }

    /** Takes a record of the MFT that is in use. */
    @FunctionalInterface
    private interface RecordVisitor {
        void visit(long number, NtfsRecord record) throws UnsureException, DeviceException;
    }

    @Override
    public Optional<Identity> recognise(BlockSource volume) throws DeviceException {
        if (!NtfsBootSector.isNtfs(volume)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Identity("ntfs", new Walk(volume, NtfsBootSector.read(volume)).label()));
        } catch (UnsureException damaged) {
            return Optional.of(new Identity("ntfs", ""));
        }
    }

    @Override
    public UsedMap usedBlocks(BlockSource volume) throws UnsureException, DeviceException {
        Walk walk = new Walk(volume, NtfsBootSector.read(volume));
        return skipsPageFiles ? walk.mapWithoutPageFiles() : walk.map();
    }

    /** One reading of one volume. */
    private static final class Walk {
        private final BlockSource volume;
        private final NtfsBootSector boot;
        private final NtfsRuns mft;
        private final long mftBytes;
        private UsedMap map;

        Walk(BlockSource volume, NtfsBootSector boot) throws UnsureException, DeviceException {
            this.volume = volume;
            this.boot = boot;
            long place = boot.mftCluster() * boot.clusterBytes();
            ByteBuffer bytes = VolumeBytes.little(volume, place, boot.recordBytes(), "NTFS MFT");
            NtfsAttribute data = dataOf(NtfsRecord.MFT, inUse(NtfsRecord.MFT, bytes));
            this.mft = new NtfsRuns(volume, boot);
            mft.add(data);
            this.mftBytes = data.initialisedBytes();
            require(mftBytes > 0 && mftBytes <= data.dataBytes(), "the MFT has " + mftBytes + " bytes");
            require(
                    data.dataBytes() <= boot.clusterCount() * boot.clusterBytes(),
                    "the MFT has " + data.dataBytes() + " bytes");
            require(mft.firstCluster() == boot.mftCluster(), "the MFT is not where it says it is");
        }

        String label() throws UnsureException, DeviceException {
            Optional<NtfsAttribute> name = record(NtfsRecord.VOLUME).find(NtfsAttribute.VOLUME_NAME);
            return name.isPresent() ? text(name.get().value(), 0, Integer.MAX_VALUE) : "";
        }

        UsedMap map() throws UnsureException, DeviceException {
            checkVolume();
            NtfsShadows.requireNone(volume);
            NtfsLog.requireClean(runsOf(NtfsRecord.LOG_FILE));
            require(
                    runsOf(NtfsRecord.MIRROR).firstCluster() == boot.mirrorCluster(),
                    "the copy of the MFT is not where the boot sector says");
            require(runsOf(NtfsRecord.BOOT).firstCluster() == 0, "$Boot is not at the start");
            map = mapOfBitmap();
            forEachFile(this::checkFile);
            return map;
        }

        UsedMap mapWithoutPageFiles() throws UnsureException, DeviceException {
            map();
            NtfsPageFiles pageFiles = new NtfsPageFiles(boot, volume.sizeBytes());
            forEachFile((number, record) -> {
                // Whoever gave one of them another name wants to keep what it holds.
                if (isInRoot(record, NtfsPageFiles.NAMES) && record.hasOneName()) {
                    pageFiles.add(number, record);
                }
            });
            if (pageFiles.isEmpty()) {
                return map;
            }
            UsedMap pages = pageFiles.map();
            forEachFile((number, record) -> pageFiles.requireApart(pages, number, record));
            UsedMapBuilder used = new UsedMapBuilder(volume.sizeBytes()).useAll(0, map);
            pages.forEachUsed(0, volume.sizeBytes(), (from, end) -> used.free(from, end - from));
            return used.build();
        }

        private void checkVolume() throws UnsureException, DeviceException {
            ByteBuffer information = record(NtfsRecord.VOLUME)
                    .find(NtfsAttribute.VOLUME_INFORMATION)
                    .orElseThrow(() -> new UnsureException("NTFS: no volume information"))
                    .value();
            require(information.limit() >= 12, "volume information of " + information.limit() + " bytes");
            int major = information.get(8);
            require(major == 1 || major == 3, "unknown version " + major);
            int flags = Short.toUnsignedInt(information.getShort(10)) & BAD_FLAGS;
            require(flags == 0, "marked as dirty (flags 0x" + Integer.toHexString(flags) + "): run chkdsk");
        }

        private UsedMap mapOfBitmap() throws UnsureException, DeviceException {
            NtfsRuns bitmap = runsOf(NtfsRecord.BITMAP);
            long count = boot.clusterCount();
            long needed = (count + 7) / 8;
            long length = dataOf(NtfsRecord.BITMAP, record(NtfsRecord.BITMAP)).dataBytes();
            // It is rounded up; one much longer than the volume needs belongs to another size of cluster or volume.
            require(
                    length >= needed && length <= needed + boot.clusterBytes(),
                    "a bitmap of " + length + " bytes for " + count + " clusters");
            require(needed <= bitmap.knownBytes(), "the bitmap is in more pieces than this program follows");
            UsedMapBuilder used = new UsedMapBuilder(volume.sizeBytes());
            long endBytes = count * boot.clusterBytes();
            used.use(endBytes, volume.sizeBytes() - endBytes);
            for (long at = 0; at < needed; at += BITMAP_PIECE_BYTES) {
                int pieceBytes = (int) Math.min(BITMAP_PIECE_BYTES, needed - at);
                BitSet bits = BitSet.valueOf(bitmap.read(at, pieceBytes));
                useClusters(used, at * Byte.SIZE, bits, (int) Math.min(pieceBytes * 8L, count - at * Byte.SIZE));
            }
            return used.build();
        }

        private void useClusters(UsedMapBuilder used, long first, BitSet bits, int count) {
            for (int from = bits.nextSetBit(0); from >= 0 && from < count; ) {
                int to = Math.min(bits.nextClearBit(from), count);
                used.use((first + from) * boot.clusterBytes(), (long) (to - from) * boot.clusterBytes());
                from = bits.nextSetBit(to);
            }
        }

        /** Reads all records. Those that map later parts of the MFT lie in earlier parts, so they come in time. */
        private void forEachFile(RecordVisitor visitor) throws UnsureException, DeviceException {
            long at = 0;
            while (at < mftBytes) {
                long known = Math.min(mftBytes, mft.knownBytes()) - at;
                int length = (int) Math.min(PIECE_BYTES, known / boot.recordBytes() * boot.recordBytes());
                require(length > 0, "the MFT ends early");
                ByteBuffer piece = mft.read(at, length);
                for (int offset = 0; offset < length; offset += boot.recordBytes()) {
                    long number = (at + offset) / boot.recordBytes();
                    Optional<NtfsRecord> record = NtfsRecord.read(slice(piece, offset), number);
                    if (record.isPresent()) {
                        visitor.visit(number, record.get());
                    }
                }
                at += length;
            }
        }

        private ByteBuffer slice(ByteBuffer piece, int offset) {
            return piece.slice(offset, boot.recordBytes()).order(ByteOrder.LITTLE_ENDIAN);
        }

        private void checkFile(long number, NtfsRecord record) throws UnsureException, DeviceException {
            for (NtfsAttribute attribute : record.attributes()) {
                if (!attribute.isResident()) {
                    attribute.forEachRun(boot, (cluster, count) -> requireMarked(number, cluster, count));
                    if (isMoreOfMft(number, record, attribute)) {
                        mft.add(attribute);
                    }
                }
            }
            if (isInRoot(record, HIBERNATION_FILE)) {
                checkHibernation(record);
            }
        }

        private void requireMarked(long number, long cluster, long count) throws UnsureException {
            long from = cluster * boot.clusterBytes();
            boolean isMarked = cluster < 0 || map.nextFree(from) >= from + count * boot.clusterBytes();
            require(isMarked, "clusters of MFT record " + number + " are marked free: run chkdsk");
        }

        private static boolean isMoreOfMft(long number, NtfsRecord record, NtfsAttribute attribute) {
            return number != NtfsRecord.MFT
                    && record.isExtension()
                    && record.baseRecord() == NtfsRecord.MFT
                    && attribute.type() == NtfsAttribute.DATA
                    && attribute.isUnnamed();
        }

        /** Whether a record is a file in the root folder with one of these names. */
        private static boolean isInRoot(NtfsRecord record, Set<String> names) throws UnsureException {
            for (NtfsAttribute attribute : record.attributes()) {
                if (attribute.type() == NtfsAttribute.FILE_NAME && attribute.isResident()) {
                    ByteBuffer value = attribute.value();
                    boolean isInRoot =
                            value.limit() >= 0x42 && (value.getLong(0) & NtfsRecord.NUMBER_MASK) == NtfsRecord.ROOT;
                    int chars = isInRoot ? Byte.toUnsignedInt(value.get(0x40)) : 0;
                    if (isInRoot && names.contains(text(value, 0x42, chars).toLowerCase(Locale.ROOT))) {
                        return true;
                    }
                }
            }
            return false;
        }

        private void checkHibernation(NtfsRecord record) throws UnsureException, DeviceException {
            Optional<NtfsAttribute> data = record.find(NtfsAttribute.DATA);
            if (data.isPresent() && !data.get().isResident() && data.get().initialisedBytes() >= 4) {
                NtfsRuns runs = new NtfsRuns(volume, boot);
                runs.add(data.get());
                byte[] magic = runs.read(0, 4).array();
                boolean isHibernated = new String(magic, StandardCharsets.US_ASCII)
                        .toLowerCase(Locale.ROOT)
                        .equals("hibr");
                require(!isHibernated, "Windows is hibernated on it: shut it down fully");
            }
        }

        private NtfsRuns runsOf(long number) throws UnsureException, DeviceException {
            NtfsRuns runs = new NtfsRuns(volume, boot);
            runs.add(dataOf(number, record(number)));
            return runs;
        }

        private NtfsRecord record(long number) throws UnsureException, DeviceException {
            long offset = number * boot.recordBytes();
            require(offset + boot.recordBytes() <= mftBytes, "the MFT has no record " + number);
            return inUse(number, mft.read(offset, boot.recordBytes()));
        }

        private static NtfsRecord inUse(long number, ByteBuffer bytes) throws UnsureException {
            NtfsRecord record = NtfsRecord.read(bytes, number)
                    .orElseThrow(() -> new UnsureException("NTFS: MFT record " + number + " is not in use"));
            require(!record.isExtension(), "MFT record " + number + " belongs to another file");
            return record;
        }

        private static NtfsAttribute dataOf(long number, NtfsRecord record) throws UnsureException {
            NtfsAttribute data = record.find(NtfsAttribute.DATA)
                    .orElseThrow(() -> new UnsureException("NTFS: MFT record " + number + " has no data"));
            require(!data.isResident(), "MFT record " + number + " has its data in itself");
            return data;
        }

        private static String text(ByteBuffer value, int offset, int chars) {
            int bytes = (int) Math.min(2L * chars, value.limit() - offset & -2);
            byte[] text = new byte[bytes];
            value.get(offset, text);
            return new String(text, StandardCharsets.UTF_16LE);
        }

        private static void require(boolean holds, String otherwise) throws UnsureException {
            if (!holds) {
                throw new UnsureException("NTFS: " + otherwise);
            }
        }
    }
}
