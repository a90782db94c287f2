package org.imgblstr.disk.filesystem;

import java.util.Optional;

/** A volume that is another one, all but for how it is read. */
public abstract class ForwardingSource implements BlockSource {
    /** The other one. */
    protected final BlockSource below;

    protected ForwardingSource(BlockSource below) {
        this.below = below;
    }

    @Override
    public final long sizeBytes() {
        return below.sizeBytes();
    }

    @Override
    public final int sectorBytes() {
        return below.sectorBytes();
    }

    @Override
    public final Optional<String> node() {
        return below.node();
    }

    @Override
    public final boolean isDivided() {
        return below.isDivided();
    }
}
