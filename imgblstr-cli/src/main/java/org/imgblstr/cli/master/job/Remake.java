package org.imgblstr.cli.master.job;

/**
 * What is made of an image before it is restored or sent. Immutable.
 *
 * @param isShrinking {@code --shrink}: whether the last partition becomes smaller where the own disk is too short
 * @param sectorBytes {@code --sector-size} with {@code --download}: the sectors of the disk that is made of the image; 0 for those it has
 */
public record Remake(boolean isShrinking, int sectorBytes) {
    /** The image as it is. */
    public static final Remake NONE = new Remake(false, 0);
}
