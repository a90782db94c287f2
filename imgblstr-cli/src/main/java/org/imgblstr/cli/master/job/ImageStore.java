package org.imgblstr.cli.master.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.report.Units;

/**
 * The place of an image file, as it is known before the first byte.
 *
 * @param folder where
 * @param freeBytes what this user may still write there; quotas that the file system does not count in are not known
 * @param mostFileBytes how long a file may be at most
 * @param whoseLimit what limits that, for a message
 * @param isReadOnly whether nothing can be written there at all
 * @param hasHoles whether what is never written of a file takes no room
 */
public record ImageStore(
        Path folder, long freeBytes, long mostFileBytes, String whoseLimit, boolean isReadOnly, boolean hasHoles) {
    /** Names of FAT in Linux; its files have 32 bits of length. */
    private static final Set<String> FAT = Set.of("vfat", "msdos", "fat");

    /** Others whose files have no holes. */
    private static final Set<String> WITHOUT_HOLES = Set.of("exfat", "hfs", "hfsplus");

    private static final long MOST_FAT_BYTES = (1L << 32) - 1;

    /** Less than the header, the index and the trailer of any image. */
    private static final long LEAST_IMAGE_BYTES = 4096;

    private static final Pattern SOFT_LIMIT = Pattern.compile("(?m)^Max file size +(\\d+)");

    public static ImageStore of(Path folder) throws IOException {
        FileStore store = Files.getFileStore(folder);
        boolean isFat = FAT.contains(store.type());
        long own = ownLimit(Path.of("/proc/self/limits"));
        long most = Math.min(own, isFat ? MOST_FAT_BYTES : Long.MAX_VALUE);
        String whose = most == own ? "the limit of this process (ulimit -f)" : "a FAT file system";
        boolean hasHoles = !isFat && !WITHOUT_HOLES.contains(store.type());
        return new ImageStore(folder, store.getUsableSpace(), most, whose, store.isReadOnly(), hasHoles);
    }

    /** Source: proc(5), {@code /proc/self/limits}. */
    private static long ownLimit(Path limits) {
        try {
            Matcher limit = SOFT_LIMIT.matcher(Files.readString(limits, StandardCharsets.ISO_8859_1));
            return limit.find() ? Long.parseLong(limit.group(1)) : Long.MAX_VALUE;
        } catch (IOException | NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** What an image can take at most: its data as they are, and 1 part in 256 for what says where they are. */
    static long mostBytes(long usedBytes) {
        return usedBytes + usedBytes / 256 + (1 << 20);
    }

    /** Why no image at all can be written here; "" when one can. */
    String refusal() {
        if (isReadOnly) {
            return folder + " is mounted read-only";
        }
        return freeBytes < LEAST_IMAGE_BYTES ? folder + " is full: " + Units.bytes(freeBytes) + " are free" : "";
    }

    /**
     * Why a file of raw bytes does not fit here; "" when it does.
     *
     * @param dataBytes what of its length are no holes
     */
    public String exportRefusal(long dataBytes, long lengthBytes) {
        if (isReadOnly) {
            return folder + " is mounted read-only";
        }
        if (mostFileBytes < lengthBytes) {
            return "a file in " + folder + " can have " + Units.bytes(mostFileBytes) + " at most, because of "
                    + whoseLimit + "; the disk has " + Units.bytes(lengthBytes);
        }
        long needed = hasHoles ? dataBytes : lengthBytes;
        return freeBytes < needed
                ? folder + " has " + Units.bytes(freeBytes) + " free; " + Units.bytes(needed) + " are needed"
                : "";
    }

    /** Why an image may not fit, one sentence each; empty when it fits however badly it compresses. */
    List<String> doubts(long usedBytes) {
        List<String> doubts = new ArrayList<>();
        long needed = mostBytes(usedBytes);
        String unknown = "; the image takes up to " + Units.bytes(needed) + ", less if its data compresses";
        if (freeBytes < needed) {
            doubts.add(folder + " has " + Units.bytes(freeBytes) + " free" + unknown);
        }
        if (mostFileBytes < needed) {
            doubts.add("a file in " + folder + " can have " + Units.bytes(mostFileBytes) + " at most, because of "
                    + whoseLimit + unknown);
        }
        return doubts;
    }
}
