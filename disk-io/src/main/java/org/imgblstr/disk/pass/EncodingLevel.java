package org.imgblstr.disk.pass;

import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.disk.machine.ProcessorUse;

/**
 * The level at which the encoders of a pass work: fixed, or chosen anew every few tracks, for groups that are read from then on. The reader asks
 * for tracks that it begins, the encoders for tracks that they have, the sequencer tells how it goes.
 */
final class EncodingLevel {
    /**
     * Tracks of groups that no encoder has begun: with fewer the disk is what everybody waits for, and no level changes that. An idle encoder
     * begins a group with its first track, so there are hardly any then; when the encoders are behind there are more than a group.
     */
    private static final int WAITING_FOR_ENCODERS = EncodedTrack.CHAIN_TRACKS / 4;

    /** Neither much nor little ahead. */
    private static final double ENOUGH = 0.1;

    /** Little ahead, but not nothing. */
    private static final double LITTLE = 0.01;

    private final DiskFeed.Encoding encoding;
    private final LevelController controller;
    private final ProcessorUse processors;
    private final LevelMap levels;
    private volatile int level = CodecChoice.HOME_LEVEL;
    private int tracks;
    private long waitingTracks;

    EncodingLevel(DiskFeed.Encoding encoding, LevelMap levels) {
        this(encoding, levels, adapts(encoding) ? new ProcessorUse() : null);
    }

    EncodingLevel(DiskFeed.Encoding encoding, LevelMap levels, ProcessorUse processors) {
        this.encoding = encoding;
        this.levels = levels;
        this.controller = adapts(encoding) ? new LevelController(!encoding.isKept()) : null;
        this.processors = processors;
    }

    private static boolean adapts(DiskFeed.Encoding encoding) {
        return encoding.codec().isAdaptive() && !encoding.isDescribed() && encoding.ahead() != null;
    }

    /** A track is to be encoded soon. For the reader. */
    void onRead(int track) {
        if (controller != null) {
            levels.setIfNew(track, level);
        }
    }

    /** A track goes to the sink, while so many wait for an encoder that has yet to begin their group. For the sequencer. */
    void onTrack(int track, int waiting) {
        if (controller == null) {
            return;
        }
        waitingTracks += waiting;
        if (++tracks == LevelController.INTERVAL_TRACKS) {
            processors.update();
            controller.onInterval(ahead(track), processors.idle(), processors.others());
            level = controller.level();
            tracks = 0;
            waitingTracks = 0;
        }
    }

    /**
     * Until the first track of the level that was decided last goes to the sink, some groups later, nobody knows what it did: it does not rise
     * further, nor fall for having been too low for long; it does fall when nothing is ahead.
     */
    private double ahead(int track) {
        double ahead = encoding.ahead().getAsDouble();
        if (waitingTracks <= (long) WAITING_FOR_ENCODERS * tracks) {
            ahead = Math.max(ahead, ENOUGH);
        }
        return levels.of(track) == level ? ahead : Math.max(LITTLE, Math.min(ahead, ENOUGH));
    }

    /** Makes an encoder work at the level of a track that was read. For the encoder's thread. */
    void applyTo(TrackEncoder encoder, int track) {
        if (controller != null) {
            encoder.level(levels.of(track));
        }
    }
}
