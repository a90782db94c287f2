package org.imgblstr.protocol.session;

import org.imgblstr.protocol.contract.SessionImage;

/** Told what happens to a slave's session, by its event loop: answers must be quick and must not block. */
public interface SlaveListener {
    /** The first sockets of a session are open, and nothing was heard yet; that of the data is opened later. */
    default void onOpen() {}

    /** The sockets are open: a master would be heard from now on. */
    void onListening(String interfaceName, String group);

    /** Several sessions are announced, and none is joined: which, and what to do; null when there is one at most again. */
    void onSeveralSessions(String message);

    /** A master has confirmed. */
    void onJoined(int slave, SessionImage image, String masterAddress);

    /** The first data arrived. */
    void onStarted();

    /** Something that the operator may want to know and need not mend. */
    void onNote(String message);

    void onWarning(String message);

    /** The session ends now because the slave lacks the join code of the one that is heard, or has another. */
    default void onCodeWanted() {}
}
