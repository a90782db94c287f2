package org.imgblstr.cli.master.pipeline;

import org.imgblstr.codec.LevelController;
import org.imgblstr.codec.TrackEncoder;

/**
 * The level at which the encoders of a pass work: fixed, or chosen anew every few tracks. The reader asks
 * for tracks that it begins, the encoders for tracks that they have, the sequencer tells how it goes.
 */
final class EncodingLevel {
    /** Part of the slots, read and waiting: up to here the disk is what everybody waits for, and no level changes that. */
    private static final double DISK_IS_SLOW = 0.2;

    /** Neither much nor little ahead. */
    private static final double ENOUGH = 0.1;

    private final DiskFeed.Encoding encoding;
    private final LevelController controller;
    private final ProcessorUse processors;
    private final LevelMap levels;
    private volatile int level = LevelController.HOME_LEVEL;
    private int tracks;
    private double unencodedShares;

    EncodingLevel(DiskFeed.Encoding encoding, LevelMap levels) {
        this.encoding = encoding;
        this.levels = levels;
        boolean adapts = encoding.codec().isAdaptive() && !encoding.isDescribed() && encoding.ahead() != null;
        this.controller = adapts ? new LevelController(!encoding.isKept()) : null;
        this.processors = adapts ? new ProcessorUse() : null;
    }

    /** A track is to be encoded soon. For the reader. */
    void onRead(int track) {
        if (controller != null) {
            levels.setIfNew(track, level);
        }
    }

    /** A track goes to the sink. For the sequencer. */
    void onTrack(SlotRing ring) {
        if (controller == null) {
            return;
        }
        unencodedShares += ring.unencodedShare();
        if (++tracks == LevelController.INTERVAL_TRACKS) {
            processors.update();
            controller.onInterval(ahead(), processors.idle(), processors.others());
            level = controller.level();
            tracks = 0;
            unencodedShares = 0;
        }
    }

    private double ahead() {
        double ahead = encoding.ahead().getAsDouble();
        return unencodedShares / tracks <= DISK_IS_SLOW ? Math.max(ahead, ENOUGH) : ahead;
    }

    /** Makes an encoder work at the level of a track that was read. For the encoder's thread. */
    void applyTo(TrackEncoder encoder, int track) {
        if (controller != null) {
            encoder.level(levels.of(track));
        }
    }
}
