package org.imgblstr.protocol.master.membership;

import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.silence.SilenceTimer;

/** Watches whether any slave is heard at all, and says so when none is. One thread. */
final class Unanswered {
    /** A slave that listens answers within two seconds, and after a lost announcement a little later. */
    private static final int SILENT_SECONDS = 10;

    private final Supplier<InetSocketAddress> master;
    private final SlaveTable slaves;
    private final MasterEvents events;
    private final SilenceTimer silence = new SilenceTimer(SILENT_SECONDS);
    private boolean isAnyKnown;

    /** {@code master}: where slaves send to. */
    Unanswered(Supplier<InetSocketAddress> master, SlaveTable slaves, MasterEvents events) {
        this.master = master;
        this.slaves = slaves;
        this.events = events;
    }

    /** A slave was heard, whether it takes part or not. */
    void onHeard(long nowNs) {
        isAnyKnown = true;
        silence.restart(nowNs);
    }

    /** Somebody was heard who cannot take part; this says nothing of slaves that do. */
    void onStranger() {
        isAnyKnown = true;
    }

    /** Looks whether it is time to say something; often. */
    void look(long nowNs) {
        if (isAnyKnown && !isAnyAwaited()) {
            silence.stop();
            return;
        }
        silence.start(nowNs);
        long seconds = silence.take(nowNs);
        if (seconds > 0) {
            Silence.What what = isAnyKnown ? Silence.What.NO_SLAVE_ANY_MORE : Silence.What.NO_SLAVE;
            events.onSilence(new Silence(what, seconds, master.get(), null));
        }
    }

    /** Whether a slave is there that should be heard. */
    private boolean isAnyAwaited() {
        for (SlaveEntry slave : slaves.all()) {
            if (slave.isReady() && !slave.isEnded()) {
                return true;
            }
        }
        return false;
    }
}
