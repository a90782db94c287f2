package org.imgblstr.protocol.silence;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * Tells the operator why master and slaves do not find each other: what an engine misses, what the kernel does not let
 * out, and another master on the group. One thread.
 */
public final class NetworkTroubles {
    private static final long AGAIN_NS = 60_000_000_000L;

    /** Both sides send more often than this, so a firewall that has just refused something explains why nobody answers. */
    private static final long RECENT_NS = 5_000_000_000L;

    private final SilenceWords words;
    private final Consumer<String> onNote;
    private final Consumer<String> onWarning;
    private boolean isForbidden;
    private long forbiddenNs;
    private long saidNs;

    /**
     * @param interfaceName the interface that is used
     * @param group the rendezvous group
     * @param onNote told what may be as it should be
     * @param onWarning told what is wrong
     */
    public NetworkTroubles(
            String interfaceName, InetSocketAddress group, Consumer<String> onNote, Consumer<String> onWarning) {
        this.words = new SilenceWords(interfaceName, group);
        this.onNote = onNote;
        this.onWarning = onWarning;
    }

    /** Something that should have been heard was not. */
    public void onSilence(Silence silence, long nowNs) {
        boolean isExplained = isForbidden && nowNs - forbiddenNs < RECENT_NS;
        boolean isAnswer = silence.what() == Silence.What.NO_ANSWER || silence.what() == Silence.What.NO_SLAVE;
        if (!isExplained || !isAnswer) {
            (silence.isFault() ? onWarning : onNote).accept(words.of(silence));
        }
    }

    /** Another master announces a session on the same group; {@code sessionName}: "" when it has none. */
    public void onOtherMaster(InetSocketAddress at, String sessionName) {
        onWarning.accept(words.otherMaster(at, sessionName));
    }

    /** A firewall of the master's host refused a datagram; {@code master}: where the master hears. */
    public void masterMayNotSend(InetSocketAddress master, long nowNs) {
        mayNotSend(words.masterMayNotSend(master), nowNs);
    }

    /** A firewall of a slave's host refused a datagram; {@code master}: where the master hears, null while none was heard. */
    public void slaveMayNotSend(InetSocketAddress master, long nowNs) {
        if (master != null) {
            mayNotSend(words.slaveMayNotSend(master), nowNs);
        }
    }

    /** Said at once, then at most each minute. */
    private void mayNotSend(String sentence, long nowNs) {
        if (!isForbidden || nowNs - saidNs >= AGAIN_NS) {
            saidNs = nowNs;
            onWarning.accept(sentence);
        }
        isForbidden = true;
        forbiddenNs = nowNs;
    }
}
