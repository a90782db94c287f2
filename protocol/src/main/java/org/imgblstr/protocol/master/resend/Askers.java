package org.imgblstr.protocol.master.resend;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Who asked for each track of the resend list: one slave, or several. Two bytes for a track, where some track nearby is on the list; bounded, so of
 * what goes beyond nobody in particular is said to have asked. One thread.
 */
final class Askers {
    /** Nobody in particular. */
    static final int SEVERAL = 0xFFFF;

    private static final int PAGE_TRACKS = 1024;

    /** 8 MiB. */
    private static final int MOST_PAGES = 4096;

    private static final char NOBODY = 0;

    private final Map<Integer, char[]> pages = new HashMap<>();

    /** A slave asks for a track. {@code slave}: its index, 1 to 65534. */
    void add(int track, int slave) {
        char[] page = pages.get(track / PAGE_TRACKS);
        if (page == null) {
            if (pages.size() >= MOST_PAGES) {
                return;
            }
            page = new char[PAGE_TRACKS];
            pages.put(track / PAGE_TRACKS, page);
        }
        int at = track % PAGE_TRACKS;
        page[at] = page[at] == NOBODY || page[at] == slave ? (char) slave : (char) SEVERAL;
    }

    /** The only slave that asked for a track, or {@link #SEVERAL}. */
    int of(int track) {
        char[] page = pages.get(track / PAGE_TRACKS);
        int asker = page == null ? NOBODY : page[track % PAGE_TRACKS];
        return asker == NOBODY ? SEVERAL : asker;
    }

    /** A track is no longer on the list. */
    void remove(int track) {
        char[] page = pages.get(track / PAGE_TRACKS);
        if (page == null) {
            return;
        }
        page[track % PAGE_TRACKS] = NOBODY;
        boolean isLastOfPage = track % PAGE_TRACKS == PAGE_TRACKS - 1;
        if (isLastOfPage && Arrays.equals(page, new char[PAGE_TRACKS])) {
            pages.remove(track / PAGE_TRACKS);
        }
    }

    /** The list is empty. */
    void clear() {
        pages.clear();
    }
}
