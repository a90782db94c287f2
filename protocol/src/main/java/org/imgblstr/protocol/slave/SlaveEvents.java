package org.imgblstr.protocol.slave;

import java.net.InetSocketAddress;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.silence.Silence;
import org.imgblstr.protocol.silence.Unsuited;

/** Told what happens to the slave's engine, within its calls. */
public interface SlaveEvents {
    /** A session was announced that this slave joins if its disk fits; {@code isUnderWay}: it had begun when it was first heard. */
    void onAnnounced(boolean isUnderWay);

    /** The disk is open and the master has confirmed. */
    void onJoined(int slave, SessionImage image, InetSocketAddress master);

    /** Several sessions are announced, and none is joined: which, and what to do; null when there is one at most again. */
    void onSeveralSessions(String message);

    /** The first track arrives. */
    void onStarted();

    /** Something that should have been heard was not. */
    void onSilence(Silence silence);

    /** Something that the operator may want to know and need not mend. */
    void onNote(String message);

    void onWarning(String message);

    /** No session that is heard can be joined: the engine ends at once. */
    default void onUnsuited(Unsuited why) {}

    /** The engine is over; {@link SlaveEngine#result} tells how. */
    void onOver();
}
