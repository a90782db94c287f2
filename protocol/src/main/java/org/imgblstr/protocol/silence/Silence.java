package org.imgblstr.protocol.silence;

import java.net.InetSocketAddress;

/**
 * Something that should have been heard and was not.
 *
 * @param what was awaited
 * @param seconds for how long it has not come
 * @param master where the master is; null while none was heard
 * @param dataGroup where the data goes; null when it does not matter
 */
public record Silence(What what, long seconds, InetSocketAddress master, InetSocketAddress dataGroup) {
    /** What is awaited in vain. */
    public enum What {
        /** A slave hears no master. */
        NO_MASTER,
        /** A slave hears a master, and gets no answer. */
        NO_ANSWER,
        /** A slave has joined and hears its master, and no data comes. */
        NO_DATA,
        /** A slave has joined, and hears nothing of its master any more. */
        NO_MASTER_ANY_MORE,
        /** A master has heard no slave. */
        NO_SLAVE,
        /** All slaves of a master that had joined have fallen silent. */
        NO_SLAVE_ANY_MORE
    }

    /** Whether something is wrong; otherwise the other side may only not have been started yet. */
    public boolean isFault() {
        return what != What.NO_MASTER && what != What.NO_SLAVE;
    }
}
