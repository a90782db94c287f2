package org.imgblstr.disk.image;

import java.util.HexFormat;

/** What the trailer of an image says: counts and digests. Immutable. Source: docs/image-format.md, section 5. */
public final class ImageSummary {
    private final TrackCounts counts;
    private final long fileBytes;
    private final byte[] contentDigest;
    private final byte[] fileDigest;

    ImageSummary(TrackCounts counts, long fileBytes, byte[] contentDigest, byte[] fileDigest) {
        this.counts = counts;
        this.fileBytes = fileBytes;
        this.contentDigest = contentDigest.clone();
        this.fileDigest = fileDigest.clone();
    }

    /** How many tracks of which kind, and their bytes. */
    public TrackCounts counts() {
        return counts;
    }

    /** Length of the image file. */
    public long fileBytes() {
        return fileBytes;
    }

    /** 32 bytes: the same for the same content however encoded; docs/architecture.md, section 4. */
    public byte[] contentDigest() {
        return contentDigest.clone();
    }

    /** 32 bytes: covers every byte of the file before it, record bodies by their own digests. */
    public byte[] fileDigest() {
        return fileDigest.clone();
    }

    @Override
    public String toString() {
        return counts + ", " + fileBytes + " bytes, content " + HexFormat.of().formatHex(contentDigest);
    }
}
