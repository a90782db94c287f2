package org.imgblstr.protocol.session;

import java.util.function.Consumer;

/** Watches how many datagrams the kernel dropped because a socket was full, and says once, and at the end, what to do. One thread. */
final class DropWatch {
    /** Fewer drops than this are a short disturbance, which parity repairs. */
    private static final long WORTH_A_WARNING = 100;

    private final Consumer<String> onWarning;
    private long dropped;
    private long warnedOf;

    DropWatch(Consumer<String> onWarning) {
        this.onWarning = onWarning;
    }

    /** Takes the count of all drops so far; returns it as the Resend Request carries it, at most {@code Integer.MAX_VALUE}. */
    int onCount(long drops) {
        dropped = drops;
        if (warnedOf == 0 && dropped >= WORTH_A_WARNING) {
            warn("this machine drops datagrams because it is too slow or its receive buffer is too small");
        }
        return (int) Math.min(Integer.MAX_VALUE, dropped);
    }

    /** The session is over: reports the total of drops if the total has grown since the warning. */
    void onEnd() {
        if (warnedOf > 0 && dropped > warnedOf) {
            warn("this machine dropped datagrams because it was too slow or its receive buffer was too small");
        }
    }

    private void warn(String what) {
        warnedOf = dropped;
        onWarning.accept(what + ": " + dropped + " so far, all sent again; run as root,"
                + " allow a larger buffer (sysctl -w net.core.rmem_max=33554432), or send slower with --rate");
    }
}
