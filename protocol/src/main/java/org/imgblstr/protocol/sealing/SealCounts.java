package org.imgblstr.protocol.sealing;

/** What became of the datagrams that came to an opener. One thread. */
public final class SealCounts {
    private long opened;
    private long badTag;
    private long replayed;
    private long unknownEpoch;
    private long open;
    private long malformed;

    /** Datagrams that were opened. */
    public long opened() {
        return opened;
    }

    /** Datagrams that nobody with the key has sealed so, and those whose signature did not hold. */
    public long badTag() {
        return badTag;
    }

    /** Datagrams whose number had come, or was too old. */
    public long replayed() {
        return replayed;
    }

    /** Datagrams of an epoch whose key is not there. */
    public long unknownEpoch() {
        return unknownEpoch;
    }

    /** Datagrams in the open layout, which a sealed session does not take. */
    public long open() {
        return open;
    }

    /** Datagrams that are too short, or of no command or session of ours. */
    public long malformed() {
        return malformed;
    }

    void onOpened() {
        opened++;
    }

    void onBadTag() {
        badTag++;
    }

    void onReplayed() {
        replayed++;
    }

    void onUnknownEpoch() {
        unknownEpoch++;
    }

    void onOpen() {
        open++;
    }

    void onMalformed() {
        malformed++;
    }
}
