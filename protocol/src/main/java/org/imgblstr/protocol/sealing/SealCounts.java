package org.imgblstr.protocol.sealing;

/** What became of the datagrams that came to an opener. One thread. */
public final class SealCounts {
    /** So many datagrams beyond a limit are a flood: a room of thousands that is switched on together sends a few hundred. */
    static final long MOST_LIMITED = 10_000;

    private long opened;
    private long badTag;
    private long replayed;
    private long unknownEpoch;
    private long open;
    private long malformed;
    private long limited;

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

    /** Adds what another opener has counted. */
    public SealCounts add(SealCounts other) {
        opened += other.opened;
        badTag += other.badTag;
        replayed += other.replayed;
        unknownEpoch += other.unknownEpoch;
        open += other.open;
        malformed += other.malformed;
        limited += other.limited;
        return this;
    }

    /** Datagrams that nobody sends who keeps to the protocol: a network may repeat and delay what was sent, but makes nothing of this. */
    public long forged() {
        return badTag + open + malformed + (limited < MOST_LIMITED ? 0 : limited);
    }

    @Override
    public String toString() {
        return "opened " + opened + ", not believed: " + badTag + " with a false seal, " + replayed + " sent again, "
                + unknownEpoch + " with an unknown key, " + open + " not sealed, " + malformed + " without sense, "
                + limited + " beyond a limit";
    }

    void onOpened() {
        opened++;
    }

    /** One came whose tag or signature does not hold. */
    public void onBadTag() {
        badTag++;
    }

    /** One came whose number had come. */
    public void onReplayed() {
        replayed++;
    }

    /** One came whose key is not here. */
    public void onUnknownEpoch() {
        unknownEpoch++;
    }

    /** RSVPs that a limit kept out: too many of an address, or in a second. */
    public long limited() {
        return limited;
    }

    /** A limit kept an RSVP out. */
    public void onLimited() {
        limited++;
    }

    /** One in the open layout came. */
    public void onOpen() {
        open++;
    }

    /** One came that makes no sense. */
    public void onMalformed() {
        malformed++;
    }
}
