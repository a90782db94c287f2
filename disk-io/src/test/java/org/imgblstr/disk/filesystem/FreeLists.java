package org.imgblstr.disk.filesystem;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Free blocks as the tools of the file systems list them. All others of the volume must be kept. */
public final class FreeLists {
    private static final Pattern EXT_GROUP = Pattern.compile("\n  Free blocks: ([0-9, -]*)");
    private static final Pattern EXT_RANGE = Pattern.compile("(\\d+)(?:-(\\d+))?");
    private static final Pattern XFS_EXTENT = Pattern.compile("(?m)^ *(\\d+) +(\\d+) +(\\d+) *$");

    private static final Pattern BTRFS_CHUNK = Pattern.compile("CHUNK_ITEM (\\d+)\\)[^\n]*\n\\s+length (\\d+)");
    private static final Pattern BTRFS_STRIPE = Pattern.compile("stripe \\d+ devid 1 offset (\\d+)");
    private static final Pattern BTRFS_EXTENT = Pattern.compile("key \\((\\d+) (EXTENT_ITEM|METADATA_ITEM) (\\d+)\\)");

    private FreeLists() {}

    /** What dumpe2fs does not call free, of a volume of {@code sizeBytes}. */
    public static UsedMap usedOfExt(Path volume, long sizeBytes) throws IOException, InterruptedException {
        String dump = FsTools.run("dumpe2fs", volume.toString());
        long blockBytes = FsTools.number(dump, "Block size: +(\\d+)");
        long clusterBytes = dump.contains("Cluster size:") ? FsTools.number(dump, "Cluster size: +(\\d+)") : blockBytes;
        long blocks = FsTools.number(dump, "Block count: +(\\d+)");
        UsedMapBuilder used = new UsedMapBuilder(sizeBytes).use(0, sizeBytes);
        Matcher group = EXT_GROUP.matcher(dump);
        while (group.find()) {
            Matcher range = EXT_RANGE.matcher(group.group(1));
            while (range.find()) {
                long first = Long.parseLong(range.group(1));
                long last = range.group(2) == null ? first : Long.parseLong(range.group(2));
                // Where clusters are allocated, the last block of a range is the first of its last cluster.
                long end = Math.min(blocks, last + clusterBytes / blockBytes);
                used.free(first * blockBytes, (end - first) * blockBytes);
            }
        }
        return used.build();
    }

    /** What xfs_db does not call free, of a volume of {@code sizeBytes}. Blocks that are set aside for the trees of free space are free there. */
    public static UsedMap usedOfXfs(Path volume, long sizeBytes) throws IOException, InterruptedException {
        String sizes = FsTools.run("xfs_db", "-r", "-c", "sb 0", "-c", "p blocksize agblocks", volume.toString());
        long blockBytes = FsTools.number(sizes, "blocksize = (\\d+)");
        long agBytes = FsTools.number(sizes, "agblocks = (\\d+)") * blockBytes;
        UsedMapBuilder used = new UsedMapBuilder(sizeBytes).use(0, sizeBytes);
        Matcher extent = XFS_EXTENT.matcher(FsTools.run("xfs_db", "-r", "-c", "freesp -d", volume.toString()));
        while (extent.find()) {
            long offset = Long.parseLong(extent.group(1)) * agBytes + Long.parseLong(extent.group(2)) * blockBytes;
            used.free(offset, Long.parseLong(extent.group(3)) * blockBytes);
        }
        return used.build();
    }

    /** What btrfs lists as extents, in each of their copies, with the superblocks and the first MiB; of a volume of {@code sizeBytes}. */
    public static UsedMap usedOfBtrfs(Path volume, long sizeBytes) throws IOException, InterruptedException {
        UsedMapBuilder expected = new UsedMapBuilder(sizeBytes).use(0, 1 << 20);
        expected.use(64L << 20, 4096).use(256L << 30, 4096);
        String[] chunks = dump("chunk", volume).split("(?=key \\(FIRST_CHUNK_TREE CHUNK_ITEM)", -1);
        String extents = dump("extent", volume);
        int nodeBytes = Integer.parseInt(FsTools.run("btrfs", "inspect-internal", "dump-super", volume.toString())
                .replaceAll("(?s).*\nnodesize\\s+(\\d+).*", "$1"));
        for (String chunk : chunks) {
            Matcher header = BTRFS_CHUNK.matcher(chunk);
            if (header.find()) {
                long first = Long.parseLong(header.group(1));
                long end = first + Long.parseLong(header.group(2));
                Matcher stripe = BTRFS_STRIPE.matcher(chunk);
                while (stripe.find()) {
                    useExtents(expected, extents, first, end, Long.parseLong(stripe.group(1)), nodeBytes);
                }
            }
        }
        return expected.build();
    }

    private static void useExtents(
            UsedMapBuilder expected, String extents, long first, long end, long place, int nodeBytes) {
        Matcher extent = BTRFS_EXTENT.matcher(extents);
        while (extent.find()) {
            long logical = Long.parseLong(extent.group(1));
            boolean isData = extent.group(2).equals("EXTENT_ITEM");
            if (logical >= first && logical < end) {
                expected.use(place + logical - first, isData ? Long.parseLong(extent.group(3)) : nodeBytes);
            }
        }
    }

    private static String dump(String tree, Path volume) throws IOException, InterruptedException {
        return FsTools.run("btrfs", "inspect-internal", "dump-tree", "-t", tree, volume.toString());
    }
}
