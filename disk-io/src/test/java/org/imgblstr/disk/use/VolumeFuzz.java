package org.imgblstr.disk.use;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.FileSystemReader;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.disk.filesystem.UsedMap;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.fuzz.PatchedBytes;

/**
 * Runs one reader of a file system on sound volumes that an input has patched. The reader gives a map of all of the volume or the one exception. It
 * reads a bounded number of bytes, none outside of the volume, and allocates within bounds. What it has read of a volume that it believes is used.
 */
final class VolumeFuzz {
    /** As in {@link FileSystemReaderContract}. */
    private static final long MOST_ALLOCATED_BYTES = 96L << 20;

    private static final int MOST_PIECE_BYTES = 4096;
    private static final int SEEDS = 48;
    private static final int RESEALS = 1;
    private static final int IS_CUT = 2;

    /** Puts the checksums of changed structures right, so that changes get past them. */
    @FunctionalInterface
    interface Sealer {
        Sealer NONE = (base, volume) -> {};

        void seal(String base, PatchedBytes volume);
    }

    private record Base(String name, PatchedBytes bytes) {}

    private final FileSystemReader reader;
    private final Sealer sealer;
    private final List<Base> bases = new ArrayList<>();

    VolumeFuzz(FileSystemReader reader, Sealer sealer, String... names) {
        this.reader = reader;
        this.sealer = sealer;
        for (String name : names) {
            byte[] content = Bases.read(name);
            bases.add(new Base(name, new PatchedBytes(content, pieces(content))));
        }
    }

    /** What the reader reads of a sound volume, in pieces that two bytes can address. */
    private List<int[]> pieces(byte[] content) {
        WatchedVolume sound = WatchedVolume.of(content);
        try {
            if (reader.recognise(sound).isEmpty()) {
                throw new IllegalStateException("a base is not recognised");
            }
            reader.usedBlocks(sound);
        } catch (UnsureException e) {
            // Of f2fs and Minix partclone tells the rest.
            if (!e.getMessage().contains("partclone")) {
                throw new IllegalStateException("a base is not sound", e);
            }
        } catch (DeviceException e) {
            throw new IllegalStateException("a base cannot be read", e);
        }
        TreeSet<int[]> pieces =
                new TreeSet<>(Comparator.<int[]>comparingInt(piece -> piece[0]).thenComparingInt(piece -> piece[1]));
        for (long[] read : sound.reads()) {
            for (long from = read[0]; from < read[1]; from += MOST_PIECE_BYTES) {
                pieces.add(new int[] {(int) from, (int) Math.min(read[1], from + MOST_PIECE_BYTES)});
            }
        }
        return pieces.stream().limit(1 << Short.SIZE).toList();
    }

    /** Which base; flags: bit 0 puts checksums right, bit 1 cuts the volume to a length of four bytes; then the changes. */
    void run(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        Base base = bases.get(in.u8() % bases.size());
        PatchedBytes bytes = base.bytes();
        int flags = in.u8();
        int length = bytes.content().length;
        int sizeBytes = (flags & IS_CUT) == 0 ? length : Integer.remainderUnsigned(in.i32(), length);
        try {
            bytes.patch(in);
            if ((flags & RESEALS) != 0) {
                sealer.seal(base.name(), bytes);
            }
            check(bytes.content(), sizeBytes);
        } finally {
            bytes.undo();
        }
    }

    private void check(byte[] content, int sizeBytes) {
        CountedVolume volume = new CountedVolume(content, sizeBytes);
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        try {
            if (reader.recognise(volume).isPresent()) {
                UsedMap map = reader.usedBlocks(volume);
                if (map.sizeBytes() != sizeBytes || map.usedBytes() > sizeBytes) {
                    throw new AssertionError("a map of another size");
                }
                if (!map.covers(map.stored())) {
                    throw new AssertionError("what must be read is not used");
                }
            }
        } catch (UnsureException e) {
            if (e.getMessage().isBlank() || e.getMessage().contains("\n")) {
                throw new AssertionError("a reason of several lines", e);
            }
        } catch (DeviceException e) {
            throw new AssertionError("no device has failed", e);
        }
        budget.check();
    }

    /** For each base inputs that change nothing in what is read first. */
    List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int base = 0; base < bases.size(); base++) {
            seeds.addAll(bases.get(base).bytes().seeds(SEEDS, (byte) base, (byte) RESEALS));
        }
        return seeds;
    }
}
