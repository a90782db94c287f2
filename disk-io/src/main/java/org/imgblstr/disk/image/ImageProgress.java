package org.imgblstr.disk.image;

/** Hears how far a long run over an image file has come. Called by the thread that runs. */
@FunctionalInterface
public interface ImageProgress {
    /** {@code doneBytes} of the {@code totalBytes} of the image file. */
    void onProgress(long doneBytes, long totalBytes);
}
