package org.imgblstr.protocol.contract;

import java.util.Locale;

/** Where a master's session is, in the words of the operator. */
public enum SessionPhase {
    /** The run waits for the time of its start; nothing is open on the network yet. */
    SCHEDULED,
    /** The network cannot be used yet. */
    OPENING,
    /** Slaves join. */
    WAITING,
    SENDING,
    /** The operator has paused it. */
    PAUSED,
    /** All was sent once; what slaves lack is sent again. */
    CATCHING_UP,
    /** No slave lacks a track; some still write, read back or sync. */
    READING_BACK,
    /** Slaves are told the end. */
    FINISHING,
    OVER;

    /** {@code catching-up}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
