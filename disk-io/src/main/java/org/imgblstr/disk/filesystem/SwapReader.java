package org.imgblstr.disk.filesystem;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.imgblstr.disk.device.DeviceException;

/**
 * Linux swap, version 1: only the header page is kept, so UUID and label survive. A swap area that holds a suspended system is used in
 * full. Source: Linux, include/linux/swap.h, "union swap_header"; the signature ends the first page, whatever size a page is there.
 */
public final class SwapReader implements FileSystemReader {
    private static final int MIN_PAGE_BYTES = 4096;
    private static final int MAX_PAGE_BYTES = 65_536;
    private static final int SIGNATURE_BYTES = 10;
    private static final String SWAP = "SWAPSPACE2";

    /** Old swap, and what suspending programs put in place of the signature. */
    private static final String[] OTHERS = {"SWAP-SPACE", "S1SUSPEND", "S2SUSPEND", "ULSUSPEND", "LINHIB0001"};

    private static final int VERSION = 1024;
    private static final int LAST_PAGE = 1028;
    private static final int LABEL = 1052;
    private static final int LABEL_BYTES = 16;

    /** Page size and what its end says. */
    private record Signature(int pageBytes, boolean isSwap) {}

    @Override
    public Optional<Identity> recognise(BlockSource volume) throws DeviceException {
        Optional<Signature> signature = signature(volume);
        if (signature.isEmpty()) {
            return Optional.empty();
        }
        if (!signature.get().isSwap()) {
            return Optional.of(new Identity("swsuspend", ""));
        }
        ByteBuffer label = ByteBuffer.allocate(LABEL_BYTES);
        volume.read(LABEL, label);
        String text = new String(label.array(), StandardCharsets.UTF_8);
        int end = text.indexOf(0);
        return Optional.of(new Identity("swap", end < 0 ? text : text.substring(0, end)));
    }

    @Override
    public UsedMap usedBlocks(BlockSource volume) throws UnsureException, DeviceException {
        Signature signature = signature(volume).orElseThrow(() -> new UnsureException("swap: no signature"));
        if (!signature.isSwap()) {
            throw new UnsureException("swap: holds a suspended system, or is of an old version");
        }
        ByteBuffer header = VolumeBytes.little(volume, 0, signature.pageBytes(), "swap header");
        if (header.getInt(VERSION) != 1) {
            throw new UnsureException("swap: unknown version " + header.getInt(VERSION)
                    + ", or made on a machine of the other byte order");
        }
        long endBytes = (Integer.toUnsignedLong(header.getInt(LAST_PAGE)) + 1) * signature.pageBytes();
        if (endBytes > volume.sizeBytes() || endBytes <= signature.pageBytes()) {
            throw new UnsureException("swap: says it has " + endBytes + " bytes, the volume has " + volume.sizeBytes());
        }
        return new UsedMapBuilder(volume.sizeBytes())
                .use(0, signature.pageBytes())
                .use(endBytes, volume.sizeBytes() - endBytes)
                .build();
    }

    private static Optional<Signature> signature(BlockSource volume) throws DeviceException {
        for (int pageBytes = MIN_PAGE_BYTES; pageBytes <= MAX_PAGE_BYTES; pageBytes *= 2) {
            int offset = pageBytes - SIGNATURE_BYTES;
            if (VolumeBytes.matches(volume, offset, SWAP.getBytes(StandardCharsets.ISO_8859_1))) {
                return Optional.of(new Signature(pageBytes, true));
            }
            for (String other : OTHERS) {
                if (VolumeBytes.matches(volume, offset, other.getBytes(StandardCharsets.ISO_8859_1))) {
                    return Optional.of(new Signature(pageBytes, false));
                }
            }
        }
        return Optional.empty();
    }
}
