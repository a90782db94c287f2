package org.imgblstr.disk.image;

import java.io.IOException;

/** An image file is damaged, cut short, or not an image at all; ends in exit code 11. */
public final class MalformedImageException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final long offset;
    private final String expected;
    private final String found;
    private final String nextStep;

    /** {@code path}: name of the file or stream; {@code offset}: byte of the file at which {@code expected} was not found. */
    public MalformedImageException(String path, long offset, String expected, String found) {
        this(path, offset, expected, found, null);
    }

    MalformedImageException(String path, long offset, String expected, String found, Throwable cause) {
        this(path, offset, expected, found, "take another copy of the image, or make it again", cause);
    }

    private MalformedImageException(
            String path, long offset, String expected, String found, String nextStep, Throwable cause) {
        super(path + ": offset " + offset + ": expected " + expected + ", found " + found, cause);
        this.path = path;
        this.offset = offset;
        this.expected = expected;
        this.found = found;
        this.nextStep = nextStep;
    }

    /** The file is something else; {@code found}: what stands where an image begins. */
    static MalformedImageException noImage(String path, String found) {
        String nextStep =
                "name a file that 'imgblstr --upload' has made; a file with the raw bytes of a disk is read with"
                        + " --disk";
        return new MalformedImageException(path, 0, "an image (IMGBLSTR)", found, nextStep, null);
    }

    /** The file is an image of another version of the format. */
    static MalformedImageException otherVersion(String path, long offset, int expected, int found) {
        return new MalformedImageException(
                path,
                offset,
                "format version " + expected,
                "version " + found,
                "read it with the version of imgblstr that made it, or make the image again",
                null);
    }

    public String path() {
        return path;
    }

    /** Byte of the file. */
    public long offset() {
        return offset;
    }

    public String expected() {
        return expected;
    }

    public String found() {
        return found;
    }

    /** What the operator may do about it. */
    public String nextStep() {
        return nextStep;
    }
}
