package org.imgblstr.disk.image;

import java.io.IOException;

/** An image file is damaged, cut short, or not an image at all; ends in exit code 11. */
public final class MalformedImageException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final long offset;
    private final String expected;
    private final String found;

    /** {@code path}: name of the file or stream; {@code offset}: byte of the file at which {@code expected} was not found. */
    public MalformedImageException(String path, long offset, String expected, String found) {
        this(path, offset, expected, found, null);
    }

    MalformedImageException(String path, long offset, String expected, String found, Throwable cause) {
        super(path + ": offset " + offset + ": expected " + expected + ", found " + found, cause);
        this.path = path;
        this.offset = offset;
        this.expected = expected;
        this.found = found;
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
}
