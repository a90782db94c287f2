package org.imgblstr.protocol.sealing;

import java.util.function.Consumer;

/** Watches how many datagrams were not believed, and says it once while a sealed session lasts, and at its end. One thread. */
public final class ForgeryWatch {
    /** Fewer than this are the datagrams of an earlier session, or of a program that has the wrong port. */
    static final long WORTH_A_WARNING = 100;

    private final Consumer<String> onWarning;
    private long warnedOf;

    /** {@code onWarning}: takes a sentence for the operator. */
    public ForgeryWatch(Consumer<String> onWarning) {
        this.onWarning = onWarning;
    }

    /** Takes all counts so far. */
    public void onCounts(SealCounts counts) {
        if (warnedOf == 0 && counts.forged() >= WORTH_A_WARNING) {
            warnedOf = counts.forged();
            onWarning.accept("somebody in the network sends datagrams that are not of this session: " + warnedOf
                    + " so far, and none was believed");
        }
    }

    /** The session is over: says the total, whether or not more have come since the warning. */
    public void onEnd(SealCounts counts) {
        if (warnedOf > 0 || counts.forged() >= WORTH_A_WARNING) {
            onWarning.accept("somebody in the network sent datagrams that were not of this session: " + counts);
        }
    }
}
