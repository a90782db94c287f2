package org.imgblstr.protocol.master.handshake;

/**
 * Whether only one slave was ever sent a group key: then there is nobody who could forge for it. Once a second one is sent a key the solitude is over,
 * and does not come back. One thread changes it. Specification: docs/security.md, section 7.
 */
final class Solitude {
    private volatile boolean isOver;
    private boolean hasFirst;
    private long first;

    /** Nobody is to count as alone in this session. */
    void forbid() {
        isOver = true;
    }

    /** A group key is about to be sent to a slave. Returns whether that is the second one: what the first one has must not become its key. */
    boolean endsWith(long nonce) {
        if (!hasFirst) {
            hasFirst = true;
            first = nonce;
        }
        boolean isEnding = !isOver && nonce != first;
        if (isEnding) {
            isOver = true;
        }
        return isEnding;
    }

    /** Whether it lasts, also while nobody was sent a key; any thread. */
    boolean isLasting() {
        return !isOver;
    }

    /** Whether a slave was the first that was sent a key. */
    boolean isFirst(long nonce) {
        return hasFirst && nonce == first;
    }
}
