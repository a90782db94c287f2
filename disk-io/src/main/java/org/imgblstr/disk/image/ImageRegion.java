package org.imgblstr.disk.image;

import java.util.Objects;
import org.imgblstr.disk.geometry.Region;

/**
 * A region, or a partition of the source disk, and what its partition table says it holds.
 *
 * @param region its name is at most {@value #MAX_TEXT_BYTES} bytes of UTF-8
 * @param partitionType text of the table's type, "" when there is none; at most {@value #MAX_TEXT_BYTES} bytes of UTF-8
 */
public record ImageRegion(Region region, String partitionType) {
    /** Longest name or type: a GPT name is at most 36 UTF-16 units, so 108 bytes. */
    static final int MAX_TEXT_BYTES = 256;

    public ImageRegion {
        Objects.requireNonNull(region, "region");
        Texts.check("region name", region.name(), MAX_TEXT_BYTES);
        Texts.check("partition type", partitionType, MAX_TEXT_BYTES);
    }
}
