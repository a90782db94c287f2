package org.imgblstr.protocol.manifest;

import java.util.HashMap;
import java.util.Map;

/**
 * The tracks that a slave has refused, as they are not what the master sent. A joined machine that forges data is one cause; a source that changed
 * while it was read is another, and then a track never becomes right. One thread.
 */
public final class RefusedTracks {
    /** A track that was refused so often will not come right. */
    public static final int MOST_TIMES = 8;

    /** Tracks whose refusals are counted each: 65,536 numbers are some megabytes. */
    private static final int MOST_TRACKS = 65_536;

    private final Map<Integer, Integer> times = new HashMap<>();
    private long count;

    /** A track was refused. Returns whether it was refused too often. */
    public boolean onRefused(int track) {
        count++;
        boolean isCounted = times.size() < MOST_TRACKS || times.containsKey(track);
        return isCounted && times.merge(track, 1, Integer::sum) >= MOST_TIMES;
    }

    /** A track has come right after all. */
    public void onRight(int firstTrack, int endTrack) {
        for (int track = firstTrack; !times.isEmpty() && track < endTrack; track++) {
            times.remove(track);
        }
    }

    /** How often tracks were refused, as reports tell it: the largest number that their field holds, or less. */
    public int count() {
        return (int) Math.min(Integer.MAX_VALUE, count);
    }

    /** What the operator of the master is told of a slave's first one; it follows the slave's name. */
    public static String words() {
        return "got tracks that this master did not send: a joined machine forges data, or the source changed while it was read;"
                + " the slave asks for them again";
    }
}
