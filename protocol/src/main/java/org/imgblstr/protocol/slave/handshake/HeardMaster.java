package org.imgblstr.protocol.slave.handshake;

import java.net.InetSocketAddress;
import org.imgblstr.protocol.sealing.DatagramSignature;
import org.imgblstr.protocol.sealing.SealedLayout;
import org.imgblstr.protocol.wire.CommandFlyweight;
import org.imgblstr.protocol.wire.HelloFlyweight;

/** A sealed session that a slave hears: where its master is, and when it is asked for the keys. One thread. */
final class HeardMaster implements AutoCloseable {
    private static final long MS = 1_000_000;
    private static final long FIRST_NS = 250 * MS;
    private static final long LONGEST_NS = 2_000 * MS;
    private static final int TRIES = 12;

    /** The keys of an epoch are missed by this many datagrams before they are asked for, and not more often than this. */
    private static final int MISSING_DATAGRAMS = 4;

    private static final long MISSING_GAP_NS = 500 * MS;

    /** A handshake takes a tenth of that on a slow machine; then the next announcement comes after half a second. */
    private static final long DECIDED_NS = 1_000 * MS;

    /** Padded announcements of all lengths come at once, the longest first. */
    private static final long TOGETHER_NS = 50 * MS;

    /** Bytes of a sealed Drive Geometry that is not padded. */
    private static final int STATE_BYTES = HelloFlyweight.FIELD_BYTES
            + DatagramSignature.BYTES
            + CommandFlyweight.TRAILER_BYTES
            + SealedLayout.MORE_BYTES;

    /** Whoever says that the secret is wrong may be a forger: two more RSVPs are sent, and not more. */
    private static final int TRIES_AFTER_REFUSAL = 2;

    /** A wrong secret is believed when nothing better has come for so long. */
    private static final long BELIEVED_NS = 4_000 * MS;

    /** Six announcements lost in a row. */
    private static final long GONE_NS = 3_000 * MS;

    /** Five tries in vain are told. */
    private static final long NO_ANSWER_NS = 5_000 * MS;

    private final long sessionId;
    private final Approach approach;
    private final long firstNs;
    private InetSocketAddress address;
    private long lastNs;
    private long dueNs;
    private int tries;
    private int lastTry = Integer.MAX_VALUE;
    private long missing;
    private long askedNs;
    private int longestBytes;
    private long longestNs;
    private boolean isShown;
    private boolean isSilenceSaid;
    private boolean isAskedAgain;
    private boolean isTurningAway;

    /** {@code dueNs}: when it is asked first. */
    HeardMaster(long sessionId, Approach approach, InetSocketAddress address, long dueNs, long nowNs) {
        this.sessionId = sessionId;
        this.approach = approach;
        this.address = address;
        this.dueNs = dueNs;
        this.firstNs = nowNs;
        this.lastNs = nowNs;
        this.askedNs = nowNs;
    }

    long sessionId() {
        return sessionId;
    }

    Approach approach() {
        return approach;
    }

    InetSocketAddress address() {
        return address;
    }

    /** For a sentence. */
    String at() {
        return address.getAddress().getHostAddress();
    }

    /** The master itself has said that it is there now. */
    void moveTo(InetSocketAddress now) {
        address = now;
    }

    /** A sealed Drive Geometry of so many bytes was opened. */
    void onState(int bytes, long nowNs) {
        if (bytes >= longestBytes || nowNs - longestNs >= TOGETHER_NS) {
            longestBytes = bytes;
            longestNs = nowNs;
        }
    }

    /**
     * Whether a padded announcement of so many bytes tells nothing that a longer one has not just told. A master sends a dozen of them together,
     * and its signature has to be checked for each that is opened.
     */
    boolean isOutdone(int bytes, long nowNs) {
        return bytes > STATE_BYTES && bytes < longestBytes && nowNs - longestNs < TOGETHER_NS;
    }

    /** The engine has heard of it. */
    void onShown() {
        isShown = true;
    }

    /** Whether it was heard a moment ago, and may yet prove that it has the secret and take this slave. */
    boolean isUndecided(long nowNs) {
        return !isShown && !isTurningAway && !isRefused() && nowNs - firstNs < DECIDED_NS;
    }

    long firstNs() {
        return firstNs;
    }

    void onHeard(long nowNs) {
        lastNs = nowNs;
    }

    /** Whether it is not heard any more. Its keys stay: it takes no others of the same slave. */
    boolean isGone(long nowNs) {
        return nowNs - lastNs >= GONE_NS;
    }

    /** Whether somebody at its address says that the secret is wrong, and nothing shows that it is right. */
    boolean isRefused() {
        return lastTry != Integer.MAX_VALUE && !approach.isProven();
    }

    /** As {@link #isRefused}, for so long that it is believed. */
    boolean isWrong(long nowNs) {
        return isRefused() && nowNs - firstNs >= BELIEVED_NS;
    }

    /** Somebody says that the secret is wrong. */
    void onRefused() {
        lastTry = Math.min(lastTry, tries + TRIES_AFTER_REFUSAL);
    }

    /** Whether it was asked so often in vain that another may have its place. */
    boolean isInVain(long nowNs) {
        return !approach.isProven() && tries >= Math.min(TRIES, lastTry) && dueNs - nowNs <= 0;
    }

    /** Whether the operator should hear now that it does not answer; once. */
    boolean isSilenceNews(long nowNs) {
        boolean isNews =
                !isSilenceSaid && !approach.isProven() && !isRefused() && tries > 0 && nowNs - firstNs >= NO_ANSWER_NS;
        isSilenceSaid |= isNews;
        return isNews;
    }

    /** It has proven itself and answered. {@code isTaken}: whether it gives this slave the keys. */
    void onAnswer(boolean isTaken) {
        isTurningAway = !isTaken;
    }

    /** Whether it has proven itself and does not give this slave the keys. */
    boolean isTurningAway() {
        return isTurningAway;
    }

    /** Asks at once: it has sent a cookie. */
    void hurry(long nowNs) {
        dueNs = nowNs;
    }

    /** Datagrams of an epoch came whose key is not here. */
    void onMissing(long datagrams, long nowNs) {
        missing += datagrams;
        if (missing >= MISSING_DATAGRAMS && nowNs - askedNs >= MISSING_GAP_NS) {
            missing = 0;
            dueNs = nowNs;
            isAskedAgain = true;
        }
    }

    private boolean isToAsk(long nowNs) {
        return !isGone(nowNs) && (isAskedAgain || (!approach.hasImage() && tries < lastTry));
    }

    /** Whether the keys are to be asked for now. */
    boolean isDue(long nowNs) {
        return isToAsk(nowNs) && dueNs - nowNs <= 0;
    }

    void onAsked(long nowNs) {
        isAskedAgain = false;
        askedNs = nowNs;
        dueNs = nowNs + Math.min(LONGEST_NS, FIRST_NS << Math.min(10, tries));
        tries++;
    }

    /** Nanoseconds until the keys are to be asked for; Long.MAX_VALUE when they are not. */
    long waitNs(long nowNs) {
        return isToAsk(nowNs) ? Math.max(0, dueNs - nowNs) : Long.MAX_VALUE;
    }

    @Override
    public void close() {
        approach.close();
    }
}
