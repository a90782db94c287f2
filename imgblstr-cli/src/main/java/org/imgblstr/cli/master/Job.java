package org.imgblstr.cli.master;

import java.nio.file.Path;

/**
 * What the operator asked for, complete.
 *
 * @param mode what is done
 * @param disk the local disk; null when the mode uses none
 * @param image the image file; null when the mode uses none
 * @param partitions {@code --partition}; null for the whole disk
 */
public record Job(Mode mode, String disk, Path image, String partitions) {
    public Job {
        if (mode.usesDisk() != (disk != null) || mode.usesImage() != (image != null)) {
            throw new IllegalArgumentException(mode + " with disk " + disk + " and image " + image);
        }
    }
}
