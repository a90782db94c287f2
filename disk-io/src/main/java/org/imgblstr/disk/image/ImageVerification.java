package org.imgblstr.disk.image;

import java.util.List;
import org.imgblstr.disk.geometry.UnreadableSectors;

/**
 * What checking an image found.
 *
 * @param isComplete whether all of the file was read: neither cancelled nor stopped by damage to its structure
 * @param damageCount places that are damaged
 * @param damages the first of them, at most {@value #MAX_DAMAGES}, in the order of the file; the message of each names file and offset
 * @param lost sectors of the source disk that the file does not give back
 */
public record ImageVerification(
        boolean isComplete, long damageCount, List<MalformedImageException> damages, UnreadableSectors lost) {
    /** Hears how far a long run over an image file has come. Called by the thread that runs. */
    @FunctionalInterface
    public interface Progress {
        /** {@code doneBytes} of the {@code totalBytes} of the image file. */
        void onProgress(long doneBytes, long totalBytes);
    }

    /** As many as a person may want to read. */
    public static final int MAX_DAMAGES = 100;

    public ImageVerification {
        damages = List.copyOf(damages);
    }

    /** True when every byte of the file was checked and is what was written. */
    public boolean isSound() {
        return isComplete && damageCount == 0;
    }
}
