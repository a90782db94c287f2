package org.imgblstr.disk.signature;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.filesystem.BlockSource;
import org.imgblstr.disk.filesystem.UnsureException;
import org.imgblstr.fuzz.Budget;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.fuzz.PatchedBytes;

/** Signatures of contents that are known by name only, on a volume of zeros that is patched at the places where signatures may lie. */
public final class SignatureFuzz {
    private static final int VOLUME_BYTES = 1 << 20;
    private static final long MOST_ALLOCATED_BYTES = 16 << 20;
    private static final PatchedBytes VOLUME = new PatchedBytes(new byte[VOLUME_BYTES], pieces());
    private static final OpaqueReader READER = new OpaqueReader();

    private SignatureFuzz() {}

    private static List<int[]> pieces() {
        List<int[]> pieces = new ArrayList<>();
        for (SignaturePlaces.Range range : SignaturePlaces.of(VOLUME_BYTES)) {
            for (long at = range.offset(); at < range.endOffset(); at += 4096) {
                pieces.add(new int[] {(int) at, (int) Math.min(range.endOffset(), at + 4096)});
            }
        }
        return pieces;
    }

    /** The changes. */
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            VOLUME.patch(new FuzzInput(input));
            check(new Volume(VOLUME.content()));
        } catch (DeviceException e) {
            throw new AssertionError("no device has failed", e);
        } finally {
            VOLUME.undo();
        }
    }

    private static void check(BlockSource volume) throws DeviceException {
        Budget budget = Budget.of(MOST_ALLOCATED_BYTES);
        boolean isKnown = READER.recognise(volume).isPresent();
        try {
            READER.usedBlocks(volume);
            throw new AssertionError("free space of unknown content is known");
        } catch (UnsureException e) {
            if (isKnown == e.getMessage().equals("unknown content")) {
                throw new AssertionError("another answer the second time", e);
            }
        }
        budget.check();
    }

    @SuppressWarnings("ArrayRecordComponent") // two volumes are never compared
    private record Volume(byte[] content) implements BlockSource {
        @Override
        public long sizeBytes() {
            return content.length;
        }

        @Override
        public int sectorBytes() {
            return 512;
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            into.put(content, (int) offset, into.remaining());
        }
    }

    /** The first bytes of each place. */
    public static List<byte[]> seeds() {
        return VOLUME.seeds(96);
    }
}
