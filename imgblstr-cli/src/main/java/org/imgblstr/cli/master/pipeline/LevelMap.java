package org.imgblstr.cli.master.pipeline;

import org.imgblstr.codec.LevelController;

/**
 * At which level tracks were encoded, so that a track that is encoded again gives the same bytes: slaves may hold a part of them. One byte for
 * {@link LevelController#INTERVAL_TRACKS} tracks: 4 MiB for 16 TiB. One thread sets; others ask for what they heard of later.
 */
public final class LevelMap {
    private final byte[] levels;

    public LevelMap(int trackCount) {
        levels = new byte[(trackCount - 1) / LevelController.INTERVAL_TRACKS + 1];
    }

    /** Sets the level of a track and its neighbours, unless they have one. */
    void setIfNew(int track, int level) {
        int place = track / LevelController.INTERVAL_TRACKS;
        if (levels[place] == 0) {
            levels[place] = (byte) level;
        }
    }

    /** Level of a track; the one to begin with when none was set. */
    int of(int track) {
        int level = levels[track / LevelController.INTERVAL_TRACKS];
        return level == 0 ? LevelController.HOME_LEVEL : level;
    }
}
