package org.imgblstr.disk.image;

import org.imgblstr.disk.device.DiskIdentity;

/**
 * The disk an image was made from, for people: nothing is decided by it.
 *
 * @param path the name it was given by
 * @param model "" when unknown
 * @param serial "" when unknown
 * @param sizeBytes size
 */
public record ImageSource(String path, String model, String serial, long sizeBytes) {
    /** Longest text, in bytes of UTF-8. */
    static final int MAX_TEXT_BYTES = 1024;

    public ImageSource {
        Texts.check("source path", path, MAX_TEXT_BYTES);
        Texts.check("source model", model, MAX_TEXT_BYTES);
        Texts.check("source serial", serial, MAX_TEXT_BYTES);
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("source size: expected 0 or more, found " + sizeBytes);
        }
    }

    public static ImageSource of(DiskIdentity disk) {
        return new ImageSource(disk.path(), disk.model(), disk.serial(), disk.sizeBytes());
    }
}
