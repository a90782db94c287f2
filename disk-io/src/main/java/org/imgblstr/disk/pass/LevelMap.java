package org.imgblstr.disk.pass;

import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;

/**
 * At which level the tracks of each group were encoded, so that a track that is encoded again and again, alone, gives the same bytes each time: slaves may
 * hold a part of them. One byte for {@link EncodedTrack#CHAIN_TRACKS} tracks: 2 MiB for 16 TiB. One thread sets; others ask for what they
 * heard of later.
 */
public final class LevelMap {
    private final byte[] levels;

    public LevelMap(int trackCount) {
        levels = new byte[(trackCount - 1) / EncodedTrack.CHAIN_TRACKS + 1];
    }

    /** Sets the level of a track and its group, unless they have one. */
    void setIfNew(int track, int level) {
        int place = track / EncodedTrack.CHAIN_TRACKS;
        if (levels[place] == 0) {
            levels[place] = (byte) level;
        }
    }

    /** Level of a track; the one to begin with when none was set. */
    int of(int track) {
        int level = levels[track / EncodedTrack.CHAIN_TRACKS];
        return level == 0 ? CodecChoice.HOME_LEVEL : level;
    }
}
